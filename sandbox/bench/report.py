"""The report: on the screen part by part, in docs/benchmarks.md as one page."""

import os
import platform
from collections.abc import Sequence

from sandbox.bench.figures import Section, table
from sandbox.bench.stage import Stage

INTRODUCTION = """\
# Benchmarks

Written by `make bench`, which runs for some minutes against the simulated BigBlueButton server, on 127.0.0.1
only; do not edit it by hand. `make bench` fails when a promise below is broken. Promises are about counts and ratios
within one run, which do not depend on the machine. Times come last: they are those of one machine on one day, and
nothing is promised about them.

To see only a class that starts, with as many learners and worker processes as you like:

```
DJANGO_SETTINGS_MODULE=sandbox.demo.settings python -m django bbb_rehearse --learners 1000 --workers 4
```

"""


def part(section: Section) -> str:
    """Give one part for the screen."""
    pieces = [section.title.upper(), section.story, section.counts]
    if section.timings:
        pieces += ["Times, of this machine and this run:", section.timings]
    return "\n\n".join(pieces)


def promises(done: Sequence[Section]) -> str:
    """Give the table of promises."""
    rows = [
        (promise.text, promise.measured, "yes" if promise.kept else "NO")
        for section in done
        for promise in section.promises
    ]
    return table(("promise", "measured", "kept"), rows)


def broken(done: Sequence[Section]) -> int:
    """Count the promises that were not kept."""
    return sum(not promise.kept for section in done for promise in section.promises)


def page(stage: Stage, done: Sequence[Section]) -> str:
    """Give the whole page."""
    text = INTRODUCTION + f"## Promises\n\n{promises(done)}\n\n"
    for section in done:
        text += f"## {section.title}\n\n{section.story}\n\n{section.counts}\n\n"
    text += (
        "## Times\n\n"
        f"One run on a machine with {os.cpu_count()} processors that also ran the herd and the simulated server "
        f"(Python {platform.python_version()}, {stage.database}). No promise.\n\n"
    )
    for section in done:
        if section.timings:
            text += f"### {section.title}\n\n{section.timings}\n\n"
    return text.rstrip() + "\n"
