"""What all tables of the admin share: they are for looking, and their filters cost no question."""

import operator
from collections.abc import Callable
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bbb_xblock import config

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

_DIGITS_OF_IDS = 18


def either(name: str, title: Any, yes: Any, no: Any, condition: Q) -> type[admin.SimpleListFilter]:
    """Make a filter with two choices: those for which the condition holds, and the others."""

    class Either(admin.SimpleListFilter):
        parameter_name = name

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return [("1", yes), ("0", no)]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            wanted = {"1": condition, "0": ~condition}.get(self.value() or "")
            return queryset if wanted is None else queryset.filter(wanted)

    Either.title = title
    return Either


def one_of(name: str, title: Any, column: str, choices: Callable[[], list[str]]) -> type[admin.SimpleListFilter]:
    """Make a filter by a column whose values are known without asking the table."""

    class OneOf(admin.SimpleListFilter):
        parameter_name = name

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return [(choice, choice) for choice in choices()]

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    OneOf.title = title
    return OneOf


def _slugs() -> list[str]:
    return [str(slug) for slug in config.servers()]


of_server = partial(one_of, "server", _("server"), choices=_slugs)


def course_by(way: str) -> Callable[[ModelAdmin, Any], str]:
    """Make the column that names a row's course; ``way`` is the one to its room, over rows that the list has read."""
    course_key = operator.attrgetter(f"{way}.course_key")

    @admin.display(description=_("course"))
    def course(table: ModelAdmin, row: Any) -> str:
        return str(course_key(row))

    return course


class ReadOnly(ModelAdmin):
    """A table to look at, newest rows first. Lists ask the same number of questions, however long they are."""

    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody makes rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes rows by hand; ``bbb_purge`` deletes what is past its time."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Answer what the filters ask. Other columns could be read letter by letter, by counting what begins so."""
        asked = {getattr(each, "parameter_name", each) for each in self.list_filter}
        return lookup.partition("__")[0] in asked


class OfPeople(ReadOnly):
    """A table whose rows belong to users, who are found by their id in any of the columns ``people``."""

    people: ClassVar[tuple[str, ...]] = ("user_id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Take digits for a user's id."""
        term = search_term.strip()
        if term.isdecimal() and len(term) <= _DIGITS_OF_IDS:
            return queryset.filter(reduce(operator.or_, (Q(**{column: int(term)}) for column in self.people))), False
        return super().get_search_results(request, queryset, search_term)
