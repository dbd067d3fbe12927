"""Recordings in the admin."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bbb_xblock.models import Recording
from tests.admin.pages import address_of


def test_addresses_and_texts_of_recordings_are_not_even_read(lived, root):
    row = Recording.objects.get().pk
    with CaptureQueriesContext(connection) as asked:
        root.get(address_of("recording"))
        root.get(reverse("admin:bbb_xblock_recording_change", args=[row]))
    read = [query["sql"] for query in asked if "bbb_xblock_recording" in query["sql"]]
    assert any("record_id" in sql for sql in read)
    assert [sql for sql in read if "formats" in sql or "description" in sql] == []
