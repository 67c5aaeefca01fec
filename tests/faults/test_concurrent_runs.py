"""Concurrent commands are as if they had come one after the other: a few runs of `tools/faults concurrent_runs`."""

import sys

import pytest
from faults.concurrent_runs import concurrent_runs
from faults.linear_order import Call, linear_order
from faults.register_model import Answer, Application, State, Step

from support import postgres_server

FOREVER = float("inf")
_IMPORT, _LIST = Step("import", "A-1"), Step("list")
_ONE, _OTHER = Step("set", "A-1", "2-9"), Step("set", "A-1", "10+")
_BEGUN = State().after(_IMPORT)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_one_order_explains_every_answer_whatever_is_killed_or_cut(engine: str) -> None:
    if engine == "postgres":
        postgres_server.server()  # skips where there is none
    counts = concurrent_runs(engine, 3, seed=11)
    assert (counts["runs"], counts["commands"]) == (3, 75)
    assert counts["unknown"] > 0


def _shown(*applications: tuple[str, Application]) -> Answer:
    return Answer("shown", about=applications)


def _set(client: str, step: Step, began: float, ended: float, operation: int | None) -> Call:
    return Call(client, step, began, ended, None if operation is None else Answer("done", operation))


def test_overlapping_commands_may_come_in_either_order() -> None:
    calls = [_set("a", _ONE, 0, 9, 3), _set("b", _OTHER, 1, 8, 2)]
    assert linear_order(calls, _BEGUN) == [calls[1], calls[0]]


def test_a_command_does_not_come_before_one_that_had_ended() -> None:
    assert linear_order([_set("a", _ONE, 0, 1, 3), _set("b", _OTHER, 2, 3, 2)], _BEGUN) is None


def test_a_lost_update_would_be_seen() -> None:
    two, ten = (Application(option="on", tier=step.value) for step in (_ONE, _OTHER))
    seen = [Call("c", _LIST, 10, 11, _shown(("A-1", two))), Call("d", _LIST, 12, 13, _shown(("A-1", ten)))]
    # Both say that they wrote operation 2.
    assert linear_order([_set("a", _ONE, 0, 9, 2), _set("b", _OTHER, 1, 8, 2)], _BEGUN) is None
    # What was acknowledged is not there.
    assert linear_order([_set("a", _ONE, 0, 9, 2), seen[1]], _BEGUN) is None
    # A later reader sees what was there before.
    assert linear_order([_set("a", _ONE, 0, 9, 2), _set("b", _OTHER, 1, 8, 3), seen[1], seen[0]], _BEGUN) is None


def test_a_command_whose_answer_was_lost_was_done_once_or_never() -> None:
    lost = _set("a", _ONE, 0, FOREVER, None)
    with_it, without = _shown(("A-1", Application(option="on", tier="2-9"))), _shown(("A-1", Application()))
    first, second = (Call("b", _LIST, at, at + 1, answer) for at, answer in ((5, without), (7, with_it)))
    assert linear_order([lost, first], _BEGUN) == [first]
    assert linear_order([lost, first, second], _BEGUN) == [first, lost, second]
    assert linear_order([lost, first._replace(began=20, ended=21), second], _BEGUN) is None
