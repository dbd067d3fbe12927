"""A stand-in of the demo for the platform's module of the same name, not the platform's own: who is in the team."""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from sandbox.demo.people import PEOPLE


class CourseStaffRole:
    """Every teacher of the demo is staff in every course."""

    def __init__(self, place: object) -> None:
        self.place = place

    def users_with_role(self) -> QuerySet:
        """Give the accounts of those who hold the role."""
        return get_user_model().objects.filter(pk__in=[person.id for person in PEOPLE.values() if person.is_teacher])


class NobodysRole(CourseStaffRole):
    """A role that nobody holds in the demo."""

    def users_with_role(self) -> QuerySet:
        """Give no account."""
        return get_user_model().objects.none()


CourseInstructorRole = CourseLimitedStaffRole = OrgStaffRole = OrgInstructorRole = NobodysRole
