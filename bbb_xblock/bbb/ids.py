"""Ids of meetings and recordings, and lists of them that fit into an address."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote_plus

#: Most characters of an id.
LONGEST_ID = 256
#: Most characters of a signed address. bbblb turns longer ones into a POST, which not every server takes.
LONGEST_ADDRESS = 2000

_COMMA = "%2C"


def is_id(text: str) -> bool:
    """Tell whether this can be an id: printable, 1 to 256 characters, no comma, no space around it.

    Not printable are, for instance, line breaks and halves of surrogate pairs, which no database takes.
    """
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and "," not in text and text == text.strip()


def listed(ids: Iterable[str]) -> str:
    """Write ids as one value of a query.

    Raises:
        ValueError: one of them is no id. A comma, for instance, would make two of it.
    """
    known = list(ids)
    if not all(map(is_id, known)):
        raise ValueError("An id is printable, has 1 to 256 characters and no comma.")
    return ",".join(known)


def batches(ids: Iterable[str], room: int, most: int = 100) -> Iterator[tuple[str, ...]]:
    """Cut ids into lists, in their order, that take at most ``room`` characters of a query and hold at most ``most``.

    An id that takes more room than there is comes alone.
    """
    batch: list[str] = []
    free = room
    for each in ids:
        taken = len(quote_plus(each))
        if batch and (len(batch) >= most or len(_COMMA) + taken > free):
            yield tuple(batch)
            batch, free = [], room
        free -= taken + (len(_COMMA) if batch else 0)
        batch.append(each)
    if batch:
        yield tuple(batch)
