"""Where a block stands, and what the platform lets people do there."""

import sys

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from opaque_keys.edx.locator import LibraryUsageLocatorV2

from bbb_xblock.domain.data import Access, Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import courses, users
from bbb_xblock.models import Join, Meeting, Room
from tests.builders import ADA, COURSE, OLGA, STAFF, THEA, Desk, usage_key
from tests.fakes.platform import Platform


@pytest.fixture
def platform():
    site = Platform(enrolled={ADA.id})
    with site.modules():
        yield site


def access(desk: Desk, *, by_handler: bool = True):
    request = desk.request() if by_handler else None
    person = users.current_person(desk.block, request)
    return courses.access_of(desk.block, person, courses.placement_of(desk.block), request)


def test_a_class_is_as_large_as_the_platform_says_and_of_no_size_without_it(platform):
    place = courses.placement_of(Desk(platform).block)
    platform.active_enrollments[COURSE] = 12
    assert courses.class_size(place) == 12
    courses.class_sizes.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "common.djangoapps.student.models", None)
        assert courses.class_size(place) == 0


def test_the_place_of_a_block_is_read_from_its_key(platform):
    place = courses.placement_of(Desk(platform).block)
    assert (place.usage_key, place.course_key) == (str(usage_key()), COURSE)


def test_a_key_that_comes_as_text_is_read_as_well(platform):
    desk = Desk(platform)
    desk.block.scope_ids = desk.block.scope_ids._replace(usage_id=str(usage_key()))
    assert courses.placement_of(desk.block).course_key == COURSE


def test_a_block_without_a_proper_key_has_no_place(platform):
    desk = Desk(platform)
    desk.block.scope_ids = desk.block.scope_ids._replace(usage_id="d0.u0")
    with pytest.raises(Refusal) as caught:
        courses.placement_of(desk.block)
    assert caught.value.code is Code.NO_COURSE


def test_an_enrolled_learner_may_load_and_is_enrolled(platform):
    assert access(Desk(platform, ADA)) == courses.Access(may_load=True, is_enrolled=True)


def test_a_view_relies_on_the_platform_s_own_check_but_a_handler_does_not(platform):
    platform.may_not_load.add(ADA.id)
    assert access(Desk(platform, ADA), by_handler=False).may_load
    assert not access(Desk(platform, ADA)).may_load


def test_nobody_may_nothing(platform):
    place = courses.placement_of(Desk(platform).block)
    nothing = courses.Access(may_load=False, is_enrolled=False)
    assert courses.access_of(Desk(platform).block, None, place) == nothing


def test_a_stranger_is_a_visitor_only_if_another_platform_sent_them(platform):
    assert not access(Desk(platform, OLGA)).is_visitor
    platform.came_through_lti.add(OLGA.id)
    assert access(Desk(platform, OLGA)) == Access(may_load=True, is_enrolled=False, is_visitor=True)


def test_where_the_platform_cannot_be_asked_for_access_the_answer_is_no(platform, monkeypatch):
    assert access(Desk(platform, ADA)).may_load
    monkeypatch.setitem(sys.modules, "lms.djangoapps.courseware.access", None)
    assert not access(Desk(platform, ADA)).may_load


def test_a_block_in_a_content_library_has_no_course(platform):
    desk = Desk(platform)
    library = LibraryUsageLocatorV2.from_string("lb:ExampleX:videos:bbb:room")
    desk.block.scope_ids = desk.block.scope_ids._replace(usage_id=library)
    with pytest.raises(Refusal) as caught:
        courses.placement_of(desk.block)
    assert caught.value.code is Code.NO_COURSE


def test_a_switched_off_lti_provider_sends_nobody_and_is_not_imported(platform, monkeypatch):
    platform.came_through_lti.add(OLGA.id)
    assert access(Desk(platform, OLGA)).is_visitor
    platform.has_lti_provider = False
    monkeypatch.setitem(sys.modules, "lms.djangoapps.lti_provider.models", None)
    assert not access(Desk(platform, OLGA)).is_visitor


ROLES = ["CourseStaffRole", "CourseInstructorRole", "CourseLimitedStaffRole", "OrgStaffRole", "OrgInstructorRole"]


class TestTheNamesOfTheTeam:
    PLACE = Placement(usage_key=str(usage_key()), course_key=COURSE)

    @pytest.fixture(autouse=True)
    def accounts(self, db):
        for user in (ADA, OLGA, THEA):
            get_user_model().objects.create(pk=user.id, username=user.username)

    @pytest.mark.parametrize("role", ROLES)
    def test_whoever_has_a_role_in_the_course_or_its_organisation_is_in_the_team(self, platform, role):
        assert courses.team_names(self.PLACE, besides=ADA.id) == []
        platform.roles[role] = {THEA.id}
        assert "thea" in courses.team_names(self.PLACE, besides=ADA.id)

    def test_whoever_moderated_a_room_of_the_course_is_in_the_team(self, platform, monkeypatch, caplog):
        monkeypatch.setitem(sys.modules, "common.djangoapps.student", None)
        now = timezone.now()
        for number, (course, user, role) in enumerate(
            [(COURSE, THEA, "MODERATOR"), (COURSE, ADA, "VIEWER"), ("course-v1:X+Y+Z", OLGA, "MODERATOR")]
        ):
            room = Room.objects.create(meeting_id=f"oex-{number}", usage_key="u", course_key=course)
            meeting = Meeting.objects.create(room=room, internal_id=f"i-{number}", started_at=now)
            Join.objects.create(meeting=meeting, user_id=user.id, role=role, joined_at=now)
        assert set(courses.team_names(self.PLACE, besides=0)) == {"", "thea"}
        assert "roles cannot be imported" in caplog.text

    def test_nobody_looks_like_themselves(self, platform):
        platform.roles["CourseStaffRole"] = {ADA.id, THEA.id}
        assert set(courses.team_names(self.PLACE, besides=ADA.id)) == {"", "thea"}


def test_without_the_enrolment_service_nobody_is_enrolled(platform):
    desk = Desk(platform, ADA)
    del desk.block.runtime._services["enrollments"]
    assert not access(desk).is_enrolled


def test_only_studio_s_own_service_makes_an_author(platform):
    studio = Desk(platform, THEA, STAFF, studio=True)
    place = courses.placement_of(studio.block)
    assert not courses.may_author(studio.block, place)
    platform.may_write = True
    assert courses.may_author(studio.block, place)
    assert not courses.may_author(Desk(platform, THEA, STAFF).block, place)


def test_addresses_for_bigbluebutton_come_from_the_settings(settings):
    settings.LMS_ROOT_URL = "https://lms.example.org/"
    assert courses.lms_url("/courses/a/b?c=d") == "https://lms.example.org/courses/a/b?c=d"
    settings.LMS_ROOT_URL = ""
    assert courses.lms_url("/courses/a/b") == ""
