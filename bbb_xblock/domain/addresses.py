"""Addresses of our own views, for BigBlueButton to call."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.urls import NoReverseMatch, reverse

from bbb_xblock import config

# Endings of names that no public DNS knows (RFC 6761, RFC 6762, RFC 9476, ICANN's choice for private use).
_PRIVATE_ENDINGS = ("localhost", "local", "internal", "alt", "home.arpa", "lan", "test", "invalid")


def of_view(name: str, *parts: str) -> str:
    """Give the full address of one of our views; empty if the LMS's is unknown or does not lead there, as in Studio."""
    root = config.lms_root()
    try:
        return root and root + reverse(f"bbb_xblock:{name}", args=parts)
    except NoReverseMatch:
        return ""


def is_public(url: str) -> bool:
    """Say whether an address looks as if everybody could open it safely: https, and no private host."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    try:
        return parts.scheme == "https" and ip_address(host).is_global
    except ValueError:
        is_known = "." in host and not any(host.endswith(f".{ending}") for ending in _PRIVATE_ENDINGS)
        return parts.scheme == "https" and is_known
