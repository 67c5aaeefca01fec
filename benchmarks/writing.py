"""Four processes that write at once; each operation is on the disk before the next begins."""

import statistics
import subprocess
import time
from collections.abc import Sequence

from bench import Bench, Measure
from measuring import Line
from registers import register_of, remove

PROCESSES, SECONDS = 4, 4

# Operations of mureg: with `delete` in SQLite's rollback journal, else in the write-ahead log.
WRITER = """
import sys, time
from mureg.operations.applications.decisions import set_multiuser
from mureg.register.engines import sqlite
from mureg.register.history import Actor
from mureg.register.register import Register

mode, file, first, until = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
if mode == "delete":
    class Journal(sqlite.SQLite):
        def _has_begun(self):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite.sqlite3.OperationalError:
                return False
            return True
    sqlite.ENGINE = Journal
register = Register.open(file)
done = 0
while time.time() < until:
    number, option = f"ZV-{first + done // 2 % 200:08d}", "on" if done % 2 else "off"
    tier = "10+" if option == "on" else None
    set_multiuser(register, [number], option, tier, actor=Actor("olga", "set", "2026-08-01T10:00:00Z"))
    done += 1
register.close()
print(done)
"""
"""Each process changes the applications `first` to `first + 199`."""


def writing(bench: Bench) -> list[Line]:
    """How many operations four processes do, beside the same with a rollback journal."""
    source = register_of(bench, 1_000, 36)
    script = bench.file("writer.py", WRITER)
    python = str(bench.required("mureg"))
    found = []
    for _ in range(bench.pairs):
        rates = []
        for mode in ("delete", "wal"):
            file = bench.folder / f"writing-{mode}.db"
            remove(file)
            make = f"""
import sqlite3, sys
with sqlite3.connect({str(source)!r}) as source, sqlite3.connect({str(file)!r}) as target:
    source.backup(target)
    target.execute("DELETE FROM licence")
    target.execute("UPDATE application SET status = 'new', processed_on = NULL")
    target.commit()
    target.execute("PRAGMA journal_mode = {mode}")
"""
            bench.run([python, "-c", make])
            rates.append(_operations([python, script, mode, str(file)]))
            remove(file)
        found.append(rates[1] / rates[0])
    what = f"{PROCESSES} processes writing, synchronous=FULL: operations in {SECONDS} s"
    return [Line(what, "the same with SQLite's delete journal", 3, found, at_least=True)]


def _operations(command: Sequence[str]) -> float:
    until = time.time() + SECONDS + 1
    writers = [
        subprocess.Popen([*command, str(200 * place), str(until)], stdout=subprocess.PIPE, text=True)
        for place in range(PROCESSES)
    ]
    counts = [int(writer.communicate()[0]) for writer in writers]
    assert statistics.fmean(counts) > 0
    return sum(counts)


MEASURES: dict[str, Measure] = {"writing": writing}
