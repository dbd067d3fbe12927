"""The servers that the tests start for themselves."""

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.services.mariadb_server import running_mariadb
from tests.services.processes import answers, running
from tests.services.redis_server import running_redis


def test_a_server_that_ends_at_once_is_reported_with_its_own_words(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the disk is full; exit 3"]

    with pytest.raises(RuntimeError, match="the disk is full"), running(command, tmp_path / "s", tmp_path / "log"):
        raise AssertionError("nothing listens")


@pytest.mark.redis
def test_redis_answers_and_is_gone_afterwards() -> None:
    import redis

    with running_redis() as url:
        client = redis.Redis.from_url(url)
        assert client.set("room", "open", nx=True)
        assert not client.set("room", "open", nx=True)
        client.close()
        socket = Path(url.removeprefix("unix://").partition("?")[0])
    assert not answers(socket)
    assert not socket.parent.exists()


@pytest.mark.mariadb
def test_mariadb_keeps_whole_words_and_is_gone_afterwards(tmp_path_factory: pytest.TempPathFactory) -> None:
    import MySQLdb

    socket = tmp_path_factory.getbasetemp().parent / "bbb-own-mariadb" / "s.sock"
    with running_mariadb(socket):
        connection = MySQLdb.connect(unix_socket=str(socket), user="root", charset="utf8mb4")
        cursor = connection.cursor()
        cursor.execute("SELECT %s", ["Ada Example 🎓"])
        assert cursor.fetchone() == ("Ada Example 🎓",)
        connection.close()
        with running_mariadb(socket) as same:
            assert same == socket
        assert answers(socket)
    assert not socket.parent.exists()


@pytest.mark.django_db
def test_the_database_tests_run_on_the_database_that_was_chosen() -> None:
    chosen = os.environ.get("BBB_TEST_DATABASE") or "sqlite"

    assert getattr(connection, "display_name", None) == {"mariadb": "MariaDB", "sqlite": "SQLite"}[chosen]
