"""`mureg application amend` and `return`: one application corrected, whatever was processed together with it."""

from pathlib import Path

import pytest

from support.command_line import Mureg
from support.sample_data import ROMASHKA, begin, history, inn_of, licences, listed, row, shown, sold, write_table

OTHER = inn_of(7002)


@pytest.fixture
def batch(mureg: Mureg) -> Mureg:
    """Three applications of three firms, processed together on 14 August 2023; RENEWAL is Ромашка's and waits."""
    begin(mureg)
    write_table(
        "a.csv",
        row("A-1"),
        row("A-2", inn=OTHER),
        row("A-3", inn=inn_of(7003)),
        row("RENEWAL", type="renewal"),
        row("UPGRADE", type="change", tier="10+"),
    )
    mureg.done("application", "import", "a.csv")
    mureg.done("application", "process", "A-1", "A-2", "A-3", "--on", "2023-08-14")
    return mureg


def amend(mureg: Mureg, number: str, *options: str) -> dict[str, object]:
    result: dict[str, object] = mureg.done(
        "application", "amend", number, *options, "--reason", "ошибка", "--json"
    ).json
    return result


def test_one_of_a_batch_gets_another_tier(batch: Mureg) -> None:
    assert amend(batch, "A-2", "--tier", "10+") == {
        "operation": 3,
        "numbers": ["A-2"],
        "licences": [
            {"product": "multiuser", "state": "ended", "tier": "10+", "starts_on": "2023-08-14",
             "ends_on": "2024-08-13", "application": "A-2"}
        ],
        "before": {
            "processed_on": "2023-08-14", "tier": "2-9",
            "licence": {"product": "multiuser", "state": "ended", "tier": "2-9", "starts_on": "2023-08-14",
                        "ends_on": "2024-08-13", "application": "A-2"},
        },
        "changes": [{"month": "2023-08", "payable_before": "5400.00", "payable": "7200.00"}],
    }  # fmt: skip
    assert shown(batch, "A-2")["multiuser"]["tier"] == "10+"
    charges = batch.done("reconcile", "--month", "2023-08", "--json").json["charges"]
    assert [(charge["number"], charge["tier"]) for charge in charges] == [
        ("A-1", "2-9"), ("A-2", "10+"), ("A-3", "2-9"),
    ]  # fmt: skip
    batch.done("check")


def test_another_day_moves_the_licence_and_the_sale(batch: Mureg) -> None:
    assert amend(batch, "A-2", "--on", "2023-09-01")["changes"] == [
        {"month": "2023-08", "payable_before": "5400.00", "payable": "3600.00"},
        {"month": "2023-09", "payable_before": "0.00", "payable": "1800.00"},
    ]
    assert licences(batch, OTHER, on="2023-09-01") == [("A-2", "on", "2-9", "2023-09-01", "2024-08-31")]
    assert (sold(batch), sold(batch, "2023-09")) == (["A-1", "A-3"], ["A-2"])


def test_reset_returns_to_what_the_client_asked_for(batch: Mureg) -> None:
    amend(batch, "A-2", "--tier", "10+")
    amend(batch, "A-2", "--reset")
    item = shown(batch, "A-2")["multiuser"]
    assert (item["set"], item["tier"]) == (None, "2-9")


def test_an_amendment_can_be_undone_and_is_in_the_history(batch: Mureg) -> None:
    before = shown(batch, "A-2"), licences(batch, OTHER)
    amend(batch, "A-2", "--tier", "10+", "--on", "2023-08-20")
    (_, _, record) = history(batch, "A-2")
    assert (record["command"], record["after"]["reason"]) == ("application amend", "ошибка")
    assert "reason: ошибка" in batch.done("history", "A-2").out
    batch.done("undo", "3")
    assert (shown(batch, "A-2"), licences(batch, OTHER)) == before
    batch.done("check")


