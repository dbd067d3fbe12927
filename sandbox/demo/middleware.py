"""Who is asking: the demo's stand-in for signing in.

``?student=`` names the person on every link of the demo. A cookie keeps the last choice of the page frame, as a
session would, for addresses that are made elsewhere and name nobody. There is no protection in any of this: it is a
demo, for one machine.
"""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from sandbox.demo.people import Person, chosen

COOKIE = "demo-student"


def asking(request: HttpRequest) -> Person | None:
    """Tell who asks: the address decides, then the cookie; None is somebody who is not signed in."""
    return chosen(request.GET.get("student", request.COOKIES.get(COOKIE)))


def account(person: Person | None) -> object:
    """Give the person's Django user, marked ``known`` as the platform's handler view marks it."""
    if person is None:
        user = AnonymousUser()
        user.known = False
        return user
    user = get_user_model().objects.select_related("profile").get(id=person.id)
    user.known = True
    return user


def who_am_i(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.user`` and ``request.person``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.person = asking(request)
        request.user = account(request.person)
        return get_response(request)

    return middleware
