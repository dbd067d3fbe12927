"""Our pictures of formats: what is drawn in a square of 24 units, with a line and no filling."""

from collections.abc import Mapping
from typing import Final

PATHS: Final[Mapping[str, str]] = {
    "slides": "M3 4h18v12H3z M12 16v4 M8 20h8",
    "video": "M4 5h16v14H4z M10 9l5 3-5 3z",
    "screen": "M3 5h18v11H3z M9 20h6 M12 13V8 M10 10l2-2 2 2",
    "sound": "M4 10v4h4l5 4V6l-5 4z M16 9a4 4 0 0 1 0 6 M18.5 6.5a8 8 0 0 1 0 11",
    "notes": "M6 3h9l4 4v14H6z M9 11h7 M9 15h7",
    "numbers": "M4 20h16 M7 17v-5 M12 17V7 M17 17v-8",
    "other": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M10 8.5l5 3.5-5 3.5z",
}
