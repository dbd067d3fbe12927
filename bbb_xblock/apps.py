"""How Django and the platform meet the package."""

from typing import Any, ClassVar

from django.apps import AppConfig


class BBBConfig(AppConfig):
    """The app, in the LMS and in Studio alike; only the LMS has its addresses, at ``/bbb/``.

    ``plugin_app`` names no settings modules, because every default lives in ``config/`` (edx-django-utils, "how to
    create a plugin app").
    """

    name = "bbb_xblock"
    verbose_name = "BigBlueButton"
    default_auto_field = "django.db.models.BigAutoField"
    plugin_app: ClassVar[dict[str, Any]] = {
        "url_config": {
            "lms.djangoapp": {"namespace": "bbb_xblock", "regex": r"^bbb/", "relative_path": "urls"},
        },
        "signals_config": {
            "lms.djangoapp": {
                "relative_path": "handlers",
                "receivers": [
                    {
                        "receiver_func_name": "forget_user",
                        "signal_path": "openedx.core.djangoapps.user_api.accounts.signals.USER_RETIRE_LMS_MISC",
                        "dispatch_uid": "bbb_xblock.handlers.forget_user",
                    },
                ],
            },
        },
    }

    def ready(self) -> None:
        """Register the checks, the tasks, those who are told what happens, and what is added to Studio's menu."""
        from bbb_xblock import checks, metrics, tasks  # noqa: F401
        from bbb_xblock.edx import events, menu

        events.listen()
        metrics.listen()
        menu.listen()
        tasks.listen()
