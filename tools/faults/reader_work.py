"""Count the work of every reader on inputs that double: `python tools/faults reader_work --bytes 2000000`.

Each hostile file, and a right file of each format, is made in three sizes, of which each is double the one before. The
work is counted in steps: lines of Python that run, and calls of built-in functions. It is the same on every run and
every machine. What the second doubling adds may be at most 2.2 times what the first one added, so that what a file of
any size takes does not count. The steps of regular expressions are counted in tests/readers/test_linear_work.py.

`--instructions` counts the processor's instructions instead, so that what happens inside of libraries counts too; it
needs valgrind, and takes about fifty times as long.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from types import FrameType
from typing import Any, NamedTuple

from faults import doubled_files, hostile_files
from faults.hostile.case import Case
from faults.instructions import instructions
from mureg.errors import MuregError
from mureg.operations.application_import.importer import HowToRead, import_applications
from mureg.readers.bank_statement import Payee, read_payments
from mureg.readers.statements.statement import read_statement
from mureg.readers.types import Limits, Source
from mureg.settings.reading import read_settings
from support.bank_export import OPERATOR_ACCOUNT, OPERATOR_INN
from support.office import ACTOR, Office

MOST = 2.2
_TODAY = date(2026, 1, 1)


class Unit(NamedTuple):
    """What is counted. A doubling that adds less than `least` shows nothing: readers take thousands of rows at once."""

    least: int
    counts: "Callable[[list[Made]], Iterator[list[int]]]"


class Made(NamedTuple):
    """A case's files, and with which command they are read: the smallest, that of double its size, and the largest."""

    command: str
    paths: list[str]


class Work(NamedTuple):
    """What was counted on a file of some size, on one of double that size, and on one of double that again."""

    name: str
    counts: tuple[int, ...]
    bytes_of_largest: int
    least: int = 0

    @property
    def growth(self) -> float:
        """What the second doubling added, in terms of what the first one added; 0 where it added little."""
        small, middle, large = self.counts
        return 0.0 if large - middle < self.least else (large - middle) / max(1, middle - small)

    @property
    def for_a_byte(self) -> float:
        """Of the largest file."""
        return self.counts[-1] / self.bytes_of_largest


def cases() -> Iterator[Case]:
    """Those that can be larger or smaller."""
    yield from doubled_files.CASES
    yield from (case for case in hostile_files.CASES if case.light >= 4)


def work(chosen: list[Case], most_bytes: int, unit: Unit, folder: Path) -> Iterator[Work]:
    """Count the work for three sizes; the largest is that of the hostile tests, or has about so many bytes."""
    sizes = [_largest(case, most_bytes, folder) for case in chosen]
    for case, size, found in zip(chosen, sizes, _counted(chosen, sizes, unit, folder), strict=True):
        # From some size on a reader may go another way, which takes more: of sizes beyond that, each has to be fair.
        yield next(_counted([case], [2 * size], unit, folder)) if found.growth > MOST else found


def _largest(case: Case, most_bytes: int, folder: Path) -> int:
    path = case.make(folder, case.light)
    size = max(4, int(case.light * min(1.0, most_bytes / path.stat().st_size)))
    path.unlink()
    return size


def _counted(chosen: list[Case], sizes: list[int], unit: Unit, folder: Path) -> Iterator[Work]:
    made = [_made(case, size, folder) for case, size in zip(chosen, sizes, strict=True)]
    for case, files, counts in zip(chosen, made, unit.counts(made), strict=True):
        yield Work(case.name, tuple(counts), Path(files.paths[-1]).stat().st_size, unit.least)


def _made(case: Case, largest: int, folder: Path) -> Made:
    return Made(
        case.command,
        [str(case.make(Path(mkdtemp(dir=folder)), size)) for size in (largest // 4, largest // 2, largest)],
    )


def counts_of(made: Made, count: Callable[[Callable[[], Any]], int]) -> list[int]:
    """The counts of each file."""
    # What is done once in a process belongs to a first run, which does not count.
    paths = [Path(path) for path in made.paths]
    return [count(partial(_read, made.command, path)) for path in [paths[0], *paths]][1:]


def _steps(made: list[Made]) -> Iterator[list[int]]:
    return (counts_of(each, count_steps) for each in made)


def count_steps(run: Callable[[], Any]) -> int:
    """Lines that run, and calls of built-in functions."""
    steps = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return trace

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return steps


STEPS = Unit(2_000, _steps)


def _read(command: str, path: Path) -> None:
    """Read a file as a command does; a refusal is an answer too."""
    with suppress(MuregError):
        if command == "settings":
            read_settings(path)
            return
        with path.open("rb") as stream:
            source = Source(path.name, stream)
            if command == "statement":
                read_statement(source, profile=None, limits=Limits())
            elif command == "payments":
                read_payments(source, Payee(OPERATOR_INN, OPERATOR_ACCOUNT), Limits())
            else:
                _import(source)


def _import(source: Source) -> None:
    """Read the applications, and compare them with a register as an import does."""
    office = Office()
    try:
        import_applications(
            office.register, [source], HowToRead(number="A-1" if source.name.endswith(".xml") else None),
            actor=ACTOR, today=_TODAY, term_months=12, dry_run=True,
        )  # fmt: skip
    finally:
        office.close()


def main() -> int:
    """Count, and print those that grow too much."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--bytes", type=int, default=1_000_000, help="of the largest file of each case")
    parser.add_argument("--only", default="", help="those whose name has these words")
    parser.add_argument("--instructions", action="store_true", help="count those of the processor, by valgrind")
    options = parser.parse_args()
    chosen = [case for case in cases() if options.only.lower() in case.name.lower()]
    unit = Unit(10_000_000, instructions) if options.instructions else STEPS
    bad, most, grown = 0, 0.0, 0
    with TemporaryDirectory(prefix="reader-work-") as folder:
        for each in work(chosen, options.bytes, unit, Path(folder)):
            is_bad = each.growth > MOST
            mark = "  WRONG" * is_bad
            print(f"{each.growth:5.2f} {each.for_a_byte:8.3f}  {each.counts}  {each.name}{mark}", flush=True)
            bad += is_bad
            grown += each.growth > 0
            most = max(most, each.growth)
    print(f"{len(chosen)} kinds of files, {grown} with work that grows: at most {most:.2f} times; {bad} wrong")
    return 1 if bad else 0
