"""Names of files that can be slides: which endings BigBlueButton converts, and what is a name at all.

The endings are those that every supported BigBlueButton converts (BigBlueButton docs, "which file types can be
uploaded"). SVG is not among them: older servers refuse it, and it may hold scripts.
"""

import types
import unicodedata
from collections.abc import Mapping
from typing import Final

LONGEST_NAME = 150

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

# The operating system's table of media types knows more or less on every machine.
MEDIA_TYPES: Final[Mapping[str, str]] = types.MappingProxyType(
    {
        "pdf": "application/pdf",
        "ppt": "application/vnd.ms-powerpoint",
        "pptx": f"{_OFFICE}.presentationml.presentation",
        "odp": f"{_OPEN_DOCUMENT}.presentation",
        "doc": "application/msword",
        "docx": f"{_OFFICE}.wordprocessingml.document",
        "odt": f"{_OPEN_DOCUMENT}.text",
        "rtf": "application/rtf",
        "txt": "text/plain",
        "xls": "application/vnd.ms-excel",
        "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
        "ods": f"{_OPEN_DOCUMENT}.spreadsheet",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "png": "image/png",
    }
)

# A name is no path, and BigBlueButton servers of before 2024 showed tags in it as tags.
_NEVER = frozenset("/\\<>")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def can_be_slides(name: str) -> bool:
    """Say whether a file of this name can be slides."""
    return (
        len(name) <= LONGEST_NAME
        and name == name.strip()
        and ".." not in name
        and not name.startswith(".")
        and not any(sign in _NEVER or unicodedata.category(sign) in _UNSEEN for sign in name)
        and "." in name
        and _ending(name) in MEDIA_TYPES
    )


def media_type(name: str) -> str:
    """Give the media type that goes with the ending of a name that can be slides."""
    return MEDIA_TYPES[_ending(name)]


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
