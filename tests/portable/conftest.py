"""Accounts whose names are known, so that nobody is asked for one."""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bbb_xblock.models import ChosenName
from tests.builders import ADA, COURSE, OLGA, THEA


@pytest.fixture(autouse=True)
def accounts(db: None) -> None:
    for user in (ADA, OLGA, THEA):
        get_user_model().objects.create(id=user.id, username=user.username)
        ChosenName.objects.create(user_id=user.id, course_key=COURSE, name=user.full_name, chosen_at=timezone.now())
