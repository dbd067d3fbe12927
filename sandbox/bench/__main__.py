"""Run the bench: ``python -m sandbox.bench``, with ``--rehearse`` only the start of a class."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.bench import report
from sandbox.bench.class_starts import section, starts
from sandbox.bench.figures import Section
from sandbox.bench.stage import ROOT, Stage, StartError, stage

PAGE = ROOT / "docs" / "benchmarks.md"
LEARNERS = (20, 5000)
BROKEN, CANNOT_START, INTERRUPTED = 1, 2, 130


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.bench", description=__doc__)
    parser.add_argument("--learners", type=_between(*LEARNERS), default=1000, help="how many click at once")
    parser.add_argument("--workers", type=_between(1, 16), default=4, help="how many processes answer them")
    parser.add_argument("--database", choices=("mariadb", "sqlite"), default="", help="MariaDB where it is installed")
    parser.add_argument("--rehearse", action="store_true", help="only a class that starts; writes no page")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the page is written")
    return parser.parse_args(given)


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be between {least} and {most}")
        return value

    return number


def measurements(ground: Stage, rehearse: bool) -> Iterator[Section]:
    """Measure one thing after the other."""
    seen = starts(ground, rehearse)
    yield section(ground, seen)
    if rehearse:
        return
    # These need Django to be set up, which the stage has done.
    from sandbox.bench import attended, costs, graded, open_pages, others, recorded, shelf

    yield open_pages.section(ground)
    yield from costs.sections(ground)
    yield others.section(ground, seen[0])
    yield shelf.section(ground)
    yield recorded.section(ground)
    yield attended.section(ground)
    yield graded.section(ground)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Make a request to stop unwind everything, as Ctrl-C does."""
    # SIGINT too: a shell that starts a program in the background has it ignored.
    before = {one: signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def run(options: argparse.Namespace) -> int:
    """Measure, print, write the page, and give the exit code."""
    done: list[Section] = []
    with stage(options.learners, options.workers, options.database) as ground:
        if ground.note:
            print(ground.note, end="\n\n", flush=True)
        for part in measurements(ground, options.rehearse):
            done.append(part)
            print(report.part(part), end="\n\n", flush=True)
    print(report.promises(done), flush=True)
    if not options.rehearse:
        options.page.write_text(report.page(ground, done), "utf-8")
        print(f"\nWrote {options.page}.")
    broken = report.broken(done)
    print(f"\nBroken promises: {broken}." if broken else "\nAll promises are kept.")
    return BROKEN if broken else 0


def main() -> int:
    """Run the bench from the command line."""
    try:
        with _ended_politely():
            return run(arguments())
    except StartError as problem:
        print(problem, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        print("Stopped; everything that was started has ended.", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
