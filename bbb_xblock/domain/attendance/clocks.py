"""How far a classroom server's clock is from ours, and when a meeting really ended. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

# A meeting that nobody watched may have gone on for so long after the last sign of it.
LONGEST_UNSEEN = timedelta(minutes=10)


def ahead(not_less: Iterable[timedelta], not_more: Iterable[timedelta]) -> timedelta:
    """Give by how much the server's clock is ahead of ours, as little as the bounds allow; negative: it is behind.

    What the server says of a moment that was over when we noticed it (its meeting was made, has ended) shows that it is
    ahead by no less than the difference; what it says of something that we began (a click, then a join), no more.
    """
    low = max(not_less, default=timedelta.min)
    high = max(low, min(not_more, default=timedelta.max))
    return min(max(low, timedelta()), high)


def moment_of(milliseconds: str) -> datetime | None:
    """Read a moment that a server wrote as milliseconds since 1970; None if that is no moment."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def real_end(ended_at: datetime, last_sign: datetime, *, was_told: bool) -> datetime:
    """Give when a meeting ended: when that was told, else soon after the last sign of it.

    A meeting of which nothing was told was found gone at ``ended_at``, perhaps days later.
    """
    if was_told or ended_at <= last_sign:
        return ended_at
    return last_sign + min((ended_at - last_sign) / 2, LONGEST_UNSEEN)
