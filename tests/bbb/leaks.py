"""What an error may not tell."""

import traceback

from bbb_xblock.bbb import BBBError, CreateMeeting
from tests.bbb.conftest import SECRET_TEXT

TOKEN = "callback-token"
MEETING = CreateMeeting(meeting_id="m1", name="Physics", meeting_ended_url=f"https://lms.example.org/?{TOKEN}")


def assert_tells_nothing(error: BBBError) -> None:
    """The error, as logged or as an error tracker keeps it with all local variables, holds nothing of the address."""
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # the test's own frame, which may well know the address
    told = "".join(traceback.format_exception(error))
    told += "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    for hidden in (SECRET_TEXT, "checksum=", "127.0.0.1", "example.org", TOKEN, "urllib3", "requests.exceptions"):
        assert hidden not in told
    seen: BaseException | None = error
    while seen is not None:
        assert isinstance(seen, BBBError)
        assert seen.__cause__ is None
        seen = seen.__context__
