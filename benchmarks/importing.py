"""Imports: CSV with every check, the same file again, JSON lines and XLSX."""

import shutil
from pathlib import Path

from bench import Bench, Measure
from files import WRITE_XLSX, write_csv, write_json_lines
from measuring import Line
from registers import empty_register, remove

# The floor: the same file without checks, into one table with a text key.
FLOOR = """
import csv, sqlite3, sys
register = sqlite3.connect(sys.argv[2])
register.execute("CREATE TABLE application (number TEXT PRIMARY KEY, a, b, c, d, e, f, g, h)")
with open(sys.argv[1], encoding="cp1251", newline="") as file:
    rows = csv.reader(file, delimiter=";")
    next(rows)
    register.executemany("INSERT INTO application VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
register.commit()
"""
READ_XLSX = """
import sys
from python_calamine import CalamineWorkbook
with open(sys.argv[1], "rb") as file:
    for row in CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).iter_rows():
        pass
"""


class _Files:
    """The registers that a pair of imports fills."""

    def __init__(self, bench: Bench) -> None:
        self.floor, self.register = bench.folder / "floor.db", bench.folder / "full.db"
        self._empty = empty_register(bench)

    def renew(self) -> None:
        """Empty them before the next pair."""
        remove(self.floor, self.register)
        shutil.copy(self._empty, self.register)


def _table(bench: Bench, count: int) -> Path:
    path = bench.cache / f"rows-{count}.csv"
    if not path.exists():
        write_csv(path, count)
    return path


def import_csv(bench: Bench) -> list[Line]:
    """A million rows of CSV, beside csv + executemany without checks."""
    count = bench.scaled(1_000_000)
    table, files = _table(bench, count), _Files(bench)
    floor = [str(bench.required("mureg")), bench.file("floor.py", FLOOR), str(table), str(files.floor)]
    ours = bench.mureg("application", "import", str(table), db=files.register)
    pairs = bench.pairs_of(floor, ours, prepare=files.renew)
    remove(files.floor, files.register)
    what = f"import of {count:,} CSV rows, every check on"
    return [pairs.line(what, "`csv` + `executemany`, unchecked", 2.6), pairs.peak(what, 80)]


def import_csv_peer(bench: Bench) -> list[Line]:
    """The same, beside the import of sqlite-utils."""
    if not bench.python("sqlite-utils"):
        return []
    count = bench.scaled(1_000_000)
    table, files = _table(bench, count), _Files(bench)
    peer = [bench.script("sqlite-utils"), "insert", str(files.floor), "application", str(table), "--csv", "--pk",
            "Номер", "--delimiter", ";", "--encoding", "cp1251"]  # fmt: skip
    pairs = bench.pairs_of(
        peer, bench.mureg("application", "import", str(table), db=files.register), prepare=files.renew
    )
    remove(files.floor, files.register)
    return [
        pairs.line(f"import of {count:,} CSV rows: how much faster", "`sqlite-utils insert --csv`", 7, at_least=True)
    ]


def import_again(bench: Bench) -> list[Line]:
    """The same file a second time."""
    count = bench.scaled(1_000_000)
    table, files = _table(bench, count), _Files(bench)
    ours = bench.mureg("application", "import", str(table), db=files.register)
    pairs = bench.pairs_of(ours, ours, prepare=files.renew)
    remove(files.floor, files.register)
    return [pairs.line(f"the same {count:,} rows again", "their first import", 0.7)]


def import_json_lines(bench: Bench) -> list[Line]:
    """The same applications as JSON lines, beside CSV."""
    count = bench.scaled(1_000_000)
    table, files = _table(bench, count), _Files(bench)
    lines = bench.cache / f"rows-{count}.jsonl"
    if not lines.exists():
        write_json_lines(lines, count)
    other = files.register.with_name("lines.db")

    def renew() -> None:
        files.renew()
        remove(other)
        shutil.copy(files.register, other)

    pairs = bench.pairs_of(
        bench.mureg("application", "import", str(table), db=files.register),
        bench.mureg("application", "import", str(lines), db=other),
        prepare=renew,
    )
    remove(files.floor, files.register, other)
    return [pairs.line(f"import of {count:,} JSON lines", "the same rows as CSV", 1.5)]


def import_xlsx(bench: Bench) -> list[Line]:
    """100,000 rows of a workbook, beside calamine reading it."""
    count = bench.scaled(100_000)
    files, book = _Files(bench), bench.cache / f"rows-{count}.xlsx"
    if not book.exists():
        here = str(Path(__file__).parent)
        bench.run([str(bench.required("mureg")), "-c", WRITE_XLSX, str(book), str(count), here])
    reader = [str(bench.required("calamine")), bench.file("read_xlsx.py", READ_XLSX), str(book)]
    pairs = bench.pairs_of(
        reader, bench.mureg("application", "import", str(book), db=files.register), prepare=files.renew
    )
    remove(files.floor, files.register)
    return [pairs.line(f"import of {count:,} XLSX rows", "python-calamine reading the sheet", 1.6)]


MEASURES: dict[str, Measure] = {
    "import-csv": import_csv,
    "import-csv-peer": import_csv_peer,
    "import-again": import_again,
    "import-jsonl": import_json_lines,
    "import-xlsx": import_xlsx,
}
