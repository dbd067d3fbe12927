"""Children of ours end, whether they like it or not."""

import signal
import subprocess
import sys

import pytest

from sandbox import children

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
READY_THEN_WAIT = "print(flush=True); signal.pause()"


@pytest.mark.parametrize(("start", "ended_by"), [("import signal; ", signal.SIGTERM), (DEAF, signal.SIGKILL)])
def test_a_child_is_asked_to_end_and_killed_if_it_does_not(start: str, ended_by: signal.Signals) -> None:
    command = [sys.executable, "-c", start + READY_THEN_WAIT]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        children.end(child, patience=5 if ended_by is signal.SIGTERM else 0.1)
    assert child.returncode == -ended_by
