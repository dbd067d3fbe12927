"""The pages of the demo, and the doors to the handlers of its blocks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from web_fragments.fragment import Fragment
from xblock.django.request import django_to_webob_request, webob_to_django_response
from xblock.exceptions import NoSuchHandlerError

from sandbox.demo import gradebook
from sandbox.demo.middleware import COOKIE
from sandbox.demo.people import PEOPLE, TEACHER, Person, number
from sandbox.demo.places import Place
from sandbox.demo.rooms import BY_USAGE, OPEN, ROOMS, Room
from sandbox.demo.runtime import DemoRuntime

VIEWS = {
    "learner": ("Course page", Place.LMS),
    "phone": ("Phone app", Place.LMS),
    "preview": ("Studio preview", Place.PREVIEW),
    "editor": ("Studio editor", Place.STUDIO),
}


def room_address(room: Room, view_name: str, person: Person | None) -> str:
    """Give the address of a page of the demo."""
    return f"{reverse(view_name, args=(room.slug,))}?student={number(person)}"


def home(request: HttpRequest) -> HttpResponse:
    """Send newcomers to the open room as its teacher."""
    return redirect(room_address(OPEN, "learner", TEACHER))


def jump_to(request: HttpRequest, course: str, usage_id: str) -> HttpResponse:
    """Lead to a block, as the platform's address of the same form does."""
    room = BY_USAGE.get(usage_id)
    if room is None or room.course != course:
        raise Http404
    return redirect(room_address(room, "learner", request.person))


@ensure_csrf_cookie
def room_page(request: HttpRequest, slug: str, view_name: str) -> HttpResponse:
    """Show one room to one person in one view, inside the demo's frame."""
    room = ROOMS.get(slug)
    if room is None:
        raise Http404
    person: Person | None = request.person
    title, place = VIEWS[view_name]
    context = {
        "room": room,
        "person": person,
        "student": number(person),
        "view_name": view_name,
        "view_title": title,
        "handler_base": place.handler_base,
        "after_editing": room_address(room, "preview", person) if place is Place.STUDIO else "",
        "switches": _switches(room, person, view_name),
    }
    if place is not Place.LMS and not (person and person.is_teacher):
        context["turned_away"] = True
    else:
        context["fragment"] = _fragment(request, room, place, is_mobile_app=view_name == "phone")
        # What the block has just told of completion is in it already.
        context["record"] = gradebook.line(person, room) if place is Place.LMS else ""
    response = render(request, "demo/frame.html", context)
    response.set_cookie(COOKIE, number(person), samesite="Lax", httponly=True)
    return response


def _switches(room: Room, person: Person | None, view_name: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Give the three switches of the header; each choice keeps what the other two say."""
    people: list[tuple[str, Person | None]] = [(f"{one.label} ({one.role})", one) for one in PEOPLE.values()]
    people.append(("Nobody (not signed in)", None))

    def choice(label: str, chosen: bool, *where: Any) -> dict[str, Any]:
        return {"label": label, "chosen": chosen, "address": room_address(*where)}

    return [
        ("Who am I", [choice(label, one == person, room, view_name, one) for label, one in people]),
        ("Which room", [choice(one.title, one == room, one, view_name, person) for one in ROOMS.values()]),
        ("View", [choice(title, name == view_name, room, name, person) for name, (title, _) in VIEWS.items()]),
    ]


def _fragment(request: HttpRequest, room: Room, place: Place, *, is_mobile_app: bool) -> Fragment:
    """Render the block as the platform does in that place, with what it says of a phone app."""
    block = DemoRuntime(room, request.person, place, request.user).get_block(room.usage_id)
    if place is Place.STUDIO:
        view_name = "studio_view"
    elif place is Place.PREVIEW:
        view_name = "author_view" if hasattr(block, "author_view") else "student_view"
    else:
        view_name = "student_view" if request.person else "public_view"
    return block.render(view_name, {"is_mobile_app": is_mobile_app})


def handler(
    request: HttpRequest, usage_id: str, handler_name: str, suffix: str | None = None, place: Place = Place.LMS
) -> HttpResponse:
    """Call a block's handler, as the platform does it: anonymous people may get, and not post."""
    if request.person is None and (place is not Place.LMS or request.method == "POST"):
        return HttpResponseForbidden("Sign in first.")
    return _call(request, place, usage_id, handler_name, suffix)


@csrf_exempt
def handler_noauth(request: HttpRequest, usage_id: str, handler_name: str, suffix: str | None = None) -> HttpResponse:
    """Call a block's handler through the platform's unprotected door, where the user is never ``known``."""
    request.user.known = False
    return _call(request, Place.LMS, usage_id, handler_name, suffix)


def _call(request: HttpRequest, place: Place, usage_id: str, handler_name: str, suffix: str | None) -> HttpResponse:
    room = BY_USAGE.get(usage_id)
    if room is None:
        raise Http404
    runtime = DemoRuntime(room, request.person, place, request.user)
    # The LMS gives None for a suffix that is not there.
    try:
        answer = runtime.get_block(usage_id).handle(handler_name, django_to_webob_request(request), suffix or None)
    except NoSuchHandlerError as error:
        raise Http404 from error
    return webob_to_django_response(answer)
