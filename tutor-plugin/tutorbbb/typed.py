"""Secrets as they are typed, before Tutor changes them.

Tutor reads what is typed as YAML and renders it as a Jinja template: ``0123`` becomes the number 83, ``a #b`` becomes
``a``, ``a{#b#}`` becomes ``a``, ``*a`` ends in a traceback. Afterwards nobody can tell; so what is typed is compared
with what Tutor would keep, before anything is saved.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from tutor import serialize
from tutor.exceptions import TutorError

_ASSIGNMENT = re.compile(r"(?:--set=|-s)?(?P<key>BBB_SECRET|BBB_SERVERS)=(?P<typed>.*)", re.DOTALL)
_TEMPLATE_MARKS = ("{{", "{%", "{#")


def refuse_changed_secrets() -> None:
    """Refuse a secret, given to ``tutor config save`` or in the environment, that Tutor would change.

    Raises TutorError with a sentence that does not repeat the secret.
    """
    if {"config", "save"} <= set(sys.argv):
        for given in filter(None, map(_ASSIGNMENT.fullmatch, sys.argv)):
            _refuse_changed(given["key"], given["typed"], _as_set)
    for name in ("TUTOR_BBB_SECRET", "TUTOR_BBB_SERVERS"):
        _refuse_changed(name, os.environ.get(name, ""), serialize.parse)


def _as_set(typed: str) -> Any:
    _key, kept = serialize.parse_key_value(f"KEY={typed}") or ("", None)
    return kept


def _refuse_changed(name: str, typed: str, parse: Callable[[str], Any]) -> None:
    try:
        kept = parse(typed) if typed else ""
    except yaml.YAMLError:
        kept = None
    is_secret = name.endswith("BBB_SECRET")
    secrets = [kept] if is_secret else _secrets_in(kept)
    if any(mark in secret for secret in secrets if isinstance(secret, str) for mark in _TEMPLATE_MARKS):
        raise TutorError(
            f"A secret in {name} holds {_TEMPLATE_MARKS[0]}, {_TEMPLATE_MARKS[1]} or {_TEMPLATE_MARKS[2]}, with which "
            "templates begin, so Tutor would change it. Put the secret into a file and name that in BBB_SECRET_FILE; "
            "the README of tutor-contrib-bbb shows how."
        )
    if is_secret and not _same(typed, kept):
        setting = "export" if name.startswith("TUTOR_") else "tutor config save --set"
        raise TutorError(
            f"Tutor reads {name} as YAML and would change it. Put it in quotes inside quotes, for example: "
            f"{setting} '{name}=\"0123\"'"
        )


def _secrets_in(value: Any) -> Iterator[Any]:
    """Yield what stands under a key SECRET, at any depth."""
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key == "SECRET")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _secrets_in(item)


def _same(typed: str, kept: Any) -> bool:
    """Say whether Tutor keeps the text as it is. Who types quotes knows YAML, and gets what YAML makes of it."""
    return isinstance(kept, str) and (typed.startswith(('"', "'")) or kept == typed.strip())
