"""The namespace ``XBLOCK_SETTINGS["bbb"]`` as the operator wrote it, right or wrong."""

import types
from collections.abc import Mapping
from typing import Any

from django.conf import settings

NAMESPACE = "bbb"


def bucket() -> object:
    """Give whatever stands in ``XBLOCK_SETTINGS["bbb"]``; None if nothing does."""
    return mapping(getattr(settings, "XBLOCK_SETTINGS", {})).get(NAMESPACE)


def namespace() -> Mapping[str, Any]:
    """Give the raw namespace; empty when nothing, or not a dictionary, is set."""
    return mapping(bucket())


def mapping(value: object) -> Mapping[Any, Any]:
    """Give the value if it is a dictionary, else an empty one (``checks.py`` reports the wrong type)."""
    return value if isinstance(value, Mapping) else types.MappingProxyType({})


def text_items(value: object) -> tuple[str, ...]:
    """Give the texts of a list, tuple or set; empty for anything else."""
    if not isinstance(value, list | tuple | set | frozenset):
        return ()
    return tuple(item for item in value if isinstance(item, str) and item)
