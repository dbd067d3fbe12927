"""Databases that were made long ago take no emoji (MySQL with utf8mb3): one session's title holds up no recordings."""

from collections.abc import Iterator

import pytest
from django.db import connection

from bbb_xblock import bbb
from bbb_xblock.domain.recordings import rows
from bbb_xblock.models import Recording
from tests.callbacks import INTERNAL, make_meeting
from tests.domain.recordings.test_rows import told

PARTY = "Physics \U0001f389"
SECOND = INTERNAL.replace("1531155809613", "1531155809999")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# SQLite takes everything, and is told to refuse the same.
_OLD, _NEW = (
    (
        "ALTER TABLE bbb_xblock_recording CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci",
        "ALTER TABLE bbb_xblock_recording CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
    )
    if connection.vendor == "mysql"
    else (
        "CREATE TRIGGER no_emoji BEFORE UPDATE OF name ON bbb_xblock_recording WHEN NEW.name LIKE '%\U0001f389%' "
        "BEGIN SELECT RAISE(ABORT, 'Incorrect string value'); END",
        "DROP TRIGGER no_emoji",
    )
)


@pytest.fixture
def shelf(room) -> Iterator[dict[str, bbb.Recording]]:
    """Two recordings in a database of that kind; now their server tells otherwise of both."""
    for record_id in (INTERNAL, SECOND):
        make_meeting(room, record_id)
        rows.take_in("main", [told(record_id)])
    with connection.cursor() as cursor:
        cursor.execute(_OLD)
    yield {
        INTERNAL: told(INTERNAL, name=PARTY, state=bbb.RecordingState.UNPUBLISHED),
        SECOND: told(SECOND, name="Chemistry"),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEW)


def test_a_name_that_the_database_does_not_take_stays_as_it_was_and_all_else_is_stored(shelf, caplog):
    for _ in range(2):
        rows.take_in("main", shelf.values())
    assert Recording.objects.get(record_id=SECOND).name == "Chemistry"
    party = Recording.objects.get(record_id=INTERNAL)
    assert (party.name, party.is_published) == ("Physics", False)
    assert "the name is left out" in caplog.text and PARTY not in caplog.text
