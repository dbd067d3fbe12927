"""The addresses that BigBlueButton calls: verify, keep a receipt, queue the work, answer at once.

A server sends its callbacks one after another, so a slow answer holds up everybody's. All are without a session, so
there is nothing for CSRF protection to protect. The refusal is always 401: a balancer then tries its next secret,
where 404 and 410 would stop it (Scalelite), and a stranger learns nothing about what exists here.
"""

import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qs

from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from bbb_xblock import config, tasks
from bbb_xblock.bbb import CallbackUnreadable, SignatureRejected, check_bearer, recording_ready
from bbb_xblock.domain import callbacks, receipts, trials
from bbb_xblock.doors import bodies
from bbb_xblock.models import Receipt

log = logging.getLogger(__name__)

# A notice is one token. A report of analytics has about two thousand bytes for each person who was there.
NOTICE_BYTES = 64 * 1024
REPORT_BYTES = 5 * 1024 * 1024


@csrf_exempt
@require_GET
def ended(request: HttpRequest, token: str) -> HttpResponse:
    """Take in that a meeting ended (BBB API docs, create, ``meetingEndedURL``)."""
    return _answer(lambda: receipts.keep_end(token))


@csrf_exempt
@require_GET
def recorded(request: HttpRequest, token: str) -> HttpResponse:
    """Take in that a meeting was recorded (BBB API docs, ``meta_endCallbackUrl``). That it was not is no news."""
    if "true" not in request.GET.getlist("recordingmarks"):
        return HttpResponse()
    return _answer(lambda: receipts.keep_recorded(token))


@csrf_exempt
@require_POST
def recording_is_ready(request: HttpRequest, server: str, meeting_id: str = "") -> HttpResponse:
    """Take in that a recording is ready: a form with the one field ``signed_parameters``."""

    def keep() -> Receipt:
        token = _only_token(bodies.read(request, NOTICE_BYTES))
        return receipts.keep_recording(server, recording_ready(token, config.callback_secrets(server)), meeting_id)

    return _answer(keep)


@csrf_exempt
@require_POST
def analytics(request: HttpRequest, server: str) -> HttpResponse:
    """Take in the analytics of a meeting: JSON, with a bearer token that is checked before anything is read."""

    def keep() -> Receipt:
        check_bearer(request.headers.get("Authorization", ""), config.callback_secrets(server))
        return receipts.keep_analytics(server, bodies.read(request, REPORT_BYTES))

    return _answer(keep)


@csrf_exempt
@require_safe
def trial_slides(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """Give the slides of a meeting that only tries the server out, and take in that it fetches them."""
    answer = _answer(lambda: receipts.keep_fetch(token))
    if answer.status_code == HTTPStatus.OK:
        answer.content = trials.SLIDES
        answer.headers["Content-Type"] = "text/plain"
    return answer


def _answer(keep: Callable[[], Receipt]) -> HttpResponse:
    """Give the answer: 200 kept, 400 no sense, 401 not from a server of ours, 413 too large, 503 no database."""
    try:
        receipt = keep()
    except callbacks.ToldAlready:
        return HttpResponse()
    except (SignatureRejected, callbacks.NotOurs):
        return HttpResponse(status=401)
    except RequestDataTooBig:
        return HttpResponse(status=413)
    except (CallbackUnreadable, UnreadablePostError):
        return HttpResponse(status=400)
    except DatabaseTrouble as trouble:
        # Its text may repeat what was to be stored, people's names among it.
        log.error("a callback could not be kept (%s); have the migrations been run?", type(trouble).__name__)
        return HttpResponse(status=503)
    if receipt.worked_at is None:
        transaction.on_commit(partial(tasks.queue, receipt.pk))
    return HttpResponse()


def _only_token(form: bytes) -> str:
    """Give the one token of a form; empty if there is none or several."""
    try:
        fields = parse_qs(form.decode("ascii"), max_num_fields=20)
    except ValueError:
        return ""
    tokens = fields.get("signed_parameters", [])
    return tokens[0] if len(tokens) == 1 else ""