def test_amending_to_what_is_so_already_writes_nothing(batch: Mureg) -> None:
    batch.done("application", "set-multiuser", "RENEWAL", "--tier", "2-9")
    batch.done("application", "process", "RENEWAL", "--on", "2023-08-20")
    ended = batch.done("application", "amend", "RENEWAL", "--tier", "2-9", "--on", "2023-08-20", "--reason", "x")
    assert ended.err == "already so; nothing was written\n"
    assert len(history(batch)) == 4


def test_a_dry_run_of_amend_writes_nothing_and_speaks_in_the_conditional(batch: Mureg) -> None:
    ended = batch.done("application", "amend", "A-2", "--tier", "10+", "--reason", "x", "--dry-run")
    assert ended.out == (
        "Application: A-2\nStatus: would be amended\nProcessed: 2023-08-14\nTier: 10 and more\n"
        "Licence: 10 and more, from 2023-08-14 to 2024-08-13\nTier before: 2 to 9\n"
        "Licence before: 2 to 9, from 2023-08-14 to 2024-08-13\n"
        "Payable for 2023-08: 5400.00 now, 7200.00 then; the difference would be 1800.00\n"
    )
    assert len(history(batch)) == 2


def test_returned_is_new_again_and_the_rest_of_its_batch_stays(batch: Mureg) -> None:
    ended = batch.done("application", "return", "A-2", "--reason", "ошибка")
    assert ended.out == (
        "Application: A-2\nStatus: new\nLicence removed: 2 to 9, from 2023-08-14 to 2024-08-13\n"
        "Payable for 2023-08: 5400.00 before, 3600.00 now; the difference is -1800.00\n"
    )
    assert (sold(batch), licences(batch, OTHER)) == (["A-1", "A-3"], [])
    assert listed(batch, "--status", "new") == ["A-2", "RENEWAL", "UPGRADE"]
    batch.done("check")
    batch.done("undo", "3")
    assert sold(batch) == ["A-1", "A-2", "A-3"]
    batch.done("check")


def test_the_returned_sales_of_several_firms_change_a_total_once(batch: Mureg) -> None:
    returned = batch.done("application", "return", "A-2", "A-3", "--reason", "ошибка", "--dry-run", "--json").json
    assert returned["changes"] == [{"month": "2023-08", "payable_before": "5400.00", "payable": "1800.00"}]
    without_contract = Path("mureg.toml").read_text(encoding="utf-8").partition("[contract]")[0]
    Path("mureg.toml").write_text(without_contract, encoding="utf-8")
    unpriced = batch.done("application", "return", "A-2", "A-3", "--reason", "ошибка", "--json").json
    assert (unpriced["numbers"], unpriced["changes"]) == (["A-2", "A-3"], [])


def test_what_it_had_replaced_runs_again(batch: Mureg) -> None:
    batch.done("application", "process", "UPGRADE", "--on", "2023-08-20")
    assert licences(batch)[0] == ("A-1", "ended", "2-9", "2023-08-14", "2023-08-19")
    ended = batch.done("application", "return", "UPGRADE", "--reason", "ошибка")
    assert "In force again: licence of A-1, 2 to 9, until 2024-08-13\n" in ended.out
    assert licences(batch) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]


def test_a_rejected_one_is_new_again(batch: Mureg) -> None:
    batch.done("application", "reject", "RENEWAL", "--comment", "нет", "--on", "2023-08-20")
    batch.done("application", "return", "RENEWAL", "--reason", "ошибка")
    item = shown(batch, "RENEWAL")
    assert (item["status"], item["processed_on"], item["comment"]) == ("new", None, None)


def test_a_later_licence_is_named_with_the_command_that_clears_it(batch: Mureg) -> None:
    batch.done("application", "process", "RENEWAL", "--on", "2023-08-20")
    for command in (("amend", "A-1", "--on", "2023-08-10"), ("return", "A-1")):
        ended = batch("application", *command, "--reason", "x")
        assert (ended.code, ended.out) == (5, "")
        assert ended.err == (
            "Error: A-1 cannot be changed: 1 thing depends on it\n"
            "  the licence of RENEWAL, from 2024-08-14 to 2025-08-13, depends on it\n"
            "first:\nmureg application return RENEWAL --reason TEXT\n"
        )
    batch.done("application", "return", "RENEWAL", "--reason", "TEXT")
    batch.done("application", "return", "A-1", "--reason", "x")


