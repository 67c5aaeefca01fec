"""Counts the instructions that the readers take, by valgrind: what happens inside of libraries counts too.

A process of its own reads all files; `python instructions.py COUNTS LIST` is that process.
"""

import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from faults.reader_work import Made

# A function of the C library that mureg does not call: valgrind writes what it has counted whenever it is called.
_MARK = "getpgrp"


def instructions(made: "list[Made]") -> "Iterator[list[int]]":
    """The counts of each case's files. Raises `SystemExit` where there is no valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise SystemExit("valgrind, which counts instructions, is not installed")
    with tempfile.TemporaryDirectory(prefix="instructions-") as folder:
        listed, counts = Path(folder) / "list", Path(folder) / "counts"
        listed.write_text(json.dumps(made), encoding="utf-8")
        how = ["--quiet", "--tool=callgrind", f"--callgrind-out-file={counts}", f"--dump-before={_MARK}"]
        with subprocess.Popen(
            [valgrind, *how, sys.executable, __file__, str(counts), str(listed)],
            # The order of a set, and so what is done, depends on the hashes of texts.
            env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            yield from map(json.loads, process.stdout)


def _counter(counts: Path) -> Callable[[Callable[[], Any]], int]:
    def count(run: Callable[[], Any]) -> int:
        os.getpgrp()
        for old in counts.parent.glob(f"{counts.name}.*"):
            old.unlink()
        run()
        os.getpgrp()
        gc.collect()
        (written,) = counts.parent.glob(f"{counts.name}.*")
        return next(int(line.split()[1]) for line in written.read_text().splitlines() if line.startswith("totals:"))

    return count


def _main() -> None:
    from faults.reader_work import Made, counts_of

    count = _counter(Path(sys.argv[1]))
    # When it runs depends on all that was read before.
    gc.disable()
    for files in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")):
        sys.stdout.write(json.dumps(counts_of(Made._make(files), count)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
