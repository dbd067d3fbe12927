"""Who is asking: the platform's user service, believed only where everything agrees.

In the platform the runtime's services are shared by all blocks of a process, and in a threaded server the user
service was seen to answer with somebody else. The person is therefore taken once, and the service and the block's
own ``scope_ids.user_id`` must name the same one.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey

from bbb_xblock.domain import names, naming
from bbb_xblock.domain.data import Person, Placement
from bbb_xblock.domain.errors import Code, Refusal
from bbb_xblock.domain.tables import needs_tables
from bbb_xblock.knobs import is_time_zone
from bbb_xblock.options import SessionOptions
from bbb_xblock.options.choices import Leaders

# edx-platform common/djangoapps/xblock_django/constants.py
_ATTRIBUTE = "edx-platform.{}"
_FORUM_ROLES = ("Administrator", "Moderator", "Group Moderator", "Community TA")

# edx-platform lms/djangoapps/lti_provider/apps.py
_LTI_PROVIDER = "lms.djangoapps.lti_provider"

log = logging.getLogger(__name__)


def current_person(block: Any, request: Any = None) -> Person | None:
    """Give the person the block is bound to; None for somebody who is not signed in.

    ``request`` is the handler's request; a view has none. Its session may be that of a member of the course team who
    looks at the course as this person; the person is then marked so. Raises :class:`Refusal` (``identity_unclear``)
    when the platform's own statements contradict each other.
    """
    service = block.runtime.service(block, "user")
    user = service.get_current_user() if service else None
    if user is None or not _attribute(user, "is_authenticated"):
        return None
    user_id, anonymous_id = _attribute(user, "user_id"), _attribute(user, "anonymous_user_id")
    if not user_id or not anonymous_id or str(user_id) != str(block.scope_ids.user_id):
        raise Refusal(Code.IDENTITY_UNCLEAR)
    session_user_id = user_id
    if request is not None:
        session_user = django_user(request)
        if session_user is None:
            return None
        session_user_id = session_user.id
    full_name = str(user.full_name or "")
    return Person(
        user_id=user_id,
        anonymous_id=anonymous_id,
        username=telling_username(user_id, str(_attribute(user, "username") or ""), full_name),
        full_name=full_name,
        # It includes global staff, and respects "view as learner", which ``user_is_global_staff`` does not.
        is_moderator=_attribute(user, "user_is_staff") is True,
        viewing_as_learner=session_user_id != user_id or _real_user(service) is not None,
        time_zone=_time_zone(user),
    )


def author(request: Any) -> Person:
    """Give whoever sends a handler's request in Studio, as one who leads; whether they may is for others to ask.

    Studio's user service knows no anonymous id and no roles there. Raises :class:`Refusal` (``not_signed_in``).
    """
    user = django_user(request)
    if user is None:
        raise Refusal(Code.NOT_SIGNED_IN)
    return Person(user_id=user.id, anonymous_id="", username="", full_name="", is_moderator=True)


def with_forum_role(person: Person, placement: Placement, options: SessionOptions) -> Person:
    """Add whether the person moderates the course's forum, where that makes a moderator of the session. One query.

    Source: edx-platform openedx/core/djangoapps/django_comment_common/models.py, ``Role`` and its names.
    """
    if options.who_leads is not Leaders.FORUM_MODERATORS:
        return person
    try:
        from openedx.core.djangoapps.django_comment_common.models import Role
    except (ImportError, RuntimeError):
        # RuntimeError: Django's word for a model whose app is not installed.
        log.error("the platform's forum roles cannot be imported; nobody leads because of them")
        return person
    course_key = CourseKey.from_string(placement.course_key)
    roles = Role.objects.filter(course_id=course_key, name__in=_FORUM_ROLES, users__id=person.user_id)
    return replace(person, is_forum_moderator=roles.exists())


def telling_username(user_id: int, username: str, full_name: str) -> str:
    """Give the username, or nothing where the platform made it up of random letters, beside an empty name."""
    return username if naming.can_be_seen(full_name) or not came_through_lti([user_id]) else ""


def full_name_of(user: Any) -> str:
    """Give the name in the platform's profile of a Django user; empty if there is none."""
    return str(getattr(getattr(user, "profile", None), "name", "") or "")


