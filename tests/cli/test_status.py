"""`mureg status`: what needs a person today, and nothing else."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mureg.cli.framework.output.output import Output
from mureg.reports.json import licences as licence_reports
from support.command_line import Mureg
from support.sample_data import LUTIK, ROMASHKA, VASILEK, application, begin, owner, write_json

TODAY = date(2024, 8, 1)


class Today(date):
    """The day on which the tests are run."""

    @classmethod
    def today(cls) -> Any:
        return TODAY


@pytest.fixture(autouse=True)
def on_a_fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mureg.cli.framework.session.date", Today)


def with_certificate(serial: int, until: str, **values: Any) -> dict[str, Any]:
    return owner(serial, certificate="read", certificate_until=until, **values)


def status(mureg: Mureg) -> dict[str, Any]:
    ended = mureg("status", "--json")
    assert (ended.code, ended.err) == (0, "")
    found: dict[str, Any] = ended.json
    return found


def test_where_nothing_waits_one_sentence_says_so(mureg: Mureg) -> None:
    begin(mureg)
    assert mureg.done("status").out == "Nothing needs attention today.\n"
    assert status(mureg) == {
        "today": "2024-08-01", "waiting": {"count": 0, "oldest": None, "with_warnings": 0}, "expiring": [],
        "certificates": [], "months": [],
    }  # fmt: skip


def test_what_waits_is_counted_with_its_warnings(mureg: Mureg) -> None:
    begin(mureg)
    alone = application("A-3", users=1)
    mureg.done("application", "import", write_json("a.json", application("A-1"), application("A-2"), alone))
    assert status(mureg)["waiting"] == {"count": 3, "oldest": "2023-08-01", "with_warnings": 1}
    assert mureg.done("status").out.splitlines() == [
        "3 applications are waiting, the oldest since 2023-08-01; with warnings: 1",
        "  mureg application review",
    ]


def test_licences_that_end_soon_without_a_renewal_are_listed(mureg: Mureg) -> None:
    begin(mureg)
    lutik, vasilek = {"inn": LUTIK}, {"inn": VASILEK}
    first = [application("A-1"), application("B-1", organization=lutik), application("C-1", organization=vasilek)]
    renewed = application("B-2", type="renewal", submitted_on="2024-07-01", organization=lutik)
    mureg.done("application", "import", write_json("a.json", *first, renewed))
    mureg.done("application", "process", "A-1", "B-1", "--on", "2023-08-31")
    mureg.done("application", "process", "C-1", "--on", "2023-09-02")
    mureg.done("application", "process", "B-2", "--on", "2024-07-20")
    (licence,) = status(mureg)["expiring"]
    assert (licence["application"], licence["days_left"], licence["list_price"]) == ("A-1", 29, "3000.00")
    assert "1 licence ends within 30 days and is not renewed\n  mureg licence list" in mureg.done("status").out


def test_licences_that_end_soon_are_written_as_they_are_read(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg)
    numbers = {f"A-{place}": inn for place, inn in enumerate((ROMASHKA, LUTIK, VASILEK), start=1)}
    found = [application(number, organization={"inn": inn}) for number, inn in numbers.items()]
    mureg.done("application", "import", write_json("a.json", *found))
    mureg.done("application", "process", *numbers, "--on", "2023-08-20")
    one_json, data = licence_reports.listed_licence_json, Output.data
    events: list[str] = []

    def read(licence: Any) -> dict[str, Any]:
        events.append(f"{licence.licence.application} is read")
        return one_json(licence)

    def written(output: Output, content: bytes) -> None:
        events.extend(f"{number} is written" for number in numbers if number.encode() in content)
        data(output, content)

    monkeypatch.setattr(licence_reports, "listed_licence_json", read)
    monkeypatch.setattr(Output, "data", written)
    assert len(status(mureg)["expiring"]) == 3
    assert events == [f"{number} is {done}" for number in numbers for done in ("read", "written")]


def test_certificates_that_end_soon_are_named_once(mureg: Mureg) -> None:
    begin(mureg)
    first = application("A-1", owners=[with_certificate(1, "2024-08-20"), with_certificate(2, "2024-08-10")])
    renewed = with_certificate(2, "2025-08-10")
    second = application(
        "A-2", type="change", submitted_on="2024-07-01", owners=[with_certificate(1, "2024-08-20"), renewed]
    )
    gone = application("B-1", organization={"inn": LUTIK}, owners=[with_certificate(3, "2024-08-20"), owner(4)])
    leaving = [with_certificate(5, "2024-08-20", removed=True), with_certificate(1, "2024-09-01"), owner(6)]
    third = application("C-1", organization={"inn": VASILEK}, owners=leaving)
    mureg.done("application", "import", write_json("a.json", first, second, gone, third))
    mureg.done("application", "process", "A-1", "--on", "2023-08-31")
    mureg.done("application", "reject", "B-1", "--comment", "нет", "--on", "2023-08-31")
    assert status(mureg)["certificates"] == [
        {"application": "A-2", "inn": ROMASHKA, "name": "ООО «Ромашка»", "owner": "Сотрудник 1", "until": "2024-08-20"}
    ]
    line = "a КЭП certificate expires on 2024-08-20: Сотрудник 1, ООО «Ромашка»\n  mureg application show A-2\n"
    assert line in mureg.done("status").out


def months(mureg: Mureg) -> list[tuple[str, str, str]]:
    return [(each["month"], each["needs"], each["command"]) for each in status(mureg)["months"]]


def test_a_month_needs_one_thing_after_the_other(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done(
        "application",
        "import",
        write_json("a.json", application("A-1"), application("B-1", organization={"inn": LUTIK})),
    )
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("application", "process", "B-1", "--on", "2024-08-01")
    assert months(mureg) == [("2023-08", "reconcile", "mureg reconcile --month 2023-08 --statement FILE")]
    assert "2023-08 has ended: compare it with the operator's statement\n" in mureg.done("status").out
    Path("wrong.csv").write_text("number;payable\nA-1;1700.00\n", encoding="utf-8")
    mureg("reconcile", "--month", "2023-08", "--statement", "wrong.csv")
    assert months(mureg) == [("2023-08", "resolve", "mureg month show 2023-08")]
    Path("right.csv").write_text("number;payable\nA-1;1800.00\n", encoding="utf-8")
    mureg.done("reconcile", "--month", "2023-08", "--statement", "right.csv")
    assert months(mureg) == [("2023-08", "close", "mureg month close 2023-08")]
    mureg.done("month", "close", "2023-08")
    command = "mureg invoice add --month 2023-08 --number N --date DATE --amount 1800.00"
    assert months(mureg) == [("2023-08", "invoice", command)]
    mureg.done(*command.replace("N --date DATE", "7 --date 2023-09-05").split()[1:])
    assert months(mureg) == [("2023-08", "payment", "mureg invoice paid 7 --on DATE")]
    mureg.done("invoice", "paid", "7", "--on", "2023-09-06")
    assert months(mureg) == []


def test_a_month_that_cannot_be_priced_is_one_to_look_at(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_json("a.json", application("A-1")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    Path("right.csv").write_text("number;payable\nA-1;1800.00\n", encoding="utf-8")
    mureg.done("reconcile", "--month", "2023-08", "--statement", "right.csv")
    text = Path("mureg.toml").read_text(encoding="utf-8")
    Path("mureg.toml").write_text(text.replace("from = 2023-08-01", "from = 2023-09-01"), encoding="utf-8")
    assert months(mureg) == [("2023-08", "resolve", "mureg month show 2023-08")]


def test_only_the_fields_asked_for_are_looked_up(mureg: Mureg) -> None:
    begin(mureg)
    assert mureg.done("status", "--fields", "waiting").json == {
        "waiting": {"count": 0, "oldest": None, "with_warnings": 0}
    }


def test_an_array_is_read_once_and_has_no_fields_of_its_own(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_json("a.json", application("A-1")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-20")
    (licence,) = mureg.done("status", "--fields", "expiring,expiring").json["expiring"]
    assert licence["application"] == "A-1"
    refused = mureg("status", "--json", "--fields", "expiring,expiring.application")
    assert (refused.code, refused.out) == (2, "")
    assert refused.error["message"] == "unknown field expiring.application"


def test_it_is_the_first_command_of_the_help(mureg: Mureg) -> None:
    commands = mureg.done("-h").out.partition("Commands:")[2].split()
    assert commands[0] == "status"
