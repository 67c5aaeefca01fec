"""A contract that rounds the total once, beside papers of the operator that are rounded by rows."""

from pathlib import Path

import pytest

from support.command_line import Mureg
from support.sample_data import begin, history, inn_of, row, write_table

AUGUST = ("--month", "2023-08")


def sell_three(mureg: Mureg, rounding: str = "total") -> None:
    """Three licences of 100.01 at 33.33 %: 66.68 each, 200.03 together, and 200.04 by rows."""
    begin(mureg)
    Path("mureg.toml").write_text(
        'db = "mureg.db"\n[contract]\nnumber = "1"\nsigned_on = 2023-07-20\nterm_months = 12\n'
        f'rounding = "{rounding}"\n[[contract.price]]\namount = "100.01"\nfrom = 2023-08-01\n'
        '[[contract.discount]]\nrate = "33.33%"\nfrom = 2023-08-01\n',
        encoding="utf-8",
    )
    numbers = ("A-1", "A-2", "A-3")
    rows = [row(number, inn=inn_of(7000 + place)) for place, number in enumerate(numbers)]
    mureg.done("application", "import", write_table("a.csv", *rows))
    mureg.done("application", "process", *numbers, "--on", "2023-08-10")


def state(mureg: Mureg, total: str) -> None:
    rows = "".join(f"A-{place};66,68\n" for place in (1, 2, 3))
    Path("st.csv").write_text(f"Номер;К оплате\n{rows}Итого;{total}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("total", "agrees", "rounding"),
    [("200,04", True, "rows"), ("200,03", True, "total"), ("200,05", False, None)],
)
def test_a_stated_total_may_be_rounded_once_or_by_rows(
    mureg: Mureg, total: str, agrees: bool, rounding: str | None
) -> None:
    sell_three(mureg)
    assert mureg.done("reconcile", *AUGUST, "--json").json["total"]["rounding_difference"] == "-0.01"
    state(mureg, total)
    ended = mureg("reconcile", *AUGUST, "--statement", "st.csv", "--json")
    assert ended.code == (0 if agrees else 6)
    found = ended.json
    assert (found["statement"]["total_agrees"], found["statement"]["stated_rounding"]) == (agrees, rounding)
    assert [each["kind"] for each in found["discrepancies"]] == ([] if agrees else ["total_differs"])


@pytest.mark.parametrize(
    ("amount", "rounding", "said"),
    [
        ("200.03", "total", "it is the agreed amount, rounded once for the total"),
        ("200.04", "rows", "it is the agreed amount, rounded by rows"),
    ],
)
def test_an_invoice_may_be_rounded_once_or_by_rows_and_which_is_kept(
    mureg: Mureg, amount: str, rounding: str, said: str
) -> None:
    sell_three(mureg)
    state(mureg, "200,04")
    mureg.done("reconcile", *AUGUST, "--statement", "st.csv")
    mureg.done("month", "close", "2023-08")
    shown = mureg.done("month", "show", "2023-08").out
    assert "Agreed: 200.03\nAgreed, if rounded by rows: 200.04\n" in shown
    invoice = ("invoice", "add", *AUGUST, "--number", "1", "--date", "2023-09-05", "--amount")
    assert mureg.done(*invoice, amount, "--json", "--dry-run").json["invoice"]["rounding"] == rounding
    assert f"Checked: {said}\n" in mureg.done(*invoice, amount).out
    assert history(mureg)[-1]["after"]["rounding"] == rounding
    (listed,) = mureg.done("invoice", "list", "--json").json
    assert (listed["amount"], listed["rounding"]) == (amount, rounding)
    assert "Rounded" in mureg.done("invoice", "list").out
    assert mureg.done("check").out == ""


@pytest.mark.parametrize("amount", ["200.02", "200.05"])
def test_another_amount_is_not_recorded_and_both_that_are_right_are_named(mureg: Mureg, amount: str) -> None:
    sell_three(mureg)
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    ended = mureg("invoice", "add", *AUGUST, "--number", "1", "--date", "2023-09-05", "--amount", amount)
    assert (ended.code, ended.out) == (6, "")
    assert f"the invoice is {amount}, but 200.03 was agreed, or 200.04 if rounded by rows: the difference" in ended.err
    assert mureg.done("invoice", "list", "--json").json == []


def test_a_contract_that_rounds_by_licence_knows_one_amount_only(mureg: Mureg) -> None:
    sell_three(mureg, "licence")
    state(mureg, "200,03")
    assert mureg("reconcile", *AUGUST, "--statement", "st.csv").code == 6
    state(mureg, "200,04")
    found = mureg.done("reconcile", *AUGUST, "--statement", "st.csv", "--json").json
    assert (found["statement"]["total_agrees"], found["statement"]["stated_rounding"]) == (True, None)
    mureg.done("month", "close", "2023-08")
    invoice = ("invoice", "add", *AUGUST, "--number", "1", "--date", "2023-09-05", "--amount")
    assert mureg(*invoice, "200.03").code == 6
    mureg.done(*invoice, "200.04")
    assert mureg.done("invoice", "list", "--json").json[0]["rounding"] is None
    assert "Rounded" not in mureg.done("invoice", "list").out
