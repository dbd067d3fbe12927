"""Studio's menu of components: ours in every course, if the operator wishes (``OFFER_EVERYWHERE``).

The platform keeps the advanced components of all courses in a list of its code, not in a setting (edx-platform
cms/djangoapps/contentstore/views/component.py, ``DEFAULT_ADVANCED_MODULES``), and reads it for each page. We add to it.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register
from django.core.signals import request_started

from bbb_xblock import config

BLOCK_TYPE = "bbb"
_UID = "bbb_xblock.edx.menu"

log = logging.getLogger(__name__)


def listen() -> None:
    """Have the menu added to before Studio's first page; elsewhere, or if the operator does not wish it, never.

    Not at once: while apps get ready, Studio's views cannot be imported, since some translate texts meanwhile.
    """
    if config.is_studio() and config.offers_everywhere():
        request_started.connect(_before_first_page, dispatch_uid=_UID)


def offer() -> bool:
    """Add our component, once; False if the platform has no such list."""
    modules = _modules()
    if modules is not None and BLOCK_TYPE not in modules:
        modules.append(BLOCK_TYPE)
    return modules is not None


@register("bbb_xblock")
def check_menu(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report a menu that cannot be added to."""
    if not (config.is_studio() and config.offers_everywhere()) or _modules() is not None:
        return []
    hint = 'Authors add "bbb" to the Advanced Module List of their course. Set OFFER_EVERYWHERE to False.'
    text = "OFFER_EVERYWHERE is True, but this version of Studio does not have the list of components for all courses."
    return [Warning(text, hint=hint, id="bbb_xblock.W006")]


def _before_first_page(**details: object) -> None:
    request_started.disconnect(dispatch_uid=_UID)
    if not offer():
        log.warning("OFFER_EVERYWHERE has no effect: this version of Studio has no list of components for all courses")


def _modules() -> list[str] | None:
    """Give the platform's own list; None where it has none."""
    try:
        from cms.djangoapps.contentstore.views import component
    except (ImportError, RuntimeError):
        # RuntimeError: Django's word for a model whose app is not installed.
        return None
    modules = getattr(component, "DEFAULT_ADVANCED_MODULES", None)
    return modules if isinstance(modules, list) else None
