"""The one reader of the settings namespace ``XBLOCK_SETTINGS["bbb"]``.

Values are read from ``django.conf.settings`` at the moment of use, so that a changed secret file or an
``override_settings`` in a test is seen at once. For a course the layers are, from weak to strong: top level,
``ORGS[org]``, ``COURSES[pattern*]`` (the longer pattern is stronger), ``COURSES[course key]``; they are merged key
by key. Nothing in here raises on a wrong setting but :class:`NotConfigured`, and only when the setting is needed:
a wrong configuration must never stop the platform from starting. ``checks.py`` reports the same findings at start-up.
"""

import os
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.bbb import Algorithm, Endpoint, Secret, api_root
from bbb_xblock.knobs import Knobs, is_time_zone, knob_problem, knob_value
from bbb_xblock.options.presets import Preset, offered, preset_problem
from bbb_xblock.options.problems import default_problem

NAMESPACE = "bbb"
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
# In this order: the first that is given counts.
SECRET_SOURCES = ("SECRET_FILE", "SECRET_ENV", "SECRET")
SERVER_KEYS = frozenset({"URL", *SECRET_SOURCES, "PREVIOUS_SECRETS", "CHECKSUM", "STATE", "CAPACITY"})


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


@dataclass(frozen=True, kw_only=True)
class CourseConfig:
    """What applies to one course after merging the layers. ``servers`` are slugs, best first."""

    course_key: str
    servers: tuple[str, ...]
    defaults: Mapping[str, Any]
    locked: frozenset[str]
    presets: Mapping[str, Preset]
    knobs: Knobs

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the course's clocks: ``TIME_ZONE`` of the namespace, else Django's, else UTC."""
        names = (self.knobs.time_zone, getattr(settings, "TIME_ZONE", ""), "UTC")
        return ZoneInfo(next(name for name in names if name and is_time_zone(name)))


# Keys that may stand at the top level, in ORGS and in COURSES.
LAYER_KEYS = frozenset({"SERVER", "DEFAULTS", "LOCKED", "PRESETS"} | {knob.name.upper() for knob in fields(Knobs)})
TOP_KEYS = LAYER_KEYS | {"SERVERS", "ORGS", "COURSES", "SITE", "OFFER_EVERYWHERE"}


def bucket() -> object:
    """Give whatever stands in ``XBLOCK_SETTINGS["bbb"]``; None if nothing does."""
    return mapping(getattr(settings, "XBLOCK_SETTINGS", {})).get(NAMESPACE)


def namespace() -> Mapping[str, Any]:
    """Give the raw namespace; empty when nothing, or not a dictionary, is set."""
    return mapping(bucket())


def mapping(value: object) -> Mapping[Any, Any]:
    """Give the value if it is a dictionary, else an empty one (``checks.py`` reports the wrong type)."""
    return value if isinstance(value, Mapping) else types.MappingProxyType({})


def for_course(course_key: str, org: str) -> CourseConfig:
    """Merge the layers for a course. Wrong values count as not given; ``checks.py`` names them."""
    return _merged(course_key, (layer for _, layer in _layers_of(course_key, org)))


def for_site() -> CourseConfig:
    """Give what applies outside of courses: the top level alone."""
    return _merged("", [namespace()])


def _merged(course_key: str, weak_to_strong: Iterable[Mapping[str, Any]]) -> CourseConfig:
    given: dict[str, dict[str, Any]] = {table: {} for table in ("", "DEFAULTS", "PRESETS")}
    for layer in weak_to_strong:
        for table, name, value in _given(layer):
            given[table][name] = value
    own = given[""]
    return CourseConfig(
        course_key=course_key,
        servers=own.pop("SERVER", ()),
        defaults=given["DEFAULTS"],
        locked=own.pop("LOCKED", frozenset()),
        presets=offered(given["PRESETS"]),
        knobs=Knobs(**{name.lower(): value for name, value in own.items()}),
    )


def org_of(course_key: str) -> str:
    """Give the organisation of a course; empty for what is no course key."""
    try:
        return str(CourseKey.from_string(course_key).org or "")
    except InvalidKeyError:
        return ""


def decisions(course_key: str, org: str) -> dict[str, str]:
    """Say for each key that is set for a course which layer decides: the strongest whose value counts."""
    return {
        f"{table}[{name!r}]" if table else name: where
        for where, layer in _layers_of(course_key, org)
        for table, name, _ in _given(layer)
    }


def layers() -> Iterator[tuple[str, Any]]:
    """Give every layer with its name: the top level, then organisations and courses as they stand there."""
    top = namespace()
    yield "The top level", top
    for table in ("ORGS", "COURSES"):
        for key, layer in mapping(top.get(table)).items():
            yield f"{table}[{key!r}]", layer


def _layers_of(course_key: str, org: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    top = namespace()
    yield "The top level", top
    yield f"ORGS[{org!r}]", mapping(mapping(top.get("ORGS")).get(org))
    courses: Mapping[object, Any] = mapping(top.get("COURSES"))
    patterns = (key for key in courses if isinstance(key, str) and key.endswith("*"))
    for key in (*(each for each in sorted(patterns, key=len) if course_key.startswith(each[:-1])), course_key):
        yield f"COURSES[{key!r}]", mapping(courses.get(key))


def _given(layer: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Give what counts in a layer: the table it stands in (empty for the layer itself), its key, its typed value."""
    if chosen := slugs(layer.get("SERVER")):
        yield "", "SERVER", chosen
    if isinstance(layer.get("LOCKED"), list | tuple | set | frozenset):
        yield "", "LOCKED", frozenset(text_items(layer["LOCKED"]))
    for knob in fields(Knobs):
        value = layer.get(knob.name.upper())
        if value is not None and not knob_problem(knob.name, value):
            yield "", knob.name.upper(), knob_value(knob.name, value)
    for name, value in mapping(layer.get("DEFAULTS")).items():
        if not default_problem(name, value):
            yield "DEFAULTS", name, value
    for slug, preset in mapping(layer.get("PRESETS")).items():
        if isinstance(slug, str) and not preset_problem(preset):
            yield "PRESETS", slug, preset


def slugs(value: object) -> tuple[str, ...]:
    """Read ``SERVER``: one slug or a list of slugs."""
    return (value,) if isinstance(value, str) and value else text_items(value)


def text_items(value: object) -> tuple[str, ...]:
    """Give the texts of a list, tuple or set; empty for anything else."""
    if not isinstance(value, list | tuple | set | frozenset):
        return ()
    return tuple(item for item in value if isinstance(item, str) and item)


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
    shown = f" ({value!r})" if given == "SECRET_FILE" and value.startswith("/") else ""
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


def lms_root() -> str:
    """Give the LMS's own address without a slash at the end; empty when it is not set, or no address."""
    root = str(getattr(settings, "LMS_ROOT_URL", "") or "").rstrip("/")
    try:
        parts = urlsplit(root)
    except ValueError:
        return ""
    return root if parts.scheme in ("http", "https") and parts.netloc else ""


def is_studio() -> bool:
    """Say whether this process is Studio's (edx-platform cms/envs/common.py)."""
    return str(getattr(settings, "ROOT_URLCONF", "")) == "cms.urls"


def offers_everywhere() -> bool:
    """Say whether Studio is to offer the component in every course (``OFFER_EVERYWHERE``)."""
    return namespace().get("OFFER_EVERYWHERE") is True


def site_salt() -> str:
    """Give the name that keeps two sites on one server apart: ``SITE``, else the LMS's address."""
    site = namespace().get("SITE")
    return site if isinstance(site, str) and site else lms_root()
