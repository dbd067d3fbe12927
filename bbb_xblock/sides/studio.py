"""Studio's side of the block: what authors see and save."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock
from xblock.validation import ValidationMessage

from bbb_xblock import tasks, words
from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import addresses, examinations, meetings, tickets
from bbb_xblock.domain.data import Access, Person, Placement, Visit
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tickets.session import Purpose
from bbb_xblock.doors import answers
from bbb_xblock.doors.bodies import check_method, json_object
from bbb_xblock.doors.editor import counted, edits, form
from bbb_xblock.edx import courses, users
from bbb_xblock.fields import readable_options, written_options
from bbb_xblock.options import OPTIONS
from bbb_xblock.options.choices import SessionKind
from bbb_xblock.sides.base import SessionBlock


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
        told_otherwise = {"display_name", "opens_at", "closes_at"}
        fragment = self._fragment(
            "author.html",
            check_id=check_id,
            refused=words.refusal(code, self._i18n()) if code else None,
            options=options,
            moments=[OPTIONS[name].kind.plain(getattr(options, name)) for name in ("opens_at", "closes_at")],
            is_over=bool(options.closes_at and options.closes_at <= timezone.now()),
            differing=[
                fill for fill in form.differing(options, course, self._i18n()) if fill.name not in told_otherwise
            ],
            **({} if check_id or code else self._way_in()),
        )
        fragment.add_css_url(self._resource("css/author.css"))
        fragment.add_javascript_url(self._resource("js/author.js"))
        fragment.initialize_js("BigBlueButtonAuthor")
        return fragment

    def studio_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """Show the editor. It holds nothing that is not the author's or the operator's default."""
        course, i18n = self._course(), self._i18n()
        told = counted.said(readable_options(self), str(self.scope_ids.usage_id), course.zone, i18n)
        basics, *others = form.groups(written_options(self), course, i18n, told)
        fragment = self._fragment(
            "editor.html",
            title_row=self._rows(basics.rows[:1]),
            basic_rows=self._rows(basics.rows[1:]),
            folded=[{"slug": group.slug, "label": group.label, "rows": self._rows(group.rows)} for group in others],
            cards=form.cards(course, i18n),
            set_counts=form.set_counts(i18n),
        )
        for name in ("editor", "rows", "doctor"):
            fragment.add_css_url(self._resource(f"css/{name}.css"))
        # The editor's script starts those of its parts.
        for name in ("post", "time", "doctor", "editor"):
            fragment.add_javascript_url(self._resource(f"js/{name}.js"))
        fragment.initialize_js("BigBlueButtonEditor")
        return fragment

    def _rows(self, rows: Sequence[form.Row]) -> str:
        """Draw some rows; a template of a block cannot include another one."""
        return self._html("editor_rows.html", rows=rows, words=form.row_words(self._course(), self._i18n()))

    @XBlock.handler
    def submit_studio_edits(self, request: Request, suffix: str = "") -> Response:
        """Save what the author changed, for people who may write the course. POST with JSON as ``edits.read`` says.

        All of it or nothing. What is wrong is named by field: ``{"code": "not_valid", "errors": [{"field": …,
        "message": …}]}``.
        """
        try:
            check_method(request, "POST")
            self._authored_place(request)
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

    @XBlock.handler
    def tell_time(self, request: Request, suffix: str = "") -> Response:
        """Say what a time that is counted from a date of the course comes to, for people who may write the course.

        POST ``{"field": …, "value": …}``; the answer is ``{"said": …}``, empty for every other value.
        """
        try:
            check_method(request, "POST")
            self._authored_place(request)
            name, value = edits.read_time(json_object(request))
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        written = {**dict.fromkeys(OPTIONS), name: value}
        told = counted.said(written, str(self.scope_ids.usage_id), self._course().zone, self._i18n())
        return answers.json({"said": told.get(name, "")})

    @XBlock.handler
    def doctor(self, request: Request, suffix: str = "") -> Response:
        """Have what serves the course looked at (POST), and say how far that is (POST and GET).

        For people who may write the course. ``{"stage": …, "said": …, "findings": […], "again_seconds": …}``.
        """
        try:
            check_method(request, "GET", "POST")
            course_key = self._authored_place(request).course_key
            run = examinations.ask(course_key) if request.method == "POST" else ""
            progress = examinations.progress(course_key)
        except Refusal as refusal:
            return answers.refusal(refusal.code, words.refusal(refusal.code, self._i18n()))
        if run:
            transaction.on_commit(partial(tasks.queue_examination, course_key, run))
        return answers.json(for_authors.said(progress, self._course(), self._i18n()))

    @XBlock.handler
    def try_room(self, request: Request, suffix: str = "") -> Response:
        """Send an author into the room, by way of the LMS: 303 to its door, with a portable ticket.

        GET with ``?ticket=``, for people who may write the course. The LMS asks afresh who that is and whether they
        lead. What is refused is a page.
        """
        try:
            check_method(request, "GET")
            placement = self._authored_place(request)
            author = users.author(request)
            visit = self._author_at(author, placement)
            longest = self._course().knobs.page_seconds
            tickets.session.check(request.GET.get("ticket", ""), visit, Purpose.TRY_ROOM, max_age=longest)
            if not courses.is_published(self):
                raise Refusal(Code.NOT_PUBLISHED)
            door = addresses.lms_address("join")
            if not door:
                raise Refusal(Code.NOT_CONFIGURED)
        except Refusal as refusal:
            return self._refused(request, refusal.code)
        return answers.go_on(f"{door}?{urlencode({'ticket': tickets.portable.issue(visit)})}")

    def _authored_place(self, request: Request | None) -> Placement:
        """Give the block's place to somebody who may write its course. Raises :class:`Refusal` for all others."""
        placement = courses.placement_of(self)
        if not courses.may_author(self, placement, request):
            raise Refusal(Code.NO_STUDIO_ACCESS)
        return placement

    def _author_at(self, author: Person, placement: Placement) -> Visit:
        """Put an author at the room's door; what they may do there is for the LMS to say."""
        return Visit(
            person=author, access=Access(may_load=True, is_enrolled=True), placement=placement, options=self._options()
        )

    def _way_in(self) -> dict[str, str]:
        """Give the links of the preview, as far as there are any: into the room, and to the course."""
        links: dict[str, str] = {}
        if not addresses.lms_address("join"):
            return links
        try:
            placement = self._authored_place(None)
            links["unit_url"] = courses.unit_url(placement)
            author = users.current_person(self)
        except Refusal:
            return links
        if author is not None and self._options().kind is not SessionKind.RECORDINGS:
            query = urlencode({"ticket": tickets.session.issue(self._author_at(author, placement), Purpose.TRY_ROOM)})
            links["try_url"] = str(self.runtime.handler_url(self, "try_room", query=query))
        return links

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
        for sentence in counted.problems(
            readable_options(self), str(self.scope_ids.usage_id), self._course(), self._i18n()
        ):
            validation.add(ValidationMessage(ValidationMessage.WARNING, sentence))
        return validation
