"""Slides of the course are in the room."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_learner_sees_the_names_of_the_slides_in_the_room(visitor):
    tab = visitor("Ada").enter("open")
    expect(tab.locator(".slide-text")).to_have_text("Slides: Welcome.pdf, Questions of the week.pdf")
