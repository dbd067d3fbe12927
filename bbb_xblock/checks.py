"""Start-up checks: they say what is wrong with ``XBLOCK_SETTINGS["bbb"]`` and what to do.

``E…`` marks what makes Join impossible, ``W…`` what makes it odd. All are reported at the *warning* level: Django
refuses to run a command, ``runserver`` among them, when a check is an error, and a wrong classroom server must not
stop the platform (``docs/decisions/0003-checks-warn.md``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from bbb_xblock import config, knobs
from bbb_xblock.options import OPTIONS, presets
from bbb_xblock.options.problems import default_problem

# What the columns hold and addresses of callbacks can carry.
_SLUG = re.compile(r"[A-Za-z0-9_.-]{1,64}")
# As in ALLOWED_HOSTS: a name, one with all below it (.example.org), or any (*).
_HOST = re.compile(r"\*|\.?[A-Za-z0-9][A-Za-z0-9.:-]*")


def _message(check_id: str, text: str, hint: str) -> CheckMessage:
    return Warning(text, hint=hint, id=f"bbb_xblock.{check_id}")


@register("bbb_xblock")
def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report every finding about the namespace."""
    parts = (
        _check_shape(),
        _check_keys(),
        _check_slugs(),
        _check_servers(),
        _check_chosen_servers(),
        _check_options(),
        _check_presets(),
        _check_knobs(),
        _check_site(),
        _check_menu(),
        _check_lms_root(),
    )
    return [message for part in parts for message in part]


def _check_shape() -> Iterator[CheckMessage]:
    bucket = config.bucket()
    if bucket is None or bucket == {}:
        yield _message(
            "W001",
            "No BigBlueButton server is configured: every live session says that it is not ready yet.",
            'Fill XBLOCK_SETTINGS["bbb"]; docs/configuration.md shows the least that is needed.',
        )
    elif not isinstance(bucket, Mapping):
        yield _message(
            "E001", 'XBLOCK_SETTINGS["bbb"] is not a dictionary.', "Write it as docs/configuration.md shows."
        )
    for key in ("SERVERS", "ORGS", "COURSES", "DEFAULTS"):
        if not isinstance(config.namespace().get(key, {}), Mapping):
            yield _message("E001", f"{key} is not a dictionary.", "Write it as docs/configuration.md shows.")
    for where, layer in config.layers():
        if not isinstance(layer, Mapping):
            yield _message("E001", f"{where} is not a dictionary.", "Write it as docs/configuration.md shows.")


def _check_keys() -> Iterator[CheckMessage]:
    for where, layer in config.layers():
        allowed = config.TOP_KEYS if where == "The top level" else config.LAYER_KEYS
        yield from _unknown(where, config.mapping(layer), allowed)
    for slug, entry in config.servers().items():
        yield from _unknown(f"SERVERS[{slug!r}]", config.mapping(entry), config.SERVER_KEYS)


def _unknown(where: str, given: Mapping[str, Any], allowed: frozenset[str]) -> Iterator[CheckMessage]:
    for key in sorted(str(key) for key in given if key not in allowed):
        yield _message(
            "E008",
            f"{where} holds the unknown key {key!r}.",
            f"Remove it, or use one of: {', '.join(sorted(allowed))}.",
        )


def _check_servers() -> Iterator[CheckMessage]:
    for slug, entry in config.servers().items():
        try:
            config.endpoint(slug)
        except config.NotConfigured as problem:
            yield _message(problem.check_id, str(problem), problem.hint)
        given = [source for source in config.SECRET_SOURCES if config.mapping(entry).get(source)]
        if len(given) > 1:
            yield _message(
                "W002", f"The server {slug!r} has {len(given)} secrets; {given[0]} is used.", "Keep one of them."
            )
        yield from _check_previous_secrets(slug, config.mapping(entry))
        yield from _check_state(slug, config.mapping(entry))
        yield from _check_playback_hosts(slug, config.mapping(entry).get("PLAYBACK_HOSTS", []))


def _check_slugs() -> Iterator[CheckMessage]:
    for slug in config.mapping(config.servers()):
        if not (isinstance(slug, str) and _SLUG.fullmatch(slug)):
            yield _message(
                "E009",
                f"{slug!r} cannot be the name of a server: it stands in addresses and in the database.",
                "Use at most 64 of the letters a to z, digits, and the signs - _ and .",
            )


def _check_previous_secrets(slug: str, entry: Mapping[str, Any]) -> Iterator[CheckMessage]:
    previous = entry.get("PREVIOUS_SECRETS", [])
    if not isinstance(previous, list | tuple) or not all(isinstance(item, Mapping) for item in previous):
        yield _message(
            "E001",
            f"PREVIOUS_SECRETS of the server {slug!r} is not a list of dictionaries.",
            'Write each as {"SECRET_FILE": …}, {"SECRET_ENV": …} or {"SECRET": …}.',
        )
        return
    for item in previous:
        try:
            config.read_secret(slug, item)
        except config.NotConfigured as problem:
            yield _message(problem.check_id, f"A previous secret cannot be used. {problem}", problem.hint)


