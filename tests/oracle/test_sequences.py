"""Random sequences of every operation, judged after each step by an oracle that knows the rules and no code of ours.

`python tools/faults sequences` tries thousands. A failure is printed as the shortest sequence of commands that has it.
"""

import pytest

from oracle.round_trips import try_round_trip
from oracle.running import search
from support import postgres_server

pytestmark = pytest.mark.slow


def failures(seeds: range, engine: str) -> str:
    found: list[str] = []
    search(seeds, lambda seed, failure: found.append(f"seed {seed}\n{failure}"), engine)
    return "\n\n".join(found)


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_every_month_shows_what_the_rules_say_after_any_sequence(first: int) -> None:
    assert failures(range(first, first + 50), "sqlite") == ""


def test_so_it_does_on_a_server() -> None:
    postgres_server.server()  # skips where there is none
    assert failures(range(1000, 1010), "postgres") == ""


@pytest.mark.parametrize(("engine", "seeds"), [("sqlite", range(2000, 2100)), ("postgres", range(2100, 2108))])
def test_the_applications_of_any_history_come_back_in_an_empty_register(engine: str, seeds: range) -> None:
    if engine == "postgres":
        postgres_server.server()  # skips where there is none
    failed = {seed: str(failure) for seed in seeds if (failure := try_round_trip(seed, engine))}
    assert failed == {}
