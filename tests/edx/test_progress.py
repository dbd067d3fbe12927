"""The platform is told grades and completion for the user who is named, and for nobody who may not have any."""

import pytest
from django.contrib.auth import get_user_model
from django.dispatch import Signal

from bbb_xblock.edx import courses, progress
from tests.builders import ADA, BEN, OLGA, THEA, learner, usage_key
from tests.sessions import enrol


@pytest.fixture
def placement(platform):
    enrol(platform, ADA, BEN)
    return courses.placement_at(str(usage_key()))


@pytest.fixture
def block(platform, placement):
    """The published block, for which somebody else's services may be set up."""
    return learner(platform, BEN, fields={"grade_points": 4}).block


def user(person):
    return get_user_model().objects.get(pk=person.id)


def test_takers_are_enrolled_or_sent_by_another_platform_and_have_an_open_account(platform, placement):
    for person in (OLGA, THEA):
        get_user_model().objects.create(pk=person.id, username=person.username)
    get_user_model().objects.filter(pk=BEN.id).update(is_active=False)
    platform.came_through_lti.add(OLGA.id)
    assert set(progress.takers(placement, [ADA.id, BEN.id, OLGA.id, THEA.id, 99])) == {ADA.id, OLGA.id}


def test_takers_cost_the_same_few_queries_for_any_number(platform, placement, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert len(progress.takers(placement, [ADA.id, BEN.id, *range(1000, 1500)])) == 2


def test_a_grade_is_of_the_user_who_is_named(platform, placement, block):
    assert progress.give_grade(block, user(ADA), 0.25, only_if_higher=True) is True
    (told,) = platform.gradebook.told
    assert (told.user_id, told.earned, told.possible, told.only_if_higher) == (ADA.id, 0.25, 1.0, True)


def test_a_listener_that_fails_does_not_keep_the_others_from_hearing(platform, placement, block, caplog):
    heard = []
    signal: Signal = platform.gradebook.published
    platform.gradebook.broken_for = {ADA.id}

    def listener(**details):
        heard.append(details["user"].pk)

    signal.connect(listener)
    assert progress.give_grade(block, user(ADA), 1.0, only_if_higher=False) is False
    assert heard == [ADA.id]
    assert "['ValueError']" in caplog.text
    assert ADA.full_name not in caplog.text


def test_completion_is_of_the_user_who_is_named_and_only_where_it_is_tracked(platform, placement):
    platform.gradebook.is_tracking = False
    assert progress.complete(placement, user(ADA)) is False
    platform.gradebook.is_tracking = True
    assert progress.complete(placement, user(ADA)) is True
    assert platform.gradebook.completed == {(ADA.id, placement.usage_key): 1.0}
