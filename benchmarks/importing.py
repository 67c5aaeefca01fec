"""Imports into a file: CSV with every check, the same file again, JSON lines and XLSX."""

import shutil
from functools import partial
from pathlib import Path

from bench import Bench, Measure
from files import WRITE_XLSX, write_csv, write_json_lines
from measuring import Finished, Line, in_pairs, run_part
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
# The floor that writes as much: the same table with the same indexes, from values that are ready, in one commit. The
# indexes are kept row by row, or made at the end.
FLOOR_SAME_TABLE = """
import sqlite3, sys, time
from mureg.register.engines.schema import APPLICATION_INDEXES
from mureg.register.engines.sqlite.migrations import ddl
ready = sqlite3.connect(sys.argv[1]).execute("SELECT * FROM application ORDER BY rowid")
names = [column[0] for column in ready.description]
insert = f"INSERT INTO application ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
register = sqlite3.connect(sys.argv[2], isolation_level=None)
register.execute("PRAGMA synchronous = FULL")
at_end = sys.argv[3] == "at-end"
register.execute(f"PRAGMA cache_size = -{4_096 if at_end else 32_768}")
seconds = cpu_seconds = 0

def timed(execute, *arguments):
    global seconds, cpu_seconds
    began, cpu = time.perf_counter(), time.process_time()
    execute(*arguments)
    seconds += time.perf_counter() - began
    cpu_seconds += time.process_time() - cpu

timed(register.execute, "BEGIN IMMEDIATE")
for name in APPLICATION_INDEXES if at_end else ():
    timed(register.execute, f"DROP INDEX {name}")
while rows := ready.fetchmany(10_000):
    timed(register.executemany, insert, rows)
for statement in APPLICATION_INDEXES.values() if at_end else ():
    timed(register.execute, ddl(statement))
timed(register.execute, "COMMIT")
print(seconds, cpu_seconds)
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


def table_of(bench: Bench, count: int) -> Path:
    """The CSV of so many applications."""
    path = bench.cache / f"rows-{count}.csv"
    if not path.exists():
        write_csv(path, count)
    return path


def import_csv(bench: Bench) -> list[Line]:
    """A million rows of CSV, beside csv + executemany without checks."""
    count = bench.scaled(1_000_000)
    table, files = table_of(bench, count), _Files(bench)
    floor = [str(bench.required("mureg")), bench.file("floor.py", FLOOR), str(table), str(files.floor)]
    ours = bench.mureg("application", "import", str(table), db=files.register)
    pairs = bench.pairs_of(floor, ours, prepare=files.renew)
    remove(files.floor, files.register)
    what = f"import of {count:,} CSV rows, every check on"
    return [pairs.line(what, "`csv` + `executemany`, unchecked", 2.6), pairs.peak(what, 80)]


def import_same_table(bench: Bench) -> list[Line]:
    """The same million rows, beside the same table with its indexes, filled with values that are ready."""
    count = bench.scaled(1_000_000)
    table, files = table_of(bench, count), _Files(bench)
    ours = bench.mureg("application", "import", str(table), db=files.register)
    ready = bench.folder / "ready.db"
    files.renew()
    bench.run(ours)
    files.register.rename(ready)
    script, empty = bench.file("same_table.py", FLOOR_SAME_TABLE), bench.folder / "empty.db"

    def renew() -> None:
        files.renew()
        shutil.copy(empty, files.floor)

    lines = []
    for when, beside, target in (
        ("kept", "the same table and indexes, values ready, unchecked", 1.05),
        ("at-end", "the same, its indexes made at the end", None),
    ):
        floor = [str(bench.required("mureg")), script, str(ready), str(files.floor), when]
        pairs = in_pairs(partial(run_part, floor, bench.folder), partial(bench.run, ours), bench.pairs, renew)
        lines.append(pairs.line(f"import of {count:,} CSV rows", beside, target, by_processor=True))
    remove(files.floor, files.register, ready)
    return lines


def import_csv_peer(bench: Bench) -> list[Line]:
    """The same, beside the import of sqlite-utils."""
    if not bench.python("sqlite-utils"):
        return []
    count = bench.scaled(1_000_000)
    table, files = table_of(bench, count), _Files(bench)
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
    table, files = table_of(bench, count), _Files(bench)
    ours = bench.mureg("application", "import", str(table), db=files.register)
    pairs = bench.pairs_of(ours, ours, prepare=files.renew)
    remove(files.floor, files.register)
    return [pairs.line(f"the same {count:,} rows again", "their first import", 0.7)]


def import_json_lines(bench: Bench) -> list[Line]:
    """The same applications as JSON lines, beside CSV."""
    count = bench.scaled(1_000_000)
    table, files = table_of(bench, count), _Files(bench)
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
    return [pairs.line(f"import of {count:,} JSON lines", "the same rows as CSV", 1.3, by_processor=True)]


def import_xlsx(bench: Bench) -> list[Line]:
    """100,000 rows of a workbook, beside calamine reading it and the import of the same rows as CSV."""
    count = bench.scaled(100_000)
    table, files, book = table_of(bench, count), _Files(bench), bench.cache / f"rows-{count}.xlsx"
    if not book.exists():
        here = str(Path(__file__).parent)
        bench.run([str(bench.required("mureg")), "-c", WRITE_XLSX, str(book), str(count), here])
    reader = [str(bench.required("calamine")), bench.file("read_xlsx.py", READ_XLSX), str(book)]
    as_csv = bench.mureg("application", "import", str(table), db=files.floor)

    def renew() -> None:
        files.renew()
        shutil.copy(files.register, files.floor)

    def floor() -> Finished:
        return bench.run(reader).then(bench.run(as_csv))

    ours = partial(bench.run, bench.mureg("application", "import", str(book), db=files.register))
    pairs = in_pairs(floor, ours, bench.pairs, renew)
    remove(files.floor, files.register)
    beside = "python-calamine reading the sheet + the import of the same rows as CSV"
    return [pairs.line(f"import of {count:,} XLSX rows", beside, 1.2, by_processor=True)]


MEASURES: dict[str, Measure] = {
    "import-csv": import_csv,
    "import-same-table": import_same_table,
    "import-csv-peer": import_csv_peer,
    "import-again": import_again,
    "import-jsonl": import_json_lines,
    "import-xlsx": import_xlsx,
}
