"""The plain view from which BigBlueButton fetches slides.

The signed address is the whole proof, so no cookie is looked at. BigBlueButton follows the address once to see where it
leads and once more to keep what is there, and a server that is busy comes later; so an address works several times.
"""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from bbb_xblock.domain import tickets
from bbb_xblock.domain.data import CourseFile
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.doors import answers
from bbb_xblock.edx import files
from bbb_xblock.options.filenames import can_be_slides, media_type


@require_safe
def fetch(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """Give one course file: 403 without a right token, 404 if the file is gone."""
    try:
        course_key = tickets.file.read(token, name)
        if not can_be_slides(name):
            raise Refusal(Code.TICKET_REFUSED)
        file = files.open_file(course_key, name)
    except Refusal as refusal:
        return HttpResponse(status=answers.STATUSES[refusal.code], headers=answers.PRIVATE_HEADERS)
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=_headers(name, file))
    return StreamingHttpResponse(_Chunks(file), headers=_headers(name, file))


def _headers(name: str, file: CourseFile) -> dict[str, str]:
    return {
        **answers.PRIVATE_HEADERS,
        "Content-Type": media_type(name),
        "Content-Length": str(file.size),
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
    }


class _Chunks:
    """A file piece by piece. Unlike a generator, it closes the file even if nobody has begun to read."""

    def __init__(self, file: CourseFile) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file.chunks)

    def close(self) -> None:
        self._file.close()
