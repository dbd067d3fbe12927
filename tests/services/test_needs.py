"""What the machine has, and the sentence where it has not."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def test_the_makefile_can_ask_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    script = (
        "import sys; from tests.services import needs, processes; processes.SBIN = (); sys.exit(needs.main('redis'))"
    )

    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert result.stdout == "Install Redis to run the redis tests: apt-get install redis-server.\n"
