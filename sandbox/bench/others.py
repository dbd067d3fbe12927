"""What the same herd costs BigBlueButton when it is let in as other systems do it."""

from collections import Counter
from dataclasses import replace

from sandbox.bench.class_starts import Start
from sandbox.bench.figures import Section, counted, percentile, seconds, table
from sandbox.bench.herd import stampede
from sandbox.bench.stage import Stage, serving

APPLICATION = "sandbox.bench.ways:application"
NAMES = {
    "asks_and_creates": "getMeetingInfo and create on each click (Moodle, LTI rooms)",
    "creates": "create on each click (Stud.IP, Nextcloud)",
    "waits_and_creates": "isMeetingRunning and create on each heartbeat of who waits (WordPress): one beat",
}
STORY = (
    "The same herd, the same number of worker processes and the same simulated server; the room is not started yet. "
    "Of the others only the calls to BigBlueButton are made, by an application that does nothing else: no sign-in, no "
    "rights, no database. Their times are therefore too good; the calls are what counts. Moodle keeps the answer of "
    "getMeetingInfo for a minute and then needs fewer; WordPress asks a second time after creating, which is left out "
    "here."
)


def section(stage: Stage, ours: Start) -> Section:
    """Let the herd in by each of the ways; ``ours`` is how it went here."""
    seen = [replace(ours, name="ours: one of all who click asks and creates"), *_seen(stage)]
    header = ("way", "clicks", "errors", "BBB calls", "creates", "BBB calls per 1,000 clicks", "times ours")
    rows = []
    for start in seen:
        total, clicks = start.calls.total(), len(start.learners)
        ratio = total / max(1, ours.calls.total())
        errors = sum(start.errors.values())
        per_thousand = round(total * 1000 / clicks)
        rows.append(
            (start.name, clicks, errors, counted(start.calls), start.calls["create"], per_thousand, round(ratio))
        )
    return Section("The ways of others", STORY, table(header, rows), _timings(seen))


def _seen(stage: Stage) -> list[Start]:
    seen = []
    with serving(APPLICATION, stage.workers) as port:
        for way, name in NAMES.items():
            stage.simulator.reset()
            learners = stampede(port, {number: f"/{way}?student={number}" for number in stage.numbers})
            seen.append(Start(name, learners, Counter(call.name for call in stage.simulator.calls), in_the_room=0))
    return seen


def _timings(seen: list[Start]) -> str:
    rows = []
    for start in seen:
        way_in = [one.seconds for one in start.learners]
        rows.append((start.name, *(seconds(percentile(way_in, share)) for share in (0.5, 0.95, 1.0))))
    return table(("way", "answered: p50", "p95", "max"), rows)
