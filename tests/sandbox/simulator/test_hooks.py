"""Webhooks and their signature."""

import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

from sandbox.simulator import Simulator
from sandbox.simulator.signing import webhook_checksum
from tests.sandbox.simulator.calling import SECRET, Caller
from tests.sandbox.simulator.receiving import Receiver


def test_the_known_webhook_checksum_comes_out() -> None:
    body = (
        b"domain=bbb.example.com&event=%5B%7B%22data%22%3A%7B%22type%22%3A%22event%22%2C%22id%22%3A%22meeting-ended%22"
        b"%7D%7D%5D&timestamp=1700000000000"
    )
    expected = "a6a712d6eeebecaf4cef40d5629272f4c0246309"
    assert webhook_checksum("https://example.com/hook", body, "mysharedsecret") == expected


def test_a_hook_is_told_what_happens_with_a_signature_over_the_raw_body(
    simulator: Simulator, caller: Caller, receiver: Receiver
) -> None:
    url = f"{receiver.url}/hook?course=1"
    caller.ask("hooks/create", callbackURL=url)
    caller.create()
    caller.join(userID="u1")
    caller.ask("end", meetingID="m1")
    simulator.deliver_callbacks()
    events = []
    for got in receiver.received:
        address, checksum = got.path.rsplit("&checksum=", 1)
        assert address == "/hook?course=1"
        assert hashlib.sha1(url.encode() + got.body + SECRET.encode(), usedforsecurity=False).hexdigest() == checksum
        fields = parse_qsl(got.body.decode())
        assert [name for name, _value in fields] == ["domain", "event", "timestamp"]
        events.append(json.loads(dict(fields)["event"])[0]["data"])
    assert [event["id"] for event in events] == ["meeting-created", "user-joined", "meeting-ended"]
    assert events[1]["attributes"]["user"]["external-user-id"] == "u1"
    assert events[0]["attributes"]["meeting"]["external-meeting-id"] == "m1"


def test_a_hook_hears_only_what_it_asked_for(simulator: Simulator, caller: Caller, receiver: Receiver) -> None:
    caller.ask("hooks/create", callbackURL=f"{receiver.url}/a", meetingID="m1", eventID="meeting-ended")
    for meeting_id in ("m1", "m2"):
        caller.create(meeting_id)
        caller.ask("end", meetingID=meeting_id)
    simulator.deliver_callbacks()
    assert [urlsplit(got.path).path for got in receiver.received] == ["/a"]


def test_the_same_address_twice_is_one_hook_that_can_be_listed_and_removed(caller: Caller) -> None:
    first = caller.ask("hooks/create", callbackURL="https://lms.example.org/hook", meetingID="m1")
    again = caller.ask("hooks/create", callbackURL="https://lms.example.org/hook")
    assert again.findtext("messageKey") == "duplicateWarning"
    hook_id = first.findtext("hookID")
    assert again.findtext("hookID") == hook_id
    assert caller.ask("hooks/list", meetingID="m1").findtext("hooks/hook/hookID") == hook_id
    assert caller.ask("hooks/list", meetingID="m2").find("hooks/hook") is None
    assert caller.ask("hooks/destroy", hookID=hook_id).findtext("removed") == "true"
    assert caller.key("hooks/destroy", hookID=hook_id) == "destroyMissingHook"
    assert caller.key("hooks/destroy") == "missingParamHookID"
    assert caller.key("hooks/create") == "missingParamCallbackURL"
