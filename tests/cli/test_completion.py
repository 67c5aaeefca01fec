"""What Tab completes in a shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mureg as package
from support.command_line import Mureg
from support.sample_data import application, begin, owner, row, write_json, write_table

pytestmark = pytest.mark.slow


def completed(line: str, **environment: str) -> list[str]:
    """What bash is offered at the end of the line."""
    words = line.split(" ")
    ended = subprocess.run(
        [sys.executable, "-m", "mureg"],
        env=os.environ | {
            "PYTHONPATH": str(Path(package.__file__).resolve().parents[1]), "PYTHONUTF8": "1",
            "_MUREG_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), **environment,
        },
        capture_output=True, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("mureg application list --status ", ["new", "processed", "rejected", "cancelled"]),
        ("mureg application list --status pr", ["processed"]),
        ("mureg application list --tier ", ["2-9", "10+"]),
        ("mureg application list --tier 1", ["10+"]),
        ("mureg application set-multiuser --tier ", ["2-9", "10+"]),
        ("mureg application list --multiuser o", ["on", "off"]),
        ("mureg application list --sort n", ["number", "name"]),
        ("mureg application import --format ", ["xml", "csv", "xlsx", "json", "jsonl"]),
        ("mureg history --lang ", ["ru", "en"]),
        ("mureg schema ", ["application", "statement"]),
    ],
)
def test_options_complete_their_values(mureg: Mureg, line: str, values: list[str]) -> None:
    assert completed(line) == values


@pytest.mark.parametrize("verb", ["reconcile", "month show"])
def test_the_formats_of_a_month_are_completed(mureg: Mureg, verb: str) -> None:
    assert completed(f"mureg {verb} --format ")[:3] == ["table", "json", "csv"]


@pytest.fixture
def some(mureg: Mureg) -> Mureg:
    """A-1 and B-1 wait, so does one whose number needs quotes; A-9 is rejected."""
    people = [owner(1, name="Б-Фамилия"), owner(2)]
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", owners=people)))
    mureg.done("application", "import", write_table("a.csv", row("B-1"), row("A$(date)"), row("A 2"), row("A-9")))
    mureg.done("application", "reject", "A-9", "--comment", "нет")
    return mureg


@pytest.mark.parametrize("verb", ["show", "set-multiuser", "process", "check", "reject"])
def test_a_number_completes_to_those_that_wait(some: Mureg, verb: str) -> None:
    assert completed(f"mureg application {verb} ") == ["A-1", "B-1"]
    assert completed(f"mureg application {verb} A") == ["A-1"]
    assert completed(f"mureg application {verb} Б") == []


def test_several_numbers_complete_one_after_the_other(some: Mureg) -> None:
    assert completed("mureg application process A-1 ") == ["A-1", "B-1"]


@pytest.mark.parametrize("line", ["mureg application cancel ", "mureg history ", "mureg organization show "])
def test_what_is_no_new_application_is_not_guessed(some: Mureg, line: str) -> None:
    assert completed(line) == []


@pytest.mark.parametrize(
    "environment", [{}, {"MUREG_DB": "no.db"}, {"MUREG_DB": "a.db"}, {"MUREG_DB": "mysql://x"}, {"MUREG_CONFIG": "no"}]
)
def test_without_a_register_nothing_is_completed_and_nothing_crashes(mureg: Mureg, environment: dict[str, str]) -> None:
    Path("a.db").write_text("no register", encoding="utf-8")
    assert completed("mureg application show ", **environment) == []
