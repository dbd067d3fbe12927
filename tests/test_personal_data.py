"""Every table says whether it holds personal data, of what kind, and how it is forgotten (Open edX, OEP-30)."""

import re

import pytest
from django.apps import apps

MODELS = [*apps.get_app_config("bbb_xblock").get_models()]
TYPES = {"id", "name", "other", "external_service"}
RETIREMENTS = {"local_api"}


def notes(model: type) -> dict[str, str]:
    return dict(re.findall(r"^ *\.\. (no_pii|pii\w*):[ ]*(.*)$", model.__doc__ or "", re.MULTILINE))


def test_there_are_tables():
    assert MODELS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_table_says_that_it_holds_nothing_personal_or_what_and_how_it_goes(model):
    said = notes(model)
    if "no_pii" in said:
        assert set(said) == {"no_pii"}
        return
    assert set(said) == {"pii", "pii_types", "pii_retirement"}
    assert said["pii"].endswith(".")
    assert set(said["pii_types"].split(", ")) <= TYPES
    assert said["pii_retirement"] in RETIREMENTS


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_table_with_people_in_it_does_not_call_itself_harmless(model):
    columns = {field.name for field in model._meta.get_fields()}
    if {name for name in columns if re.search(r"user_id$|anonymous_id$|undone_by$|^present$", name)}:
        assert "pii" in notes(model)
