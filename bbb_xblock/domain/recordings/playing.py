"""Opening a recording: whether somebody may is decided now, that they did is written down, then they are sent on."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.db.models import F
from django.http.request import validate_host
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from bbb_xblock import config
from bbb_xblock.bbb import ApiError, BBBError, PlaybackUrl
from bbb_xblock.domain import rooms, servers
from bbb_xblock.domain.attendance import completing
from bbb_xblock.domain.data import Person, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.recordings import shelf
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.models import Recording, Viewing

log = logging.getLogger(__name__)

# Who opens a recording twice within so many minutes has opened it once.
ONCE_MINUTES = 5
# Each costs a question to the server. In each process by itself, for a page must not wait for the platform's cache.
MOST_FRESH = 10
fresh_addresses = LocMemCache("bbb_xblock.fresh_addresses", {"TIMEOUT": 60, "MAX_ENTRIES": 10_000})
_LONGEST_TYPE = 32
# The newest recordings of a server show where it has them play.
_LOOKED_AT = 100


def choice(visit: Visit, number: str) -> shelf.Shown:
    """Give a recording to somebody who may choose how to open it. Raises :class:`Refusal`."""
    row, _ = shelf.find(visit, number)
    return shelf.shown(row)


@needs_tables
def address(visit: Visit, number: str, kind: str) -> PlaybackUrl:
    """Give the address at which a recording plays in a format, and write down that it was opened.

    The server of a protected recording is asked for a fresh address. Raises :class:`Refusal`: ``no_recording`` as
    ``shelf.find`` does and for a format that there is not, or why the server gives no address.
    """
    row, person = shelf.find(visit, number)
    url = _usable(_address_of(row, kind, visit, person), row)
    if _is_written_down(row, person, kind):
        completing.watched(visit, rooms.known(visit.placement))
    log.info("recording %s: user %s opens %s", row.pk, person.user_id, kind[:_LONGEST_TYPE])
    return url


@needs_tables
def hosts_left_out(server: str) -> list[str]:
    """Give the hosts of a server's newest recordings to which nobody is led, for operators."""
    ready = Recording.objects.filter(server=server, state=Recording.State.READY)[:_LOOKED_AT]
    found = {_host_of(each["url"]) for row in ready for each in shelf.formats_of(row)} - {""}
    return sorted(host for host in found if not _is_known(host, server))


def _address_of(row: Recording, kind: str, visit: Visit, person: Person) -> str:
    addresses = {each["type"]: each["url"] for each in shelf.formats_of(row)}
    if kind not in addresses:
        raise Refusal(Code.NO_RECORDING)
    if not row.is_protected:
        return addresses[kind]
    _check_pace(person)
    return _fresh_address(row, kind, visit)


def _check_pace(person: Person) -> None:
    """Raise :class:`Refusal` (``many_clicks``) for somebody who has had ``MOST_FRESH`` fresh addresses this minute."""
    key = f"{person.user_id}-{timezone.now():%H%M}"
    had = fresh_addresses.get(key, 0)
    if had >= MOST_FRESH:
        raise Refusal(Code.MANY_CLICKS)
    fresh_addresses.set(key, had + 1)


def _fresh_address(row: Recording, kind: str, visit: Visit) -> str:
    """Ask the server of a protected recording, whose addresses work once."""
    client = servers.of_recordings(row.server, visit.placement.course_key)
    try:
        found = client.get_recordings_by_id((row.record_id,), states=("published",))
    except BBBError as error:
        log.warning("recording %s: %s", row.pk, error)
        raise Refusal(Code.SERVER_REFUSED if isinstance(error, ApiError) else Code.SERVER_UNREACHABLE) from None
    for each in found[0].formats if found else ():
        if each.type == kind:
            return each.url
    raise Refusal(Code.NO_RECORDING)


def _usable(address: str, row: Recording) -> PlaybackUrl:
    """Give the address if a browser may be sent there.

    Raises :class:`Refusal`: ``no_recording`` for what is no plain link, ``not_configured`` for a host that is not the
    server's own and that the operator has not named (``PLAYBACK_HOSTS``).
    """
    host = _host_of(address)
    if not host:
        raise Refusal(Code.NO_RECORDING)
    if not _is_known(host, row.server):
        log.warning("recording %s: server %s plays it at %.255s, not in PLAYBACK_HOSTS", row.pk, row.server, host)
        raise Refusal(Code.NOT_CONFIGURED)
    # Headers hold no other letters.
    return PlaybackUrl(iri_to_uri(address))


def _host_of(address: str) -> str:
    """Give the host of a plain link; empty for what is none."""
    try:
        parts = urlsplit(address)
        is_plain = address.isprintable() and " " not in address and "\\" not in address
        is_link = parts.scheme in ("http", "https") and "@" not in parts.netloc
        return (parts.hostname or "") if is_plain and is_link else ""
    except ValueError:
        return ""


def _is_known(host: str, server: str) -> bool:
    return validate_host(host, config.playback_hosts(server))


def _is_written_down(row: Recording, person: Person, kind: str) -> bool:
    """Write down that a recording was opened; false if that was done a moment ago."""
    now = timezone.now()
    with transaction.atomic():
        # One after the other: of two clicks at the same moment the second finds what the first wrote.
        Recording.objects.select_for_update().get(pk=row.pk)
        lately = Viewing.objects.filter(
            recording=row, user_id=person.user_id, viewed_at__gt=now - timedelta(minutes=ONCE_MINUTES)
        )
        if lately.exists():
            return False
        Viewing.objects.create(recording=row, user_id=person.user_id, format=kind[:_LONGEST_TYPE], viewed_at=now)
        Recording.objects.filter(pk=row.pk).update(views=F("views") + 1)
        return True
