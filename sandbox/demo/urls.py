"""The addresses of the demo."""

from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path
from django.views.i18n import JavaScriptCatalog
from workbench.views import package_resource

from sandbox.demo import views
from sandbox.demo.places import Place

HANDLER = r"(?P<usage_id>[^/]+)/(?P<handler_name>[^/]+)(?:/(?P<suffix>.*))?$"

urlpatterns = [
    path("", views.home, name="home"),
    path("rooms/<slug:slug>/", views.room_page, {"view_name": "learner"}, name="learner"),
    path("rooms/<slug:slug>/phone/", views.room_page, {"view_name": "phone"}, name="phone"),
    path("rooms/<slug:slug>/preview/", views.room_page, {"view_name": "preview"}, name="preview"),
    path("rooms/<slug:slug>/editor/", views.room_page, {"view_name": "editor"}, name="editor"),
    path("courses/<str:course>/jump_to/<str:usage_id>", views.jump_to, name="jump_to"),
    *(
        re_path(f"^{place.handler_base[1:]}{HANDLER}", views.handler, {"place": place}, name=f"{place.value}_handler")
        for place in Place
    ),
    # As the platform mounts it: the simulated server tells the demo what happens.
    path("bbb/", include("bbb_xblock.urls")),
    re_path(f"^handler_noauth/{HANDLER}", views.handler_noauth, name="unauth_handler"),
    re_path(r"^resource/(?P<block_type>[^/]+)/(?P<resource>.*)$", package_resource, name="package_resource"),
    path("jsi18n/", JavaScriptCatalog.as_view(), name="javascript-catalog"),
    # "insecure" means slow: Django wants a web server for this in production, and the demo has one visitor.
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
