"""The checks of a large register, beside reading its rows."""

from bench import Bench, Measure
from measuring import Line
from registers import processed_register_of

# The floor: every row of every table, once.
READ_ROWS = """
import sqlite3, sys
register = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
tables = register.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
for (table,) in tables:
    rows = register.execute(f"SELECT * FROM {table}")
    while rows.fetchmany(500):
        pass
"""


def check(bench: Bench) -> list[Line]:
    """`check` of a million licences that mureg's own operations made, with their history."""
    count = bench.scaled(1_000_000)
    register = processed_register_of(bench, count)
    floor = [str(bench.required("mureg")), bench.file("read_rows.py", READ_ROWS), str(register)]
    pairs = bench.pairs_of(floor, bench.mureg("check", db=register))
    what = f"`mureg check` of {count:,} licences"
    return [pairs.line(what, "reading its rows once", 4, by_processor=True), pairs.peak(what, 250)]


MEASURES: dict[str, Measure] = {"check": check}
