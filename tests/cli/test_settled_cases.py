"""Cases that were decided once and for all, where two answers would be possible. Others are in test_never_twice."""

from pathlib import Path
from typing import Any

from support.command_line import Mureg
from support.sample_data import begin, inn_of, row, write_table

REASON = ("--reason", "по письму")
WITHOUT = ("--without-statement", *REASON)
FIRM = inn_of(7001)


def sell(mureg: Mureg, number: str, day: str, *options: str, **values: str) -> None:
    mureg.done("application", "import", write_table("a.csv", row(number, **values)))
    mureg.done("application", "process", number, "--on", day, *options)


def reconciled(mureg: Mureg, header: str, *rows: str, month: str = "2023-08") -> Any:
    Path("st.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return mureg("reconcile", "--month", month, "--statement", "st.csv", "--json").json


def kinds(found: Any) -> list[tuple[str, str]]:
    return sorted((each["kind"], each["payable_difference"]) for each in found["discrepancies"])


def two_tiers(mureg: Mureg) -> None:
    """Two licences of one firm, which cost 1,800 and 3,600."""
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10", inn=FIRM, kpp="770001001")
    sell(mureg, "N-2", "2023-08-10", inn=FIRM, kpp="770001002", tier="10+", users="12")


def test_rows_with_neither_number_nor_tier_are_paired_by_equal_amounts(mureg: Mureg) -> None:
    two_tiers(mureg)
    assert kinds(reconciled(mureg, "ИНН;К оплате", f"{FIRM};3600", f"{FIRM};1800")) == []


def test_of_those_what_is_left_is_missing_on_both_sides(mureg: Mureg) -> None:
    two_tiers(mureg)
    found = reconciled(mureg, "ИНН;К оплате", f"{FIRM};2000", f"{FIRM};3000")
    assert kinds(found) == [
        ("missing_in_register", "2000.00"), ("missing_in_register", "3000.00"),
        ("missing_in_statement", "-1800.00"), ("missing_in_statement", "-3600.00"),
    ]  # fmt: skip


def test_a_row_and_a_charge_that_are_left_alone_mean_each_other(mureg: Mureg) -> None:
    two_tiers(mureg)
    found = reconciled(mureg, "ИНН;К оплате", f"{FIRM};1800", f"{FIRM};3000")
    assert kinds(found) == [("payable_differs", "-600.00")]


def test_cancelling_takes_back_the_operators_list_price_where_it_was_accepted(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    reconciled(mureg, "Номер;Цена;К оплате", "N-1;2500;1500")
    mureg.done("month", "accept", "2023-08", "N-1", *REASON)
    mureg.done("month", "close", "2023-08")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-05")
    (refund,) = mureg.done("reconcile", "--month", "2023-09", "--json").json["charges"]
    assert (refund["list_price"], refund["discount"], refund["payable"]) == ("-2500.00", "-1000.00", "-1500.00")


def test_licences_of_a_month_are_net(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "CARRIED", "2023-08-10", inn=inn_of(7002))
    sell(mureg, "CANCELLED", "2023-08-10", inn=inn_of(7003))
    reconciled(mureg, "Номер;К оплате", "CANCELLED;1800")
    mureg.done("month", "carry", "2023-08", "CARRIED", *REASON)
    mureg.done("month", "close", "2023-08")
    sell(mureg, "LATE", "2023-08-20", "--late", inn=inn_of(7004))
    sell(mureg, "SALE", "2023-09-03", inn=inn_of(7005))

    def september() -> Any:
        return mureg.done("reconcile", "--month", "2023-09", "--json").json

    assert (september()["total"]["count"], september()["total"]["payable"]) == (3, "5400.00")
    mureg.done("application", "cancel", "CANCELLED", *REASON, "--on", "2023-09-05")
    assert (september()["total"]["count"], september()["total"]["payable"]) == (2, "3600.00")
    assert {charge["number"]: charge["cause"] for charge in september()["charges"]} == {
        "CARRIED": "carried", "CANCELLED": "cancelled", "LATE": "late", "SALE": None,
    }  # fmt: skip
    lines = {line["month"]: line["count"] for line in mureg.done("month", "list", "--json").json}
    assert lines == {"2023-08": 2, "2023-09": 2}


def test_a_waiting_application_belongs_to_the_month_of_its_submission(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("N-1", submitted_on="2023-08-31")))
    refused = mureg("month", "close", "2023-08", *WITHOUT)
    assert (refused.code, "still waiting: N-1" in refused.err) == (5, True)
    mureg.done("month", "close", "2023-08", "--leave-all", *WITHOUT)
    mureg.done("month", "close", "2023-09", *WITHOUT)
