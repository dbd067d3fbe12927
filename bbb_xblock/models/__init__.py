"""What the site remembers: rooms, their meetings and recordings, who joined, what BigBlueButton sent.

Rows hold keys, ids and counts. Nothing in here can open a room: no secret, no join link, no password. Types are plain
on purpose, so that MySQL, MariaDB and SQLite store the same.
"""

from bbb_xblock.models.attendance import Correction, Outcome, Presence, Sighting
from bbb_xblock.models.recordings import Adoption, Recording, Viewing
from bbb_xblock.models.rooms import ChosenName, Join, Meeting, Room
from bbb_xblock.models.servers import LONGEST_FAILURE, MOST_TRIES, Examination, Receipt, Server

__all__ = [
    "LONGEST_FAILURE",
    "MOST_TRIES",
    "Adoption",
    "ChosenName",
    "Correction",
    "Examination",
    "Join",
    "Meeting",
    "Outcome",
    "Presence",
    "Receipt",
    "Recording",
    "Room",
    "Server",
    "Sighting",
    "Viewing",
]
