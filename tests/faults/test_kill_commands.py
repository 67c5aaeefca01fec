"""SIGKILL at random instants: a small run of `python tools/faults kill_commands`."""

import sys

import pytest
from faults.kill_commands import kill_commands, total
from faults.writing_commands import writing_commands

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, and no fork")


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_a_killed_command_leaves_all_or_nothing(engine: str) -> None:
    kills = len(writing_commands(engine))
    found = kill_commands(engine, kills, seed=1, undisturbed_runs=1)
    # A run that ended before it could be killed does not count: these were killed, and most of them while they wrote.
    assert [killed.all for killed in found.values()] == [1] * kills
    assert total(found).writing >= kills // 3
