"""How the block gets into the image."""

import os
import shlex
import socket
import tarfile
import zipfile

import pytest
from tutorbbb import image

from tests.conftest import REQUIREMENT

DOCKERFILE = "env/build/openedx/Dockerfile"


def instructions(root):
    """Give the instructions of the Dockerfile, each on one line, without comments."""
    lines = (root / DOCKERFILE).read_text("utf-8").splitlines()
    kept = "\n".join(line for line in lines if not line.lstrip().startswith("#")).replace("\\\n", " ")
    return [" ".join(line.split()) for line in kept.splitlines() if line.strip()]


def installing(root):
    return [line for line in instructions(root) if "bbb" in line]


def test_pip_installs_the_requirement_after_those_of_the_platform(saved):
    [line] = installing(saved.root)
    assert shlex.split(line)[-3:] == ["${PIP_COMMAND:-pip}", "install", REQUIREMENT]
    assert line.startswith("RUN --mount=type=cache,target=/openedx/.cache/pip,sharing=shared ")
    all_of_them = instructions(saved.root)
    base = next(number for number, other in enumerate(all_of_them) if "-r /openedx/edx-platform/requirements" in other)
    stages = [number for number, other in enumerate(all_of_them) if other.startswith("FROM ")]
    here = all_of_them.index(line)
    assert base < here < min(stage for stage in stages if stage > base)


def test_nothing_is_installed_that_nobody_asked_for(tutor):
    tutor.run("config", "save", "--unset", "BBB_REQUIREMENT")
    assert installing(tutor.root) == []


@pytest.mark.parametrize("name", ["bbb_xblock", "bbb-xblock"])
def test_a_mounted_checkout_takes_the_place_of_the_requirement(tutor, name):
    checkout = tutor.folder / name
    checkout.mkdir()
    tutor.save("BBB_REQUIREMENT=")
    tutor.run("mounts", "add", str(checkout))
    assert not [line for line in installing(tutor.root) if "PIP_COMMAND:-pip" in line]
    installed = [line for line in installing(tutor.root) if "install -e" in line]
    assert len(installed) == len(
        [line for line in instructions(tutor.root) if f"/mnt/{name}" in line and "RUN" in line]
    )
    assert installed
    for service in ("lms", "cms", "lms-worker", "cms-worker"):
        mounted = [volume for volume in tutor.service(service)["volumes"] if f"/mnt/{name}" in volume]
        assert [volume.split(":")[0] for volume in mounted] == [str(checkout)]


# What ``tutor bbb check`` says of it.


def said(**config):
    return [(int(finding.level), finding.text) for finding in image.of_image({"MOUNTS": [], **config})]


@pytest.fixture
def checkout(loaded, tmp_path):
    """A checkout of the block's repository."""
    (tmp_path / "bbb_xblock/bbb_xblock").mkdir(parents=True)
    return tmp_path / "bbb_xblock"


def test_an_image_without_the_block_is_an_error(loaded):
    [(level, text)] = said(BBB_REQUIREMENT="")
    assert level == 2
    assert text.startswith("Nothing brings the block into the image. Run `tutor mounts add`")


def test_a_mounted_checkout_is_all_that_is_needed(checkout):
    assert said(MOUNTS=[str(checkout)]) == [(0, f"The image gets the block from {checkout}.")]


def test_a_mounted_folder_that_does_not_hold_the_block_is_not_enough(checkout):
    (checkout / "bbb_xblock").rmdir()
    [(level, _text)] = said(MOUNTS=[str(checkout)])
    assert level == 2


def test_a_checkout_under_a_name_that_tutor_does_not_install_is_not_enough(checkout):
    renamed = checkout.rename(checkout.with_name("live sessions"))
    [(level, text)] = said(MOUNTS=[str(renamed)])
    assert level == 2
    assert text.startswith(f"{renamed} is mounted and holds the block, but Tutor installs only folders whose name")
    assert f"tutor mounts remove '{renamed}'" in text


def test_a_checkout_under_such_a_name_is_no_matter_where_a_requirement_brings_the_block(checkout):
    renamed = checkout.rename(checkout.with_name("live-sessions"))
    [(level, text)] = said(MOUNTS=[str(renamed)], BBB_REQUIREMENT=REQUIREMENT)
    assert level == 0
    assert "is mounted" not in text


def test_a_checkout_beside_a_requirement_is_a_warning(checkout):
    [(level, text), _] = said(MOUNTS=[str(checkout)], BBB_REQUIREMENT=REQUIREMENT)
    assert level == 1
    assert f"{checkout} counts" in text


def test_a_requirement_of_tutor_itself_is_enough(loaded):
    assert said(OPENEDX_EXTRA_PIP_REQUIREMENTS=[REQUIREMENT]) == []


@pytest.mark.parametrize("address", [REQUIREMENT, "git+https://git.example.org/bbb_xblock", "/mnt/x", "-r file"])
def test_an_address_is_not_fetched_just_to_look(loaded, monkeypatch, address):
    monkeypatch.setattr(image.sys, "executable", "/nowhere")
    [(level, text)] = said(BBB_REQUIREMENT=address)
    assert level == 0
    assert "building the image shows" in text


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """All that pip knows: one wheel, of version 0.1.0."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    info = "bbb_xblock-0.1.0.dist-info"
    with zipfile.ZipFile(folder / "bbb_xblock-0.1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: bbb-xblock\nVersion: 0.1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.parametrize("requirement", ["bbb-xblock", "bbb-xblock>=0.1,<1", "bbb-xblock[prometheus] == 0.1.0"])
def test_what_pip_finds_is_well(loaded, shelf, requirement):
    assert said(BBB_REQUIREMENT=requirement) == [(0, "pip finds what BBB_REQUIREMENT names.")]


def test_what_pip_does_not_find_is_an_error_that_says_what_to_do_until_then(loaded, shelf):
    [(level, text)] = said(BBB_REQUIREMENT="bbb-xblock>=7")
    assert level == 2
    assert text.startswith("pip finds no 'bbb-xblock>=7', so the image cannot be built: it may not be released yet.")


def test_what_nobody_has_is_an_error_too(loaded, shelf):
    [(level, _text)] = said(BBB_REQUIREMENT="bbb-xblock-of-nobody")
    assert level == 2


def test_what_is_there_as_source_only_is_not_looked_into(loaded, shelf):
    """To know more, its code would have to run."""
    (shelf / "bbb_xblock-0.1.0-py3-none-any.whl").unlink()
    with tarfile.open(shelf / "bbb_xblock-0.1.0.tar.gz", "w:gz"):
        pass
    [(level, text)] = said(BBB_REQUIREMENT="bbb-xblock>=0.1,<1")
    assert level == 0
    assert "could not be seen from here" in text


def test_an_index_that_does_not_answer_is_no_complaint(loaded, shelf, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/simple")
    monkeypatch.setenv("no_proxy", "*")
    [(level, text)] = said(BBB_REQUIREMENT="bbb-xblock>=7")
    assert level == 0
    assert "could not be seen from here" in text


def test_where_there_is_no_pip_nothing_is_said_of_it(loaded, monkeypatch):
    monkeypatch.setattr(image.sys, "executable", "/nowhere")
    [(level, text)] = said(BBB_REQUIREMENT="bbb-xblock")
    assert level == 0
    assert "could not be seen from here" in text
