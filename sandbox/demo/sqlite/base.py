"""Django's backend for SQLite, with transactions that wait for each other from their beginning.

By itself SQLite lets two transactions read and then refuses the one that comes second to write, at once and whatever
the timeout is (sqlite.org, lang_transaction). Django has an option for this only from 5.1 on.
"""

from django.db.backends.sqlite3.base import DatabaseWrapper as DjangoWrapper


class DatabaseWrapper(DjangoWrapper):
    """A connection whose transactions begin by taking the right to write."""

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")
