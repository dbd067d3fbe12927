"""``bbb_person``: what is kept of one person as JSON, and that person forgotten, if somebody is sure."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from bbb_xblock.models import Join
from tests.callbacks import make_meeting, make_room

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def ada():
    """A user who was let in once."""
    user = get_user_model().objects.create(username="ada")
    now = timezone.now()
    Join.objects.create(
        meeting=make_meeting(make_room()), user_id=user.pk, anonymous_id="a" * 32, role="VIEWER", joined_at=now
    )
    return user


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("bbb_person", *arguments, stdout=printed)
    return printed.getvalue()


@pytest.mark.parametrize("named", ["username", "pk"])
def test_what_is_kept_is_written_as_json(ada, named):
    told = json.loads(run(str(getattr(ada, named)), "--export"))
    assert told["user_id"] == ada.pk
    assert [join["role"] for join in told["joins"]] == ["VIEWER"]
    assert told["presences"] == []


def test_a_person_is_forgotten_without_a_question_if_that_is_wanted(ada):
    assert run("ada", "--forget", "--yes") == f"User {ada.pk} is forgotten. Rows that named this person: 1.\n"
    assert Join.objects.get().user_id is None
    assert run("ada", "--forget", "--yes").endswith("named this person: 0.\n")


@pytest.mark.parametrize(("answer", "is_forgotten"), [("y", True), ("Yes ", True), ("n", False), ("", False)])
def test_it_is_asked_before_somebody_is_forgotten(ada, monkeypatch, answer, is_forgotten):
    questions = []
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or answer)
    if is_forgotten:
        run("ada", "--forget")
    else:
        with pytest.raises(CommandError, match="Nobody was forgotten"):
            run("ada", "--forget")
    assert questions == [f"Forget user {ada.pk}, in 1 rows? This cannot be undone. [y/N] "]
    assert Join.objects.filter(user_id=None).exists() is is_forgotten


def test_where_nobody_can_answer_nobody_is_forgotten(ada, monkeypatch):
    def gone(question):
        raise EOFError

    monkeypatch.setattr("builtins.input", gone)
    with pytest.raises(CommandError, match="Nobody was forgotten"):
        run("ada", "--forget")


def test_somebody_whose_account_is_gone_is_found_by_number(ada):
    user_id = ada.pk
    ada.delete()
    assert len(json.loads(run(str(user_id), "--export"))["joins"]) == 1


def test_a_username_that_is_the_id_of_another_is_taken_for_neither(ada):
    impostor = get_user_model().objects.create(username=str(ada.pk))
    for what in (("--export",), ("--forget", "--yes")):
        with pytest.raises(CommandError, match=f"Write name:{ada.pk} or id:{ada.pk}"):
            run(str(ada.pk), *what)
    assert json.loads(run(f"id:{ada.pk}", "--export"))["user_id"] == ada.pk
    assert json.loads(run(f"name:{ada.pk}", "--export"))["user_id"] == impostor.pk
    assert Join.objects.filter(user_id=ada.pk).exists()


def test_a_username_that_is_the_id_of_somebody_gone_is_taken_for_neither(ada):
    user_id = ada.pk
    ada.delete()
    get_user_model().objects.create(username=str(user_id))
    with pytest.raises(CommandError, match="may be an id"):
        run(str(user_id), "--export")
    assert len(json.loads(run(f"id:{user_id}", "--export"))["joins"]) == 1


@pytest.mark.parametrize("named", ["nobody", "1" * 30, "9" * 10, "٣", "id:ada", "name:1", "id:", "name:"])
def test_somebody_who_is_unknown_is_nobody(ada, named):
    with pytest.raises(CommandError, match="There is no user of this name"):
        run(named, "--export")


@pytest.mark.parametrize("what", [(), ("--export", "--forget")])
def test_one_thing_is_done(ada, what):
    with pytest.raises(CommandError):
        run("ada", *what)
