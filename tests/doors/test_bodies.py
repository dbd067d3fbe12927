"""How much of what somebody sends is read, whatever length was announced."""

import io

import pytest
from django.test import RequestFactory

from bbb_xblock.doors import callbacks
from tests.callbacks import SECRET, bearer, make_meeting, make_room, report

pytestmark = pytest.mark.django_db

KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@pytest.fixture(autouse=True)
def room(db, settings):
    main = {"URL": "http://127.0.0.1:9/", "SECRET": SECRET}
    settings.XBLOCK_SETTINGS = {"bbb": {"SERVERS": {"main": main}, "SERVER": "main"}}
    made = make_room()
    make_meeting(made)
    return made


class Pipe(io.RawIOBase):
    """As many bytes as anybody wants to read, and how many were."""

    def __init__(self, size: int, start: bytes = b"") -> None:
        self.left, self.read_so_far, self.start = size, 0, start

    def read(self, size: int = -1) -> bytes:
        assert size != -1, "a body is not read in one piece"
        given = min(size, self.left)
        self.left -= given
        self.read_so_far += given
        return self.start[self.read_so_far - given : self.read_so_far].ljust(given, b"x")


def send(view, pipe: Pipe, length: str | None, **headers: str) -> int:
    request = RequestFactory().post("/bbb/somewhere", content_type="application/json", **headers)
    environ = {**request.environ, "wsgi.input": pipe}
    environ.pop("CONTENT_LENGTH")
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    return view(type(request)(environ), "main").status_code


SIZES = pytest.mark.parametrize(
    ("view", "most"), [(callbacks.recording_is_ready, 64 * KILOBYTE), (callbacks.analytics, 5 * MEGABYTE)]
)


@SIZES
@pytest.mark.parametrize("length", [str(50 * MEGABYTE), "9" * 18])
def test_a_body_that_is_announced_as_too_large_is_not_read_at_all(view, most, length):
    pipe = Pipe(50 * MEGABYTE)
    assert send(view, pipe, length, HTTP_AUTHORIZATION=bearer()) == 413
    assert pipe.read_so_far == 0


@SIZES
@pytest.mark.parametrize("length", [f"+{50 * MEGABYTE}", f" {50 * MEGABYTE} ", "52_428_800", "9" * 4000])
def test_a_body_that_is_too_large_is_read_no_further_than_that(view, most, length):
    pipe = Pipe(50 * MEGABYTE)
    assert send(view, pipe, length, HTTP_AUTHORIZATION=bearer()) == 413
    assert pipe.read_so_far <= most + 64 * KILOBYTE


@SIZES
@pytest.mark.parametrize("length", [None, "", "0", "-5", "much", "10", "9" * 5000])
def test_no_more_is_read_than_was_announced(view, most, length):
    pipe = Pipe(50 * MEGABYTE)
    assert send(view, pipe, length, HTTP_AUTHORIZATION=bearer()) in (400, 401)
    assert pipe.read_so_far <= 10


def test_of_a_stranger_nothing_is_read():
    pipe = Pipe(MEGABYTE)
    assert send(callbacks.analytics, pipe, str(MEGABYTE), HTTP_AUTHORIZATION=bearer("wrong")) == 401
    assert pipe.read_so_far == 0


def test_the_largest_report_is_kept(client):
    body = report(filling="x" * (5 * MEGABYTE - 400))
    assert 5 * MEGABYTE - 400 < len(body) <= 5 * MEGABYTE
    answer = client.post("/bbb/analytics/main", body, "application/json", HTTP_AUTHORIZATION=bearer())
    assert answer.status_code == 200


def test_somebody_who_hangs_up_in_the_middle_is_answered_all_the_same():
    class Broken(Pipe):
        def read(self, size: int = -1) -> bytes:
            raise OSError("gone")

    assert send(callbacks.analytics, Broken(10), "10", HTTP_AUTHORIZATION=bearer()) == 400
