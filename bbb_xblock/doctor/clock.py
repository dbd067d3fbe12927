"""Whether the server's clock and ours agree."""

from bbb_xblock.doctor.findings import Code, Finding, ok, warn

# Less than this is nobody's trouble: times are shown in minutes.
TOLERATED_SECONDS = 30


def compare(earliest: float, latest: float, *, before: float, after: float) -> Finding:
    """Compare what the server's clock may have shown with what ours showed before and after; all in seconds."""
    likely = _written(abs((earliest + latest) / 2 - (before + after) / 2))
    if earliest - after > TOLERATED_SECONDS:
        return warn(Code.CLOCK_AHEAD, time=likely)
    if before - latest > TOLERATED_SECONDS:
        return warn(Code.CLOCK_BEHIND, time=likely)
    return ok(Code.CLOCK_RIGHT)


def _written(seconds: float) -> str:
    """Write a span of time as hours, minutes and seconds, which needs no words."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
