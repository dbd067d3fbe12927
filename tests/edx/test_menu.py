"""The component in the menu of every course, if the operator wishes it, and the platform has such a menu."""

import sys
from contextlib import contextmanager
from types import ModuleType
from unittest.mock import patch

import pytest
from django.core.signals import request_started

from bbb_xblock.doctor import configured
from bbb_xblock.edx import menu

# Django closes old connections at the signal of a request.
pytestmark = pytest.mark.django_db

PATH = "cms.djangoapps.contentstore.views.component"


@contextmanager
def studio(**names):
    """Put a stand-in of Studio's module in place."""
    component = ModuleType(PATH)
    vars(component).update(names)
    parents = [PATH.rsplit(".", depth)[0] for depth in range(PATH.count("."), 0, -1)]
    modules = {name: ModuleType(name) for name in parents}
    modules["cms.djangoapps.contentstore.views"].component = component
    with patch.dict(sys.modules, modules | {PATH: component}):
        yield


@pytest.fixture
def wished(settings):
    settings.ROOT_URLCONF = "cms.urls"
    settings.XBLOCK_SETTINGS = {"bbb": {"OFFER_EVERYWHERE": True}}
    yield settings
    request_started.disconnect(dispatch_uid=menu._UID)


def start() -> None:
    """Start the process and open its first two pages."""
    menu.listen()
    for _ in range(2):
        request_started.send(sender=None)


def test_studio_offers_it_in_every_course_once_the_first_page_is_asked_for(wished):
    offered = ["poll", "survey"]
    with studio(DEFAULT_ADVANCED_MODULES=offered):
        menu.listen()
        assert offered == ["poll", "survey"]
        start()
        assert menu.offer()
        assert offered == ["poll", "survey", "bbb"]
        assert menu.check_menu(None) == []


@pytest.mark.parametrize("namespace", [{}, {"OFFER_EVERYWHERE": False}, {"OFFER_EVERYWHERE": "yes"}])
def test_without_the_operators_wish_nothing_is_changed(wished, namespace):
    wished.XBLOCK_SETTINGS = {"bbb": namespace}
    offered = ["poll"]
    with studio(DEFAULT_ADVANCED_MODULES=offered):
        start()
    assert offered == ["poll"]
    assert menu.check_menu(None) == []


def test_the_lms_has_no_menu(wished):
    wished.ROOT_URLCONF = "lms.urls"
    offered = ["poll"]
    with studio(DEFAULT_ADVANCED_MODULES=offered):
        start()
    assert offered == ["poll"]
    assert menu.check_menu(None) == []


@pytest.mark.parametrize("names", [{}, {"DEFAULT_ADVANCED_MODULES": ("poll",)}, None], ids=["gone", "tuple", "none"])
def test_where_the_list_is_missing_studio_starts_and_a_check_says_so(wished, names, caplog):
    if names is None:
        start()
        messages = menu.check_menu(None)
    else:
        with studio(**names):
            start()
            messages = menu.check_menu(None)
    assert [message.id for message in messages] == ["bbb_xblock.W006"]
    assert caplog.text.count("OFFER_EVERYWHERE has no effect") == 1


def test_the_doctor_tells_it_too(wished):
    assert "W006" in {dict(finding.values).get("id") for finding in configured.settings()}
