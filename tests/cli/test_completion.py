"""What Tab completes in a shell."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mureg as package
from support.command_line import Mureg
from support.sample_data import ROMASHKA, application, begin, owner, row, write_json, write_table

pytestmark = pytest.mark.slow


def completed(line: str, **environment: str) -> list[str]:
    """What bash is offered at the end of the line."""
    words = line.split(" ")
    ended = subprocess.run(
        [sys.executable, "-m", "mureg"],
        env=os.environ | {
            "PYTHONPATH": str(Path(package.__file__).resolve().parents[1]), "PYTHONUTF8": "1", "MUREG_LANG": "en",
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
        ("mureg licence list --sort e", ["ends_on"]),
        ("mureg licence list --state ", ["on", "ended", "upcoming"]),
        ("mureg licence list --expires-within ", ["30d", "3m"]),
        ("mureg licence list --format ", ["table", "csv", "xlsx", "json"]),
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


def test_a_number_completes_to_those_that_fit_the_command(some: Mureg) -> None:
    assert completed("mureg application cancel ") == []
    some.done("application", "process", "A-1")
    for verb in ("cancel", "amend"):
        assert completed(f"mureg application {verb} ") == ["A-1"]
    assert completed("mureg application return ") == ["A-1", "A-9"]
    assert completed("mureg history ") == ["A-1", "A-9", "B-1"]
    assert completed("mureg history B") == ["B-1"]
    assert completed("mureg application show ") == ["B-1"]


def test_an_inn_completes_by_its_first_digits(some: Mureg) -> None:
    for line in ("mureg organization show ", "mureg licence list --inn ", "mureg organization erase 77"):
        assert completed(line) == [ROMASHKA]
    assert completed("mureg application list --inn 78") == []


def test_values_complete_in_the_users_language(mureg: Mureg) -> None:
    def russian(line: str) -> list[str]:
        return completed(line, MUREG_LANG="ru")

    assert russian("mureg application list --status о") == ["обработано", "отклонено", "отменено"]
    assert russian("mureg application list --status pro") == ["processed"]
    assert russian("mureg application list --multiuser ") == ["включен", "отключен"]
    assert russian("mureg application list --type ") == ["connection", "change", "пролонгация"]


def test_months_and_discrepancies_complete_to_those_that_fit(example: Mureg) -> None:
    for line in (
        "mureg reconcile --month ",
        "mureg month show 2023",
        "mureg month close ",
        "mureg application list --month ",
    ):
        assert completed(line) == ["2023-08"]
    assert completed("mureg month accept ") == []
    assert completed("mureg month reopen ") == []
    example("reconcile", "--month", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    assert completed("mureg month accept ") == ["2023-08"]
    found = example("reconcile", "--month", "2023-08", "--json").json["discrepancies"]
    ids = list(dict.fromkeys(each["id"] for each in found if each["id"] != "total"))
    missing = [each["id"] for each in found if each["kind"] == "missing_in_statement"]
    assert completed("mureg month accept 2023-08 ") == ids
    assert completed("mureg month carry 2023-08 ") == missing
    for each in dict.fromkeys(each["id"] for each in found):
        example.done("month", "accept", "2023-08", each, "--reason", "письмо")
    assert completed("mureg month accept 2023-08 ") == []
    example.done("month", "close", "2023-08", "--leave", "ZV-1042")
    assert completed("mureg month reopen ") == ["2023-08"]
    assert completed("mureg invoice add --month ") == ["2023-08"]
    amount = example.done("month", "list", "--json").json[0]["agreed"]
    example.done("invoice", "add", "--month", "2023-08", "--number", "7", "--date", "2023-09-05", "--amount", amount)
    assert completed("mureg invoice paid ") == ["7"]


@pytest.mark.parametrize(
    "environment", [{}, {"MUREG_DB": "no.db"}, {"MUREG_DB": "a.db"}, {"MUREG_DB": "mysql://x"}, {"MUREG_CONFIG": "no"}]
)
def test_without_a_register_nothing_is_completed_and_nothing_crashes(mureg: Mureg, environment: dict[str, str]) -> None:
    Path("a.db").write_text("no register", encoding="utf-8")
    assert completed("mureg application show ", **environment) == []
