"""Who is asking, taken once, and believed only where everything agrees."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bbb_xblock.domain.data import Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx.users import current_person, every_name_of, names_of
from bbb_xblock.models import ChosenName
from tests.builders import ADA, BEN, COURSE, STAFF, THEA, Desk, nobody
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


NAMELESS = SessionUser(id=15, username="k3jv8zq0xw1t5n7m2b4c6d8f0g9h1j")


@pytest.fixture
def with_lti(platform):
    platform.came_through_lti.add(NAMELESS.id)
    with platform.modules():
        yield platform


def test_the_random_username_of_somebody_without_a_name_is_no_name(with_lti):
    assert current_person(Desk(with_lti, NAMELESS).block).username == ""


def test_a_username_is_one_for_everybody_else(with_lti):
    named = SessionUser(id=NAMELESS.id, username="vera", full_name="Vera Visitor")
    assert current_person(Desk(with_lti, named).block).username == "vera"
    assert current_person(Desk(with_lti, SessionUser(id=16, username="nemo")).block).username == "nemo"


class TestNamesForThoseWhoMaySeeThem:
    """Here users have no profile, as if every profile were without a name."""

    PLACE = Placement(usage_key="u", course_key=COURSE)

    @pytest.fixture
    def accounts(self, db, with_lti):
        for user in (ADA, BEN, NAMELESS):
            get_user_model().objects.create(pk=user.id, username=user.username)
        return [ADA.id, BEN.id, NAMELESS.id]

    def test_a_chosen_name_counts_before_the_username_and_random_letters_never(self, accounts):
        assert names_of(accounts, self.PLACE) == {ADA.id: "ada", BEN.id: "ben"}
        for user in (BEN, NAMELESS):
            ChosenName.objects.create(user_id=user.id, course_key=COURSE, name=f"V {user.id}", chosen_at=timezone.now())
        assert names_of(accounts, self.PLACE) == {ADA.id: "ada", BEN.id: "V 12", NAMELESS.id: "V 15"}

    def test_a_name_chosen_in_another_course_does_not_count(self, accounts):
        ChosenName.objects.create(user_id=BEN.id, course_key="other", name="V", chosen_at=timezone.now())
        assert names_of([BEN.id], self.PLACE) == {BEN.id: "ben"}

    def test_it_costs_the_same_few_queries_however_many_there_are(self, accounts, django_assert_num_queries):
        with django_assert_num_queries(2):
            names_of(accounts, self.PLACE)
        with django_assert_num_queries(1):
            assert sorted(every_name_of([*accounts, 999])) == sorted(["", "", "", "ada", "ben", NAMELESS.username])
