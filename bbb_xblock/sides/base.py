"""What the block's sides share: what the author chose, the words, the pages' frame."""

from http import HTTPStatus
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock

from bbb_xblock import config, words
from bbb_xblock.config import CourseConfig
from bbb_xblock.domain import rules
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.doors import answers, rendering
from bbb_xblock.edx import courses
from bbb_xblock.fields import SessionFields, authored_options, readable_options
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.texts import Translator


class SessionBlock(SessionFields, XBlock):
    """A block with the fields of a session."""

    def _course(self) -> CourseConfig:
        """Give what the operator set for the block's course; outside of courses, for all."""
        try:
            placement = courses.placement_of(self)
        except Refusal:
            return config.for_site()
        return config.for_course(placement.course_key)

    def _options(self) -> SessionOptions:
        """Give what applies to the session, whatever stands in the fields."""
        course = self._course()
        return rules.session_options(authored_options(self), course.defaults, course.locked)

    def _readable(self) -> SessionOptions:
        """Give what applies to the session as far as no date of the course has to be asked for."""
        course = self._course()
        return rules.session_options(readable_options(self), course.defaults, course.locked)

    def _title(self) -> str:
        """Give the session's title, whatever stands in the field."""
        return self._readable().title

    def _i18n(self) -> Translator:
        found: Translator = self.runtime.service(self, "i18n")
        return found

    def _resource(self, path: str) -> str:
        return str(self.runtime.local_resource_url(self, f"static/bbb_xblock/{path}"))

    def _fragment(self, template: str, title: str = "", **context: Any) -> Fragment:
        fragment = Fragment(self._html(template, title=title or self._title(), **context))
        fragment.add_css_url(self._resource("css/bbb.css"))
        return fragment

    def _html(self, template: str, **context: Any) -> str:
        suffix = rendering.suffix_of(str(self.scope_ids.usage_id))
        return rendering.render(template, self._i18n(), suffix=suffix, **context)

    def _refused(self, request: Request, code: Code, said: words.PageWords | None = None) -> Response:
        said = said or words.refusal(code, self._i18n())
        if answers.wants_json(request):
            return answers.refusal(code, said)
        return self._page(said, answers.STATUSES[code], code=code)

    def _page(self, said: words.PageWords, status: HTTPStatus, code: Code | None = None) -> Response:
        return answers.page(rendering.message(said, self._frame(), self._i18n(), code), status)

    def _frame(
        self, *, more_styles: tuple[str, ...] = (), scripts: tuple[str, ...] = rendering.PAGE_SCRIPTS
    ) -> rendering.Frame:
        try:
            unit_url = courses.unit_url(courses.placement_of(self))
        except Refusal:
            unit_url = ""
        return rendering.Frame(
            title=self._options().title,
            unit_url=unit_url,
            css_urls=tuple(self._resource(path) for path in (*rendering.PAGE_STYLES, *more_styles)),
            js_urls=tuple(self._resource(path) for path in scripts),
        )
