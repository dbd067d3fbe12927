"""The one reader of the settings namespace ``XBLOCK_SETTINGS["bbb"]``.

Values are read from ``django.conf.settings`` at the moment of use, so that a changed secret file or an
``override_settings`` in a test is seen at once. Nothing in here raises on a wrong setting but :class:`NotConfigured`,
and only when the setting is needed: a wrong configuration must never stop the platform from starting. ``checks.py``
reports the same findings at start-up.
"""

from bbb_xblock.config.courses import (
    LAYER_KEYS,
    TOP_KEYS,
    CourseConfig,
    decisions,
    for_course,
    for_site,
    layers,
    org_of,
    slugs,
)
from bbb_xblock.config.endpoints import (
    SECRET_SOURCES,
    SERVER_KEYS,
    NotConfigured,
    ServerState,
    callback_secrets,
    capacity,
    endpoint,
    playback_hosts,
    read_secret,
    server_state,
    servers,
)
from bbb_xblock.config.given import bucket, mapping, namespace
from bbb_xblock.config.site import is_studio, lms_root, offers_everywhere, site_salt

__all__ = [
    "LAYER_KEYS",
    "SECRET_SOURCES",
    "SERVER_KEYS",
    "TOP_KEYS",
    "CourseConfig",
    "NotConfigured",
    "ServerState",
    "bucket",
    "callback_secrets",
    "capacity",
    "decisions",
    "endpoint",
    "for_course",
    "for_site",
    "is_studio",
    "layers",
    "lms_root",
    "mapping",
    "namespace",
    "offers_everywhere",
    "org_of",
    "playback_hosts",
    "read_secret",
    "server_state",
    "servers",
    "site_salt",
    "slugs",
]
