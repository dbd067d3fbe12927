"""Percentiles, tables, the report and the exit code."""

from collections import Counter

import pytest

from sandbox.bench import report
from sandbox.bench.costs import short
from sandbox.bench.figures import Promise, Section, counted, median, percentile, seconds, table
from sandbox.bench.stage import Stage
from sandbox.simulator import Simulator

KEPT = Promise("exactly one create", "1", True)
BROKEN = Promise("no BBB call", "3", False)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_a_percentile_of_nothing_is_zero() -> None:
    assert percentile([], 0.95) == 0


def test_one_slow_answer_does_not_move_the_median() -> None:
    assert median([1.0, 1.0, 60.0]) == 1.0


def test_short_times_are_written_in_milliseconds() -> None:
    assert [seconds(0.0312), seconds(5.058)] == ["31.2 ms", "5.06 s"]


def test_counts_name_the_most_frequent_first() -> None:
    assert counted(Counter({"202": 6, "302": 1994})) == "1,994 × 302, 6 × 202"
    assert counted(Counter()) == "none"


def test_the_columns_of_a_table_line_up_and_numbers_stand_at_the_right() -> None:
    assert table(("room", "clicks"), [("open", 1000), ("a longer name", 7)]).splitlines() == [
        "| room          | clicks |",
        "|---------------|-------:|",
        "| open          |  1,000 |",
        "| a longer name |      7 |",
    ]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT `a`.`id` FROM `a` LEFT OUTER JOIN `b` ON (1) WHERE `a`.`x` = 'FROM y'", "SELECT a b"),
        ('UPDATE "bbb_xblock_room" SET "asked_at" = 1', "UPDATE bbb_xblock_room"),
        ("INSERT INTO `bbb_xblock_join` (`meeting_id`) VALUES (1)", "INSERT bbb_xblock_join"),
        ("SAVEPOINT s1", "SAVEPOINT"),
    ],
)
def test_a_statement_is_told_by_its_verb_and_tables(sql: str, words: str) -> None:
    assert short(sql) == words


def test_the_page_says_which_promise_is_broken() -> None:
    done = [Section("A class", "It clicks.", "| a |", "| 3 ms |", [KEPT, BROKEN])]
    ground = Stage(Simulator(secret="only-for-tests"), "SQLite", "", learners=20, workers=2)

    page = report.page(ground, done)

    assert "| exactly one create |        1 | yes  |" in page
    assert [line for line in page.splitlines() if line.endswith("| NO   |")] == [
        "| no BBB call        |        3 | NO   |"
    ]
    assert page.index("| a |") < page.index("## Times") < page.index("| 3 ms |")


def test_broken_promises_are_counted() -> None:
    kept, one_broken = Section("A", "", "", promises=[KEPT, KEPT]), Section("B", "", "", promises=[KEPT, BROKEN])

    assert report.broken([kept]) == 0
    assert report.broken([kept, one_broken]) == 1
