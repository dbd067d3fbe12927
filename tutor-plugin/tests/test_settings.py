"""What the platform finds in its settings: the rendered files of the installed Tutor are run, and looked into."""

import pytest
import yaml
from django.conf import settings as django_settings
from django.test.utils import override_settings
from tutorbbb.values import namespace

from bbb_xblock import checks, config
from tests.conftest import SECRET, URL
from tests.platform import settings_of

NAMESPACE = {"SERVERS": {"main": {"URL": URL, "SECRET": SECRET}}, "SERVER": "main"}
EVERY_FILE = [(site, mode) for site in ("lms", "cms") for mode in ("production", "development")]

if not django_settings.configured:
    django_settings.configure()


@pytest.mark.parametrize(("site", "mode"), EVERY_FILE)
def test_every_process_gets_the_same_settings(saved, site, mode):
    assert settings_of(saved.root, site, mode, XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"] == {"bbb": NAMESPACE}


@pytest.mark.parametrize(("site", "mode"), EVERY_FILE)
def test_settings_of_other_blocks_stay(saved, site, mode):
    there = {"VideoBlock": {"YOUTUBE_API_KEY": "key"}}
    found = settings_of(saved.root, site, mode, XBLOCK_SETTINGS=there)["XBLOCK_SETTINGS"]
    assert found == {"VideoBlock": {"YOUTUBE_API_KEY": "key"}, "bbb": NAMESPACE}


def test_keys_that_somebody_else_set_for_the_block_stay(saved):
    there = {"bbb": {"SITE": "example"}}
    found = settings_of(saved.root, "lms", "production", XBLOCK_SETTINGS=there)["XBLOCK_SETTINGS"]
    assert found == {"bbb": {"SITE": "example", **NAMESPACE}}


@pytest.mark.parametrize("service", ["lms", "cms", "lms-worker", "cms-worker", "lms-job", "cms-job"])
def test_servers_workers_and_jobs_use_these_files(saved, service):
    site = service.partition("-")[0]
    composed = saved.service(service)
    assert composed["environment"]["DJANGO_SETTINGS_MODULE"] == f"{site}.envs.tutor.production"
    mounted = [volume.split(":")[:2] for volume in composed["volumes"]]
    assert [f"../apps/openedx/settings/{site}", f"/openedx/edx-platform/{site}/envs/tutor"] in mounted


@pytest.mark.parametrize(("site", "mode"), EVERY_FILE)
def test_the_block_itself_finds_nothing_wrong_with_them(saved, site, mode):
    found = settings_of(saved.root, site, mode, XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]
    with override_settings(XBLOCK_SETTINGS=found, LMS_ROOT_URL="https://courses.example.org"):
        assert checks.check_settings(None) == []
        assert config.endpoint("main").url == f"{URL}api/"
        assert config.for_course("course-v1:ExampleX+Physics+2026").servers == ("main",)


EVERYTHING = {
    "BBB_URL": URL,
    "BBB_SECRET": SECRET,
    "BBB_SERVERS": {
        "main": {"CHECKSUM": "sha512", "PREVIOUS_SECRETS": [{"SECRET": 'it\'s \\ "old"'}]},
        "second": {"URL": "https://bbb2.example.org/", "SECRET": "another", "CAPACITY": 2.5, "STATE": "draining"},
    },
    "BBB_SERVER": ["main", "second"],
    "BBB_ORGS": {"ExampleX": {"SERVER": "second", "READ_TIMEOUT": 4.5}},
    "BBB_COURSES": {"course-v1:ExampleX+Physics+*": {"ENABLED": False}},
    "BBB_DEFAULTS": {"record": True, "welcome": '<b>Welcome</b> & "hello"\nin ‹class›'},
    "BBB_LOCKED": ["record"],
    "BBB_SETTINGS": {
        "SITE": "example",
        "NAME_POLICY": "pseudonym",
        "ENABLED": True,
        "POLL_SECONDS": 20,
        "PAGE_SECONDS": None,
    },
}


def test_everything_that_can_be_set_arrives_and_is_right_for_the_block(tutor):
    (tutor.root / "config.yml").write_text(yaml.safe_dump(tutor.config | EVERYTHING), "utf-8")
    tutor.save()
    for site, mode in EVERY_FILE:
        found = settings_of(tutor.root, site, mode, XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]
        assert found["bbb"] == namespace(EVERYTHING)
        with override_settings(XBLOCK_SETTINGS=found, LMS_ROOT_URL="https://courses.example.org"):
            assert checks.check_settings(None) == []


def test_secrets_are_not_built_into_the_image(saved):
    build = [path for path in (saved.root / "env/build").rglob("*") if path.is_file()]
    assert build
    assert [path for path in build if SECRET.encode() in path.read_bytes()] == []
