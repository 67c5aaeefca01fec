"""Measure mureg beside its floors, in one run, and print ratios.

    python benchmarks/run.py            both benchmarks, medians of 7 pairs
    python benchmarks/run.py --pairs 15

Each command is a whole process. A pair is the floor and mureg, one after the other, so that a machine whose speed
drifts does not favour either. Run it with the Python of an environment into which mureg was installed by pip.
"""

import argparse
import csv
import platform
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROWS = 100_000
_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)

# What the floor of an import does: the same file, no check, one table with a text key.
FLOOR_IMPORT = """
import csv, sqlite3, sys
register = sqlite3.connect(sys.argv[2])
register.execute("CREATE TABLE application (number TEXT PRIMARY KEY, a, b, c, d, e, f, g, h)")
with open(sys.argv[1], encoding="cp1251", newline="") as file:
    rows = csv.reader(file, delimiter=";")
    next(rows)
    register.executemany("INSERT INTO application VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
register.commit()
"""


class Measured(NamedTuple):
    """One line of the table: mureg's time as a multiple of the floor's, pair by pair."""

    what: str
    floor: str
    target: float
    ratios: list[float]

    def line(self) -> str:
        """The line, as benchmarks/README.md keeps it."""
        low, median, high = min(self.ratios), statistics.median(self.ratios), max(self.ratios)
        return f"| {self.what} | {self.floor} | ≤ {self.target:g}× | **{median:.2f}×** | {low:.2f}-{high:.2f} |"


def seconds(command: Sequence[str], folder: Path) -> float:
    """How long one process takes, its output read and thrown away."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def ratios(
    floor: Sequence[str],
    command: Sequence[str],
    folder: Path,
    pairs: int,
    prepare: Callable[[], None] = lambda: None,
) -> list[float]:
    """Pairs of the floor and the command, after one of each that does not count."""
    found = []
    for _ in range(pairs + 1):
        prepare()
        base = seconds(floor, folder)
        found.append(seconds(command, folder) / base)
    return found[1:]


def start_up(mureg: str, folder: Path, pairs: int) -> list[Measured]:
    """Reading commands and help, their output piped, against an interpreter that does nothing."""
    seconds([mureg, "init", "--example"], folder)
    bare = [sys.executable, "-c", "pass"]
    return [
        Measured(
            " ".join(["`mureg", *words]) + "`", "`python -c pass`", 8, ratios(bare, [mureg, *words], folder, pairs)
        )
        for words in (["application", "show", "ZV-1042"], ["application", "list"], ["--help"], ["--version"])
    ]


def importing(mureg: str, folder: Path, pairs: int) -> list[Measured]:
    """Import of CSV rows with every check on, against csv + executemany."""
    table, floor_script = folder / "rows.csv", folder / "floor.py"
    write_rows(table, ROWS)
    floor_script.write_text(FLOOR_IMPORT, encoding="utf-8")
    empty, register, floor = folder / "empty.db", folder / "full.db", folder / "floor.db"
    # The settings go elsewhere: an import that needs none of them does not read them.
    seconds([mureg, "--db", str(empty), "--config", str(folder / "settings" / "mureg.toml"), "init"], folder)

    def prepare() -> None:
        for path in (register, floor):
            for file in folder.glob(f"{path.name}*"):
                file.unlink()
        with sqlite3.connect(empty) as source, sqlite3.connect(register) as target:
            source.backup(target)

    found = ratios(
        [sys.executable, str(floor_script), str(table), str(floor)],
        [mureg, "--db", str(register), "application", "import", str(table)],
        folder,
        pairs,
        prepare,
    )
    return [Measured(f"import of {ROWS:,} CSV rows", "`csv` + `executemany`, unchecked", 4, found)]


def write_rows(path: Path, count: int) -> None:
    """A list of applications as Excel in Russia writes it."""
    chance = random.Random(30781)
    with path.open("w", encoding="cp1251", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(
            ("Номер", "Дата", "ИНН", "КПП", "Наименование", "Многопользовательский режим", "Вид расширения",
             "Пользователей", "Акция")
        )  # fmt: skip
        for index in range(count):
            users = chance.randrange(2, 30)
            day = date(2023, chance.randrange(1, 13), chance.randrange(1, 29))
            rows.writerow(
                (f"ZV-{index:07d}", f"{day:%d.%m.%Y}", inn(chance), "770001001", f"ООО «Фирма {index}»", "Включен",
                 "от 2 до 9" if users < 10 else "10 и более", users, "Welcome!" if index % 7 == 0 else "")
            )  # fmt: skip


def inn(chance: random.Random) -> str:
    """A synthetic ИНН of a legal entity whose check digit holds."""
    digits = [7, 7, *(chance.randrange(10) for _ in range(7))]
    control = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 % 10
    return "".join(map(str, [*digits, control]))


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description="mureg beside its floors")
    parser.add_argument("--pairs", type=int, default=7)
    pairs = parser.parse_args().pairs
    mureg = shutil.which("mureg", path=str(Path(sys.executable).parent))
    if mureg is None:
        sys.exit("mureg is not installed beside this Python: pip install .")
    with tempfile.TemporaryDirectory(prefix="mureg-bench-") as name:
        folder = Path(name)
        for part in ("reading", "importing"):
            (folder / part).mkdir()
        measured = [*start_up(mureg, folder / "reading", pairs), *importing(mureg, folder / "importing", pairs)]
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},")
    print(f"{platform.system()} {platform.machine()}; medians of {pairs} pairs of whole processes\n")
    print("| measure | floor | target | ratio | least-most |\n|---|---|---|---|---|")
    for row in measured:
        print(row.line())


if __name__ == "__main__":
    main()
