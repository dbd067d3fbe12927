"""A stand-in of the demo for the platform's module of the same name, not the platform's own: who came through LTI."""

from collections.abc import Collection

from sandbox.demo.people import PEOPLE


class _Rows:
    def __init__(self, user_ids: Collection[int]) -> None:
        self._user_ids = user_ids

    def filter(self, *, edx_user_id__in: Collection[int]) -> "_Rows":
        """Choose the rows of these users."""
        return _Rows([user_id for user_id in self._user_ids if user_id in edx_user_id__in])

    def values_list(self, column: str, *, flat: bool) -> list[int]:
        """Give one column, of which there is but one."""
        return list(self._user_ids)


class LtiUser:
    """People whom another learning platform sent."""

    objects = _Rows([person.id for person in PEOPLE.values() if person.came_through_lti])
