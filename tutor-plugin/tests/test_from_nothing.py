"""One story: a fresh root, the plugin, what bbb-conf prints, settings that work, a check that says so."""

from tests.conftest import SECRET, URL
from tests.platform import settings_of


def test_two_settings_are_enough(fresh):
    assert "bbb" in fresh.run("plugins", "list")
    assert "Plugin bbb enabled" in fresh.run("plugins", "enable", "bbb")
    assert settings_of(fresh.root, "lms", "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"] == {"bbb": {}}
    assert "No BigBlueButton server is set" in fresh.run("bbb", "check", expected=2)

    fresh.save(f"BBB_URL={URL}", f"BBB_SECRET={SECRET}")
    saved = fresh.written()
    fresh.save()
    assert fresh.written() == saved

    for site in ("lms", "cms"):
        found = settings_of(fresh.root, site, "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]["bbb"]
        assert found == {"SERVERS": {"main": {"URL": URL, "SECRET": SECRET}}, "SERVER": "main"}
    said = fresh.run("bbb", "check", expected=2)
    assert "The settings of the LMS and of Studio hold what the configuration says." in said
    assert "cannot be looked up" in said
    assert SECRET not in said

    fresh.run("plugins", "disable", "bbb")
    assert "bbb" not in settings_of(fresh.root, "lms", "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]
