"""What applies to a course.

The layers are, from weak to strong: top level, ``ORGS[org]``, ``COURSES[pattern*]`` (the longer pattern is stronger),
``COURSES[course key]``; they are merged key by key.
"""

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.config.given import mapping, namespace, text_items
from bbb_xblock.knobs import Knobs, is_time_zone, knob_problem, knob_value
from bbb_xblock.options.presets import Preset, offered, preset_problem
from bbb_xblock.options.problems import default_problem

# Key in the settings -> knob.
_KNOBS = types.MappingProxyType({knob.name.upper(): knob.name for knob in fields(Knobs)})
# Keys that may stand at the top level, in ORGS and in COURSES.
LAYER_KEYS = frozenset({"SERVER", "DEFAULTS", "LOCKED", "PRESETS", *_KNOBS})
TOP_KEYS = LAYER_KEYS | {"SERVERS", "ORGS", "COURSES", "SITE", "OFFER_EVERYWHERE"}


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


def for_course(course_key: str) -> CourseConfig:
    """Merge the layers for a course. Wrong values count as not given; ``checks.py`` names them."""
    return _merged(course_key, (layer for _, layer in _layers_of(course_key)))


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
        knobs=Knobs(**{_KNOBS[key]: value for key, value in own.items()}),
    )


def org_of(course_key: str) -> str:
    """Give the organisation of a course; empty for what is no course key."""
    try:
        return str(CourseKey.from_string(course_key).org or "")
    except InvalidKeyError:
        return ""


def decisions(course_key: str) -> dict[str, str]:
    """Say for each key that is set for a course which layer decides: the strongest whose value counts."""
    return {
        f"{table}[{name!r}]" if table else name: where
        for where, layer in _layers_of(course_key)
        for table, name, _ in _given(layer)
    }


def layers() -> Iterator[tuple[str, Any]]:
    """Give every layer with its name: the top level, then organisations and courses as they stand there."""
    top = namespace()
    yield "The top level", top
    for table in ("ORGS", "COURSES"):
        for key, layer in mapping(top.get(table)).items():
            yield f"{table}[{key!r}]", layer


def _layers_of(course_key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    top, org = namespace(), org_of(course_key)
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
    for key, knob in _KNOBS.items():
        value = layer.get(key)
        if value is not None and not knob_problem(knob, value):
            yield "", key, knob_value(knob, value)
    for name, value in mapping(layer.get("DEFAULTS")).items():
        if not default_problem(name, value):
            yield "DEFAULTS", name, value
    for slug, preset in mapping(layer.get("PRESETS")).items():
        if isinstance(slug, str) and not preset_problem(preset):
            yield "PRESETS", slug, preset


def slugs(value: object) -> tuple[str, ...]:
    """Read ``SERVER``: one slug or a list of slugs."""
    return (value,) if isinstance(value, str) and value else text_items(value)
