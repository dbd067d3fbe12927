"""Where the LMS has our views: the same answer in the LMS, which mounts them, and in Studio, which does not."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.urls import NoReverseMatch, reverse

from bbb_xblock import config

# apps.py has them mounted there.
_MOUNTED_AT = "/bbb"
# Endings of names that no public DNS knows (RFC 6761, RFC 6762, RFC 9476, ICANN's choice for private use).
_PRIVATE_ENDINGS = ("localhost", "local", "internal", "alt", "home.arpa", "lan", "test", "invalid")


def mounted_path(name: str, *parts: str) -> str:
    """Give the path of one of our views; empty where they are not mounted, as in Studio."""
    try:
        return reverse(f"bbb_xblock:{name}", args=parts)
    except NoReverseMatch:
        return ""


def lms_path(name: str, *parts: str) -> str:
    """Give the path of one of our views on the LMS; empty if the LMS does not have them."""
    path = mounted_path(name, *parts)
    if path or not config.is_studio():
        return path
    return _MOUNTED_AT + reverse(name, urlconf="bbb_xblock.urls", args=parts)


def lms_address(name: str, *parts: str) -> str:
    """Give the whole address; empty if that of the LMS is unknown, or if it does not have our views."""
    root, path = config.lms_root(), lms_path(name, *parts)
    return root + path if root and path else ""


def is_public(url: str) -> bool:
    """Say whether an address looks as if everybody could open it safely: https, and no private host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        return parts.scheme == "https" and ip_address(host).is_global
    except ValueError:
        is_known = "." in host and not any(host.endswith(f".{ending}") for ending in _PRIVATE_ENDINGS)
        return parts.scheme == "https" and is_known
