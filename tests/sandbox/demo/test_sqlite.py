"""The demo's database, when two people write at once."""

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

pytestmark = pytest.mark.django_db


def test_a_transaction_waits_for_another_from_its_beginning_and_not_only_when_it_writes(tmp_path):
    database = {"ENGINE": "sandbox.demo.sqlite", "NAME": str(tmp_path / "demo.sqlite3"), "OPTIONS": {"timeout": 0.01}}
    one, other = (ConnectionHandler({"default": database})["default"] for _ in range(2))

    def begin(connection):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    begin(one)
    with pytest.raises(OperationalError, match="locked"):
        begin(other)
    one.rollback()
    one.close()
    other.close()
