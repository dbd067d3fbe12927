"""Studio's side of the block: what authors see and save."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.validation import ValidationMessage

from bbb_xblock import answers, editor, edits, words
from bbb_xblock.base import SessionBlock, json_object
from bbb_xblock.domain import meetings
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.edx import courses, dates
from bbb_xblock.fields import authored_options, written_options
from bbb_xblock.options import OPTIONS, problems_of


class StudioSide(SessionBlock):
    """The preview on the unit page, the editor, and saving."""

    has_author_view = True

    def author_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Show authors what was chosen and whether sessions work in this course."""
        try:
            check_id, code = meetings.check_id(courses.placement_of(self)), None
        except Refusal as refusal:
            check_id, code = "", refusal.code
        options, course = self._options(), self._course()
        fragment = self._fragment(
            "author.html",
            check_id=check_id,
            refused=words.refusal(code, self._i18n()) if code else None,
            options=options,
            differing=[fill for fill in editor.differing(options, course, self._i18n()) if fill.name != "display_name"],
        )
        fragment.add_css_url(self._resource("css/author.css"))
        fragment.add_javascript_url(self._resource("js/author.js"))
        fragment.initialize_js("BigBlueButtonAuthor")
        return fragment

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Show the editor. It holds nothing that is not the author's or the operator's default."""
        course, i18n = self._course(), self._i18n()
        basics, *others = editor.groups(written_options(self), course, i18n)
        fragment = self._fragment(
            "editor.html",
            title_row=self._rows(basics.rows[:1]),
            basic_rows=self._rows(basics.rows[1:]),
            folded=[{"slug": group.slug, "label": group.label, "rows": self._rows(group.rows)} for group in others],
            cards=editor.cards(course, i18n),
            set_counts=editor.set_counts(i18n),
        )
        fragment.add_css_url(self._resource("css/editor.css"))
        fragment.add_css_url(self._resource("css/rows.css"))
        fragment.add_javascript_url(self._resource("js/editor.js"))
        fragment.initialize_js("BigBlueButtonEditor")
        return fragment

    def _rows(self, rows: Sequence[editor.Row]) -> str:
        """Draw some rows; a template of a block cannot include another one."""
        return self._html("editor_rows.html", rows=rows, words=editor.row_words(self._i18n()))

    @XBlock.handler
    def submit_studio_edits(self, request: Request, suffix: str = "") -> Response:
        """Save what the author changed, for people who may write the course. POST with JSON as ``edits.py`` says.

        All of it or nothing. What is wrong is named by field: ``{"code": "not_valid", "errors": [{"field": …,
        "message": …}]}``.
        """
        try:
            if request.method != "POST":
                raise Refusal(Code.METHOD_NOT_ALLOWED)
            if not courses.may_author(self, courses.placement_of(self)):
                raise Refusal(Code.NO_STUDIO_ACCESS)
            given = edits.read(json_object(request, edits.LONGEST_EDITS))
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        if errors := self._errors(given):
            body = answers.refusal_body(Code.NOT_VALID, words.refusal(Code.NOT_VALID, self._i18n()))
            return answers.json(body | {"errors": errors}, HTTPStatus.BAD_REQUEST)
        for field_name, value in edits.to_store(given):
            setattr(self, field_name, value)
        for field_name in edits.to_leave_open(given):
            if self.fields[field_name].is_set_on(self):
                self.fields[field_name].delete_from(self)
        return answers.json({"result": "success"})

    def _errors(self, given: edits.Edits) -> list[dict[str, str]]:
        return [
            {"field": option.field_name, "message": edits.sentence(option, problem, self._i18n())}
            for option, problem in edits.problems(given, written_options(self), self._course())
        ]

    def validate(self) -> Any:
        """Tell authors on the unit page what is wrong with the options, however they came there."""
        validation = super().validate()
        for error in self._errors(edits.Edits()):
            validation.add(ValidationMessage(ValidationMessage.ERROR, error["message"]))
        for sentence in self._date_problems():
            validation.add(ValidationMessage(ValidationMessage.WARNING, sentence))
        return validation

    def _date_problems(self) -> Iterator[str]:
        """Yield what is wrong with times that are told by the course's dates, which may change without the block."""
        i18n, authored, locked = self._i18n(), authored_options(self), self._course().locked
        told = {name: time for name, time in dates.told_by_dates(written_options(self)).items() if name not in locked}
        for name, relative in told.items():
            if authored[name] is None:
                yield edits.sentence(OPTIONS[name], edits.no_date(relative.anchor), i18n)
        readable = {name: authored[name] for name in dates.TIMES if not OPTIONS[name].kind.problem(authored[name])}
        if told:
            yield from (edits.sentence(option, problem, i18n) for option, problem in problems_of(readable))
