"""The addresses of a site, with the app's mounted as the platform mounts them (edx-django-utils, plugin_urls.py)."""

from django.contrib import admin
from django.urls import include, path, re_path

from bbb_xblock.apps import BBBConfig

_MOUNT = BBBConfig.plugin_app["url_config"]["lms.djangoapp"]

urlpatterns = [
    path("admin/", admin.site.urls),
    re_path(
        _MOUNT["regex"],
        include((f"{BBBConfig.name}.{_MOUNT['relative_path']}", BBBConfig.name), namespace=_MOUNT["namespace"]),
    ),
]