def test_several_that_follow_each_other_are_returned_together(batch: Mureg) -> None:
    batch.done("application", "process", "RENEWAL", "--on", "2023-08-20")
    batch.done("application", "return", "A-1", "RENEWAL", "--reason", "x")
    assert licences(batch, ROMASHKA) == []
    batch.done("application", "process", "A-1", "--on", "2023-08-14")
    assert licences(batch) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]


def test_an_amendment_that_changes_nothing_later_is_allowed(batch: Mureg) -> None:
    # The renewal follows the licence that it renews, whatever tier that has.
    batch.done("application", "process", "RENEWAL", "--on", "2023-08-20")
    amend(batch, "A-1", "--tier", "10+")
    assert licences(batch) == [
        ("A-1", "on", "10+", "2023-08-14", "2024-08-13"), ("RENEWAL", "upcoming", "2-9", "2024-08-14", "2025-08-13"),
    ]  # fmt: skip


def statement(mureg: Mureg, *rows: str) -> None:
    Path("s.csv").write_text("\n".join(["number;tier;payable", *rows]) + "\n", encoding="utf-8")
    mureg("reconcile", "--month", "2023-08", "--statement", "s.csv")


def test_a_resolution_and_a_closed_month_are_named_with_what_clears_them(batch: Mureg) -> None:
    for number in ("RENEWAL", "UPGRADE"):
        batch.done("application", "reject", number, "--comment", "x", "--on", "2023-08-20")
    statement(batch, "A-1;2-9;1800.00", "A-2;10+;3600.00", "A-3;2-9;1800.00")
    batch.done("month", "accept", "2023-08", "A-2", "--reason", "так")
    ended = batch("application", "amend", "A-2", "--tier", "10+", "--reason", "x")
    assert (ended.code, ended.err) == (5, (
        "Error: A-2 cannot be changed: 1 thing depends on it\n"
        "  the discrepancy A-2 of 2023-08 was resolved in operation 6, which resolved 1 discrepancy\n"
        "first:\nmureg undo 6\n"
    ))  # fmt: skip
    batch.done("month", "close", "2023-08")
    ended = batch("application", "return", "A-2", "RENEWAL", "--reason", "x")
    assert (ended.code, ended.err) == (5, (
        "Error: A-2, RENEWAL cannot be changed: 2 things depend on it\n"
        "  A-2 belongs to 2023-08, which is closed\n"
        "  RENEWAL belongs to 2023-08, which is closed\n"
        "first:\nmureg month reopen 2023-08 --reason TEXT\n"
    ))  # fmt: skip
    batch.done("month", "reopen", "2023-08", "--reason", "TEXT")
    batch.done("undo", "6")
    amend(batch, "A-2", "--tier", "10+")
    assert batch.done("reconcile", "--month", "2023-08", "--json").json["discrepancies"] == []


def test_what_an_invoiced_month_settled_is_cancelled_instead(batch: Mureg) -> None:
    for number in ("RENEWAL", "UPGRADE"):
        batch.done("application", "reject", number, "--comment", "x", "--on", "2023-08-20")
    batch.done("month", "close", "2023-08", "--without-statement", "--reason", "x")
    batch.done("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-05", "--amount", "5400")
    ended = batch("application", "amend", "A-2", "--tier", "10+", "--reason", "x")
    assert ended.err.endswith("first:\nmureg application cancel A-2 --reason TEXT\n")


def test_a_correction_of_a_month_that_was_closed_since_is_not_undone(batch: Mureg) -> None:
    amend(batch, "A-2", "--on", "2023-09-01")
    batch.done("application", "return", "A-3", "--reason", "x")
    batch.done("month", "close", "2023-08", "--without-statement", "--reason", "x", "--leave", "RENEWAL",
               "--leave", "UPGRADE", "--leave", "A-3")  # fmt: skip
    for operation in ("3", "4"):
        assert batch("undo", operation).code == 5
    batch.done("check")


