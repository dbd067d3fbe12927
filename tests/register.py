"""How a course team reads the register of sessions that were held, as a page and as a file, and corrects it."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

from lxml import html as lxml_html
from webob import Response

from bbb_xblock.models import Meeting
from tests.builders import Desk
from tests.fakes.platform import SessionUser


def link(desk: Desk) -> dict[str, str]:
    """Give the query of the card's link to the register."""
    (href,) = [a.get("href") for a in desk.page().cssselect("a.bbb-attendance")]
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


def register(desk: Desk, **more: object) -> Response:
    """Open the register."""
    answer = desk.call("attendance", query=link(desk) | more)
    assert answer.status_code == 200, answer.text
    return answer


def cells(desk: Desk, **more: object) -> dict[str, list[str]]:
    """Read the table: the words of each person's sessions."""
    rows = lxml_html.fromstring(register(desk, **more).text).cssselect("tbody tr")
    return {
        row.cssselect("th bdi")[0].text: [" ".join(cell.text_content().split()) for cell in row.cssselect("td")]
        for row in rows
    }


def table(desk: Desk) -> list[dict[str, str]]:
    """Read the file."""
    answer = register(desk, **{"as": "csv"})
    assert answer.content_type == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def change(desk: Desk, action: str, **more: object) -> Response:
    """Change something in the register, as its page's script does."""
    (main,) = lxml_html.fromstring(register(desk).text).cssselect("main")
    body = {"token": main.get("data-change-token"), "action": action, **more}
    return desk.call("change_attendance", "POST", body=body)


def correct(desk: Desk, meeting: Meeting, *people: SessionUser, to: str = "excused", reason: str = "Ill") -> Response:
    """Say how people stand in the session that began with a meeting."""
    ids = [person.id for person in people]
    return change(desk, "correct", session=meeting.pk, people=ids, standing=to, reason=reason)
