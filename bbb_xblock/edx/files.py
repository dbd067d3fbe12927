"""The files of a course, which authors upload in Studio under "Files"."""

import logging

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.data import CourseFile
from bbb_xblock.domain.errors import Code, Refusal

log = logging.getLogger(__name__)


def open_file(course_key: str, name: str) -> CourseFile:
    """Open a file of a course for reading; whoever opens it closes it. Raises :class:`Refusal` (``file_not_found``).

    ``StaticContent.compute_location`` makes the key, as Studio does when a file is uploaded. Its sister
    ``get_asset_key_from_path`` would take a whole asset key for a name, and with it the file of another course
    (edx-platform xmodule/contentstore/content.py, mongo.py). That a file is locked only keeps people without
    enrolment away; the author chose it for the room.
    """
    try:
        from xmodule.contentstore.content import StaticContent
        from xmodule.contentstore.django import contentstore
        from xmodule.exceptions import NotFoundError
    except ImportError:
        log.error("the platform's course files cannot be imported; rooms have no slides")
        raise Refusal(Code.FILE_NOT_FOUND) from None
    try:
        location = StaticContent.compute_location(CourseKey.from_string(course_key), name)
        content = contentstore().find(location, as_stream=True)
    except (InvalidKeyError, NotFoundError):
        raise Refusal(Code.FILE_NOT_FOUND) from None
    return CourseFile(size=content.length, chunks=content.stream_data(), close=content.close)
