"""Who was in which session, what the course team said of it, and what the platform was told: user ids, and no names."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bbb_xblock.admin.tables import OfPeople, course_by, either
from bbb_xblock.models import Correction, Join, Outcome, Presence, Sighting

HELP = _("A user's id, a course, a room, or BigBlueButton's internal id of a meeting.")
OF_MEETING = ("=meeting__internal_id", "=meeting__room__meeting_id", "=meeting__room__course_key")


@admin.register(Presence)
class PresenceAdmin(OfPeople):
    """Who was in which meeting and for how long, without how much they took part."""

    course = course_by("meeting.room")
    list_display = ("first_in", "last_out", "user_id", "minutes", "is_team", "led", "course", "meeting")
    list_select_related = ("meeting__room",)
    list_filter = (
        either("team", _("who"), _("Course team"), _("Participants"), Q(is_team=True)),
        "first_in",
    )
    search_fields = OF_MEETING
    search_help_text = HELP
    fields = ("meeting", "user_id", "is_team", "led", "first_in", "last_out", "minutes", "spans")

    @admin.display(description=_("minutes"))
    def minutes(self, presence: Presence) -> int:
        """Give how long somebody was in, in whole minutes."""
        return presence.seconds // 60

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what no page shows."""
        return super().get_queryset(request).defer("engagement", "anonymous_id")


@admin.register(Sighting)
class SightingAdmin(OfPeople):
    """Who was seen in a meeting, from which look to which, as long as it may still change what attendance comes to."""

    course = course_by("meeting.room")
    list_display = ("seen_at", "last_seen_at", "missed_at", "user_id", "course", "meeting")
    list_select_related = ("meeting__room",)
    list_filter = (
        either("in", _("room"), _("In the room"), _("Not any more"), Q(missed_at__isnull=True)),
        "seen_at",
    )
    search_fields = OF_MEETING
    search_help_text = HELP
    fields = ("meeting", "user_id", "seen_at", "last_seen_at", "missed_at")

    @admin.display(description=_("user id"))
    def user_id(self, sighting: Any) -> int | None:
        """Give the user; nothing where it is forgotten already who was let in."""
        found: int | None = sighting.user_id
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Find the users by their joins, and leave out the ids that BigBlueButton knows them by."""
        joins = Join.objects.filter(meeting=OuterRef("meeting"), anonymous_id=OuterRef("anonymous_id"))
        users = joins.exclude(user_id=None).order_by("joined_at").values("user_id")[:1]
        seen: QuerySet[Any] = super().get_queryset(request).annotate(user_id=Subquery(users))
        return seen.defer("anonymous_id")


@admin.register(Correction)
class CorrectionAdmin(OfPeople):
    """How the course team corrected attendance, without the reasons that it wrote."""

    people = ("user_id", "by_user_id", "undone_by")
    course = course_by("meeting.room")
    list_display = ("made_at", "user_id", "standing", "by_user_id", "undone_at", "undone_by", "course", "meeting")
    list_select_related = ("meeting__room",)
    list_filter = (
        "standing",
        either("undone", _("undone"), _("Undone"), _("Not undone"), Q(undone_at__isnull=False)),
        "made_at",
    )
    search_fields = OF_MEETING
    search_help_text = _(
        "The id of a user who was corrected, corrected others or undid it; a course, a room, or BigBlueButton's "
        "internal id of a meeting."
    )
    fields = ("meeting", "user_id", "standing", "by_user_id", "made_at", "undone_by", "undone_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the reasons, which may tell of somebody's life."""
        return super().get_queryset(request).defer("reason")


@admin.register(Outcome)
class OutcomeAdmin(OfPeople):
    """Which grade and which completion the platform was told of whom."""

    course = course_by("room")
    list_display = ("told_at", "user_id", "value", "is_overridden", "is_complete", "course", "room")
    list_select_related = ("room",)
    list_filter = (
        either("graded", _("grade"), _("Told"), _("Not told"), Q(value__isnull=False)),
        either("overridden", _("override"), _("Written by a teacher"), _("From attendance"), Q(is_overridden=True)),
        either("complete", _("completion"), _("Told"), _("Not told"), Q(is_complete=True)),
        "told_at",
    )
    search_fields = ("=room__meeting_id", "=room__course_key", "room__usage_key")
    search_help_text = _("A user's id, a course, a room, or the usage key of a block.")
    fields = ("room", "user_id", "value", "since", "is_overridden", "is_partly_forgotten", "is_complete", "told_at")
