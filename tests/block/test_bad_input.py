"""What comes in broken, from browsers and from BigBlueButton, has an answer."""

import time

import pytest

from tests.builders import learner, teacher


@pytest.mark.parametrize(
    "fault",
    ["html_502", "cut_xml", "huge", "bomb", "external_entity", "redirect_loop", "reset", "empty", "not_xml", "json"],
)
@pytest.mark.parametrize("call", ["getMeetingInfo", "create"])
def test_every_kind_of_broken_answer_ends_in_a_plain_refusal(platform, simulator, fault, call):
    simulator.fault(call, fault, times=None)
    answer = learner(platform).join_by_script()
    assert (answer.status_code, answer.json["code"]) == (503, "server_unreachable")


def test_a_server_that_says_nothing_is_given_up_after_the_time_out(platform, simulator, namespace):
    namespace["READ_TIMEOUT"] = 0.3
    simulator.fault("*", "slow", seconds=30)
    started = time.monotonic()
    answer = learner(platform).join_by_script()
    assert answer.json["code"] == "server_unreachable"
    assert time.monotonic() - started < 10


def test_a_server_that_is_not_there_is_told_in_a_sentence(platform, namespace):
    namespace["SERVERS"]["main"]["URL"] = "http://127.0.0.1:9/bigbluebutton/"
    answer = learner(platform).click_join()
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert "127.0.0.1" not in answer.text


def test_a_wrong_secret_has_a_code_of_its_own(platform, namespace):
    namespace["SERVERS"]["main"]["SECRET"] = "not the right one"
    answer = learner(platform).join_by_script()
    assert (answer.status_code, answer.json["code"]) == (503, "signature_refused")


@pytest.mark.parametrize("key", ["idNotUnique", "validationError", "internalError", "somethingNew"])
def test_a_server_that_refuses_to_make_the_room_is_told_apart_from_one_that_is_gone(platform, simulator, key):
    simulator.fault("create", "failed", key=key)
    answer = teacher(platform).join_by_script()
    assert (answer.status_code, answer.json["code"]) == (503, "server_refused")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("handler", ["join", "status", "back", "submit_studio_edits"])
def test_other_methods_are_refused(platform, simulator, handler, method):
    assert learner(platform).call(handler, method).status_code == 405
    assert simulator.count() == 0


@pytest.mark.parametrize("handler", ["status", "back"])
def test_a_post_to_a_handler_that_only_reads_is_refused(platform, handler):
    assert learner(platform).call(handler, "POST", body=b"{}").status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"{",
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"ticket": "' + b"x" * 1_000_000 + b'"}',
    ],
    ids=["none", "list", "null", "number", "text", "cut", "binary", "deep", "1 MB"],
)
@pytest.mark.parametrize("handler", ["join", "submit_studio_edits"])
def test_a_body_that_is_no_small_object_is_refused(platform, simulator, handler, body):
    platform.may_write = True
    desk = learner(platform, studio=handler == "submit_studio_edits")
    answer = desk.call(handler, "POST", body=body)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert simulator.count() == 0


@pytest.mark.parametrize("ticket", [7, [1], {"a": 1}, "\0", "a:b:\ud800", "a:b:é"], ids=repr)
def test_a_ticket_of_the_wrong_kind_is_refused(platform, ticket):
    answer = learner(platform).call("join", "POST", body={"ticket": ticket})
    assert (answer.status_code, answer.json["code"]) == (403, "ticket_refused")


@pytest.mark.parametrize("ticket", [None, "", 0, [], {}], ids=repr)
def test_an_empty_ticket_is_missing(platform, ticket):
    answer = learner(platform).call("join", "POST", body={"ticket": ticket})
    assert (answer.status_code, answer.json["code"]) == (403, "ticket_missing")


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""])
def test_a_form_is_refused_even_where_the_platform_has_read_its_body(platform, content_type):
    desk = learner(platform)
    request = desk.request("POST", body=b"--x--", content_type=content_type)
    assert not request._request.FILES
    answer = desk.block.handle("join", request)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("query", ["ticket=%ff", "ticket=%00", "ticket", "ticket=a&ticket=b", "%ff=%ff"])
def test_a_broken_address_is_refused(platform, query):
    assert learner(platform).call("join", query=query).status_code == 403


@pytest.mark.parametrize("query", ["errors=%ff", "errors=[", "errors=%5B%7B%7D%5D", "errors=" + "[" * 5000])
def test_coming_back_with_a_broken_address_ends_on_a_plain_page(platform, query):
    answer = learner(platform).call("back", query=query)
    assert answer.status_code == 200
    assert "Back to the course" in answer.text
