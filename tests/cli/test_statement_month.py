"""A statement that plainly belongs to another month is refused, with the command that is right."""

import shlex
from pathlib import Path

import pytest

from support.command_line import Ended, Mureg
from support.sample_data import begin, inn_of, row, write_table

PLAIN = "Номер;ИНН;К оплате"


def sell(mureg: Mureg, **days: str) -> None:
    """Sell a licence under each of the numbers on its day; `A_1` is A-1."""
    begin(mureg)
    numbers = [name.replace("_", "-") for name in days]
    rows = [row(number, inn=inn_of(7000 + place)) for place, number in enumerate(numbers)]
    mureg.done("application", "import", write_table("a.csv", *rows))
    for number, day in zip(numbers, days.values(), strict=True):
        mureg.done("application", "process", number, "--on", day)


def reconciled(mureg: Mureg, month: str, header: str, *rows: str, options: tuple[str, ...] = ()) -> Ended:
    Path("st.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return mureg("reconcile", "--month", month, "--statement", "st.csv", *options)


def test_what_agrees_with_another_month_is_refused_and_kept_anyway(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05", A_2="2023-08-06", B_1="2023-09-05")
    rows = (f"A-1;{inn_of(7000)};1800", f"A-2;{inn_of(7001)};1800")
    refused = reconciled(mureg, "2023-09", PLAIN, *rows)
    assert (refused.code, refused.out) == (5, "")
    assert refused.err == (
        "Error: the statement belongs to 2023-08, not to 2023-09\n"
        "compare it with that month: mureg reconcile --month 2023-08 --statement st.csv\n"
        "or with 2023-09 all the same: mureg reconcile --month 2023-09 --statement st.csv --anyway\n"
    )
    assert mureg.done("reconcile", "--month", "2023-09", "--json").json["statement"] is None
    _, right, anyway = refused.err.splitlines()
    assert mureg(*shlex.split(right.split("mureg ", 1)[1])).code == 0
    assert mureg(*shlex.split(anyway.split("mureg ", 1)[1])).code == 6
    # What is kept already is compared again without a question.
    assert mureg("reconcile", "--month", "2023-09", "--statement", "st.csv").code == 6


def test_rows_without_numbers_are_known_by_their_organisations(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05", A_2="2023-08-06")
    rows = (f"{inn_of(7000)};1800", f"{inn_of(7001)};1800")
    assert reconciled(mureg, "2023-09", "ИНН;К оплате", *rows).code == 5
    assert reconciled(mureg, "2023-08", "ИНН;К оплате", *rows).code == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_dates_of_another_month_are_enough(mureg: Mureg, options: tuple[str, ...]) -> None:
    sell(mureg, A_1="2023-09-05")
    header = "Номер;К оплате;Дата"
    assert reconciled(mureg, "2023-09", header, "X-1;1;05.10.2023", "X-2;1;06.10.2023", options=options).code == 5
    assert reconciled(mureg, "2023-09", header, "X-1;1;05.09.2023", "X-2;1;06.10.2023", options=options).code == 6


def test_a_closed_month_that_was_meant_is_named_too(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05", A_2="2023-08-06")
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    refused = reconciled(mureg, "2023-09", PLAIN, f"A-1;{inn_of(7000)};1800", f"A-2;{inn_of(7001)};1800")
    assert (refused.code, "belongs to 2023-08" in refused.err) == (5, True)


def test_what_closed_months_left_to_this_one_is_no_statement_of_theirs(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05", A_2="2023-08-06")
    rows = ("A-1;1800;05.08.2023", "A-2;1800;06.08.2023")
    Path("none.csv").write_text("Номер;К оплате\n", encoding="utf-8")
    mureg("reconcile", "--month", "2023-08", "--statement", "none.csv")
    mureg.done("month", "carry", "2023-08", "A-1", "A-2", "--reason", "позже")
    mureg.done("month", "close", "2023-08")
    assert reconciled(mureg, "2023-09", "Номер;К оплате;Дата", *rows).code == 0


def test_a_month_without_a_statement_needs_no_anyway(mureg: Mureg) -> None:
    begin(mureg)
    assert mureg("reconcile", "--month", "2023-08", "--anyway").code == 2


def test_the_command_keeps_the_profile_and_quotes_the_file(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05", A_2="2023-08-06")
    with Path("mureg.toml").open("a", encoding="utf-8") as settings:
        settings.write('[profile.op]\nkind = "statement"\n[profile.op.columns]\npayable = "Выплата"\n')
    Path("за август.csv").write_text("Номер;Выплата\nA-1;1800\nA-2;1800\n", encoding="utf-8")
    refused = mureg("reconcile", "--month", "2023-09", "--statement", "за август.csv", "--profile", "op")
    assert '--month 2023-08 --statement "за август.csv" --profile op\n' in refused.err


def test_a_profile_pasted_from_the_error_reads_the_statement(mureg: Mureg) -> None:
    sell(mureg, A_1="2023-08-05")
    content = "Номер;К перечислению, руб."
    rejected = reconciled(mureg, "2023-08", content, "A-1;1800,00")
    assert rejected.code == 4
    pasted = rejected.err.split("\n\n", 1)[1]
    with Path("mureg.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"\n{pasted}")
    assert reconciled(mureg, "2023-08", content, "A-1;1800,00", options=("--profile", "operator")).code == 0
