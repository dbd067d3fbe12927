"""What is the same for all courses of the site."""

from urllib.parse import urlsplit

from django.conf import settings

from bbb_xblock.config.given import namespace


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
