"""Webhooks, as far as a client can see them (bbb-webhooks): register, list, remove, and four kinds of events."""

import json
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from lxml import etree

from .meetings import Participant, SimMeeting
from .outbox import Callback
from .replies import RefusedError, add, note, response
from .signing import ApiRequest, webhook_checksum

if TYPE_CHECKING:
    from .world import World

# 12 attempts within about five minutes; the exact steps are the package's own affair.
RETRIES = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 30.0, 60.0, 60.0, 60.0, 60.0)


def create_hook(world: "World", request: ApiRequest) -> etree._Element:
    """Register an address. The same address twice is the same hook."""
    url = request.params.get("callbackURL", "")
    if not url:
        raise RefusedError("missingParamCallbackURL", "You must specify a callbackURL in the parameters.")
    known = next((hook for hook in world.hooks if world.hooks[hook]["callbackURL"] == url), "")
    hook_id = known or str(uuid.uuid4())
    if not known:
        names = ("callbackURL", "meetingID", "eventID")
        world.hooks[hook_id] = {name: request.params.get(name, "") for name in names}
    root = response()
    add(root, "hookID", hook_id)
    add(root, "permanentHook", False)
    add(root, "rawData", False)
    if known:
        note(root, "duplicateWarning", "There is already a hook for this callback URL.")
    return root


def destroy_hook(world: "World", request: ApiRequest) -> etree._Element:
    """Remove a hook."""
    hook_id = request.params.get("hookID", "")
    if not hook_id:
        raise RefusedError("missingParamHookID", "You must specify a hookID in the parameters.")
    if world.hooks.pop(hook_id, None) is None:
        raise RefusedError("destroyMissingHook", "The hook informed was not found.")
    root = response()
    add(root, "removed", True)
    return root


def list_hooks(world: "World", request: ApiRequest) -> etree._Element:
    """List the hooks: those of one meeting and those for all, or all there are."""
    wanted = request.params.get("meetingID", "")
    root = response()
    hooks = add(root, "hooks")
    for hook_id, hook in world.hooks.items():
        if not wanted or hook["meetingID"] in ("", wanted):
            entry = add(hooks, "hook")
            add(entry, "hookID", hook_id)
            add(entry, "callbackURL", hook["callbackURL"])
            if hook["meetingID"]:
                add(entry, "meetingID", hook["meetingID"])
            add(entry, "permanentHook", False)
            add(entry, "rawData", False)
    return root


def happened(world: "World", event: str, meeting: SimMeeting, person: Participant | None = None) -> None:
    """Queue an event for every hook that listens to it."""
    for hook in world.hooks.values():
        listens = not hook["eventID"] or event in hook["eventID"].split(",")
        if listens and hook["meetingID"] in ("", meeting.external_id):
            world.outbox.put(_delivery(world, hook["callbackURL"], _event(world, event, meeting, person)))


def _event(world: "World", event: str, meeting: SimMeeting, person: Participant | None) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "meeting": {"internal-meeting-id": meeting.internal_id, "external-meeting-id": meeting.external_id}
    }
    if person is not None:
        attributes["user"] = {
            "internal-user-id": person.internal_id,
            "external-user-id": person.user_id,
            "name": person.full_name,
            "role": person.role,
            "presenter": person is meeting.presenter(),
            "guest": False,
        }
    moment = {"ts": int(world.now() * 1000)}
    return {"data": {"type": "event", "id": event, "attributes": attributes, "event": moment}}


def _delivery(world: "World", url: str, event: dict[str, Any]) -> Callback:
    fields = {
        "domain": urlsplit(world.server).hostname or "localhost",
        "event": json.dumps([event], separators=(",", ":")),
        "timestamp": str(int(world.now() * 1000)),
    }
    body = urlencode(fields).encode()
    checksum = webhook_checksum(url, body, world.secret)
    address = f"{url}{'&' if '?' in url else '?'}checksum={checksum}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Callback("webhook", "POST", address, world.now(), body, headers, RETRIES)
