"""How Django and the platform meet the package."""

from typing import Any, ClassVar

from django.apps import AppConfig


class BBBConfig(AppConfig):
    """The app, in the LMS and in Studio alike.

    ``plugin_app`` is empty on purpose: there are no settings modules, because every default lives in ``config.py``
    (edx-django-utils, "how to create a plugin app").
    """

    name = "bbb_xblock"
    verbose_name = "BigBlueButton"
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app: ClassVar[dict[str, Any]] = {}

    def ready(self) -> None:
        """Register the system checks."""
        from bbb_xblock import checks  # noqa: F401
