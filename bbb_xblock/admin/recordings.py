"""Recordings, the rooms that show them besides their own, and who opened them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bbb_xblock.admin.tables import OfPeople, ReadOnly, course_by, either, of_server
from bbb_xblock.models import Adoption, Recording, Viewing


@admin.register(Recording)
class RecordingAdmin(ReadOnly):
    """Recordings, without what they are called and where they play."""

    course = course_by("room")
    list_display = ("started_at", "course", "state", "is_published", "audience", "minutes", "size", "views", "server")
    list_select_related = ("room",)
    list_filter = (
        "state",
        either("published", _("published"), _("Published"), _("Hidden"), Q(is_published=True)),
        "audience",
        "started_at",
        of_server(column="server"),
    )
    search_fields = ("=record_id", "=room__meeting_id", "=room__course_key")
    fields = (
        *("room", "server", "record_id", "state", "since", "is_published", "is_protected", "is_breakout", "audience"),
        *("started_at", "ended_at", "minutes", "participants", "size", "views", "keep_days"),
        *("made_at", "asked_at", "seen_at", "told_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the addresses and the texts."""
        return super().get_queryset(request).defer("formats", "description", "title", "name")


@admin.register(Adoption)
class AdoptionAdmin(OfPeople):
    """Which rooms show recordings of other rooms, and who chose so."""

    course = course_by("room")
    list_display = ("adopted_at", "user_id", "recording", "course")
    list_select_related = ("recording", "room")
    list_filter = ("adopted_at",)
    search_fields = ("=room__course_key", "=recording__record_id")
    search_help_text = _("A user's id, a course, or BigBlueButton's id of a recording.")
    fields = ("recording", "room", "user_id", "adopted_at")


@admin.register(Viewing)
class ViewingAdmin(OfPeople):
    """Who opened which recording when: user ids, and no names."""

    course = course_by("recording.room")
    list_display = ("viewed_at", "user_id", "format", "recording", "course")
    list_select_related = ("recording__room",)
    list_filter = ("viewed_at",)
    search_fields = ("=recording__record_id", "=recording__room__course_key")
    search_help_text = _("A user's id, a course, or BigBlueButton's id of a recording.")
    fields = ("recording", "user_id", "format", "viewed_at")
