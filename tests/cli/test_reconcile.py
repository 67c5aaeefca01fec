"""`mureg reconcile --month`: the settlement of an open month, for people and for programs."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import begin, inn_of, row, sold, write_table

CONTRACT = """db = "mureg.db"
[contract]
number = "С-15/2023"
signed_on = 2023-07-20
term_months = 12
rounding = "licence"
"""
PRICES = """[[contract.price]]
tier = "2-9"
amount = "3000.00"
from = 2023-08-01
[[contract.price]]
tier = "10+"
amount = "6000.00"
from = 2023-08-01
[[contract.discount]]
rate = "40%"
from = 2023-08-01
"""


def settings(text: str) -> None:
    Path("mureg.toml").write_text(text, encoding="utf-8")


def settled(mureg: Mureg, month: str = "2023-08") -> Any:
    ended = mureg("reconcile", "--month", month, "--json")
    assert (ended.code, ended.err) == (0, "")
    return ended.json


def sell(mureg: Mureg, *days: str, **values: str) -> None:
    """Sell one licence on each of the days, each to another organisation."""
    begin(mureg)
    numbers = [f"A-{place}" for place in range(1, len(days) + 1)]
    rows = [row(number, inn=inn_of(7000 + place), **values) for place, number in enumerate(numbers)]
    mureg.done("application", "import", write_table("a.csv", *rows))
    for number, day in zip(numbers, days, strict=True):
        mureg.done("application", "process", number, "--on", day)


def test_the_json_is_what_the_interface_promises(example: Mureg) -> None:
    example.done("application", "process", "ZV-1042", "--on", "2023-09-14")
    assert settled(example, "2023-09") == {
        "month": "2023-09",
        "state": "open",
        "closed": None,
        "contract": "С-15/2023",
        "charges": [
            {
                "number": "ZV-1042", "inn": "7700123459", "kpp": "770001001", "name": "ООО «Ромашка»", "tier": "2-9",
                "processed_on": "2023-09-14", "kind": "sale", "corrects": None, "cause": None, "list_price": "3000.00",
                "discount_rate": "40.00", "discount": "1200.00", "payable": "1800.00", "promotion": None,
                "promotion_discount": "0.00",
            }
        ],
        "tiers": [
            {"tier": "2-9", "count": 1, "list_price": "3000.00", "discount": "1200.00", "payable": "1800.00"},
            {"tier": "10+", "count": 0, "list_price": "0.00", "discount": "0.00", "payable": "0.00"},
        ],
        "total": {"count": 1, "list_price": "3000.00", "discount": "1200.00", "payable": "1800.00",
                  "rounding_difference": "0.00", "agreed": None},
        "statement": None,
        "discrepancies": [],
        "lapsed": [],
    }  # fmt: skip


def test_charges_are_in_order_of_processing_date_then_number(example: Mureg) -> None:
    charges = settled(example)["charges"]
    assert len(charges) == 11
    assert charges == sorted(charges, key=lambda charge: (charge["processed_on"], charge["number"]))
    assert "ZV-1041" not in sold(example)


def test_promotions_give_no_discount(example: Mureg) -> None:
    charge = next(charge for charge in settled(example)["charges"] if charge["number"] == "ZV-1030")
    assert (charge["promotion"], charge["promotion_discount"], charge["payable"]) == ("Welcome!", "0.00", "1800.00")
    assert "Welcome!: 0.00" in example.done("reconcile", "--month", "2023-08").out


@pytest.mark.parametrize(
    ("rounding", "payable", "difference"), [("licence", "22.23", "0.00"), ("total", "22.22", "-0.01")]
)
def test_kopecks_are_rounded_as_the_contract_says(mureg: Mureg, rounding: str, payable: str, difference: str) -> None:
    sell(mureg, "2023-08-14", "2023-08-15", "2023-08-16")
    prices = PRICES.replace("3000.00", "11.11").replace("40%", "33,33%")
    settings(CONTRACT.replace('"licence"', f'"{rounding}"') + prices)
    # 11.11 × 33.33 % = 3.702963 → 3.70 a licence; 33.33 × 33.33 % = 11.108889 → 11.11 in all.
    found = settled(mureg)
    assert {charge["payable"] for charge in found["charges"]} == {"7.41"}
    assert (found["total"]["payable"], found["total"]["rounding_difference"]) == (payable, difference)
    assert found["tiers"][0]["payable"] == "22.23"


def test_halves_are_rounded_up(mureg: Mureg) -> None:
    sell(mureg, "2023-08-14")
    settings(CONTRACT + PRICES.replace("3000.00", "0.25").replace("40%", "50%"))
    (charge,) = settled(mureg)["charges"]
    assert (charge["discount"], charge["payable"]) == ("0.13", "0.12")


def test_the_total_is_rounded_once_per_tier_and_rate(mureg: Mureg) -> None:
    sell(mureg, "2023-08-10", "2023-08-11", "2023-08-20", "2023-08-21")
    more = '[[contract.discount]]\nrate = "50%"\nfrom = 2023-08-15\n'
    prices = PRICES.replace("3000.00", "0.25").replace("40%", "30%")
    settings(CONTRACT.replace('"licence"', '"total"') + prices + more)
    # 30 %: 0.08 + 0.08 by licence, 0.15 in all; 50 %: 0.13 + 0.13 by licence, 0.25 in all.
    total = settled(mureg)["total"]
    assert (total["discount"], total["payable"], total["rounding_difference"]) == ("0.40", "0.60", "0.02")


def test_a_price_and_a_discount_may_change_within_the_month(mureg: Mureg) -> None:
    sell(mureg, "2023-08-14", "2023-08-15", "2023-08-31")
    settings(
        CONTRACT + PRICES + '[[contract.price]]\ntier = "2-9"\namount = "3500,00"\nfrom = 2023-08-15\n'
        '[[contract.discount]]\ntier = "2-9"\nrate = "50%"\nfrom = 2023-08-31\n'
    )
    amounts = [
        (charge["list_price"], charge["discount_rate"], charge["payable"]) for charge in settled(mureg)["charges"]
    ]
    assert amounts == [
        ("3000.00", "40.00", "1800.00"),
        ("3500.00", "40.00", "2100.00"),
        ("3500.00", "50.00", "1750.00"),
    ]


def test_a_price_for_the_tier_goes_before_a_later_one_for_both(mureg: Mureg) -> None:
    sell(mureg, "2023-08-14")
    settings(CONTRACT + PRICES + '[[contract.price]]\namount = "1.00"\nfrom = 2023-08-10\n')
    assert settled(mureg)["charges"][0]["list_price"] == "3000.00"


def test_without_a_discount_0_percent_is_counted_and_told(mureg: Mureg) -> None:
    sell(mureg, "2023-08-14")
    settings(CONTRACT + PRICES.partition("[[contract.discount]]")[0])
    assert settled(mureg)["charges"][0]["payable"] == "3000.00"
    assert "0 % was used" in mureg.done("reconcile", "--month", "2023-08").err
    assert "вид расширения «от 2 до 9»" in mureg.done("reconcile", "--month", "2023-08", lang="ru").err


def test_a_missing_price_is_refused_with_lines_to_add(mureg: Mureg) -> None:
    sell(mureg, "2023-08-14")
    text = CONTRACT + PRICES.replace('tier = "2-9"', 'tier = "10+"', 1).replace(
        'tier = "10+"\namount = "6000.00"', 'tier = "2-9"\namount = "1.00"'
    ).replace("from = 2023-08-01\n[[contract.discount", "from = 2023-09-01\n[[contract.discount")
    settings(text)
    ended = mureg("reconcile", "--month", "2023-08")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith("Error: no list price for tier 2 to 9 on 2023-08-14\n")
    lines = ended.err[ended.err.index("[[") :].replace("…", "3000.00")
    assert tomli.loads(lines)["contract"]["price"] == [{"tier": "2-9", "amount": "3000.00", "from": date(2023, 8, 1)}]
    settings(text + lines)
    assert settled(mureg)["total"]["payable"] == "1800.00"


def test_a_missing_contract_is_refused_with_lines_to_add(example: Mureg) -> None:
    settings('db = "mureg.db"\n')
    ended = example("reconcile", "--month", "2023-08")
    assert (ended.code, ended.out) == (5, "")
    lines = ended.err[ended.err.index("[contract]") :]
    filled = lines.replace('number = "…"', 'number = "1"').replace("signed_on = …", "signed_on = 2023-07-20")
    filled = filled.replace("term_months = …", "term_months = 12").replace('amount = "…"', 'amount = "3000.00"')
    assert "…" not in filled
    assert tomli.loads(filled)["contract"]["price"][0]["tier"] == "2-9"
    settings('db = "mureg.db"\n' + filled)
    # Then the next missing price is reported.
    assert "tier 10 and more" in example("reconcile", "--month", "2023-08").err


@pytest.mark.parametrize("month", ["2023-08", "08.2023", "8.2023", "август 2023", "Август 2023", "августа 2023"])
def test_a_month_is_written_in_many_ways(example: Mureg, month: str) -> None:
    assert settled(example, month)["month"] == "2023-08"


def test_this_and_last_month_are_understood(example: Mureg) -> None:
    this = date.today().replace(day=1)  # noqa: DTZ011  as mureg does
    last = this.replace(year=this.year - 1, month=12) if this.month == 1 else this.replace(month=this.month - 1)
    assert settled(example, "this")["month"] == f"{this:%Y-%m}"
    assert settled(example, "last")["month"] == f"{last:%Y-%m}"


@pytest.mark.parametrize(
    "month", ["2023-13", "2023-8", "2023", "13.2023", "augustus 2023", "", "0000-01", "2023-08-01"]
)
def test_what_is_no_month_is_wrong_usage(example: Mureg, month: str) -> None:
    ended = example("reconcile", "--month", month)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("month", ["2023-07", "1999-01", "0001-01"])
def test_before_the_first_month_of_sales_it_is_refused(example: Mureg, month: str) -> None:
    ended = example("reconcile", "--month", month, "--json")
    assert (ended.code, ended.out, ended.error["code"]) == (5, "", "refused")


@pytest.mark.parametrize("month", ["2023-10", "9999-12"])
def test_a_month_without_sales_is_empty(example: Mureg, month: str) -> None:
    found = settled(example, month)
    assert (found["charges"], found["total"]["count"], found["total"]["payable"]) == ([], 0, "0.00")
    assert example("reconcile", "--month", month).code == 0


def test_the_month_must_be_named(example: Mureg) -> None:
    assert example("reconcile").code == 2


def test_people_see_that_it_is_a_draft(example: Mureg) -> None:
    out = example.done("reconcile", "--month", "2023-08").out
    assert "draft; the reconciliation is not finished\n" in out
    assert "Total\t11\t45000.00\t18000.00\t27000.00\n" in out
    assert "НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)\n" in out
    assert "черновик: сверка не завершена" in example.done("reconcile", "--month", "2023-08", lang="ru").out


def test_fields_narrow_the_json(example: Mureg) -> None:
    assert example.done("reconcile", "--month", "2023-08", "--fields", "month,state").json == {
        "month": "2023-08", "state": "open",
    }  # fmt: skip


@pytest.mark.parametrize("options", [["--json"], ["--format", "json"]])
def test_json_goes_into_a_file_too(example: Mureg, options: list[str]) -> None:
    ended = example.done("reconcile", "--month", "2023-08", *options, "-o", "august.json")
    assert ended.out == ""
    assert json.loads(Path("august.json").read_bytes()) == settled(example)


def test_a_table_is_for_the_screen(example: Mureg) -> None:
    ended = example("reconcile", "--month", "2023-08", "-o", "august.txt")
    assert (ended.code, ended.out, Path("august.txt").exists()) == (2, "", False)


def test_an_unknown_format_is_wrong_usage(example: Mureg) -> None:
    assert example("reconcile", "--month", "2023-08", "--format", "ods").code == 2


def test_a_settlement_reads_only(example: Mureg) -> None:
    before = raw_sql.content()
    settled(example)
    assert raw_sql.content() == before
    assert not re.search("reconcile", example.done("history").out)
