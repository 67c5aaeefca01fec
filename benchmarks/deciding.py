"""Many applications that are processed together: each takes as long among thousands as among hundreds."""

from functools import partial
from pathlib import Path

from bench import Bench, Measure
from measuring import Finished, Line, in_pairs
from registers import remove

# Each row is an application of one organization: a connection, then changes that repeat the mode, and renewals.
MAKE = """
import sys
kinds = ["change"] * 19 + ["renewal"]
with open(sys.argv[1], "w", encoding="utf-8") as file:
    print("number;type;submitted_on;inn;kpp;name;multiuser;tier;users", file=file)
    for place in range(int(sys.argv[2])):
        kind = kinds[place % 20] if place else "connection"
        print(f"M-{place:07};{kind};2023-08-01;7700123459;770001001;Client;on;2-9;3", file=file)
"""


def process_many(bench: Bench) -> list[Line]:
    """Processing thousands of applications of one organization, beside hundreds: for each application."""
    fewer, more = bench.scaled(1_000), bench.scaled(10_000)
    pairs = in_pairs(
        partial(_processed, bench, _register(bench, fewer), fewer),
        partial(_processed, bench, _register(bench, more), more),
        bench.pairs,
    )
    what = f"`application process --all-new --dry-run`, each of {more:,} of one organization"
    return [pairs.line(what, f"each of {fewer:,}", 1.1, by_processor=True)]


def _register(bench: Bench, count: int) -> Path:
    register, table = bench.folder / f"waiting-{count}.db", bench.folder / f"waiting-{count}.csv"
    remove(register)
    bench.run([str(bench.required("mureg")), "-c", MAKE, str(table), str(count)])
    bench.run(bench.mureg("init", db=register))
    bench.run(bench.mureg("application", "import", str(table), db=register))
    return register


def _processed(bench: Bench, register: Path, count: int) -> Finished:
    """What one of so many takes."""
    done = bench.run(bench.mureg("application", "process", "--all-new", "--dry-run", "--json", db=register))
    return done._replace(seconds=done.seconds / count, cpu_seconds=done.cpu_seconds / count)


MEASURES: dict[str, Measure] = {"process-many": process_many}