def is_open(user_id: int) -> bool:
    """Say whether an account is there and not closed."""
    return get_user_model().objects.filter(pk=user_id, is_active=True).exists()


@needs_tables
def names_of(user_ids: Iterable[int], placement: Placement) -> dict[int, str]:
    """Give the names of users for those who may see them: the profile's, else the one chosen in the course, else the
    username, unless that is random letters. One query, and two more if there are people without a profile's name.

    Users who do not exist any more are left out.
    """
    users = _with_profiles(user_ids)
    known = {user.pk: full_name_of(user) for user in users}
    nameless = [user_id for user_id, name in known.items() if not naming.can_be_seen(name)]
    usernames = {user.pk: user.get_username() for user in users}
    for made_up in came_through_lti(nameless):
        usernames[made_up] = ""
    found = known | {user_id: usernames[user_id] for user_id in nameless} | names.of(nameless, placement.course_key)
    return {user_id: name for user_id, name in found.items() if name}


def every_name_of(user_ids: Iterable[int]) -> list[str]:
    """Give all names by which users are known: full names and usernames. One query."""
    return [name for user in _with_profiles(user_ids) for name in (full_name_of(user), user.get_username())]


def came_through_lti(user_ids: Iterable[int]) -> set[int]:
    """Say which users another learning platform sent (edx-platform lms/djangoapps/lti_provider/models.py). One query.

    Unless the operator wants otherwise, the platform makes them up when they come: the username is 30 random letters
    and the profile has no name (lms/djangoapps/lti_provider/users.py).
    """
    # Where the provider is switched off the import fails, and Python would try it anew for each page.
    if not apps.is_installed(_LTI_PROVIDER):
        return set()
    from lms.djangoapps.lti_provider.models import LtiUser

    return set(LtiUser.objects.filter(edx_user_id__in=set(user_ids)).values_list("edx_user_id", flat=True))


def named(username: str) -> Any:
    """Give the Django user of this name; None if there is none."""
    return get_user_model().objects.filter(username=username).first()


def numbered(user_id: int) -> Any:
    """Give the Django user with this id; None if there is none."""
    return get_user_model().objects.filter(pk=user_id).first()


def anonymous_ids_of(user: Any) -> set[str]:
    """Give all anonymous ids of a user, one for each course (common/djangoapps/student/models/user.py)."""
    try:
        from common.djangoapps.student.models import AnonymousUserId
    except ImportError:
        return set()
    return set(AnonymousUserId.objects.filter(user=user).values_list("anonymous_user_id", flat=True))


def django_user(request: Any) -> Any:
    """Give the signed-in Django user of a handler's request; None if there is none that may be believed.

    The platform marks the user ``known = False`` on its ``handler_noauth`` route and on anonymous requests
    (edx-platform lms/djangoapps/courseware/block_render.py): there it has checked neither CSRF nor access.
    """
    user = getattr(getattr(request, "_request", None), "user", None)
    if user is None or not user.is_authenticated or getattr(user, "known", True) is False:
        return None
    return user


def _with_profiles(user_ids: Iterable[int]) -> list[Any]:
    """Fetch users with the platform's profile, where there is one (common/djangoapps/student/models/user.py)."""
    users = get_user_model().objects.filter(pk__in=set(user_ids))
    if any(field.name == "profile" for field in get_user_model()._meta.get_fields()):
        users = users.select_related("profile")  # type: ignore[misc]
    return list(users)


def _time_zone(user: Any) -> str:
    """Give the zone of the account settings (edx-platform common/djangoapps/xblock_django/user_service.py)."""
    preferences = _attribute(user, "user_preferences")
    name = preferences.get("time_zone") if isinstance(preferences, Mapping) else None
    return str(name) if name and is_time_zone(name) else ""


def _attribute(user: Any, name: str) -> Any:
    return user.opt_attrs.get(_ATTRIBUTE.format(name))


def _real_user(service: Any) -> Any:
    """Give the member of the course team who views the course as this learner, if there is one.

    edx-platform lms/djangoapps/courseware/masquerade.py ``setup_masquerade`` puts ``real_user`` on the learner.
    """
    return getattr(getattr(service, "_django_user", None), "real_user", None)
