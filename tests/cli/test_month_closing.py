"""Closing a month and cancelling a sale say what they did in money, and what comes next."""

import re
import shlex
from pathlib import Path

from support.command_line import Mureg
from support.sample_data import begin, history, inn_of, row, write_table

HEADER = "Номер;ИНН;К оплате\n"


def sell(mureg: Mureg, *numbers: str, waiting: tuple[str, ...] = ()) -> None:
    """Sell a licence in August under each of the numbers; others wait."""
    begin(mureg)
    rows = [row(number, inn=inn_of(7000 + place)) for place, number in enumerate((*numbers, *waiting))]
    mureg.done("application", "import", write_table("a.csv", *rows))
    for number in numbers:
        mureg.done("application", "process", number, "--on", "2023-08-10")


def resolved(mureg: Mureg) -> None:
    """A-1 is accepted at 2,000 and A-2 is carried."""
    Path("st.csv").write_text(f"{HEADER}A-1;;2000\n", encoding="utf-8")
    mureg("reconcile", "--month", "2023-08", "--statement", "st.csv")
    mureg.done("month", "accept", "2023-08", "A-1", "--reason", "письмо")
    mureg.done("month", "carry", "2023-08", "A-2", "--reason", "позже")


def test_closing_names_the_amounts_and_a_command_for_the_invoice_that_works(mureg: Mureg) -> None:
    sell(mureg, "A-1", "A-2")
    resolved(mureg)
    ended = mureg.done("month", "close", "2023-08")
    assert ended.out == (
        "Month: 2023-08\nState: closed\nOurs: 3600.00\nAccepted differences: 200.00 (1)\n"
        "Carried to the next month: -1800.00 (1)\nAgreed: 2000.00\n"
    )
    (command,) = re.findall("mureg (invoice add .*)", ended.err)
    command = command.replace("NUMBER", "17").replace("DATE", "2023-09-05")
    mureg.done(*shlex.split(command))


def test_closing_in_json_has_the_same_amounts(mureg: Mureg) -> None:
    sell(mureg, "A-1", "A-2", waiting=("B-1", "B-2"))
    resolved(mureg)
    ended = mureg.done("month", "close", "2023-08", "--leave-all", "--json", "--dry-run")
    assert ended.json == {
        "operation": None, "numbers": [], "month": "2023-08", "agreed": "2000.00", "carried": "1800.00",
        "accepted": "200.00", "left": ["B-1", "B-2"],
    }  # fmt: skip
    assert mureg.done("month", "show", "2023-08", "--json").json["closed"] is None


def test_all_waiting_applications_can_be_left_and_are_counted(mureg: Mureg) -> None:
    sell(mureg, "A-1", waiting=("B-1", "B-2"))
    without = ("--without-statement", "--reason", "нет")
    refused = mureg("month", "close", "2023-08", *without)
    assert (refused.code, refused.out) == (5, "")
    assert "mureg month close 2023-08 --leave-all\n" in refused.err
    assert mureg("month", "close", "2023-08", "--leave", "B-1", *without).err.endswith("--leave B-2\n")
    ended = mureg.done("month", "close", "2023-08", "--leave-all", *without)
    assert "2 new applications of the month were left waiting: B-1, B-2\n" in ended.err
    assert mureg.done("application", "show", "B-1", "--json").json["status"] == "new"


def test_a_month_that_comes_to_nothing_asks_for_no_invoice(mureg: Mureg) -> None:
    begin(mureg)
    ended = mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    assert "invoice add" not in ended.err


def test_a_closed_month_names_who_closed_it_and_when_also_after_the_invoice(mureg: Mureg) -> None:
    sell(mureg, "A-1")
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    closing = history(mureg)[-1]
    expected = {"at": closing["at"], "by": closing["user"], "operation": closing["operation"]}
    invoice = ("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-05", "--amount", "1800")
    for command in ((), invoice, ("undo",)):
        if command:
            mureg.done(*command)
        assert mureg.done("month", "show", "2023-08", "--json").json["closed"] == expected
    assert re.search(
        rf"\nclosed by {closing['user']} on 20[0-9-]+ [0-9]+:[0-9]+, operation {closing['operation']}\n",
        mureg.done("month", "show", "2023-08").out,
    )


def test_a_month_that_was_reopened_and_closed_again_names_the_last_closing(mureg: Mureg) -> None:
    sell(mureg, "A-1")
    without = ("--without-statement", "--reason", "нет")
    mureg.done("month", "close", "2023-08", *without)
    mureg.done("month", "reopen", "2023-08", "--reason", "ошибка")
    assert mureg.done("month", "show", "2023-08", "--json").json["closed"] is None
    mureg.done("month", "close", "2023-08", *without)
    closed = mureg.done("month", "show", "2023-08", "--json").json["closed"]
    assert closed["operation"] == history(mureg)[-1]["operation"]


def test_cancelling_in_an_open_month_says_what_its_total_becomes(mureg: Mureg) -> None:
    sell(mureg, "A-1", "A-2")
    ended = mureg.done("application", "cancel", "A-1", "--reason", "отказ", "--on", "2023-08-20")
    assert "Payable for 2023-08: 3600.00 before, 1800.00 now; the difference is -1800.00\n" in ended.out
    assert "next, see the month without the sale: mureg reconcile --month 2023-08\n" in ended.err


def test_cancelling_a_sale_of_a_closed_month_names_the_correction(mureg: Mureg) -> None:
    sell(mureg, "A-1", "A-2")
    resolved(mureg)
    mureg.done("month", "close", "2023-08")
    cancel = ("application", "cancel", "A-1", "--reason", "отказ", "--on", "2023-09-20")
    # The operator's figure was accepted, and that is what comes back.
    assert mureg.done(*cancel, "--json", "--dry-run").json == {
        "operation": None, "numbers": ["A-1"],
        "changes": [{"month": "2023-09", "payable_before": "1800.00", "payable": "-200.00"}],
    }  # fmt: skip
    ended = mureg.done(*cancel)
    assert "2023-08 is closed: it is a correction of 2023-09; see it: mureg reconcile --month 2023-09\n" in ended.err
    ended = mureg.done(*cancel[:2], "A-2", *cancel[3:], lang="ru")
    assert "К оплате за 2023-09: было -200.00, стало -2000.00, разница -1800.00\n" in ended.out


def test_cancelling_what_was_settled_with_nothing_changes_no_total(mureg: Mureg) -> None:
    sell(mureg, "A-1")
    Path("st.csv").write_text(HEADER, encoding="utf-8")
    mureg("reconcile", "--month", "2023-08", "--statement", "st.csv")
    mureg.done("month", "accept", "2023-08", "A-1", "--reason", "нет в отчёте")
    mureg.done("month", "close", "2023-08")
    ended = mureg.done("application", "cancel", "A-1", "--reason", "отказ", "--on", "2023-09-20")
    assert "no open month charges the sale: no total has changed\n" in ended.err
