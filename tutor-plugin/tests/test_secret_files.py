"""A secret by reference: a mounted file, in every container of the platform and in nothing that is written."""

from tests.conftest import SECRET
from tests.platform import settings_of


def mount(tutor, folder):
    folder.mkdir()
    (folder / "main").write_text(SECRET)
    tutor.run("mounts", "add", f"openedx:{folder}:/openedx/bbb-secrets")
    tutor.save("BBB_SECRET=", "BBB_SECRET_FILE=/openedx/bbb-secrets/main")


def test_the_file_is_mounted_wherever_the_platform_runs_and_the_secret_is_in_no_rendered_file(tutor):
    folder = tutor.folder / "bbb-secrets"
    mount(tutor, folder)
    for service in ("lms", "cms", "lms-worker", "cms-worker", "lms-job", "cms-job"):
        mounted = [volume.split(":")[:2] for volume in tutor.service(service)["volumes"]]
        assert mounted.count([str(folder), "/openedx/bbb-secrets"]) == 1
    found = settings_of(tutor.root, "lms", "production", XBLOCK_SETTINGS={})["XBLOCK_SETTINGS"]["bbb"]
    assert found["SERVERS"]["main"]["SECRET_FILE"] == "/openedx/bbb-secrets/main"
    assert not [name for name, content in tutor.written().items() if SECRET.encode() in content]
    assert "bbb-secrets" not in (tutor.root / "env/build/openedx/Dockerfile").read_text("utf-8")


def test_tutor_builds_a_folder_called_after_the_block_into_the_image(tutor):
    mount(tutor, tutor.folder / "bbb-xblock-secrets")
    assert "bbb-xblock-secrets" in (tutor.root / "env/build/openedx/Dockerfile").read_text("utf-8")
