"""A month's settlement and its reconciliation with a statement, beside DuckDB, datacompy and csv-diff."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench import Bench, Measure
from files import write_statements
from measuring import Line
from registers import register_of

MONTH, FIRST, LAST = "2025-03", "2025-03-01", "2025-03-31"
_PRICE = "CASE tier WHEN '2-9' THEN 300000 ELSE 600000 END"

# The licences as a table of DuckDB.
MAKE_DUCK = """
import csv, duckdb, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT application, inn, kpp, tier, sold_on FROM licence ORDER BY rowid")
with open(sys.argv[3], "w", newline="") as file:
    csv.writer(file).writerows(rows)
duck = duckdb.connect(sys.argv[2])
duck.execute(
    "CREATE TABLE licence AS SELECT * FROM read_csv(?, header = false, columns = {'application': 'VARCHAR',"
    " 'inn': 'VARCHAR', 'kpp': 'VARCHAR', 'tier': 'VARCHAR', 'sold_on': 'DATE'})", [sys.argv[3]])
"""
SUM_DUCK = f"""
import duckdb, sys
duck = duckdb.connect(sys.argv[1], read_only=True)
print(duck.execute('''
    SELECT tier, count(*), sum(price), sum(round(price * 0.4)), sum(price - round(price * 0.4))
    FROM (SELECT tier, {_PRICE} price FROM licence WHERE sold_on BETWEEN '{FIRST}' AND '{LAST}')
    GROUP BY ROLLUP (tier) ORDER BY tier''').fetchall())
"""
JOIN_DUCK = """
import duckdb, sys
duck = duckdb.connect()
print(duck.execute('''
    SELECT count(*), count(*) FILTER (o.n IS NULL), count(*) FILTER (t.n IS NULL),
           count(*) FILTER (o.tier <> t.tier), count(*) FILTER (o.payable <> t.payable)
    FROM (SELECT "Номер заявления" n, "Вид расширения" tier, "К оплате" payable FROM read_csv(?, delim = ';')) o
    FULL OUTER JOIN
         (SELECT "Номер заявления" n, "Вид расширения" tier, "К оплате" payable FROM read_csv(?, delim = ';')) t
    ON o.n = t.n WHERE o.n IS NULL OR t.n IS NULL OR o.tier <> t.tier OR o.payable <> t.payable''',
    [sys.argv[1], sys.argv[2]]).fetchall())
"""
COMPARE_DATACOMPY = """
import sys, pandas, datacompy
ours, theirs = (pandas.read_csv(name, sep=";", dtype=str) for name in sys.argv[1:3])
kind = getattr(datacompy, "PandasCompare", None) or datacompy.Compare
compared = kind(ours, theirs, join_columns=["Номер заявления"])
print(len(compared.df1_unq_rows), len(compared.df2_unq_rows), compared.matches())
"""
COMPARE_CSV_DIFF = """
import sys
from csv_diff import compare, load_csv
with open(sys.argv[1], newline="") as ours, open(sys.argv[2], newline="") as theirs:
    found = compare(load_csv(ours, key="Номер заявления"), load_csv(theirs, key="Номер заявления"))
print({kind: len(rows) for kind, rows in found.items()})
"""


def totals(bench: Bench) -> list[Line]:
    """The totals of a month of five million licences over three years, beside the same sums in DuckDB."""
    count = bench.scaled(5_000_000)
    register = register_of(bench, count, 36)
    ours = bench.mureg("reconcile", "--month", MONTH, "--fields", "tiers,total", db=register)
    what = f"`mureg reconcile --month` totals, of {count:,} licences over 36 months"
    lines = [bench.pairs_of(bench.bare(), ours).line(what, "`python -c pass`", None)]
    if bench.python("duckdb"):
        duck = bench.cache / f"licences-{count}.duckdb"
        if not duck.exists():
            table = bench.folder / "licences.csv"
            bench.run([str(bench.required("duckdb")), "-c", MAKE_DUCK, str(register), str(duck), str(table)])
            table.unlink()
        peer = [str(bench.required("duckdb")), bench.file("sum_duck.py", SUM_DUCK), str(duck)]
        lines.append(bench.pairs_of(peer, ours).line(what, "DuckDB, the same sums of its own table", 1.0))
    return lines


def charges(bench: Bench) -> list[Line]:
    """`--json` with all charges of a month."""
    count = bench.scaled(5_000_000)
    register = register_of(bench, count, 36)
    with closing(sqlite3.connect(register)) as connection:
        sql = "SELECT count(*) FROM licence WHERE sold_on BETWEEN ? AND ?"
        ((in_month,),) = connection.execute(sql, (FIRST, LAST)).fetchall()
    ours = bench.mureg("reconcile", "--month", MONTH, "--json", db=register)
    ran = [bench.run(ours) for _ in range(bench.pairs + 1)][1:]
    micro = 1_000_000 / in_month
    what = f"`mureg reconcile --month --json`, {in_month:,} charges"
    return [
        Line(what, "each charge", 20, [one.seconds * micro for one in ran], " µs",
             cpu_values=[one.cpu_seconds * micro for one in ran]),
        Line(what, "peak memory", None, [one.peak_mib for one in ran], " MiB"),
    ]  # fmt: skip


def statement(bench: Bench) -> list[Line]:
    """A million charges and a statement of a million rows, of which one in 200 differs."""
    count = bench.scaled(1_000_000)
    register = register_of(bench, count, 1)
    ours, theirs = bench.cache / f"ours-{count}.csv", bench.cache / f"theirs-{count}.csv"
    if not theirs.exists():
        write_statements(_charges(register), ours, theirs)
    # Without keeping the statement: the next pair would find it already there.
    command = bench.mureg("reconcile", "--month", "2023-08", "--statement", str(theirs), "--dry-run", db=register)
    what = f"`mureg reconcile --statement`, {count:,} charges against {count:,} CSV rows"
    lines = []
    for name, script, beside, target in (
        ("duckdb", JOIN_DUCK, "DuckDB, full outer join of two CSVs", 5),
        ("datacompy", COMPARE_DATACOMPY, "datacompy over the same two CSVs", 1.0),
        ("csv-diff", COMPARE_CSV_DIFF, "csv-diff over the same two CSVs", 1.0),
    ):
        if bench.python(name):
            peer = [str(bench.required(name)), bench.file(f"compare_{name}.py", script), str(ours),
                    str(theirs)]  # fmt: skip
            pairs = bench.pairs_of(peer, command, codes=(6,))
            lines.append(pairs.line(what, beside, target, by_processor=name == "duckdb"))
            if name == "duckdb":
                lines.append(pairs.peak(what, 250))
    return lines


def _charges(register: Path) -> Iterator[tuple[str, ...]]:
    sql = f"""
        SELECT a.number, a.inn, a.kpp, a.name, l.tier, l.sold_on, CAST({_PRICE.replace("tier", "l.tier")} / 100 AS TEXT)
        FROM licence l JOIN application a ON a.number = l.application ORDER BY a.number
    """
    with closing(sqlite3.connect(register)) as connection:
        yield from connection.execute(sql)


MEASURES: dict[str, Measure] = {"totals": totals, "charges": charges, "statement": statement}
