"""How one call went, for whoever counts calls or writes them down. It holds no address and nobody's name."""

from dataclasses import dataclass

from bbb_xblock.bbb.errors import BBBError

OK = "ok"


@dataclass(frozen=True, kw_only=True)
class CallReport:
    """The call's name, the server's slug, how long it took in seconds, and how it ended.

    ``result`` is "ok" or the name of our error; ``message_key`` is BigBlueButton's own word for its refusal, or empty.
    """

    call: str
    server: str
    seconds: float
    result: str = OK
    message_key: str = ""


def report(call: str, server: str, seconds: float, error: BBBError | None) -> CallReport:
    """Write the report of a call that is over."""
    return CallReport(
        call=call,
        server=server,
        seconds=seconds,
        result=type(error).__name__ if error else OK,
        message_key=getattr(error, "message_key", ""),
    )
