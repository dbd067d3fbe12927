"""Run the simulated BigBlueButton server: ``python -m sandbox.simulator --port 8090 --secret SECRET``."""

import argparse
import signal
import sys
import threading
from types import FrameType

from .modes import MODES
from .simulator import Simulator


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.simulator", description="A simulated BigBlueButton server."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--secret", required=True, help="the shared secret, as the platform has it")
    parser.add_argument("--mode", choices=sorted(MODES), default="bbb-3.0", help="which server to play")
    parser.add_argument("--processing-seconds", type=float, default=2.0, help="from a meeting's end to its recording")
    parser.add_argument(
        "--recordings-per-room",
        type=int,
        default=0,
        help="old recordings of every room asked for (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    simulator = Simulator(secret=options.secret, mode=options.mode, recordings_per_room=options.recordings_per_room)
    simulator.processing_seconds = options.processing_seconds
    try:
        with simulator.serve(port=options.port, host=options.host, background=True) as url:
            print(f"The simulated BigBlueButton server ({options.mode}) is at {url}", flush=True)
            stop.wait()
    except OSError:
        print(f"Port {options.port} is taken. Choose another one with --port.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
