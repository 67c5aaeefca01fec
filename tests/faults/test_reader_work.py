"""Twice as large a file takes a reader twice the work: a small run of `python tools/faults reader_work`."""

from pathlib import Path

import pytest
from faults.hostile.case import Case
from faults.reader_work import MOST, STEPS, Work, cases, count_steps, work

from faults import doubled_files, hostile_files

_BYTES = 20_000
_HOSTILE = [case for case in cases() if case in hostile_files.CASES]
CASES = [*doubled_files.CASES, *_HOSTILE[::4]]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_twice_as_large_a_file_takes_about_twice_the_steps(case: Case, tmp_path: Path) -> None:
    (found,) = work([case], _BYTES, STEPS, tmp_path)
    assert found.growth <= MOST


def test_the_steps_are_the_same_on_every_run(tmp_path: Path) -> None:
    case = next(case for case in doubled_files.CASES if case.name == "XML of key owners")
    first, second = (list(work([case], _BYTES, STEPS, tmp_path)) for _ in range(2))
    assert first == second


def test_work_that_grows_with_the_square_would_be_seen() -> None:
    def compared(size: int) -> int:
        texts = [str(number) for number in range(size)]
        return count_steps(lambda: [first < second for first in texts for second in texts])

    assert Work("square", (compared(50), compared(100), compared(200)), 1).growth > 3
    assert compared(50) == compared(50)
