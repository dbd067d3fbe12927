"""A platform that calls the simulator, signing with four lines of its own."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import etree
from werkzeug.test import Client, TestResponse

from sandbox.simulator import Simulator

SECRET = "s3cret-of-the-tests"
API = "/bigbluebutton/api/"


def signed(call: str, query: str = "", secret: str = SECRET, algorithm: str = "sha256") -> str:
    """Return the part of an address after the API root: call, query, checksum."""
    checksum = hashlib.new(algorithm, (call + query + secret).encode()).hexdigest()
    return f"{call}?{query}{'&' if query else ''}checksum={checksum}"


class Caller:
    """Calls a simulator without a network, and keeps cookies as one browser does."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.browser = Client(simulator.wsgi)

    def send(self, call: str, method: str = "GET", **params: Any) -> TestResponse:
        """Send a signed call."""
        address = API + signed(call, urlencode(params), self.simulator.secret)
        return self.browser.open(address, method=method)

    def ask(self, call: str, **params: Any) -> etree._Element:
        return etree.fromstring(self.send(call, **params).data)

    def key(self, call: str, **params: Any) -> str:
        """Return the messageKey of the answer."""
        return self.ask(call, **params).findtext("messageKey") or ""

    def create(self, meeting_id: str = "m1", **params: Any) -> etree._Element:
        return self.ask("create", **{"name": "Seminar", "meetingID": meeting_id, **params})

    def join(self, name: str = "Ada Example", meeting_id: str = "m1", **params: Any) -> TestResponse:
        return self.send("join", **{"fullName": name, "meetingID": meeting_id, "role": "VIEWER", **params})

    def enter(self, name: str = "Ada Example", meeting_id: str = "m1", **params: Any) -> str:
        """Join, and return the session token."""
        location = self.join(name, meeting_id, **params).headers["Location"]
        return parse_qs(urlsplit(location).query)["sessionToken"][0]

    def page(self, token: str) -> TestResponse:
        return self.browser.get(f"/html5client/?sessionToken={token}")

    def press(self, token: str, action: str, **fields: str) -> TestResponse:
        return self.browser.post(f"/html5client/{action}", data={"sessionToken": token, **fields})

    def state(self, token: str) -> Any:
        return self.browser.get("/html5client/state", headers={"X-Session-Token": token}).json


def reason(answer: TestResponse) -> str:
    """Return the key of the error with which a join was sent away."""
    errors = json.loads(parse_qs(urlsplit(answer.headers["Location"]).query)["errors"][0])
    return str(errors[0]["key"])
