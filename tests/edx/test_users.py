"""Who is asking, taken once, and believed only where everything agrees."""

import pytest

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx.users import current_person
from tests.builders import ADA, BEN, STAFF, THEA, Desk, nobody
from tests.fakes.platform import Platform, SessionUser


@pytest.fixture
def platform():
    return Platform()


def test_a_person_is_taken_from_the_user_service(platform):
    desk = Desk(platform, THEA, STAFF)
    person = current_person(desk.block, desk.request())
    assert (person.user_id, person.username, person.full_name) == (THEA.id, "thea", "Thea Teacher")
    assert person.anonymous_id == f"{THEA.id:032x}"
    assert person.is_moderator
    assert not person.viewing_as_learner


def test_names_are_in_no_repr(platform):
    assert "Thea" not in repr(current_person(Desk(platform, THEA, STAFF).block))
    assert "thea" not in repr(current_person(Desk(platform, THEA, STAFF).block))


def test_nobody_is_nobody(platform):
    assert current_person(nobody(platform).block) is None


def test_without_a_user_service_there_is_nobody(platform):
    desk = Desk(platform, ADA)
    del desk.block.runtime._services["user"]
    assert current_person(desk.block) is None


def test_a_request_that_nobody_signed_is_nobody_s_even_if_the_service_says_otherwise(platform):
    desk = Desk(platform, ADA)
    anonymous = SessionUser(id=0, username="", is_authenticated=False)
    assert current_person(desk.block, desk.request(as_user=anonymous)) is None


def test_a_request_without_any_user_is_nobody_s(platform):
    desk = Desk(platform, ADA)
    request = desk.request()
    del request._request.user
    assert current_person(desk.block, request) is None


def test_the_route_that_checks_nothing_is_not_believed(platform):
    desk = Desk(platform, ADA)
    unknown = SessionUser(id=ADA.id, username="ada", known=False)
    assert current_person(desk.block, desk.request(as_user=unknown)) is None


def test_another_session_than_the_block_s_person_means_viewing_as_a_learner(platform):
    desk = Desk(platform, ADA)
    assert current_person(desk.block, desk.request(as_user=THEA)).viewing_as_learner


def test_a_learner_with_a_real_user_behind_is_viewed_as(platform):
    seen_as = SessionUser(id=ADA.id, username="ada", real_user=THEA)
    assert current_person(Desk(platform, seen_as).block).viewing_as_learner


def test_a_service_that_answers_with_somebody_else_is_not_believed(platform):
    desk = Desk(platform, ADA)
    desk.block.runtime._services["user"]._django_user = BEN
    with pytest.raises(Refusal) as caught:
        current_person(desk.block, desk.request())
    assert caught.value.code is Code.IDENTITY_UNCLEAR


@pytest.mark.parametrize("missing", ["user_id", "anonymous_user_id"])
def test_a_person_without_an_id_is_not_believed(platform, missing):
    desk = Desk(platform, ADA)
    service = desk.block.runtime._services["user"]
    user = service.get_current_user()
    user.opt_attrs[f"edx-platform.{missing}"] = None
    service.get_current_user = lambda: user
    with pytest.raises(Refusal):
        current_person(desk.block)
