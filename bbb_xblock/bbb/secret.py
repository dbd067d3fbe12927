"""Text that must not be seen by accident: in logs, error pages, debuggers, caches."""

import hmac
from typing import NoReturn, Self


class Concealed:
    """Text that shows itself only on request, by :meth:`reveal`.

    ``repr``, ``str`` and ``format`` give the name of the class; comparing takes the same time whatever differs;
    pickling raises ``TypeError``, so that it cannot slip into a cache, a session or a queue.
    """

    __slots__ = ("_text",)

    def __init__(self, value: str) -> None:
        if not value.strip():
            raise ValueError(f"{type(self).__name__} needs a text that is not empty")
        self._text = value

    def reveal(self) -> str:
        """Give the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        mine, theirs = (value._text.encode("utf-8", "surrogatepass") for value in (self, other))
        return hmac.compare_digest(mine, theirs)

    def __hash__(self) -> int:
        return hash((type(self), self._text))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never pickled")


class Secret(Concealed):
    """The secret that a BigBlueButton server and its clients share. An empty one raises ``ValueError``."""

    __slots__ = ()


class SignedUrl(Concealed):
    """An address whose query carries a checksum: whoever has it may make that one call."""

    __slots__ = ()


class JoinUrl(SignedUrl):
    """The signed address that lets one person into one meeting, under the name and role written in it.

    BigBlueButton accepts it for as long as that meeting lives, from anybody: hand it to its owner and nobody else.
    """

    __slots__ = ()


class PlaybackUrl(Concealed):
    """The address at which a recording plays: mostly for everybody who has it, of a protected one for the first."""

    __slots__ = ()
