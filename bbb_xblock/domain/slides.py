"""The slides of a room: course files, given to BigBlueButton in the call that makes the meeting.

BigBlueButton fetches them from a signed address of ours, before it answers ``create`` (bbb-web, ApiController
``uploadDocuments`` and PresentationUrlDownloadService), and takes only https addresses on public hosts. Where ours is
none, the files travel in the call itself, as far as they fit. The address names the course and the file, nothing
else: whoever holds it reads this one file, for half an hour.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from django.utils import translation

from bbb_xblock.bbb import Document
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import addresses, tickets
from bbb_xblock.domain.data import CourseFile
from bbb_xblock.domain.errors import Refusal
from bbb_xblock.knobs import SlidesWay
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Feature
from bbb_xblock.options.texts import marked as _

log = logging.getLogger(__name__)

# BigBlueButton's web server takes 2 MB (BBB API docs, pre-upload slides), and base64 makes four bytes of three.
INLINE_BYTES = 1_450_000

OpenFile = Callable[[str, str], CourseFile]


_LEFT_OUT = _("These slides could not be brought into the room: {names}. You can upload them here yourself.")


class _Unfit(Exception):
    """A file cannot be sent: it is empty, or too large for the call."""


@dataclass(frozen=True, kw_only=True)
class Slides:
    """What goes along with ``create``, and the names of what does not."""

    documents: tuple[Document, ...] = ()
    left_out: tuple[str, ...] = ()

    def without_documents(self) -> "Slides":
        """Give the same with everything left out."""
        return Slides(left_out=tuple(document.filename for document in self.documents) + self.left_out)


def of_room(options: SessionOptions, course: CourseConfig, open_file: OpenFile | None) -> Slides:
    """Make the documents of a room out of course files. Whatever cannot be sent is left out, and the rest goes."""
    names = () if Feature.PRESENTATION in options.features_off else options.slides
    if not names or open_file is None:
        return Slides(left_out=names)
    documents: list[Document] = []
    left_out: list[str] = []
    unused = INLINE_BYTES
    for place, name in enumerate(names, start=1):
        try:
            with closing(open_file(course.course_key, name)) as file:
                document = _document(name, file, course, unused)
        except (Refusal, _Unfit) as reason:
            # The name is the author's and stays out of the log.
            log.warning("course %s: slides %d are left out: %s", course.course_key, place, reason)
            left_out.append(name)
            continue
        unused -= len(document.content)
        documents.append(replace(document, current=not documents, downloadable=options.slides_downloadable))
    return Slides(documents=tuple(documents), left_out=tuple(left_out))


def note(left_out: tuple[str, ...]) -> str:
    """Tell moderators in their language what is missing; empty if nothing is."""
    return translation.gettext(_LEFT_OUT).format(names=", ".join(left_out)) if left_out else ""


def address(course_key: str, name: str) -> str:
    """Give the address from which a course file can be fetched for a while; empty if our views have none."""
    return addresses.lms_address("slides", tickets.file.issue(course_key, name), name)


def goes_by_address(url: str, way: SlidesWay) -> bool:
    """Say whether a server is to fetch slides from an address of ours."""
    return bool(url) and (way is SlidesWay.ADDRESS or (way is SlidesWay.AUTO and addresses.is_public(url)))


def _document(name: str, file: CourseFile, course: CourseConfig, unused: int) -> Document:
    if not file.size:
        raise _Unfit("it is empty")
    url = address(course.course_key, name)
    if goes_by_address(url, course.knobs.slides_way):
        return Document(filename=name, url=url)
    if file.size > unused:
        raise _Unfit("it is too large to be sent inline")
    return Document(filename=name, content=b"".join(_at_most(file, unused)))


def _at_most(file: CourseFile, limit: int) -> Iterator[bytes]:
    """Read a file, and stop where it turns out to be longer than was said."""
    for part in file.chunks:
        limit -= len(part)
        if limit < 0:
            raise _Unfit("it is larger than the platform says")
        yield part
