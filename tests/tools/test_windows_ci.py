"""What the step of CI on Windows says of each end of the tests; here no Wine runs."""

from pathlib import Path

import pytest
from windows import __main__ as tool
from windows.place import PROJECT, PYTHON_VERSION, Place

STARTS, PASS, FAIL, KILLED = 0, 0, 1, -9


class Played:
    """Places whose Python ends with one code after the other."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)
        self.commands: list[tuple[str, ...]] = []

    def run(self, *arguments: str, seconds: float | None = None, **variables: str) -> int:
        assert seconds
        self.commands.append(arguments)
        return self.codes.pop(0)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Played:
    codes, bundle = request.param
    played = Played(*codes)
    monkeypatch.setattr(Place, "make", lambda place: None)
    monkeypatch.setattr(Place, "is_made", True)
    monkeypatch.setattr(Place, "run", played.run)
    monkeypatch.setattr(tool, "_bundle_tests", lambda place: bundle)
    return played


OLDEST = [STARTS, PASS]
AGAIN = "the tests that failed are run again"
NO_END = "the tests did not come to their end under this Wine (-9)"


@pytest.mark.parametrize(
    ("played", "ended", "said"),
    [
        (([STARTS, PASS, *OLDEST], PASS), 0, ""),
        (([STARTS, PASS, *OLDEST], FAIL), 1, ""),
        (([STARTS, FAIL, PASS, *OLDEST], PASS), 0, AGAIN),
        (([STARTS, FAIL, FAIL, *OLDEST], PASS), 1, AGAIN),
        (([STARTS, KILLED, *OLDEST], PASS), 0, NO_END),
        (([STARTS, KILLED, *OLDEST], FAIL), 1, NO_END),
        (([STARTS, FAIL, KILLED, *OLDEST], PASS), 1, NO_END),
        (([KILLED, *OLDEST], PASS), 0, f"Python {PYTHON_VERSION} does not start under this Wine"),
        (([STARTS, PASS, STARTS, FAIL, FAIL], PASS), 1, AGAIN),
    ],
    indirect=["played"],
)
def test_ci_fails_when_a_test_fails_twice(
    played: Played, capsys: pytest.CaptureFixture[str], ended: int, said: str
) -> None:
    assert tool.ci(Path("nowhere")) == ended
    assert played.codes == []
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("played", [([STARTS, FAIL, PASS, *OLDEST], PASS)], indirect=True)
def test_ci_runs_the_whole_first_tier_and_then_what_failed(played: Played) -> None:
    tool.ci(Path("nowhere"))
    tier, again = played.commands[1:3]
    assert set(tool.FIRST_TIER) <= set(tier)
    assert [*tier[: -len(tool.FIRST_TIER)], "--last-failed", *tool.FIRST_TIER] == [*again]


def test_what_ci_runs_is_there() -> None:
    assert [name for name in (*tool.FIRST_TIER, *tool.OLDEST_TESTS) if not (PROJECT / name).exists()] == []
