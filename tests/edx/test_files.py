"""Course files: found by their name in their own course, and nowhere else."""

import sys

import pytest
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import files
from tests.builders import COURSE
from tests.fakes.platform import Platform, asset_key

OTHER_COURSE = "course-v1:ExampleX+Chemistry+2026"


@pytest.fixture
def course_files():
    site = Platform()
    site.upload("My lecture.pdf", b"%PDF", COURSE)
    with site.modules():
        yield site


def code_of(course: str, name: str) -> Code:
    with pytest.raises(Refusal) as refused:
        files.open_file(course, name)
    return refused.value.code


@pytest.mark.parametrize("name", ["My lecture.pdf", "My_lecture.pdf"])
def test_a_file_is_found_by_its_name_and_by_what_studio_made_of_it(course_files, name):
    file = files.open_file(COURSE, name)
    assert (file.size, b"".join(file.chunks)) == (4, b"%PDF")
    file.close()
    assert course_files.files_open == 0


@pytest.mark.parametrize(
    ("course", "name"),
    [(COURSE, "gone.pdf"), (OTHER_COURSE, "My lecture.pdf"), ("rubbish", "My lecture.pdf"), ("", "My lecture.pdf")],
)
def test_what_is_not_there_is_refused(course_files, course, name):
    assert code_of(course, name) is Code.FILE_NOT_FOUND


def test_the_whole_key_of_another_course_s_file_is_no_name(course_files):
    key = asset_key(CourseKey.from_string(COURSE), "My lecture.pdf")
    assert code_of(OTHER_COURSE, str(key)) is Code.FILE_NOT_FOUND


@pytest.mark.parametrize(
    "module", ["xmodule.contentstore.content", "xmodule.contentstore.django", "xmodule.exceptions"]
)
def test_a_platform_whose_files_cannot_be_asked_has_none(course_files, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    assert code_of(COURSE, "My lecture.pdf") is Code.FILE_NOT_FOUND


def test_nothing_of_a_file_is_in_its_repr(course_files):
    assert "PDF" not in repr(files.open_file(COURSE, "My lecture.pdf"))
