"""The admin: what the site knows of its rooms, recordings and servers, for staff with Django's own permissions.

It is for looking. Nothing in it opens a room or a recording or names a person: no secret, no link, no digest, nothing
that BigBlueButton or the course team wrote itself, and of people only the platform's user ids. It asks no server.
"""

from bbb_xblock.admin import attendance, recordings, sessions

__all__ = ["attendance", "recordings", "sessions"]
