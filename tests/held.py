"""Sessions that were held, and how a course team reads and corrects their register."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import get_user_model
from django.utils import timezone
from freezegun import freeze_time
from lxml import html as lxml_html
from webob import Response

from bbb_xblock.domain import receipts
from bbb_xblock.models import Meeting, Receipt
from tests.builders import ADA, BEN, THEA, Desk, learner, teacher
from tests.fakes.platform import Platform, SessionUser

MINUTE = timedelta(minutes=1)

# Who was in from which minute to which.
Visits = list[tuple[SessionUser, float, float]]


def enrol(platform: Platform) -> None:
    """Ada, Ben and Thea have accounts; Ada and Ben are enrolled."""
    for person in (ADA, BEN, THEA):
        get_user_model().objects.get_or_create(pk=person.id, username=person.username)
    platform.enrolled |= {ADA.id, BEN.id}


def hold(platform: Platform, visits: Visits | None = None, ago: timedelta = 60 * MINUTE, **engagement: int) -> Meeting:
    """Hold a session of an hour, in which by default Thea was all the time, Ada for twenty minutes, and Ben was not."""
    began = timezone.now() - ago
    with freeze_time(began):
        teacher(platform).click_join()
        learner(platform, ADA).click_join()
    thea = teacher(platform)
    ended = thea.call("end", "POST", body={"token": thea.page().cssselect("section")[0].get("data-end-token")})
    assert ended.status_code == 200, ended.text
    meeting = Meeting.objects.latest("pk")
    # The simulated server has a clock of its own, which does not go back with ours.
    meeting.create_time = str(int(began.timestamp() * 1000))
    meeting.ended_at, meeting.why_ended = began + 60 * MINUTE, Meeting.Ending.CALLBACK
    meeting.save()
    receipt = report_of(meeting, visits or [(ADA, 0, 20), (THEA, 0, 60)], **engagement)
    assert receipts.work_on(receipt.pk)
    return meeting


def report_of(meeting: Meeting, visits: Visits, **engagement: int) -> Receipt:
    """Have analytics told."""

    def moment(minutes: float) -> str:
        return (meeting.started_at + minutes * MINUTE).isoformat()

    people: dict[int, dict[str, Any]] = {}
    for person, begin, end in visits:
        each = people.setdefault(person.id, {"ext_user_id": f"{person.id:032x}", "joins": [], "leaves": []})
        each["joins"].append(moment(begin))
        each["leaves"].append(moment(end))
        each |= {"engagement": engagement} if engagement else {}
    ids = {"meeting_id": meeting.room.meeting_id, "internal_meeting_id": meeting.internal_id}
    return receipts.keep_analytics("main", json.dumps(ids | {"data": {"attendees": list(people.values())}}).encode())


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
