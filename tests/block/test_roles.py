"""Every kind of person the platform knows, and the role in which they come in."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import ADA, Desk
from tests.fakes.platform import Roles, SessionUser

# What the platform's user service was seen to say of each kind of person in a running LMS.
MODERATORS = {
    "global staff": Roles(user_is_staff=True, user_is_global_staff=True, user_role="instructor"),
    "superuser": Roles(user_is_staff=True, user_is_global_staff=True, user_role="instructor"),
    "course instructor": Roles(user_is_staff=True, user_role="instructor"),
    "course staff": Roles(user_is_staff=True, user_role="staff"),
    "limited staff": Roles(user_is_staff=True, user_role="staff"),
}
VIEWERS = {
    "learner": Roles(),
    "beta tester": Roles(user_is_beta_tester=True),
    "data researcher": Roles(),
    "forum moderator": Roles(),
    "course staff who view the course as a learner": Roles(user_role="student"),
    "global staff who view the course as a learner": Roles(user_is_global_staff=True, user_role="student"),
    "somebody whom only the unreliable role of Studio calls staff": Roles(user_role="staff"),
    "somebody with a truthy text instead of a yes": Roles(user_is_staff="no"),
}


def role(platform, roles: Roles) -> str:
    answer = Desk(platform, ADA, roles).click_join()
    return parse_qs(urlsplit(answer.location).query)["role"][0]


@pytest.mark.parametrize("kind", MODERATORS)
def test_the_course_team_comes_in_as_moderators_without_being_enrolled(platform, kind):
    assert role(platform, MODERATORS[kind]) == "MODERATOR"


@pytest.mark.parametrize("kind", VIEWERS)
def test_everybody_else_comes_in_as_a_viewer_if_enrolled(platform, kind):
    platform.enrolled.add(ADA.id)
    assert role(platform, VIEWERS[kind]) == "VIEWER"


@pytest.mark.parametrize("kind", VIEWERS)
def test_everybody_else_is_refused_if_not_enrolled(platform, kind):
    page = Desk(platform, ADA, VIEWERS[kind]).page()
    assert not page.cssselect("a.bbb-join")
    assert "not enrolled" in page.text_content()


@pytest.mark.parametrize("kind", [*MODERATORS, *VIEWERS])
def test_staff_who_view_as_a_specific_learner_see_why_joining_is_off(platform, kind):
    platform.enrolled.add(ADA.id)
    seen_as = SessionUser(id=ADA.id, username="ada", full_name="Ada Example", real_user=SessionUser(99, "staff"))
    page = Desk(platform, seen_as, (MODERATORS | VIEWERS)[kind]).page()
    assert not page.cssselect("a.bbb-join")
    assert "viewing the course as one learner" in page.text_content()


@pytest.mark.parametrize("kind", [*MODERATORS, *VIEWERS])
def test_the_page_tells_in_which_role_one_will_join(platform, kind):
    platform.enrolled.add(ADA.id)
    role_line = Desk(platform, ADA, (MODERATORS | VIEWERS)[kind]).page().cssselect(".bbb-role")[0].text_content()
    assert ("moderator" in role_line) == (kind in MODERATORS)
