"""One call on its way out and its answer on its way in. ``repr`` shows neither addresses nor bodies."""

from dataclasses import dataclass, field

from bbb_xblock.bbb.secret import SignedUrl

#: BigBlueButton compares the whole header, so no charset may follow.
XML = "application/xml"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call ready to be sent: a GET, or a POST of a ``body``. Time-outs are in seconds.

    ``accept`` is what the answer should be. BigBlueButton leaves answers out that do not fit to it.
    """

    call: str
    url: SignedUrl
    body: bytes = field(default=b"", repr=False)
    content_type: str = field(default=XML, repr=False)
    accept: str = XML
    connect_timeout: float
    read_timeout: float
    total_timeout: float


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a call brought back: the HTTP status, the decompressed body, two headers (empty if not sent)."""

    call: str
    status: int = 200
    date: str = field(default="", repr=False)
    location: str = field(default="", repr=False)
    body: bytes = field(repr=False)
