"""Rooms, their meetings, who was let in, what was sent, and how the servers are."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bbb_xblock import tasks
from bbb_xblock.admin.tables import OfPeople, ReadOnly, course_by, either, of_server, one_of
from bbb_xblock.bbb import Role
from bbb_xblock.doctor import for_authors
from bbb_xblock.domain import examinations, operating, receipts
from bbb_xblock.models import MOST_TRIES, Examination, Join, Meeting, Receipt, Room, Server

# Each is a task of its own for the queue.
RECEIPTS_AT_ONCE = 100
PARKED = Q(worked_at__isnull=True, tries__gte=MOST_TRIES)


@admin.register(Room)
class RoomAdmin(ReadOnly):
    """Rooms, with what was last known of each."""

    # The usage key names the course as well.
    list_display = (
        *("is_running", "participants", "server", "since", "trouble"),
        *("usage_key", "group", "asked_at", "meeting_id"),
    )
    list_display_links = ("usage_key",)
    list_select_related = ("current",)
    list_filter = (
        either("running", _("meeting"), _("Running"), _("None"), Q(current__isnull=False)),
        either("trouble", _("trouble"), _("In trouble"), _("All is well"), ~Q(trouble="")),
        either("grades", _("grades"), _("Waiting to be told"), _("Nothing to tell"), Q(grades_due_at__isnull=False)),
        of_server(column="current__server"),
    )
    search_fields = ("=meeting_id", "course_key", "usage_key")
    fields = (
        *("meeting_id", "course_key", "usage_key", "group", "current", "participants", "moderators"),
        *("asked_at", "confirmed_at", "trouble", "lease_until", "grades_due_at"),
    )

    @admin.display(description=_("meeting"), boolean=True)
    def is_running(self, room: Room) -> bool:
        """Say whether a meeting is believed to live there."""
        return room.current is not None

    @admin.display(description=_("server"))
    def server(self, room: Room) -> str:
        """Give the server of the meeting."""
        return room.current.server if room.current else ""

    @admin.display(description=_("since"))
    def since(self, room: Room) -> datetime | None:
        """Give the start of the meeting."""
        return room.current.started_at if room.current else None


@admin.register(Meeting)
class MeetingAdmin(ReadOnly):
    """Meetings, past and present."""

    course = course_by("room")
    list_display = ("started_at", "course", "server", "ended_at", "why_ended", "internal_id")
    list_select_related = ("room",)
    list_filter = (
        either("ended", _("end"), _("Over"), _("Going on"), Q(ended_at__isnull=False)),
        "why_ended",
        "started_at",
        of_server(column="server"),
    )
    search_fields = ("=internal_id", "=room__meeting_id", "=room__course_key")
    fields = (
        *("room", "internal_id", "server", "started_at", "ended_at", "why_ended"),
        *("settled_at", "forgotten_at", "options"),
    )


@admin.register(Join)
class JoinAdmin(OfPeople):
    """Who was let in when: user ids, and no names."""

    course = course_by("meeting.room")
    list_display = ("joined_at", "user_id", "role", "is_team", "course", "meeting")
    list_select_related = ("meeting__room",)
    list_filter = (one_of("role", _("role"), "role", lambda: [role.value for role in Role]), "joined_at")
    search_fields = ("=meeting__internal_id", "=meeting__room__course_key")
    search_help_text = _("A user's id, a course, or BigBlueButton's internal id of a meeting.")
    fields = ("meeting", "user_id", "role", "is_team", "joined_at")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly):
    """What BigBlueButton sent, without what stands in it: analytics hold names."""

    list_display = ("received_at", "kind", "server", "meeting_id", "worked_at", "is_parked")
    list_filter = (
        either("waiting", _("work"), _("Still to be done"), _("Done"), Q(worked_at__isnull=True)),
        either("parked", _("failures"), _("Parked after failures"), _("Not parked"), PARKED),
        "kind",
        "received_at",
        of_server(column="server"),
    )
    search_fields = ("=meeting_id",)
    fields = ("kind", "server", "meeting_id", "received_at", "claimed_until", "worked_at", "tries")
    actions = ("work_on_again",)

    @admin.display(description=_("parked"), boolean=True)
    def is_parked(self, receipt: Receipt) -> bool:
        """Say whether it failed so often that nobody works on it until it is chosen here."""
        return receipt.worked_at is None and receipt.tries >= MOST_TRIES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the bodies, which may have megabytes."""
        return super().get_queryset(request).defer("body")

    def has_work_on_permission(self, request: HttpRequest) -> bool:
        """Ask for the permission to change receipts."""
        return request.user.has_perm("bbb_xblock.change_receipt")

    @admin.action(description=_("Work on the selected receipts again"), permissions=["work_on"])
    def work_on_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Have receipts worked on once more; doing so twice changes nothing."""
        chosen = list(queryset.values_list("pk", flat=True)[:RECEIPTS_AT_ONCE])
        receipts.reopen(chosen)
        for receipt_id in chosen:
            transaction.on_commit(partial(tasks.queue, receipt_id))
        told = ngettext("%(n)d receipt is worked on again.", "%(n)d receipts are worked on again.", len(chosen))
        self.message_user(request, told % {"n": len(chosen)}, messages.SUCCESS)


@admin.register(Server)
class ServerAdmin(ReadOnly):
    """The state of the servers: those of the settings, and those of which only rows are left."""

    fields = ("slug", "failed_at", "failure")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the state of the servers instead of the bare rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("State of the servers"),
            "servers": operating.list_servers(),
            "may_see_rooms": request.user.has_perm("bbb_xblock.view_room"),
        }
        return TemplateResponse(request, "bbb_xblock/admin_servers.html", context)


@admin.register(Examination)
class ExaminationAdmin(ReadOnly):
    """The newest look at what serves each course, as its authors asked for it: levels and codes, no details."""

    ordering = ("-asked_at",)
    list_display = ("asked_at", "course_key", "stage", "worst")
    list_filter = (
        either("done", _("check"), _("Done"), _("Not done"), Q(done_at__isnull=False)),
        "asked_at",
    )
    search_fields = ("course_key",)
    fields = ("course_key", "stage", "asked_at", "started_at", "done_at", "found")

    @admin.display(description=_("stage"))
    def stage(self, examination: Examination) -> str:
        """Say how far it is."""
        return examinations.progress_of(examination).stage.value

    @admin.display(description=_("worst finding"))
    def worst(self, examination: Examination) -> str:
        """Give the level of the worst that was found until now; nothing, if nothing was found yet."""
        kept = examinations.progress_of(examination).findings
        return for_authors.worst(kept).value if kept else ""

    @admin.display(description=_("findings"))
    def found(self, examination: Examination) -> str:
        """Give the level and the code of each finding on a line of its own."""
        kept = examinations.progress_of(examination).findings
        return "\n".join(f"{each['level']} {each['code']}" for each in kept)