def test_hints_propose_to_correct_one_and_say_how_many_an_operation_has(batch: Mureg) -> None:
    ended = batch("application", "process", "A-1", "--on", "2023-08-20")
    assert ended.err.endswith(
        "tester did it in operation 2; to change its tier: mureg application amend A-1 --tier 2-9 --reason TEXT; "
        "to make it new again: mureg application return A-1 --reason TEXT\n"
    )
    batch.done("application", "amend", "A-1", "--tier", "10+", "--reason", "x")
    ended = batch("undo", "2")
    assert ended.err == (
        "Error: cannot undo operation 2: later operations depend on it: 3\n"
        "to take back one application alone: mureg application return A-1 --reason TEXT; or undo the later ones first, "
        "starting with the last, which has 1 application: mureg undo 3\n"
    )


def test_what_could_not_have_been_processed_without_the_licence_depends_on_it(batch: Mureg) -> None:
    """A change without a tier repeats the mode of the licence that is there; without one it would be refused."""
    batch.done("application", "import", write_table("b.csv", row("A-4", type="change", users="1")))
    batch.done("application", "process", "A-4", "--on", "2023-08-15")
    for words in (("amend", "A-1", "--on", "2023-08-20"), ("return", "A-1")):
        ended = batch("application", *words, "--reason", "ошибка")
        assert (ended.code, ended.out) == (5, "")
        assert "A-4 was processed without a sale, because the organization had this licence" in ended.err
        assert "mureg application return A-4 --reason TEXT" in ended.err


@pytest.fixture
def late(batch: Mureg) -> Mureg:
    """August is closed, and LATE was sold on one of its days since: September charges it."""
    write_table("late.csv", row("LATE", inn=inn_of(7010)))
    batch.done("application", "import", "late.csv")
    batch.done("month", "close", "2023-08", "--without-statement", "--reason", "x", "--leave-all")
    batch.done("application", "process", "LATE", "--on", "2023-08-20", "--late")
    return batch


def corrections(mureg: Mureg) -> list[tuple[str, str, str | None]]:
    charges = mureg.done("reconcile", "--month", "2023-09", "--json").json["charges"]
    return [(charge["number"], charge["tier"], charge["cause"]) for charge in charges]


def test_a_late_sale_stays_late_with_another_tier(late: Mureg) -> None:
    amend(late, "LATE", "--tier", "10+")
    assert corrections(late) == [("LATE", "10+", "late")]
    late.done("check")


def test_a_late_sale_on_a_day_of_an_open_month_is_late_no_more(late: Mureg) -> None:
    amend(late, "LATE", "--on", "2023-09-04")
    assert corrections(late) == [("LATE", "2-9", None)]
    late.done("check")


def test_a_late_sale_that_no_month_charged_yet_can_be_returned(late: Mureg) -> None:
    late.done("application", "return", "LATE", "--reason", "x")
    assert corrections(late) == []
    late.done("check")
    late.done("undo")
    assert corrections(late) == [("LATE", "2-9", "late")]
    late.done("check")


def test_a_late_sale_that_a_closed_month_charged_is_not_changed(late: Mureg) -> None:
    late.done("month", "close", "2023-09", "--without-statement", "--reason", "x", "--leave-all")
    ended = late("application", "return", "LATE", "--reason", "x")
    assert ended.code == 5
    assert ended.err.endswith("first:\nmureg month reopen 2023-09 --reason TEXT\n")


def test_a_timely_sale_is_not_moved_into_a_closed_month(late: Mureg) -> None:
    late.done("application", "process", "RENEWAL", "--on", "2023-09-04")
    ended = late("application", "amend", "RENEWAL", "--on", "2023-08-30", "--reason", "x")
    assert (ended.code, ended.err) == (5, "Error: RENEWAL: 2023-08 is closed\nuse a later day: --on DATE\n")
