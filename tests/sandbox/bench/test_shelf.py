"""The part of the bench that asks for lists of recordings, as it tells a list that is asked for again and again."""

from sandbox.bench import shelf
from sandbox.bench.costs import Cost, short

ROOM, JOIN = "SELECT bbb_xblock_room", "SELECT bbb_xblock_join"


def promises(few: Cost, many: Cost) -> list[bool]:
    return [promise.kept for promise in shelf._promises({10: {"the page": few}, 500: {"the page": many}})]


def test_a_long_list_that_costs_what_a_short_one_does_keeps_the_promises():
    assert promises(Cost((ROOM, JOIN), 0), Cost((ROOM, JOIN), 0)) == [True, True]


def test_a_call_breaks_one_promise_and_a_query_more_the_other():
    assert promises(Cost((ROOM,), 0), Cost((ROOM,), 1)) == [False, True]
    assert promises(Cost((ROOM,), 0), Cost((ROOM, JOIN), 0)) == [True, False]
    assert promises(Cost((ROOM,) * 9, 0), Cost((ROOM,) * 9, 0)) == [True, False]


def test_statements_are_counted_with_their_verb_and_tables_whatever_brackets_they_have():
    assert short("(SELECT 1 FROM `bbb_xblock_room`) UNION (SELECT 2)") == ROOM
    assert Cost((ROOM, JOIN, ROOM), 0).listed == f"2 × {ROOM}; {JOIN}"
