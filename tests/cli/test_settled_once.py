"""A month settles a sale once: closed months stay, acceptances lapse with their pairs, refunds are what was settled."""

from pathlib import Path
from typing import Any

from support.command_line import Mureg
from support.sample_data import ROMASHKA, begin, row, write_table

REASON = ("--reason", "по отчёту оператора")
HEADER = "Номер;ИНН;Вид расширения;К оплате"


def sell(mureg: Mureg, number: str, on: str, *options: str, **values: str) -> None:
    values = {"submitted_on": "2023-08-01", "tier": "2-9", **values}
    mureg.done("application", "import", write_table("a.csv", row(number, **values)))
    mureg.done("application", "process", number, "--on", on, *options)


def reconcile(mureg: Mureg, month: str, *rows: str) -> dict[str, Any]:
    Path("st.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    mureg("reconcile", "--month", month, "--statement", "st.csv")
    return shown(mureg, month)


def shown(mureg: Mureg, month: str) -> dict[str, Any]:
    result: dict[str, Any] = mureg("month", "show", month, "--json").json
    return result


def accept(mureg: Mureg, month: str, *ids: str) -> None:
    mureg.done("month", "accept", month, *ids, *REASON)


def close(mureg: Mureg, month: str) -> None:
    mureg.done("month", "close", month, "--without-statement", *REASON)


def last_operation(mureg: Mureg) -> str:
    return str(max(record["operation"] for record in mureg.done("history", "--json").json))


def kinds(found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return sorted((each["id"], each["kind"], each["resolution"] is not None) for each in found["discrepancies"])


def payable(mureg: Mureg, month: str) -> str:
    total: str = shown(mureg, month)["total"]["payable"]
    return total


def test_a_closed_month_shows_what_it_was_closed_with_whatever_is_cancelled_later(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    found = reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1800", f";{ROMASHKA};2-9;1800")
    (again,) = found["discrepancies"]
    assert again["kind"] == "duplicate_in_statement"
    accept(mureg, "2023-08", again["id"])
    mureg.done("month", "close", "2023-08")
    before = shown(mureg, "2023-08")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-05")
    after = mureg.done("month", "show", "2023-08", "--json")
    assert after.json == before
    assert mureg("check").code == 0


def test_a_sale_comes_back_at_once_where_its_row_gets_another_partner(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-09-05")
    found = reconcile(mureg, "2023-08", f";{ROMASHKA};2-9;1800")
    assert kinds(found) == [("N-1", "month_differs", False)]
    accept(mureg, "2023-08", "N-1")
    assert payable(mureg, "2023-09") == "0.00"
    sell(mureg, "N-2", "2023-08-20")
    assert kinds(shown(mureg, "2023-08")) == []
    assert payable(mureg, "2023-09") == "1800.00"
    assert "N-1" in mureg("month", "show", "2023-08").err
    close(mureg, "2023-08")
    close(mureg, "2023-09")
    assert payable(mureg, "2023-09") == "1800.00"
    assert mureg("check").code == 0


def test_a_sale_comes_back_at_once_where_its_price_changes(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-09-05")
    reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1800")
    accept(mureg, "2023-08", "N-1")
    assert payable(mureg, "2023-09") == "0.00"
    settings = Path("mureg.toml")
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('"3000.00"', '"4000.00"'), encoding="utf-8")
    assert payable(mureg, "2023-09") == "2400.00"
    # An acceptance that lapsed before a month was closed stays lapsed, whatever becomes of the price.
    accept(mureg, "2023-08", "N-1")
    settings.write_text(text, encoding="utf-8")
    assert payable(mureg, "2023-09") == "1800.00"


def test_a_sale_that_is_processed_anew_in_another_month_is_settled_there(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-09-05")
    reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1800")
    accept(mureg, "2023-08", "N-1")
    processed = max(
        record["operation"] for record in mureg.done("history", "N-1", "--json").json
        if record["command"] == "application process"
    )  # fmt: skip
    mureg.done("undo", str(processed))
    mureg.done("application", "process", "N-1", "--on", "2023-10-03")
    assert payable(mureg, "2023-10") == "1800.00"


def test_a_carried_charge_that_is_billed_later_is_taken_from_its_correction(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    sell(mureg, "N-2", "2023-08-10", inn="7700010303")
    reconcile(mureg, "2023-08", "N-2;7700010303;2-9;1800")
    mureg.done("month", "carry", "2023-08", "N-1", *REASON)
    mureg.done("month", "close", "2023-08")
    assert payable(mureg, "2023-09") == "1800.00"
    found = reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;1800")
    assert [(each["kind"], each["settled_in"]) for each in found["discrepancies"]] == [("month_differs", "2023-09")]
    accept(mureg, "2023-10", "N-1")
    assert payable(mureg, "2023-09") == "0.00"
    assert mureg("check").code == 0


def test_a_refund_that_is_billed_later_is_taken_from_its_correction(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1800")
    mureg.done("month", "close", "2023-08")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-05")
    assert payable(mureg, "2023-09") == "-1800.00"
    found = reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;-1800")
    assert [(each["kind"], each["settled_in"]) for each in found["discrepancies"]] == [("month_differs", "2023-09")]
    accept(mureg, "2023-10", "N-1")
    assert payable(mureg, "2023-09") == "0.00"
    assert shown(mureg, "2023-09")["total"]["count"] == 0


def test_cancelling_takes_back_the_figure_that_was_accepted(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1500")
    accept(mureg, "2023-08", "N-1")
    mureg.done("month", "close", "2023-08")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-05")
    (refund,) = shown(mureg, "2023-09")["charges"]
    assert (refund["list_price"], refund["discount"], refund["payable"]) == ("-3000.00", "-1500.00", "-1500.00")
    assert (refund["kind"], refund["cause"], refund["corrects"]) == ("correction", "cancelled", "2023-08")
    assert shown(mureg, "2023-09")["total"]["count"] == -1


def test_cancelling_takes_nothing_back_where_nothing_was_settled(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    sell(mureg, "N-2", "2023-08-10", inn="7700010303")
    reconcile(mureg, "2023-08", "N-2;7700010303;2-9;1800")
    accept(mureg, "2023-08", "N-1")
    mureg.done("month", "close", "2023-08")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-05")
    assert shown(mureg, "2023-09")["charges"] == []
    close(mureg, "2023-10")
    assert mureg("check").code == 0


def test_a_resolution_follows_its_pair_when_a_duplicate_appears(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1700")
    accept(mureg, "2023-08", "N-1")
    found = reconcile(mureg, "2023-08", f"N-1;{ROMASHKA};2-9;1700", f"N-1;{ROMASHKA};10+;1600")
    assert [(each["kind"], each["resolution"] is not None) for each in found["discrepancies"]] == [
        ("payable_differs", True), ("duplicate_in_statement", False),
    ]  # fmt: skip


def test_a_step_of_a_closed_month_cannot_be_undone(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    sell(mureg, "N-2", "2023-08-11", type="change", account="1")  # no sale: the licence is there
    mureg.done("application", "import", write_table("a.csv", row("N-3", submitted_on="2023-08-01"),
                                                    row("N-4", submitted_on="2023-08-01", type="change",
                                                        multiuser="off", tier="", inn="7700010303")))  # fmt: skip
    mureg.done("application", "reject", "N-3", "--comment", "нет", "--on", "2023-08-12")
    mureg.done("application", "process", "N-4", "--on", "2023-08-13")
    close(mureg, "2023-08")
    steps = {
        record["numbers"][0]: record["operation"] for record in mureg.done("history", "--json").json
        if record["command"] in ("application process", "application reject")
    }  # fmt: skip
    for number in ("N-2", "N-3", "N-4"):
        ended = mureg("undo", str(steps[number]))
        assert (ended.code, ended.out) == (5, ""), ended
        assert f"{number} belongs to 2023-08, which is closed" in ended.err
    mureg.done("month", "reopen", "2023-08", *REASON)
    mureg.done("undo", str(steps["N-4"]))
    mureg.done("undo", str(steps["N-3"]))


def test_a_late_sale_can_be_undone_until_its_correction_is_closed(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-10")
    close(mureg, "2023-08")
    sell(mureg, "N-2", "2023-08-15", "--late", inn="7700010303")
    assert payable(mureg, "2023-09") == "1800.00"
    mureg.done("undo")
    assert payable(mureg, "2023-09") == "0.00"


def test_a_month_is_not_reopened_where_a_sale_was_processed_late_before_it(mureg: Mureg) -> None:
    begin(mureg)
    close(mureg, "2023-11")
    sell(mureg, "N-1", "2023-09-15", "--late")
    assert payable(mureg, "2023-12") == "1800.00"
    ended = mureg("month", "reopen", "2023-11", *REASON)
    assert (ended.code, ended.out) == (5, "")
    assert "a later month has corrections of 2023-11: N-1" in ended.err
    assert ended.err.endswith("first:\nmureg application return N-1 --reason TEXT\n")
    assert payable(mureg, "2023-12") == "1800.00"
    mureg.done("application", "return", "N-1", "--reason", "TEXT")
    mureg.done("month", "reopen", "2023-11", *REASON)
    mureg.done("check")


def test_a_month_is_not_reopened_where_its_sale_was_cancelled_since(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-15")
    close(mureg, "2023-08")
    mureg.done("application", "cancel", "N-1", "--on", "2023-09-02", *REASON)
    ended = mureg("month", "reopen", "2023-08", *REASON)
    assert (ended.code, ended.out) == (5, "")
    operation = mureg.done("history", "N-1", "--json").json
    last = max(record["operation"] for record in operation)
    assert ended.err.endswith(f"first:\nmureg undo {last}\n")
    mureg.done("undo", str(last))
    mureg.done("month", "reopen", "2023-08", *REASON)
    mureg.done("check")


def test_a_late_sale_of_an_earlier_closed_month_does_not_keep_a_month_closed(mureg: Mureg) -> None:
    begin(mureg)
    close(mureg, "2023-08")
    sell(mureg, "N-1", "2023-08-15", "--late")
    close(mureg, "2023-09")
    sell(mureg, "N-2", "2023-08-16", "--late", inn="7700010303")
    assert payable(mureg, "2023-10") == "1800.00"
    mureg.done("month", "reopen", "2023-09", *REASON)
    assert payable(mureg, "2023-09") == "3600.00"


def test_undoing_a_cancellation_does_not_bring_a_late_sale_into_a_month_that_is_open_again(mureg: Mureg) -> None:
    begin(mureg)
    close(mureg, "2023-08")
    sell(mureg, "N-1", "2023-08-10", "--late")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-08-11")
    cancelled = last_operation(mureg)
    mureg.done("month", "reopen", "2023-08", *REASON)
    ended = mureg("undo", cancelled)
    assert (ended.code, ended.out) == (5, "")
    assert "N-1 was sold late in 2023-08, which is open again" in ended.err
    close(mureg, "2023-08")
    mureg.done("undo", cancelled)
    assert payable(mureg, "2023-09") == "1800.00"


def test_a_lapsed_acceptance_does_not_name_the_month_of_a_sale(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-05")
    reconcile(mureg, "2023-09", f";{ROMASHKA};2-9;1800")
    accept(mureg, "2023-09", "N-1")
    sell(mureg, "N-2", "2023-09-20")
    (found,) = reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;1800")["discrepancies"]
    assert (found["id"], found["kind"], found["settled_in"]) == ("N-1", "month_differs", "2023-08")
    # What is accepted now holds, whatever becomes of the lapsed acceptance.
    accept(mureg, "2023-10", "N-1")
    assert payable(mureg, "2023-08") == "0.00"
    reconcile(mureg, "2023-09", f"N-2;{ROMASHKA};2-9;1800")
    assert kinds(shown(mureg, "2023-10")) == [("N-1", "month_differs", True)]
    mureg.done("application", "cancel", "N-2", *REASON, "--on", "2023-09-21")
    reconcile(mureg, "2023-09", f";{ROMASHKA};2-9;1800")
    assert (payable(mureg, "2023-08"), payable(mureg, "2023-09")) == ("0.00", "0.00")
    assert mureg("check").code == 0


def test_an_acceptance_stays_in_force_where_the_month_of_the_sale_is_closed(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-05")
    reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;1700")
    accept(mureg, "2023-10", "N-1")
    close(mureg, "2023-08")
    (found,) = [each for each in shown(mureg, "2023-10")["discrepancies"] if each["kind"] == "month_differs"]
    assert (found["settled_in"], found["resolution"] is not None) == ("2023-09", True)
    assert (payable(mureg, "2023-08"), payable(mureg, "2023-09")) == ("0.00", "0.00")
    assert shown(mureg, "2023-10")["lapsed"] == []


def test_undoing_a_statement_brings_no_acceptance_back_of_what_a_closed_month_has_settled(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-08-05")
    reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;1800")
    accept(mureg, "2023-10", "N-1")
    reconcile(mureg, "2023-10", "X-1;7700010303;2-9;1800")
    replaced = last_operation(mureg)
    close(mureg, "2023-08")
    mureg("undo", replaced)
    assert payable(mureg, "2023-08") == "1800.00"
    assert kinds(shown(mureg, "2023-10")) == [("N-1", "month_differs", False)]
    assert mureg("check").code == 0


def test_a_sale_that_its_closing_left_to_a_later_month_does_not_keep_it_closed(mureg: Mureg) -> None:
    begin(mureg)
    sell(mureg, "N-1", "2023-09-12")
    reconcile(mureg, "2023-10", f"N-1;{ROMASHKA};2-9;1800")
    accept(mureg, "2023-10", "N-1")
    close(mureg, "2023-09")
    # An upgrade ends the licence that the closing had made late.
    sell(mureg, "N-2", "2023-10-05", tier="10+", users="12", type="change")
    mureg.done("application", "return", "N-2", *REASON)
    mureg.done("month", "reopen", "2023-09", *REASON)
    assert (payable(mureg, "2023-09"), payable(mureg, "2023-10")) == ("0.00", "0.00")
    assert kinds(shown(mureg, "2023-10")) == [("N-1", "month_differs", True)]
    assert mureg("check").code == 0


def test_a_cancellation_is_not_undone_under_a_later_switching_off(mureg: Mureg) -> None:
    """The licence would run on although the client has switched the mode off."""
    begin(mureg)
    sell(mureg, "N-1", "2023-09-12")
    mureg.done("application", "cancel", "N-1", *REASON, "--on", "2023-09-12")
    cancelled = last_operation(mureg)
    sell(mureg, "N-2", "2023-09-12", type="change", multiuser="off", tier="", users="")
    ended = mureg("undo", cancelled)
    assert (ended.code, ended.out) == (5, "")
    assert "later operations depend on it" in ended.err
