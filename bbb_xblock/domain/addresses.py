"""Where the LMS has our views: the same answer in the LMS, which mounts them, and in Studio, which does not."""

from django.urls import NoReverseMatch, reverse

from bbb_xblock import config

# apps.py has them mounted there.
_MOUNTED_AT = "/bbb"


def lms_path(name: str, *parts: str) -> str:
    """Give the path of one of our views on the LMS; empty if the LMS does not have them."""
    try:
        return reverse(f"bbb_xblock:{name}", args=parts)
    except NoReverseMatch:
        return _MOUNTED_AT + reverse(name, urlconf="bbb_xblock.urls", args=parts) if config.is_studio() else ""


def lms_address(name: str, *parts: str) -> str:
    """Give the whole address; empty if that of the LMS is unknown, or if it does not have our views."""
    root, path = config.lms_root(), lms_path(name, *parts)
    return root + path if root and path else ""
