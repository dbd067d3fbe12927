"""A stand-in of the demo for the platform's module of the same name, not the platform's own."""

from collections.abc import Iterator
from io import BytesIO

from opaque_keys.edx.keys import AssetKey, CourseKey
from xmodule.contentstore.content import StaticContent
from xmodule.exceptions import NotFoundError

from sandbox.demo.files import one_page
from sandbox.demo.rooms import ROOMS

PIECE = 1024


class OpenFile:
    """A file that is being read."""

    def __init__(self, content: bytes) -> None:
        self._stream = BytesIO(content)
        self.length = len(content)

    def stream_data(self) -> Iterator[bytes]:
        """Give the content piece by piece."""
        return iter(lambda: self._stream.read(PIECE), b"")

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


class FileStore:
    """The course files of the demo, made when they are asked for."""

    def find(self, location: AssetKey, as_stream: bool = False) -> OpenFile:
        """Open a file; raise :class:`NotFoundError` if there is none."""
        for room in ROOMS.values():
            for name in room.files:
                if StaticContent.compute_location(CourseKey.from_string(room.course), name) == location:
                    return OpenFile(one_page(name.removesuffix(".pdf")))
        raise NotFoundError(str(location))


def contentstore() -> FileStore:
    """Give the store."""
    return FileStore()
