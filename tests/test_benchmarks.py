"""The benchmarks run: some measures over a thousand rows and one pair, beside what the tests have installed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from readme import PROJECT

if TYPE_CHECKING:
    from measuring import Line

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A run of benchmarks that installs nothing: peers that the tests do not need are missing."""
    monkeypatch.syspath_prepend(str(PROJECT / "benchmarks"))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT / "src"))
    from bench import Bench

    class WithoutInstalling(Bench):
        def _environment(self, name: str) -> Path | None:
            if name in ("mureg", "calamine"):
                return Path(sys.executable)
            self.missing.append(name)
            return None

        def mureg(self, *arguments: str, **places: Any) -> list[str]:
            return [sys.executable, "-m", "mureg", *super().mureg(*arguments, **places)[1:]]

    return WithoutInstalling(tmp_path, pairs=1, scale=0)


@pytest.mark.parametrize(("name", "lines"), [("documents", 4), ("check", 2), ("statement", 0)], ids=str)
def test_a_measure_gives_its_lines(bench: Any, name: str, lines: int) -> None:
    from run import MEASURES

    found: list[Line] = MEASURES[name](bench)
    assert len(found) == lines
    assert all(line.median > 0 for line in found)


def test_a_peer_that_is_not_installed_is_named(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from run import measure_all

    measure_all(bench, ["statement"])
    assert "duckdb could not be installed: its lines are missing" in capsys.readouterr().err


def test_a_target_for_processor_time_is_judged_by_it(bench: Any) -> None:
    assert bench
    from measuring import Finished, Pairs

    pairs = Pairs([Finished(1, 1, 0)], [Finished(4, 1.4, 0)])
    by_processor = pairs.line("ours", "floor", 1.5, by_processor=True)
    assert by_processor.is_reached
    assert by_processor.text() == "| ours | floor | ≤ 1.5× | 4.00× | 4.00–4.00 | **1.40×** | yes |"
    assert not pairs.line("ours", "floor", 1.5).is_reached
