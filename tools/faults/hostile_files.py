"""Give hostile files to commands: `python tools/faults hostile_files [--only WORDS] [--light]`.

Each has to end in one clear error, in both languages, with nothing written and in less than 250 MiB of memory. Printed
are the memory and the time of each. It takes some minutes, and 1.5 GB of disk for one file at a time.
"""

import argparse
import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from faults.hostile import bank_exports, json_and_toml, tables, workbooks, xml_and_certificates
from faults.hostile.case import Case
from faults.measure_process import Measured, measured
from support.sample_data import EXAMPLES

MOST_MIB = 250
CASES = (*xml_and_certificates.CASES, *tables.CASES, *json_and_toml.CASES, *workbooks.CASES, *bank_exports.CASES)

_CYRILLIC = re.compile("[а-яё]{3}")


class Tried(NamedTuple):
    """A file that was tried: what was wrong with the answer of mureg, and what it cost."""

    complaints: list[str]
    mebibytes: float
    peak_mib: float
    seconds: float


def prepared(folder: Path, limits: str = "") -> Path:
    """Make the example's contract and an empty register in a folder."""
    settings = (EXAMPLES / "contract" / "mureg.toml").read_text(encoding="utf-8")
    (folder / "mureg.toml").write_text(f"{settings}\n[limits]\n{limits}\n", encoding="utf-8")
    if not (folder / "mureg.db").exists():
        made = measured(folder, "--db", "mureg.db", "init")
        assert made.code == 0, made
    return folder


def arguments(case: Case, path: Path) -> list[str]:
    """The command line that meets the file."""
    match case.command:
        case "import":
            # An XML needs a number; and where the file is no error, it is not to be written.
            number = ["--number", "A-1"] if path.suffix == ".xml" else []
            return ["--db", "mureg.db", "application", "import", str(path), *number, "--dry-run"]
        case "statement":
            dry_run = ["--dry-run"] if case.code != 4 else []
            return ["--db", "mureg.db", "reconcile", "--month", "2023-08", "--statement", str(path), *dry_run]
        case "payments":
            dry_run = ["--dry-run"] if case.code != 4 else []
            return ["--db", "mureg.db", "invoice", "paid", "--statement", str(path), *dry_run]
        case "settings":
            return ["--config", str(path), "contract", "show"]


def tried(case: Case, size: int, folder: Path, languages: tuple[str, ...] = ("en", "ru")) -> Tried:
    """Make the file, give it to mureg in each language, and take the file away."""
    path = case.make(folder, size)
    mebibytes = path.stat().st_size / (1 << 20)
    before = _digest(folder)
    runs = [measured(folder, *arguments(case, path), "--lang", language) for language in languages]
    complaints = [
        complaint
        for language, run in zip(languages, runs, strict=True)
        for complaint in complaints_about(case, run, language)
    ]
    if _digest(folder) != before:
        complaints.append("the register changed")
    path.unlink()
    return Tried(
        complaints, mebibytes, max((run.peak_mib for run in runs), default=0), max(run.seconds for run in runs)
    )


def complaints_about(case: Case, run: Measured, language: str) -> list[str]:
    """What is wrong with how a command ended."""
    wrong = []
    text = run.err if case.code else run.out + run.err
    if run.code != case.code:
        wrong.append(f"exit {run.code}, not {case.code}")
    if "Traceback" in run.err or "internal error" in run.err or "самой mureg" in run.err:
        wrong.append("an error of mureg itself")
    if case.code == 4 and run.out:
        wrong.append("something on stdout")
    if language == "en" and case.says not in text:
        wrong.append(f"it does not contain «{case.says}»")
    if language == "ru" and case.code and not _CYRILLIC.search(text.lower()):
        wrong.append("it is not in Russian")
    if len(text) > 100_000:
        wrong.append(f"{len(text)} characters are printed")
    if "root:" in text:
        wrong.append("it shows another file")
    if run.peak_mib > MOST_MIB:
        wrong.append(f"{run.peak_mib:.0f} MiB")
    return [*wrong, f"[{language}] {text[:600]}"] if wrong else []


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / "mureg.db").read_bytes()).hexdigest()


def main() -> int:
    """Try them all at their full size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--only", default="", help="those whose name has these words")
    parser.add_argument("--light", action="store_true", help="the sizes of the tests")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    bad, largest = 0, 0.0
    chosen = [case for case in CASES if options.only.lower() in case.name.lower()]
    try:
        for case in chosen:
            prepared(folder, case.limits if options.light else "")
            found = tried(case, case.light if options.light else case.heavy, folder)
            mark = "  WRONG" if found.complaints else ""
            cost = f"{found.peak_mib:6.0f} MiB {found.seconds:6.1f} s {found.mebibytes:8.1f} MiB"
            print(f"{cost}  {case.name}{mark}", flush=True)
            for complaint in found.complaints:
                print(f"        {complaint}")
            bad += bool(found.complaints)
            largest = max(largest, found.peak_mib)
    finally:
        shutil.rmtree(folder)
    print(f"{len(chosen)} hostile files, each in two languages: {bad} answered wrongly; most memory {largest:.0f} MiB")
    return 1 if bad else 0
