"""Slides: what fits, and what is left out."""

from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from bbb_xblock import config
from bbb_xblock.domain import slides
from bbb_xblock.domain.data import CourseFile
from bbb_xblock.options import SessionOptions

COURSE = "course-v1:ExampleX+Physics+2026"
SIZES = st.lists(st.integers(0, slides.INLINE_BYTES + 1), max_size=10)
NOT_PUBLIC = "http://localhost:8000"


def in_room(files: dict[str, int], untold: int = 0) -> slides.Slides:
    """Make the slides of these sizes; ``untold`` is by how much the platform says too little."""

    def open_file(course_key: str, name: str) -> CourseFile:
        size = files[name]
        return CourseFile(size=size - untold, chunks=[b"x" * size], close=lambda: None)

    return slides.of_room(SessionOptions(slides=tuple(files)), config.for_course(COURSE), open_file)


@given(SIZES)
def test_the_inline_files_of_a_room_always_fit_and_none_is_lost(sizes):
    files = {f"{place}.pdf": size for place, size in enumerate(sizes)}
    with override_settings(LMS_ROOT_URL=NOT_PUBLIC):
        made = in_room(files)
    sent = [document.filename for document in made.documents]
    assert sum(len(document.content) for document in made.documents) <= slides.INLINE_BYTES
    assert sorted([*sent, *made.left_out]) == sorted(files)
    assert sent == [name for name in files if name in sent]
    assert [document.filename for document in made.documents if document.current] == sent[:1]


def test_a_file_that_is_longer_than_was_said_is_left_out(settings):
    settings.LMS_ROOT_URL = NOT_PUBLIC
    assert in_room({"a.pdf": slides.INLINE_BYTES + 1, "b.pdf": 2}, untold=1).left_out == ("a.pdf",)


def test_without_anybody_who_could_open_files_all_are_left_out():
    options = SessionOptions(slides=("a.pdf",))
    assert slides.of_room(options, config.for_course(COURSE), None).left_out == ("a.pdf",)


def test_a_note_names_what_is_missing_and_says_what_to_do():
    assert slides.note(()) == ""
    said = slides.note(("a.pdf", "b {c}.pdf"))
    assert "a.pdf, b {c}.pdf" in said
    assert said.endswith("You can upload them here yourself.")
