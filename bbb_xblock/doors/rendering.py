"""Our templates filled in: the cards of the block, and the small pages of those who do not get into the room.

The small pages are the same from the block's handlers and from plain views: only where the style sheet and the script
are found, and who translates, differs.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.templatetags.static import static
from django.utils import translation
from xblock.utils.resources import ResourceLoader

from bbb_xblock.domain.errors import Code
from bbb_xblock.doors import answers
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.texts import Translator
from bbb_xblock.words import PageWords

# What every small page looks like.
PAGE_STYLES = ("css/bbb.css", "css/page.css")
PAGE_SCRIPTS = ("js/message.js",)

_SERVER_TROUBLE = (Code.SERVER_UNREACHABLE, Code.SIGNATURE_REFUSED, Code.SERVER_REFUSED)

_loader = ResourceLoader("bbb_xblock")


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What is around the words: the session's ``title``, the way back to the course, addresses of styles and scripts.

    ``again_url`` is where a page that tries again goes; empty for its own address. ``plan_b_text`` and ``plan_b_link``
    say what people do instead.
    """

    title: str = ""
    unit_url: str = ""
    again_url: str = ""
    plan_b_text: str = ""
    plan_b_link: str = ""
    css_urls: tuple[str, ...]
    js_urls: tuple[str, ...]


def plain_frame(title: str = "", unit_url: str = "", again_url: str = "") -> Frame:
    """Give the frame for a plain view. Whoever has no session cannot go to the course, and gets no ``unit_url``."""
    return Frame(
        title=title,
        unit_url=unit_url,
        again_url=again_url,
        css_urls=plain_styles(),
        js_urls=plain_addresses(*PAGE_SCRIPTS),
    )


def with_plan_b(frame: Frame, options: SessionOptions, code: Code) -> Frame:
    """Add the author's plan B for somebody who may join, where it is the classroom server that does not let them."""
    if code not in _SERVER_TROUBLE:
        return frame
    return replace(frame, plan_b_text=options.plan_b_text, plan_b_link=options.plan_b_link)


def plain_styles(*more: str) -> tuple[str, ...]:
    """Give the addresses of a small page's style sheets, for a plain view."""
    return plain_addresses(*PAGE_STYLES, *more)


def plain_addresses(*paths: str) -> tuple[str, ...]:
    """Give the addresses of files of ours, for a plain view."""
    return tuple(static(f"bbb_xblock/{path}") for path in paths)


def render(template: str, i18n: Translator, **context: Any) -> str:
    """Fill in a template of ours; ``i18n`` is the block's service or Django's own translation."""
    common = {
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    path = f"templates/bbb_xblock/{template}"
    return str(_loader.render_django_template(path, common | context, i18n_service=i18n))


def suffix_of(usage_key: str) -> str:
    """Give what makes the ids of a card's elements its own, where several cards are on a page."""
    return hashlib.sha256(usage_key.encode()).hexdigest()[:8]


def message(said: PageWords, frame: Frame, i18n: Translator, code: Code | None = None) -> str:
    """Write the page for a refusal, or for something that just is so. What may pass by itself tries again."""
    return render(
        "message.html",
        i18n,
        said=said,
        title=frame.title,
        unit_url=frame.unit_url,
        again_url=frame.again_url,
        plan_b_text=frame.plan_b_text,
        plan_b_link=frame.plan_b_link,
        code=code.value if code else "",
        css_urls=frame.css_urls,
        js_urls=frame.js_urls,
        tries_again=code in answers.AGAIN_SECONDS,
        again_seconds=answers.AGAIN_SECONDS.get(code, 0) if code else 0,
    )
