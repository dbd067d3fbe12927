"""What is said about a configuration without asking the site or a server."""

import os

import pytest
from tutor import config as tutor_config
from tutorbbb import findings
from tutorbbb.values import namespace

from tests.conftest import SECRET, URL

GOOD = {"BBB_URL": URL, "BBB_SECRET": SECRET}
ALL_SERVICES = ("lms", "cms", "lms-worker", "cms-worker", "lms-job", "cms-job")


def said(found):
    return [(int(finding.level), finding.text) for finding in found]


def test_an_address_and_a_secret_are_all_that_is_needed():
    assert said(findings.of_choice(namespace(GOOD))) == []


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({}, "No BigBlueButton server is set."),
        ({"BBB_SECRET": SECRET}, "The server 'main' has no URL."),
        ({"BBB_URL": URL}, "The server 'main' has no secret."),
        (GOOD | {"BBB_SERVER": "other"}, "BBB_SERVER chooses the server 'other', which is not set."),
        (GOOD | {"BBB_ORGS": {"X": {"SERVER": ["main", "o"]}}}, "BBB_ORGS['X'] chooses the server 'o', which"),
        (GOOD | {"BBB_COURSES": {"c": {"SERVER": "o"}}}, "BBB_COURSES['c'] chooses the server 'o', which"),
        ({"BBB_SERVERS": {"a": {"URL": URL, "SECRET_ENV": "NAME"}}}, "No course uses a server. Set BBB_SERVER"),
    ],
)
def test_what_is_missing_is_named(config, sentence):
    [(level, text)] = said(findings.of_choice(namespace(config)))
    assert level == 2
    assert text.startswith(sentence)


def test_names_that_only_the_block_knows_are_said_to_be_unseen():
    config = GOOD | {"BBB_LOCKED": ["rekord"], "BBB_SETTINGS": {"POLL_SECONDZ": 20}}
    [(level, text)] = said(findings.of_names(config))
    assert level == 0
    assert text.startswith("Whether each name in BBB_LOCKED, BBB_SETTINGS is known cannot be seen from here")
    assert text.endswith("tutor local do bbb-check")
    assert said(findings.of_names(GOOD | {"BBB_LOCKED": []})) == []


@pytest.fixture
def secret_file(tmp_path):
    """A secret in a file as it should be: the platform's own, and for nobody else."""
    folder = tmp_path / "bbb-secrets"
    folder.mkdir()
    (folder / "main").write_text(SECRET)
    (folder / "main").chmod(0o400)
    if os.geteuid() == 0:
        os.chown(folder / "main", findings.CONTAINER_USER, findings.CONTAINER_USER)
    return folder / "main"


def of_file(file, mount="openedx:{}:/openedx/bbb-secrets"):
    config = {"MOUNTS": [mount.format(file.parent)] if mount else []}
    wanted = namespace({"BBB_URL": URL, "BBB_SECRET_FILE": "/openedx/bbb-secrets/main"})
    return said(findings.of_secrets(str(file.parent), config, wanted))


needs_another_user = pytest.mark.skipif(os.geteuid() != 0, reason="Only root may give a file to another user.")


@needs_another_user
@pytest.mark.parametrize("services", ["openedx", ",".join(ALL_SERVICES)])
def test_a_mounted_file_for_the_platform_alone_is_well(loaded, secret_file, services):
    assert of_file(secret_file, f"{services}:{{}}:/openedx/bbb-secrets") == []


@pytest.mark.parametrize(
    ("happened", "level", "sentence"),
    [
        (lambda file: file.chmod(0o444), 1, "Everybody on this machine may read the secret of the server 'main'"),
        (lambda file: file.unlink(), 2, "The file with the secret of the server 'main' is not there"),
        (lambda file: file.chmod(0o600) or file.write_text(""), 2, "The file with the secret of the server 'main' is"),
    ],
)
def test_what_is_wrong_with_the_file_is_named(loaded, secret_file, happened, level, sentence):
    happened(secret_file)
    [(found, text)] = of_file(secret_file)
    assert found == level
    assert text.startswith(sentence)


@needs_another_user
def test_a_file_of_another_user_is_a_warning(loaded, secret_file):
    os.chown(secret_file, 0, 0)
    assert of_file(secret_file) == [
        (1, f"The platform runs as user 1000 and cannot read the secret of the server 'main': chown 1000 {secret_file}")
    ]


def test_a_value_that_was_left_beside_the_file_is_a_warning(tmp_path):
    (tmp_path / "config.yml").touch()
    config = GOOD | {"BBB_SECRET_FILE": "/openedx/bbb-secrets/main", "MOUNTS": []}
    found = said(findings.of_secrets(str(tmp_path), config, namespace(config)))
    assert found[0] == (
        1,
        "The server 'main' has SECRET_FILE and SECRET; SECRET_FILE counts. "
        "Take the rest out of config.yml, for example: tutor config save --unset BBB_SECRET",
    )


def test_a_file_that_is_not_mounted_is_a_warning(loaded, secret_file):
    [(level, text)] = of_file(secret_file, "")
    assert level == 1
    assert text.startswith(f"Nothing is mounted at SECRET_FILE of the server 'main' in {', '.join(ALL_SERVICES)}.")


def test_a_file_that_the_jobs_lack_is_a_warning(loaded, secret_file):
    found = of_file(secret_file, "lms,cms,lms-worker,cms-worker:{}:/openedx/bbb-secrets")
    assert found[0][1].startswith("Nothing is mounted at SECRET_FILE of the server 'main' in lms-job, cms-job.")


@needs_another_user
def test_a_file_that_this_user_may_not_look_at_is_no_complaint(loaded, secret_file):
    secret_file.parent.chmod(0o700)
    os.seteuid(findings.CONTAINER_USER)
    try:
        found = of_file(secret_file)
    finally:
        os.seteuid(0)
    assert found == [(0, "The file with the secret of the server 'main' cannot be looked at from here.")]


def test_a_folder_that_tutor_would_build_into_the_image_is_an_error(loaded, secret_file):
    renamed = secret_file.parent.rename(secret_file.parents[1] / "bbb-xblock-secrets")
    errors = [text for level, text in of_file(renamed / "main") if level == 2]
    assert ["into the image, because of the folder's name" in text for text in errors] == [True]


def test_settings_that_do_not_come_out_as_given_are_an_error(loaded, saved):
    found = said(findings.of_rendering(str(saved.root), tutor_config.load(str(saved.root)), {"SERVER": "other"}))
    assert found[0] == (2, "The settings do not come out as they were given. Please report this, with your versions.")


@pytest.mark.parametrize(("mode", "mentioned"), [(0o644, True), (0o600, False)])
def test_a_secret_in_a_configuration_that_everybody_may_read_is_mentioned(tmp_path, mode, mentioned):
    (tmp_path / "config.yml").touch()
    (tmp_path / "config.yml").chmod(mode)
    found = said(findings.of_secrets(str(tmp_path), {}, namespace(GOOD)))
    assert [(level, "BBB_SECRET_FILE keeps it out" in text) for level, text in found] == [(0, True)] * mentioned
