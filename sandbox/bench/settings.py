"""Settings of the bench: the demo's, on the database that the bench started, with the package's own pace."""

import os
from typing import Any

from sandbox.demo.rooms import RECORDED
from sandbox.demo.settings import *  # noqa: F403
from sandbox.demo.settings import XBLOCK_SETTINGS

SOCKET = os.environ.get("BENCH_MARIADB_SOCKET", "")
if SOCKET:
    DATABASES: dict[str, Any] = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": "bench",
            "USER": "root",
            "HOST": SOCKET,
            "OPTIONS": {"charset": "utf8mb4"},
        }
    }

# The demo's pages ask more often than a class's need to.
XBLOCK_SETTINGS["bbb"] = {
    name: value for name, value in XBLOCK_SETTINGS["bbb"].items() if name not in ("POLL_SECONDS", "STATUS_SECONDS")
} | {"SITE": "bench"}
# Counts must not depend on how fast the machine is: in this room the herd may take longer than ten seconds and the
# room is still one that was seen running a moment ago.
XBLOCK_SETTINGS["bbb"]["COURSES"] |= {RECORDED.course: {"KNOWN_RUNNING_SECONDS": 120}}
