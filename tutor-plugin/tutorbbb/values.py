"""From Tutor's configuration to what the patches write: the settings namespace, and what pip installs.

Values are refused with a sentence (Tutor shows it after "Error:") where they would not arrive as they were meant. What
they mean is checked on the site, by ``tutor local do bbb-check``.
"""

import math
import shlex
from collections.abc import Mapping
from typing import Any

import jinja2
from jinja2.runtime import Context
from tutor.exceptions import TutorError

# The keys of the namespace that are set one by one. Every other key goes through BBB_SETTINGS as it is.
DEFAULTS: Mapping[str, Any] = {
    "BBB_URL": "",
    "BBB_SECRET": "",
    "BBB_SECRET_FILE": "",
    "BBB_SERVERS": {},
    "BBB_SERVER": "",
    "BBB_ORGS": {},
    "BBB_COURSES": {},
    "BBB_DEFAULTS": {},
    "BBB_LOCKED": [],
    "BBB_SETTINGS": {},
}
# The server that BBB_URL and BBB_SECRET describe.
MAIN = "main"

_TABLES_OF_DICTIONARIES = ("BBB_SERVERS", "BBB_ORGS", "BBB_COURSES")
_KINDS = {
    type(None): "nothing",
    str: "a text",
    dict: "a dictionary",
    list: "a list",
    bool: "a yes or no",
    int: "a number",
    float: "a number",
}
_QUOTE_IT = "Put it in quotes inside quotes, for example: tutor config save --set 'BBB_SECRET=\"0123\"'"


@jinja2.pass_context
def namespace_of_template(context: Context) -> dict[str, Any]:
    """Give the namespace to a patch, from the configuration with which Tutor renders it."""
    return namespace(context.get_all())


def namespace(config: Mapping[str, Any]) -> dict[str, Any]:
    """Give what belongs into ``XBLOCK_SETTINGS["bbb"]``; empty when nothing is set.

    Raises TutorError: a value has another type than its key, or one that is lost on the way into the settings.
    """
    given = {key: _given(config, key) for key in DEFAULTS}
    main = {"URL": given["BBB_URL"], "SECRET": given["BBB_SECRET"], "SECRET_FILE": given["BBB_SECRET_FILE"]}
    servers = dict(given["BBB_SERVERS"])
    if any(main.values()):
        servers[MAIN] = servers.get(MAIN, {}) | {key: value for key, value in main.items() if value}
    named = {
        "SERVERS": servers,
        "SERVER": given["BBB_SERVER"] or (MAIN if MAIN in servers else ""),
        "ORGS": given["BBB_ORGS"],
        "COURSES": given["BBB_COURSES"],
        "DEFAULTS": given["BBB_DEFAULTS"],
        "LOCKED": given["BBB_LOCKED"],
    }
    return {**given["BBB_SETTINGS"], **{key: value for key, value in named.items() if value}}


def _given(config: Mapping[str, Any], key: str) -> Any:
    default = DEFAULTS[key]
    value = config.get(key)
    if value is None:
        return default
    _refuse_lossy(key, value)
    allowed = (str, list) if key == "BBB_SERVER" else (type(default),)
    if type(value) not in allowed:
        wanted = " or ".join(_KINDS[kind] for kind in allowed)
        hint = "" if isinstance(value, dict | list) or str not in allowed else " Put it in quotes."
        raise TutorError(f"{key} must be {wanted}, and it is {_kind(value)}.{hint}")
    for name, entry in value.items() if key in _TABLES_OF_DICTIONARIES else ():
        if not isinstance(entry, dict):
            raise TutorError(f"{key}: what stands under {name!r} must be a dictionary, and it is {_kind(entry)}.")
    return value


def _refuse_lossy(where: str, value: object) -> None:
    """Refuse secrets that are not one line of text, and values that cannot be written as Python, at any depth."""
    if where.endswith("SECRET") and value is not None:
        if not isinstance(value, str):
            raise TutorError(f"{where} must be a text, and Tutor reads it as {_kind(value)}. {_QUOTE_IT}")
        if len(value.strip().splitlines()) > 1:
            raise TutorError(f"{where} has more than one line. Paste only what bbb-conf --secret prints after Secret:.")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TutorError(f"{where}: the key {key!r} is {_kind(key)}. Put it in quotes.")
            _refuse_lossy(f"{where}: {key}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            _refuse_lossy(f"{where}: entry {number}", item)
    elif not (value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))):
        raise TutorError(f"{where} is {_kind(value)}, which the settings cannot hold. Put it in quotes.")


def _kind(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "no finite number"
    return _KINDS.get(type(value), f"of the type {type(value).__name__}")


def shell_word(requirement: object) -> str:
    """Quote what pip installs for the shell that builds the image; one requirement, on one line.

    Raises TutorError: it is no text, or has several lines.
    """
    if not isinstance(requirement, str) or len(requirement.splitlines()) != 1:
        raise TutorError("BBB_REQUIREMENT must be one requirement as pip takes it, for example: bbb-xblock==0.1.0")
    return shlex.quote(requirement.strip())
