"""The servers: where they are, with which secret they are called, what they may be used for."""

import os
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from bbb_xblock.bbb import Algorithm, Endpoint, Secret, api_root
from bbb_xblock.config.given import mapping, namespace, text_items
from bbb_xblock.knobs import Knobs

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
# In this order: the first that is given counts.
SECRET_SOURCES = ("SECRET_FILE", "SECRET_ENV", "SECRET")
_LIKE_A_PATH = re.compile(r"(/[\w.-]{1,30})+")
SERVER_KEYS = frozenset({"URL", *SECRET_SOURCES, "PREVIOUS_SECRETS", "CHECKSUM", "STATE", "CAPACITY", "PLAYBACK_HOSTS"})


class NotConfigured(Exception):
    """A setting that is needed now is missing or wrong.

    ``check_id`` is the stable id of the finding ("E003"), the same that ``checks.py`` uses; ``hint`` says what to
    do. Both texts are for operators and never hold a secret or an address.
    """

    def __init__(self, check_id: str, text: str, hint: str) -> None:
        super().__init__(text)
        self.check_id = check_id
        self.hint = hint


class ServerState(StrEnum):
    """What a server may be used for: new meetings only while it is active."""

    ACTIVE = "active"
    DRAINING = "draining"
    RECORDINGS = "recordings"
    OFF = "off"


def servers() -> Mapping[str, Any]:
    """Give the raw ``SERVERS`` table."""
    return mapping(namespace().get("SERVERS"))


def server_state(slug: str) -> ServerState:
    """Give what the server may be used for; an unknown word counts as off."""
    try:
        return ServerState(mapping(servers().get(slug)).get("STATE", "active"))
    except ValueError:
        return ServerState.OFF


def capacity(slug: str) -> float:
    """Give the weight of a server among several; 1 if it is not set or wrong."""
    given = mapping(servers().get(slug)).get("CAPACITY", 1)
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if is_number and given > 0 else 1.0


def playback_hosts(slug: str) -> tuple[str, ...]:
    """Give the hosts to which a server may send people for its recordings: its own, and ``PLAYBACK_HOSTS``.

    They are written as in Django's ``ALLOWED_HOSTS``. None at all if the server is gone from the settings.
    """
    entry = mapping(servers().get(slug))
    try:
        own = urlsplit(_url(slug, entry)).hostname or ""
    except NotConfigured:
        return ()
    return (own, *text_items(entry.get("PLAYBACK_HOSTS")))


def endpoint(slug: str, knobs: Knobs | None = None) -> Endpoint:
    """Give everything needed to call a server.

    Raises :class:`NotConfigured`: E002 unknown slug, E003/E004 secret, E005/E006 address, E007 checksum.
    """
    entry = servers().get(slug)
    if slug in servers() and not isinstance(entry, Mapping):
        hint = 'Write it as {"URL": …, "SECRET_FILE": …}.'
        raise NotConfigured("E001", f"The server {slug!r} in SERVERS is not a dictionary.", hint)
    if not isinstance(entry, Mapping):
        raise NotConfigured("E002", f"The server {slug!r} is not in SERVERS.", "Add it to SERVERS, or change SERVER.")
    knobs = knobs or Knobs()
    return Endpoint(
        slug=slug,
        url=_url(slug, entry),
        secret=read_secret(slug, entry),
        algorithm=_algorithm(slug, entry),
        connect_timeout=knobs.connect_timeout,
        read_timeout=knobs.read_timeout,
    )


def callback_secrets(slug: str) -> tuple[Secret, ...]:
    """Give the secrets with which a server may sign what it sends: the current one, then ``PREVIOUS_SECRETS``.

    None at all if the server is unknown. Entries that cannot be read are left out; ``checks.py`` names them.
    """
    entry = mapping(servers().get(slug))
    previous = entry.get("PREVIOUS_SECRETS")
    sources = [entry, *(previous if isinstance(previous, list | tuple) else ())]
    return tuple(secret for source in sources for secret in _secret_if_any(slug, mapping(source)))


def _secret_if_any(slug: str, entry: Mapping[str, Any]) -> tuple[Secret, ...]:
    try:
        return (read_secret(slug, entry),)
    except NotConfigured:
        return ()


def _url(slug: str, entry: Mapping[str, Any]) -> str:
    if not entry.get("URL"):
        raise NotConfigured("E005", f"The server {slug!r} has no URL.", "Copy it from `bbb-conf --secret`.")
    try:
        url = api_root(str(entry["URL"]))
    except ValueError as error:
        raise NotConfigured(
            "E005", f"The URL of the server {slug!r} cannot be used.", f"{error} Copy it from `bbb-conf --secret`."
        ) from None
    parts = urlsplit(url)
    if parts.scheme == "http" and not settings.DEBUG and parts.hostname not in LOOPBACK_HOSTS:
        raise NotConfigured(
            "E006",
            f"The URL of the server {slug!r} begins with http:, which anybody on the way can read.",
            "Give the server a certificate and write https:. Browsers refuse camera and microphone without it too.",
        )
    return url


def _algorithm(slug: str, entry: Mapping[str, Any]) -> Algorithm:
    try:
        return Algorithm(entry.get("CHECKSUM", Algorithm.SHA256))
    except ValueError:
        known = ", ".join(item.value for item in Algorithm)
        raise NotConfigured(
            "E007", f"The CHECKSUM of the server {slug!r} is not known.", f"Use one of: {known}."
        ) from None


def read_secret(slug: str, entry: Mapping[str, Any]) -> Secret:
    """Read a secret from the first given of file, environment and value.

    White space around it is dropped. Raises :class:`NotConfigured` (E003 missing, E004 unreadable).
    """
    given = next((source for source in SECRET_SOURCES if entry.get(source) not in (None, "")), None)
    if given is None:
        raise NotConfigured(
            "E003", f"The server {slug!r} has no secret.", f"Set one of {', '.join(SECRET_SOURCES)} in its entry."
        )
    value = entry[given]
    if not isinstance(value, str):
        raise NotConfigured("E004", f"{given} of the server {slug!r} is not text.", "Put the value in quotes.")
    try:
        return Secret(_SECRET_READERS[given](value).strip())
    except FileNotFoundError:
        problem = "the file does not exist, where the platform runs"
    except PermissionError:
        problem = "the file may not be read by the user the platform runs as"
    except KeyError:
        problem = "the variable is not set, where the platform runs"
    except (OSError, UnicodeError):
        problem = "the file cannot be read as text"
    except ValueError:
        problem = "it is empty"
    # Somebody may have written the secret itself where its file or variable belongs.
    shown = f" ({value!r})" if given == "SECRET_FILE" and _LIKE_A_PATH.fullmatch(value) else ""
    raise NotConfigured("E004", f"{given}{shown} of the server {slug!r} gives no secret.", f"Look there: {problem}.")


def _text_of_file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _text_of_variable(name: str) -> str:
    return os.environ[name]


_SECRET_READERS: dict[str, Callable[[str], str]] = {
    "SECRET_FILE": _text_of_file,
    "SECRET_ENV": _text_of_variable,
    "SECRET": str,
}
