"""A web worker or a worker of Celery as a process of its own, so that it can be killed in the middle of its work.

``python -m tests.faults.worker`` reads its orders as JSON: ``database`` (name), ``settings`` (the namespace), ``work``
(``join``, ``receipt`` or ``look``) and the id of the ``receipt`` or the ``meeting``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@contextmanager
def at_work(database: str, settings: dict[str, Any], **order: Any) -> Iterator["subprocess.Popen[str]"]:
    """Have a worker do something; whoever leaves the block leaves no worker behind."""
    command = [sys.executable, "-m", "tests.faults.worker"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(json.dumps({"database": database, "settings": settings, **order}))
            process.stdin.close()
            yield process
        finally:
            process.kill()


def main() -> None:
    """Do what was ordered."""
    order = json.load(sys.stdin)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = order["database"]
    settings.XBLOCK_SETTINGS = {"bbb": order["settings"]}
    django.setup()
    from bbb_xblock.domain import looks, receipts
    from tests.builders import teacher
    from tests.fakes.platform import Platform

    platform = Platform()
    with platform.modules():
        if order["work"] == "join":
            teacher(platform).click_join()
        elif order["work"] == "look":
            looks.look(order["meeting"])
        else:
            receipts.work_on(order["receipt"])


if __name__ == "__main__":
    main()
