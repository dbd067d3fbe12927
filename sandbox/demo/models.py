"""The accounts of the demo, as the platform keeps them: Django's user and a profile with the full name."""

from django.contrib.auth import get_user_model
from django.db import models

from sandbox.demo.people import PEOPLE


class UserProfile(models.Model):
    """The full name of a user; reached as ``user.profile.name``, as on the platform."""

    user = models.OneToOneField("auth.User", on_delete=models.CASCADE, related_name="profile")
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return f"profile {self.pk}"


def create_accounts() -> None:
    """Write one account for each person, or bring it up to date."""
    for person in PEOPLE.values():
        account, _ = get_user_model().objects.update_or_create(
            id=person.id, defaults={"username": person.username, "email": person.email, "is_active": True}
        )
        UserProfile.objects.update_or_create(user=account, defaults={"name": person.name})
