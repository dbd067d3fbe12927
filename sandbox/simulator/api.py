"""From the wire to a call and back: which calls exist, who may make them, and how a refusal is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response
from lxml import etree

from . import hooks, meeting_calls, recording_calls, track_calls
from .create import create
from .join import join, join_through_pool, turned_away
from .replies import RefusedError, add, failure, json_answer, response, xml_answer
from .signing import FORM_TYPE, ApiRequest, check_signature
from .world import World

# What a call says: XML, or JSON for the few calls that are answered so.
Said = etree._Element | dict[str, Any]
Work = Callable[[World, ApiRequest], Said]

XML_TYPES = ("text/xml", "application/xml")
FORM_TYPES = (FORM_TYPE, "multipart/form-data")


@dataclass(frozen=True)
class Endpoint:
    """A call: what does the work, and what may be sent."""

    work: Work
    methods: tuple[str, ...] = ("GET", "POST")
    content_types: tuple[str, ...] = FORM_TYPES
    modes: tuple[str, ...] = ("", "scalelite", "bbblb")


ENDPOINTS = {
    "create": Endpoint(create, content_types=FORM_TYPES + XML_TYPES),
    "isMeetingRunning": Endpoint(meeting_calls.is_meeting_running),
    "getMeetingInfo": Endpoint(meeting_calls.get_meeting_info),
    "getMeetings": Endpoint(meeting_calls.get_meetings),
    "getSessions": Endpoint(meeting_calls.get_sessions, modes=("",)),
    "end": Endpoint(meeting_calls.end),
    "insertDocument": Endpoint(meeting_calls.insert_document, methods=("POST",), content_types=XML_TYPES),
    "sendChatMessage": Endpoint(meeting_calls.send_chat_message, methods=("GET",), modes=("", "bbblb")),
    "getRecordings": Endpoint(recording_calls.get_recordings),
    "publishRecordings": Endpoint(recording_calls.publish_recordings, methods=("GET",)),
    "deleteRecordings": Endpoint(recording_calls.delete_recordings, methods=("GET",)),
    "updateRecordings": Endpoint(recording_calls.update_recordings),
    "getRecordingTextTracks": Endpoint(track_calls.get_tracks, modes=("",)),
    "putRecordingTextTrack": Endpoint(track_calls.put_track, methods=("POST",), modes=("",)),
    "hooks/create": Endpoint(hooks.create_hook, methods=("GET",), modes=("",)),
    "hooks/destroy": Endpoint(hooks.destroy_hook, methods=("GET",), modes=("",)),
    "hooks/list": Endpoint(hooks.list_hooks, methods=("GET",), modes=("",)),
}


@dataclass(frozen=True)
class Answer:
    """The HTTP answer, and whether it was a refusal."""

    http: Response
    refused: bool = False


def answer(world: World, request: ApiRequest, from_node: bool = False) -> Answer:
    """Carry out one call. The world is locked meanwhile."""
    with world.lock:
        world.let_time_pass()
        if request.name == "":
            return Answer(xml_answer(_version(world, request)))
        if request.name == "join":
            return _join(world, request, from_node)
        endpoint = ENDPOINTS.get(request.name)
        if endpoint is None or world.mode.pool not in endpoint.modes or not _has_chat(world, request):
            return _unknown(world)
        if request.method not in endpoint.methods:
            return Answer(_not_allowed(endpoint.methods), refused=True)
        try:
            check_signature(request, world.secret, world.algorithms, world.mode)
            _check_content_type(request, endpoint)
            said = endpoint.work(world, request)
        except RefusedError as refusal:
            return Answer(xml_answer(failure(refusal)), refused=True)
        if isinstance(said, dict):
            return Answer(json_answer(said), refused=said["response"]["returncode"] != "SUCCESS")
        return Answer(xml_answer(said), refused=said.findtext("returncode") != "SUCCESS")


def _join(world: World, request: ApiRequest, from_node: bool) -> Answer:
    if request.method != "GET":
        return Answer(_not_allowed(("GET",)), refused=True)
    through_pool = bool(world.mode.pool) and not from_node
    secret = world.node_secret if from_node else world.secret
    try:
        check_signature(request, secret, world.algorithms if not from_node else ("sha256",), world.mode)
        return Answer(join_through_pool(world, request) if through_pool else join(world, request))
    except RefusedError as refusal:
        return Answer(turned_away(world, request, refusal), refused=True)


def _has_chat(world: World, request: ApiRequest) -> bool:
    return request.name != "sendChatMessage" or world.mode.chat_call


def _check_content_type(request: ApiRequest, endpoint: Endpoint) -> None:
    """Compare the whole header: a charset after the type is refused too (bbb-web ContentTypeValidator)."""
    if not request.body:
        return
    given = request.content_type
    if given in endpoint.content_types or given.startswith("multipart/form-data;"):
        return
    message = "POST request Content-Type is missing or unsupported"
    raise RefusedError("unsupportedContentType", message, validation=True)


def _unknown(world: World) -> Answer:
    if world.mode.pool:
        key, message = ("notImplemented", "Not implemented.")
        if world.mode.pool == "scalelite":
            key, message = ("unsupportedRequest", "This request is not supported.")
        return Answer(xml_answer(failure(RefusedError(key, message))), refused=True)
    page = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
    return Answer(Response(page, status=404, content_type="text/html"), refused=True)


def _not_allowed(methods: tuple[str, ...]) -> Response:
    page = "<html><body><h1>405 Method Not Allowed</h1></body></html>"
    return Response(page, status=405, content_type="text/html", headers={"Allow": ", ".join(methods)})


def _version(world: World, request: ApiRequest) -> etree._Element:
    root = response()
    websocket = request.server.replace("http", "ws", 1)
    for name, value in world.mode.root.items():
        add(root, name, value.format(server=request.server, websocket=websocket))
    return root
