"""What attendance is worth, in words."""

import pytest

from bbb_xblock.words.attendance import points_of


@pytest.mark.parametrize(
    ("grade", "points", "said"),
    [
        (None, 10, "0"),
        (0.5, 10, "5"),
        (0.4995, 10, "5"),
        (0.4991, 10, "4.99"),
        (0.3333, 10, "3.33"),
        (0.9999, 1000, "999.9"),
        (1, 1000, "1000"),
    ],
)
def test_points_are_said_with_two_digits_at_most(grade, points, said):
    assert points_of(grade, points) == said
