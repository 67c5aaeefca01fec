"""Measure mureg beside its floors and its peers, in one run, and print ratios.

    python benchmarks/run.py                                     everything; medians of 7 pairs
    python benchmarks/run.py --only import-csv --pairs 9         one measure; --list names them
    python benchmarks/run.py --scale 0.1 --cache ~/bench         a tenth of the rows; files are kept for the next run

Each command is a whole process. A pair is the floor and mureg, one after the other, so that a machine whose speed
drifts does not favour either. The column “processor” is the ratio of processor times, which other work on the machine
disturbs less. Any Python from 3.11 on will do: mureg, from this checkout, and each peer are installed into environments
of their own in the cache. Without --cache everything is made for this run and removed at its end. A whole run takes
some 8 GB and most of an hour.
"""

import argparse
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import checking
import deciding
import documents
import growing
import importing
import on_server
import serving
import settling
import starting
import writing
from bench import PACKAGES, Bench, Measure
from measuring import HEAD

MEASURES: dict[str, Measure] = {
    **starting.MEASURES, **importing.MEASURES, **on_server.MEASURES, **settling.MEASURES,
    **documents.MEASURES, **growing.MEASURES, **checking.MEASURES, **deciding.MEASURES, **writing.MEASURES,
    **serving.MEASURES,
}  # fmt: skip


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="mureg beside its floors and its peers")
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="a measure; may be repeated")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1, help="a part of the rows, such as 0.1")
    parser.add_argument("--cache", type=Path, help="a folder that keeps environments, files and registers")
    parser.add_argument("--list", action="store_true", help="print the names of the measures")
    options = parser.parse_args()
    if options.list:
        for name, measure in MEASURES.items():
            print(f"{name:16} {(measure.__doc__ or '').strip()}")
        return
    cache = (options.cache or Path(tempfile.mkdtemp(prefix="mureg-bench-"))).resolve()
    cache.mkdir(parents=True, exist_ok=True)
    try:
        measure_all(Bench(cache, options.pairs, options.scale), options.only or list(MEASURES))
    finally:
        shutil.rmtree(cache / "run", ignore_errors=True)
        if options.cache is None:
            shutil.rmtree(cache)


def measure_all(bench: Bench, names: list[str]) -> None:
    """Run the measures, and print each line as soon as it is known."""
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
          f"{platform.system()} {platform.machine()}; medians of {bench.pairs} pairs of whole processes\n")  # fmt: skip
    print(HEAD, flush=True)
    for name in names:
        for line in MEASURES[name](bench):
            print(line.text(), flush=True)
    print("\nPeers: " + ", ".join(f"{name} {bench.version(name)}" for name in PACKAGES if bench.was_used(name)))
    for name in bench.missing:
        print(f"{name} could not be installed: its lines are missing", file=sys.stderr)


if __name__ == "__main__":
    main()
