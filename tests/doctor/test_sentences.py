"""Every finding has its sentence, in the reader's language."""

import re
from types import SimpleNamespace

import pytest
from django.utils import translation

from bbb_xblock.doctor import sentences
from bbb_xblock.doctor.findings import Code, Finding, Level, fail, ok, warn

VALUES = {
    "id": "E003",
    "count": 2,
    "status": 404,
    "time": "1:00:00",
    "ours": "sha256",
    "taken": "sha1, sha512",
    "better": "sha512",
}
FOREIGN = SimpleNamespace(
    gettext=lambda text: f"foreign {text}", ngettext=lambda one, many, count: f"foreign {one if count == 1 else many}"
)


def finding(code: Code, **more) -> Finding:
    return warn(code, **(VALUES | more))


@pytest.mark.parametrize("code", Code)
def test_every_finding_is_one_sentence_with_nothing_left_open(code):
    line = sentences.line(finding(code), translation)
    for text in (line.text, line.advice):
        assert not re.search(r"[{}]", text)
        assert text == "" or (text[0].isupper() and text.endswith("."))
    assert line.text


def test_no_two_findings_sound_the_same():
    texts = [sentences.line(finding(code), translation).text for code in Code]
    assert len(set(texts)) == len(Code)


@pytest.mark.parametrize("code", [Code.TLS_GOOD, Code.SPEED_GOOD, Code.CALLBACK_MISSING, Code.TLS_ENDS_SOON])
def test_what_is_counted_has_a_singular(code):
    one, two = (sentences.line(finding(code, count=count), translation).text for count in (1, 2))
    assert one.replace("1", "2") != two


def test_both_sentences_are_translated_and_nothing_is_where_nothing_was():
    line = sentences.line(finding(Code.TLS_ENDS_SOON), FOREIGN)
    assert line.text == "foreign The server's certificate expires in 2 days."
    assert line.advice.startswith("foreign Renew it")
    assert sentences.line(ok(Code.API_BIGBLUEBUTTON), FOREIGN).advice == ""


def test_a_finding_can_be_kept_among_others():
    assert len({fail(Code.PORT_CLOSED, detail="x"), fail(Code.PORT_CLOSED, detail="x"), ok(Code.PORT_OPEN)}) == 2
    assert [each(Code.PORT_OPEN).level for each in (ok, warn, fail)] == list(Level)
