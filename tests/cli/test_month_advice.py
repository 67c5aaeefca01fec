"""What `reconcile` says to do about discrepancies: grouped, and each a command that works when it is pasted."""

import re
import shlex
from pathlib import Path

import pytest

from support.command_line import Mureg
from support.sample_data import begin, inn_of, row, write_table

HEADER = "Номер;ИНН;Вид расширения;Дата;Цена;К оплате"


def apply(mureg: Mureg, *numbers: str, day: str = "", **values: str) -> None:
    """Import applications, each of another organisation, and process them if there is a day."""
    rows = [row(number, inn=_inn(number), **values) for number in numbers]
    mureg.done("application", "import", write_table("a.csv", *rows))
    if day:
        mureg.done("application", "process", *numbers, "--on", day)


def _inn(number: str) -> str:
    return inn_of(7000 + sum(map(ord, number)) % 900)


def advice(mureg: Mureg, *rows: str, month: str = "2023-08") -> str:
    """What is printed under “What to do”."""
    Path("st.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    ended = mureg("reconcile", "--month", month, "--statement", "st.csv", "--anyway")
    assert ended.code == 6, ended
    return ended.out.split("What to do\n")[1].split("\n\n")[0]


def paste(mureg: Mureg, command: str) -> None:
    """Type a command of a hint, with a reason where it asks for one."""
    mureg.done(*shlex.split(command.replace("TEXT", "'по письму'").removeprefix("mureg ")))


def commands(text: str) -> list[str]:
    return re.findall("^    (mureg .*)$", text, re.MULTILINE)


def test_33_discrepancies_give_a_few_commands(mureg: Mureg) -> None:
    begin(mureg)
    numbers = [f"A-{place}" for place in range(33)]
    rows = [row(number, inn=inn_of(7000 + place)) for place, number in enumerate(numbers)]
    mureg.done("application", "import", write_table("a.csv", *rows))
    mureg.done("application", "process", *numbers, "--on", "2023-08-10")
    text = advice(mureg)
    assert len(text.splitlines()) == 5
    assert "33 charges are not in the statement; carry them to the next month: A-0, " in text
    carry, accept = commands(text)
    paste(mureg, carry)
    assert mureg("month", "show", "2023-08").err.startswith("Warning: 13 discrepancies are unresolved")
    assert accept.startswith("mureg month accept 2023-08 A-0 ")
    assert "mureg month resolve 2023-08" in text


def test_another_tier_is_amended(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", "A-2", day="2023-08-10", tier="10+")
    text = advice(mureg, "A-1;;2-9;;3000;1800", "A-2;;2-9;;3000;1800")
    assert "2 applications were processed with another tier; if the operator is right, amend them: A-1, A-2\n" in text
    amend = [command for command in commands(text) if "amend" in command]
    assert amend == [f"mureg application amend A-{place} --tier 2-9 --reason TEXT" for place in (1, 2)]
    for command in amend:
        paste(mureg, command)
    assert mureg("month", "show", "2023-08").code == 0


def test_a_tier_below_the_users_is_no_hint(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-08-10", users="12")
    text = advice(mureg, "A-1;;2-9;;3000;1800")
    assert "1 discrepancy has to be discussed with the operator: A-1\n" in text
    assert "amend" not in text


def test_another_month_is_amended_by_its_day(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-09-02")
    text = advice(mureg, "A-1;;2-9;30.08.2023;3000;1800")
    assert commands(text)[0] == "mureg application amend A-1 --on 2023-08-30 --reason TEXT"
    paste(mureg, commands(text)[0])
    assert mureg("month", "show", "2023-08").code == 0


def test_what_waits_in_the_register_is_processed(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1")
    apply(mureg, "A-2", users="12", multiuser="")
    text = advice(mureg, "A-1;;2-9;20.08.2023;3000;1800", "A-2;;10+;;6000;3600")
    assert "2 applications are in the register and waiting; process them: A-1, A-2\n" in text
    to_process = [command for command in commands(text) if "application" in command]
    assert to_process == [
        "mureg application process A-1 --on 2023-08-20",
        "mureg application set-multiuser A-2 --tier 10+",
        "mureg application process A-2 --on 2023-08-31",
    ]
    for command in to_process:
        paste(mureg, command)
    assert mureg("month", "show", "2023-08").code == 0


def test_the_only_waiting_application_of_a_taxpayer_is_meant_by_a_row_without_a_number(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1")
    assert commands(advice(mureg, f";{_inn('A-1')};2-9;;3000;1800"))[0] == (
        "mureg application process A-1 --on 2023-08-31"
    )


def test_what_is_not_in_the_register_is_imported(mureg: Mureg) -> None:
    begin(mureg)
    text = advice(mureg, "X-1;;2-9;;3000;1800", "X-2;;2-9;;3000;1800")
    assert "2 applications are not in the register; import them, and process them: X-1, X-2\n" in text
    assert commands(text) == [
        "mureg application import FILE", "mureg month accept 2023-08 X-1 X-2 --reason TEXT",
    ]  # fmt: skip


def test_what_was_rejected_is_returned(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1")
    mureg.done("application", "reject", "A-1", "--comment", "нет", "--on", "2023-08-12")
    text = advice(mureg, "A-1;;2-9;;3000;1800")
    paste(mureg, commands(text)[0])
    assert mureg.done("application", "show", "A-1", "--json").json["status"] == "new"


def test_another_price_names_the_contract_of_the_day_once(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", "A-2", day="2023-08-10")
    text = advice(mureg, "A-1;;2-9;;3100;1860", "A-2;;2-9;;3100;1860")
    assert [command for command in commands(text) if "contract" in command] == ["mureg contract show --on 2023-08-10"]
    paste(mureg, "mureg contract show --on 2023-08-10")


def test_several_sales_of_a_firm_without_number_and_tier_ask_for_a_better_statement(mureg: Mureg) -> None:
    begin(mureg)
    inn = inn_of(7001)
    rows = [row("A-1", inn=inn, kpp="770001001"), row("A-2", inn=inn, kpp="770001002", tier="10+", users="12")]
    mureg.done("application", "import", write_table("a.csv", *rows))
    mureg.done("application", "process", "A-1", "A-2", "--on", "2023-08-10")
    # Equal amounts are paired; the two rows of 2,000 mean neither charge.
    text = advice(mureg, f";{inn};;;;2000", f";{inn};;;;2000")
    assert "4 discrepancies are of organizations with several sales; ask the operator for a statement with " in text
    assert "carry" not in text


def test_what_a_closed_month_has_settled_cannot_be_accepted_and_is_not_offered(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-08-10")
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    text = advice(mureg, "A-1;;2-9;;3000;1800", month="2023-09")
    assert "1 row is already settled in another month; ask the operator for a corrected statement: A-1\n" in text
    assert commands(text) == []


def test_what_another_open_month_took_is_not_offered_either(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-08-10")
    advice(mureg, "A-1;;2-9;;3000;1800", month="2023-10")
    mureg.done("month", "accept", "2023-10", "A-1", "--reason", "письмо")
    assert commands(advice(mureg, "A-1;;2-9;;3000;1800", month="2023-09")) == []


def test_a_wrong_total_and_a_row_twice_are_the_operators(mureg: Mureg) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-08-10")
    text = advice(mureg, "A-1;;2-9;;3000;1800", "A-1;;2-9;;3000;1800", "Итого;;;;;1")
    assert "2 discrepancies are in the statement itself; ask the operator for a corrected one: " in text
    paste(mureg, commands(text)[0])
    assert mureg("month", "show", "2023-08").code == 0


@pytest.mark.parametrize("closed", [False, True])
def test_a_closed_month_gives_no_advice(mureg: Mureg, closed: bool) -> None:
    begin(mureg)
    apply(mureg, "A-1", day="2023-08-10")
    if closed:
        mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    Path("st.csv").write_text(HEADER, encoding="utf-8")
    ended = mureg("reconcile", "--month", "2023-08", "--statement", "st.csv")
    assert (ended.code, "What to do" in ended.out) == (6, not closed)