def _check_state(slug: str, entry: Mapping[str, Any]) -> Iterator[CheckMessage]:
    words = [state.value for state in config.ServerState]
    if entry.get("STATE", "active") not in words:
        yield _message("E009", f"STATE of the server {slug!r} is not known.", f"Use one of: {', '.join(words)}.")
    capacity = entry.get("CAPACITY", 1)
    if isinstance(capacity, bool) or not isinstance(capacity, int | float) or capacity < 0:
        yield _message("E009", f"CAPACITY of the server {slug!r} must be a number, 0 or more.", "Use 1 if unsure.")


def _check_playback_hosts(slug: str, hosts: Any) -> Iterator[CheckMessage]:
    is_list = isinstance(hosts, list | tuple)
    if not is_list or not all(isinstance(each, str) and _HOST.fullmatch(each) for each in hosts):
        yield _message(
            "E009",
            f"PLAYBACK_HOSTS of the server {slug!r} is not a list of host names.",
            'Write it as ["recordings.example.org"], without https:// and without a path.',
        )


def _check_chosen_servers() -> Iterator[CheckMessage]:
    for where, layer in config.layers():
        chosen = config.mapping(layer).get("SERVER")
        for slug in config.slugs(chosen):
            if slug not in config.servers():
                yield _message(
                    "E002",
                    f"{where} chooses the server {slug!r}, which is not in SERVERS.",
                    "Add it to SERVERS, or choose another.",
                )
        items = chosen if isinstance(chosen, list | tuple) else [chosen]
        if chosen is not None and len(config.slugs(chosen)) != len(items):
            yield _message("E009", f"SERVER of {where} is neither a slug nor a list of slugs.", "Name a server.")
    if config.servers() and not any(config.mapping(layer).get("SERVER") for _, layer in config.layers()):
        yield _message("W001", "There are servers, but no course uses one.", "Set SERVER to the slug of a server.")


def _check_options() -> Iterator[CheckMessage]:
    known = f"The options are: {', '.join(OPTIONS)}."
    for where, layer in config.layers():
        given = config.mapping(config.mapping(layer).get("DEFAULTS"))
        locked = config.mapping(layer).get("LOCKED", [])
        if not isinstance(locked, list | tuple | set | frozenset):
            yield _message("E009", f"LOCKED of {where} is not a list.", 'Write it as ["record"].')
            locked = []
        for name in sorted({str(name) for name in (*given, *locked)} - OPTIONS.keys()):
            yield _message("E008", f"{where} names the unknown option {name!r}.", known)
        for name, value in given.items():
            if name in OPTIONS and (problem := default_problem(name, value)):
                yield _message("E009", f"DEFAULTS of {where}: {problem}", "docs/configuration.md lists what it may be.")


def _check_presets() -> Iterator[CheckMessage]:
    for where, layer in config.layers():
        given = config.mapping(layer).get("PRESETS", {})
        if not isinstance(given, Mapping):
            hint = "Write it as docs/configuration.md shows."
            yield _message("E001", f"PRESETS of {where} is not a dictionary.", hint)
        for slug, preset in config.mapping(given).items():
            problem = presets.preset_problem(preset) if isinstance(slug, str) else "Its name is not a text."
            if problem:
                yield _message("E009", f"PRESETS of {where}, {slug!r}: {problem}", "Without it, this one is not there.")
            elif preset is None and slug not in presets.OURS:
                known = f"Ours are: {', '.join(presets.OURS)}."
                yield _message("E008", f"PRESETS of {where} takes away {slug!r}, which is not there.", known)


def _check_knobs() -> Iterator[CheckMessage]:
    for where, layer in config.layers():
        for knob in fields(knobs.Knobs):
            key = knob.name.upper()
            value = config.mapping(layer).get(key)
            problem = "" if value is None else knobs.knob_problem(knob.name, value)
            if problem:
                yield _message("E009", f"{where}: {key} {problem}", f"Without it, {knob.default} is used.")


def _check_site() -> Iterator[CheckMessage]:
    if not isinstance(config.namespace().get("SITE", ""), str):
        yield _message("E009", "SITE is not a text.", "Give the site a short name, and never change it.")


def _check_menu() -> Iterator[CheckMessage]:
    if not isinstance(config.namespace().get("OFFER_EVERYWHERE", False), bool):
        yield _message("E009", "OFFER_EVERYWHERE must be True or False.", "Without it, False is used.")


def _check_lms_root() -> Iterator[CheckMessage]:
    if not config.lms_root():
        yield _message(
            "W003",
            "LMS_ROOT_URL is not a full address: people cannot be sent back to the course after a session.",
            "Set LMS_ROOT_URL, for example to https://courses.example.org.",
        )
