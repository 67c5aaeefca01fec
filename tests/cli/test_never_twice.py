"""A sale that the operator's accepted row has settled is never charged again."""

from pathlib import Path
from typing import Any

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import ROMASHKA, begin, row, shown, write_table

REASON = ("--reason", "по отчёту оператора")


def statement(mureg: Mureg, *rows: str, month: str = "2023-08") -> None:
    """Reconcile a month with a statement of these rows: number;ИНН;tier;payable."""
    Path("st.csv").write_text("\n".join(["Номер;ИНН;Вид расширения;К оплате", *rows]), encoding="utf-8")
    mureg("reconcile", "--month", month, "--statement", "st.csv")


def accept(mureg: Mureg, *ids: str, month: str = "2023-08") -> None:
    mureg.done("month", "accept", month, *ids, *REASON)


def payable(mureg: Mureg, month: str) -> str:
    total: str = mureg("reconcile", "--month", month, "--json").json["total"]["payable"]
    return total


def import_(mureg: Mureg, *numbers: str, on: str = "2023-08-20", **values: str) -> None:
    file = write_table("a.csv", *(row(number, submitted_on=on, **values) for number in numbers))
    mureg.done("application", "import", file)


def codes(warnings: list[dict[str, Any]]) -> list[str]:
    return [warning["code"] for warning in warnings]


def close(mureg: Mureg, month: str = "2023-08") -> None:
    mureg.done("month", "close", month)


def test_what_a_closed_month_has_settled_under_the_number_is_processed_without_a_sale_only(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, f"N-1;{ROMASHKA};2-9;1 800,00")
    accept(mureg, "N-1")
    close(mureg)
    import_(mureg, "N-1")
    for options in (("--on", "2023-08-25", "--late"), ("--on", "2023-09-05")):
        ended = mureg("application", "process", "N-1", *options)
        assert (ended.code, ended.out) == (5, "")
        assert "N-1 is already settled in 2023-08: the operator's row of 1,800.00 was accepted" in ended.err
        assert "mureg application process N-1 --without-sale --reason TEXT" in ended.err
        assert "undo" not in ended.err
    mureg.done("application", "process", "N-1", "--on", "2023-09-05", "--without-sale", *REASON)
    assert payable(mureg, "2023-09") == "0.00"
    assert mureg("check").code == 0


def test_while_the_month_is_open_the_acceptance_can_be_taken_back(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, f"N-1;{ROMASHKA};2-9;1 800,00")
    accept(mureg, "N-1")
    import_(mureg, "N-1")
    ended = mureg("application", "process", "N-1", "--on", "2023-08-25", lang="ru")
    assert ended.code == 5
    operation = mureg.done("history", "--json").json
    accepted = max(record["operation"] for record in operation if record["command"].startswith("month accept"))
    assert f"mureg undo {accepted}" in ended.err
    mureg.done("undo", str(accepted))
    mureg.done("application", "process", "N-1", "--on", "2023-08-25")
    assert mureg("reconcile", "--month", "2023-08", "--json").json["discrepancies"] == []


def test_a_reconciliation_is_not_undone_where_an_acceptance_would_settle_what_was_sold_since(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, f"N-1;{ROMASHKA};2-9;1 800,00")
    accept(mureg, "N-1")
    # The operator's next statement has no such row: the acceptance lapses, and the sale may be made.
    statement(mureg, f"N-2;{ROMASHKA};2-9;1 800,00")
    reconciled = max(record["operation"] for record in mureg.done("history", "--json").json)
    import_(mureg, "N-1")
    mureg.done("application", "process", "N-1", "--on", "2023-08-25")
    ended = mureg("undo", str(reconciled))
    assert (ended.code, ended.out) == (5, "")
    assert f"cannot undo operation {reconciled}: N-1 was sold since, and 2023-08 would settle it again" in ended.err
    assert "mureg application return N-1 --reason TEXT" in ended.err
    assert mureg("undo", str(reconciled), lang="ru").code == 5
    assert payable(mureg, "2023-08") == "1800.00"
    assert mureg("check").code == 0
    mureg.done("application", "return", "N-1", *REASON)
    mureg.done("undo", str(reconciled))
    assert mureg("application", "process", "N-1", "--on", "2023-08-25").code == 5
    assert mureg("check").code == 0


def test_calling_off_cannot_be_undone_once_the_operators_row_has_settled_the_sale(mureg: Mureg) -> None:
    begin(mureg)
    import_(mureg, "N-1")
    mureg.done("application", "process", "N-1", "--on", "2023-08-25")
    cancelled = mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-08-26", "--json").json["operation"]
    statement(mureg, f"N-1;{ROMASHKA};2-9;1 800,00")
    accept(mureg, "N-1")
    ended = mureg("undo", str(cancelled))
    assert (ended.code, ended.out) == (5, "")
    assert "N-1 is already settled in 2023-08" in ended.err
    assert shown(mureg, "N-1")["status"] == "cancelled"


def test_a_row_without_a_number_that_fits_is_a_warning_before_and_after(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, f";{ROMASHKA};2-9;1 800,00")
    (found,) = mureg("reconcile", "--month", "2023-08", "--json").json["discrepancies"]
    accept(mureg, found["id"])
    close(mureg)
    import_(mureg, "N-1", "N-2", tier="2-9")
    import_(mureg, "N-3", tier="10+", users="12")
    assert "maybe_settled" in codes(shown(mureg, "N-1")["warnings"])
    assert "maybe_settled" not in codes(shown(mureg, "N-3")["warnings"])
    ended = mureg.done("application", "process", "N-1", "--on", "2023-09-05")
    assert "2023-08 may have settled this sale already" in ended.err
    done = mureg.done("application", "process", "N-2", "--on", "2023-09-05", "--json").json
    assert [(warning["number"], warning["code"]) for warning in done["warnings"]] == [("N-2", "maybe_settled")]
    assert "maybe_settled" in codes(shown(mureg, "N-1")["warnings"])
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-06")
    assert "maybe_settled" not in codes(shown(mureg, "N-1")["warnings"])


def test_an_unfitting_organisation_is_not_warned_of(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, ";7700010303;2-9;1 800,00")
    (found,) = mureg("reconcile", "--month", "2023-08", "--json").json["discrepancies"]
    accept(mureg, found["id"])
    import_(mureg, "N-1", tier="2-9")
    assert codes(shown(mureg, "N-1")["warnings"]) == []


def test_check_finds_a_sale_that_two_months_settle(mureg: Mureg) -> None:
    begin(mureg)
    statement(mureg, f"N-1;{ROMASHKA};2-9;1 800,00")
    accept(mureg, "N-1")
    import_(mureg, "N-1")
    mureg.done("application", "process", "N-1", "--on", "2023-09-05", "--without-sale", *REASON)
    assert mureg("check").code == 0
    raw_sql.tamper("UPDATE licence SET sold_on = '2023-09-05'")
    ended = mureg("check")
    assert ended.code == 6
    assert "N-1 is settled twice: by its charge, and by a row that was accepted in 2023-08" in ended.out + ended.err
