"""Numbers for Prometheus, where the operator has installed ``prometheus_client``.

They are in its default registry, next to the platform's own; how they are fetched is up to the operator
(``docs/operators.md``). Labels take few values: no course, no room, nothing that a server or a browser can choose.
"""

from typing import TYPE_CHECKING

from bbb_xblock.bbb import CallReport
from bbb_xblock.domain.happenings import Happening, Kind, call_over, happened

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

# Seconds. Calls are given up after ``CONNECT_TIMEOUT`` and ``READ_TIMEOUT``, which are 3 and 8 unless set.
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def listen() -> None:
    """Count from now on what happens in this process."""
    try:
        from prometheus_client import REGISTRY
    except ImportError:
        return
    Numbers(REGISTRY).listen()


class Numbers:
    """All that is counted, in one registry."""

    def __init__(self, registry: "CollectorRegistry") -> None:
        from prometheus_client import Counter, Histogram

        self._calls = Counter(
            "bbb_xblock_calls", "Calls to BigBlueButton.", ["call", "server", "result"], registry=registry
        )
        self._seconds = Histogram(
            "bbb_xblock_call_seconds",
            "How long calls to BigBlueButton took.",
            ["call", "server"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._started = Counter("bbb_xblock_meetings_started", "Meetings made.", ["server"], registry=registry)
        self._ended = Counter(
            "bbb_xblock_meetings_ended", "Meetings that are over.", ["server", "why"], registry=registry
        )
        self._joins = Counter("bbb_xblock_joins", "People let in.", ["role"], registry=registry)
        self._refusals = Counter(
            "bbb_xblock_refusals", "Clicks on Join that let nobody in.", ["code"], registry=registry
        )

    def listen(self) -> None:
        """Count what is told."""
        call_over.connect(self.count_call, weak=False, dispatch_uid="bbb_xblock.metrics.calls")
        happened.connect(self.count, weak=False, dispatch_uid="bbb_xblock.metrics.happenings")

    def count_call(self, sender: object, *, report: CallReport, **details: object) -> None:
        """Count a call that is over."""
        self._calls.labels(report.call, report.server, report.result).inc()
        self._seconds.labels(report.call, report.server).observe(report.seconds)

    def count(self, sender: object, *, happening: Happening, **details: object) -> None:
        """Count something that happened."""
        match happening.kind:
            case Kind.STARTED:
                self._started.labels(happening.server).inc()
            case Kind.JOINED:
                self._joins.labels(happening.role).inc()
            case Kind.REFUSED:
                self._refusals.labels(happening.code).inc()
            case Kind.ENDED:
                self._ended.labels(happening.server, happening.code).inc()
