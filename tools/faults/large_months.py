"""A month of very many charges, from the sale to the invoice: `python tools/faults large_months --charges 100000`.

Every command is a process of its own; printed are its time and the most memory it had. What they say is compared with
what was sold, to the kopeck.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from faults.measure_process import Measured, measured
from support.sample_data import EXAMPLES, HEADER, inn_of, row

_AT_ONCE = 2_000
_PAYABLE = 1_800


class Office:
    """A register of one month in a folder, and what each command cost."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.costs: list[tuple[str, Measured]] = []

    def do(self, label: str, *arguments: str, code: int = 0) -> Measured:
        """Run a command that has to end with a code."""
        ended = measured(self._folder, "--db", "mureg.db", *arguments, timeout=3600)
        assert ended.code == code, (arguments[:6], ended.code, ended.err[:500])
        self.costs.append((label, ended))
        return ended


def large_month(folder: Path, charges: int) -> Office:
    """Sell, settle, reconcile, close, print and pay a month of so many charges."""
    shutil.copy(EXAMPLES / "contract" / "mureg.toml", folder)
    office = Office(folder)
    office.do("init", "init")
    with (folder / "a.csv").open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        file.writelines(f"{row(f'A-{place}', inn=inn_of(place + 1), kpp='')}\n" for place in range(charges))
    if charges:
        office.do("application import", "application", "import", "a.csv")
    for first in range(0, charges, _AT_ONCE):
        numbers = [f"A-{place}" for place in range(first, min(first + _AT_ONCE, charges))]
        office.do(
            f"application process, {_AT_ONCE} at a time", "application", "process", *numbers, "--on", "2023-08-10"
        )
    _write_statement(folder / "s.csv", charges, _PAYABLE)
    _write_statement(folder / "other.csv", charges, _PAYABLE - 1)
    total = f"{charges * _PAYABLE}.00"
    month = ("--month", "2023-08")
    office.do("reconcile", "reconcile", *month)
    settled = json.loads(office.do("reconcile --json", "reconcile", *month, "--json").out)
    assert (settled["total"]["count"], settled["total"]["payable"]) == (charges, total)
    office.do("reconcile --statement", "reconcile", *month, "--statement", "s.csv")
    for form in ("csv", "xlsx", "html", "pdf"):
        office.do(f"reconcile --format {form}", "reconcile", *month, "--format", form, "-o", f"x.{form}")
        (folder / f"x.{form}").unlink()
        different = ("--statement", "other.csv", "--dry-run", "--format", form, "-o", f"y.{form}")
        label = f"reconcile --format {form}, every row differs"
        office.do(label, "reconcile", *month, *different, code=6 if charges else 0)
        (folder / f"y.{form}").unlink()
    office.do("month close", "month", "close", "2023-08")
    office.do("month show", "month", "show", "2023-08")
    invoice = ("--number", "7", "--date", "2023-09-01", "--amount", total)
    office.do("invoice add", "invoice", "add", *month, *invoice)
    (listed,) = json.loads(office.do("month list", "month", "list", "--json").out)
    assert (listed["count"], listed["agreed"], listed["invoiced"]) == (charges, total, total)
    assert office.do("check", "check").out == ""
    return office


def _write_statement(path: Path, charges: int, payable: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("Номер;ИНН;Вид расширения;Цена;Скидка %;Скидка;К оплате\n")
        file.writelines(
            f"A-{place};{inn_of(place + 1)};от 2 до 9;3 000,00;40;1 200,00;{payable},00\n" for place in range(charges)
        )
        file.write(f"Итого;;;;;;{charges * payable},00\n")


def main() -> int:
    """Print what each command cost; those that were repeated, together."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--charges", type=int, default=100_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="large-month-"))
    try:
        office = large_month(folder, options.charges)
        size = (folder / "mureg.db").stat().st_size / (1 << 20)
    finally:
        shutil.rmtree(folder)
    for label in dict.fromkeys(label for label, _ in office.costs):
        runs = [ended for each, ended in office.costs if each == label]
        seconds, peak = sum(run.seconds for run in runs), max(run.peak_mib for run in runs)
        print(f"{seconds:7.1f} s {peak:6.0f} MiB  {label}")
    print(f"{options.charges} charges; the register has {size:.0f} MiB")
    return 0
