"""SIGKILL at random instants: a small run of what `faults.killing` does by the thousand."""

import sys

import pytest

from faults.deeds import deeds
from faults.killing import killing, table, total

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, and no fork")


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_whoever_is_killed_leaves_all_or_nothing(engine: str) -> None:
    kills = len(deeds(engine))
    found = killing(engine, kills, seed=1, rehearsals=1)
    print(table(found))
    # A run that ended before it could be killed does not count: these were killed, and most of them while they wrote.
    assert [killed.all for killed in found.values()] == [1] * kills
    assert total(found).writing >= kills // 3
