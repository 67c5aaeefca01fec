"""Hostile files of the small size, each given to the real command as a process of its own, in both languages.

`python tools/faults hostile_files` tries them at their full size: 500 MB of one element, a workbook of 1 GiB of spaces.
"""

import shutil
from pathlib import Path

import pytest
from faults.hostile.case import Case
from faults.hostile_files import CASES, arguments, complaints_about, prepared, tried
from faults.measure_process import Measured

from support.command_line import Mureg


@pytest.fixture(scope="module")
def empty_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("register"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_file_is_one_clear_error_in_little_memory(
    case: Case, mureg: Mureg, empty_register: Path, tmp_path: Path
) -> None:
    """A large file is given to a process whose memory is measured, the others to this one."""
    folder = Path.cwd()
    shutil.copy(empty_register / "mureg.db", folder)
    prepared(folder, case.limits)
    if case.heavy > 1:
        assert tried(case, case.light, folder, ("en",)).complaints == []
        return
    path = case.make(folder, case.light)
    before = Path("mureg.db").read_bytes()
    for language in ("en", "ru"):
        ended = mureg(*arguments(case, path), lang=language)
        assert complaints_about(case, Measured(*ended, 0, 0), language) == []
    assert Path("mureg.db").read_bytes() == before


def test_every_kind_of_file_has_its_hostile_ones() -> None:
    kinds = ("XML", "a certificate", "CSV", "XLSX", "JSON", "JSON lines", "TOML", "statement CSV", "statement XLSX",
             "statement JSON", "bank export")  # fmt: skip
    counts = {kind: sum(case.name.startswith(kind) for case in CASES) for kind in kinds}
    assert min(counts.values()) >= 4, counts
    assert len(CASES) == len({case.name for case in CASES}) >= 170
