"""`mureg application reject`, `cancel` and `check`."""

import pytest

from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import (
    application,
    begin,
    history,
    inn_of,
    licences,
    listed,
    owner,
    row,
    shown,
    sold,
    write_json,
    write_table,
)


@pytest.fixture
def some(mureg: Mureg) -> Mureg:
    """A-1 is sold, A-2 waits, OFF is processed without a licence, ELSEWHERE has a licence that others sold."""
    begin(mureg)
    write_table(
        "a.csv",
        row("A-1"),
        row("A-2", inn=inn_of(7002), submitted_on="2023-08-10"),
        row("OFF", inn=inn_of(7003), multiuser="off", users=""),
        row("ELSEWHERE", inn=inn_of(7004)),
    )
    mureg.done("application", "import", "a.csv")
    mureg.done("application", "process", "A-1", "OFF", "--on", "2023-08-14")
    mureg.done("application", "process", "ELSEWHERE", "--on", "2023-08-14", "--without-sale", "--reason", "другие")
    return mureg


def test_a_rejected_one_keeps_day_and_comment_and_makes_no_licence(some: Mureg) -> None:
    ended = some("application", "reject", "A-2", "--comment", "Клиент передумал", "--on", "2023-08-20")
    assert (ended.code, ended.out, ended.err) == (
        0,
        "Application: A-2\nStatus: rejected\n",
        "operation 4; to undo it: mureg undo 4\n",
    )
    item = shown(some, "A-2")
    assert (item["status"], item["comment"], item["client_comment"]) == ("rejected", "Клиент передумал", None)
    assert sold(some) == ["A-1"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["A-2"], 2),
        (["--comment", "нет"], 2),
        (["A-2", "--comment", "  "], 2),
        (["A-2", "--comment", "нет", "--on", "2023-08-09"], 5),
        (["A-2", "--comment", "нет", "--on", "2099-01-01"], 5),
        (["A-1", "--comment", "нет"], 5),
        (["NOPE", "--comment", "нет"], 3),
    ],
)
def test_a_rejection_that_cannot_be(some: Mureg, arguments: list[str], code: int) -> None:
    ended = some("application", "reject", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert len(history(some)) == 3


@pytest.mark.parametrize("verb", [("reject", "A-2", "--comment"), ("cancel", "A-1", "--reason")])
def test_a_dry_run_writes_nothing(some: Mureg, verb: tuple[str, ...]) -> None:
    before = raw_sql.content()
    assert some("application", *verb, "нет", "--dry-run").err == "dry run: nothing was written\n"
    dry = some.done("application", *verb, "нет", "--dry-run", "--json").json
    assert (dry["operation"], dry["numbers"]) == (None, [verb[1]])
    assert raw_sql.content() == before


def test_the_json_of_both_has_operation_and_numbers(some: Mureg) -> None:
    rejected = some.done("application", "reject", "A-2", "--comment", "нет", "--json").json
    assert (rejected["operation"], rejected["numbers"]) == (4, ["A-2"])
    cancelled = some.done("application", "cancel", "A-1", "--reason", "нет", "--json").json
    assert (cancelled["operation"], cancelled["numbers"]) == (5, ["A-1"])


def test_a_cancelled_sale_leaves_the_settlement_and_its_licence_ends(some: Mureg) -> None:
    some.done("application", "cancel", "A-1", "--reason", "Договор расторгнут", "--on", "2023-08-20")
    assert sold(some) == []
    ((number, _, _, starts_on, ends_on),) = licences(some)
    assert (number, starts_on, ends_on) == ("A-1", "2023-08-14", "2023-08-20")
    assert licences(some, on="2023-08-21")[0][1] == "ended"
    item = shown(some, "A-1")
    assert (item["status"], item["comment"], item["processed_on"]) == ("cancelled", "Договор расторгнут", "2023-08-14")
    assert listed(some, "--status", "cancelled") == ["A-1"]


@pytest.mark.parametrize(
    "step",
    [
        ("process", "A-1", "--on", "2023-08-25"),
        ("reject", "A-1", "--comment", "нет"),
        ("cancel", "A-1", "--reason", "нет"),
        ("set-multiuser", "A-1", "--off"),
    ],
    ids=lambda step: step[0],
)
def test_a_cancelled_sale_is_final(some: Mureg, step: tuple[str, ...]) -> None:
    some.done("application", "cancel", "A-1", "--reason", "ошибка")
    ended = some("application", *step)
    assert (ended.code, ended.out) == (5, "")
    assert shown(some, "A-1")["status"] == "cancelled"


@pytest.mark.parametrize("number", ["A-2", "OFF", "ELSEWHERE"])
def test_only_a_processed_sale_can_be_called_off(some: Mureg, number: str) -> None:
    ended = some("application", "cancel", number, "--reason", "нет")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        f"Error: {number} is not a processed sale: there is nothing to cancel\n"
        f"see it: mureg application show {number}\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["A-1"], 2),
        (["--reason", "нет"], 2),
        (["A-1", "--reason", "нет", "--on", "2023-08-13"], 5),
        (["A-1", "--reason", "нет", "--on", "2099-01-01"], 5),
        (["NOPE", "--reason", "нет"], 3),
    ],
)
def test_a_cancellation_that_cannot_be(some: Mureg, arguments: list[str], code: int) -> None:
    ended = some("application", "cancel", *arguments)
    assert (ended.code, ended.out) == (code, "")


def test_after_a_cancellation_the_organisation_may_buy_again(some: Mureg) -> None:
    some.done("application", "cancel", "A-1", "--reason", "ошибка", "--on", "2023-08-20")
    some.done("application", "import", write_table("b.csv", row("A-9", submitted_on="2023-08-21")))
    some.done("application", "process", "A-9", "--on", "2023-08-21")
    assert licences(some)[1] == ("A-9", "on", "2-9", "2023-08-21", "2024-08-20")


def test_cancelling_an_upgrade_on_its_day_leaves_no_gap_in_the_check(some: Mureg) -> None:
    some.done("application", "import", write_table("b.csv", row("UP", type="change", users="12")))
    some.done("application", "process", "UP", "--on", "2023-08-20")
    some.done("application", "cancel", "UP", "--reason", "ошибка", "--on", "2023-08-20")
    assert some.done("check").out == ""
    assert sold(some) == ["A-1"]


def warned(mureg: Mureg, *numbers: str) -> Ended:
    return mureg("application", "check", *numbers, "--json")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"users": 1}, "single_user"),
        ({"owners": [owner(1, roles=["signing", "encryption"]), owner(2, roles=["signing"])]}, "no_administrator"),
        (
            {"owners": [owner(1, roles=["signing", "encryption"]), owner(2)]},
            "sender_not_administrator",
        ),
        (
            {"owners": [owner(1, roles=["signing", "administration"]), owner(2, roles=["signing"])]},
            "no_encryption_user",
        ),
        ({"users": 4}, "too_many_encryption_users"),
        ({"authorities": ["СФР"]}, "authority_not_in_account"),
        ({"owners": [owner(1), owner(2, snils=owner(1)["snils"]), owner(3)]}, "duplicate_owner"),
        ({"owners": []}, "users_unknown"),
    ],
)
def test_a_warning_is_printed_and_the_exit_code_is_6(mureg: Mureg, values: dict[str, object], code: str) -> None:
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", **values)))  # type: ignore[arg-type]
    ended = warned(mureg)
    assert ended.code == 6
    (entry,) = ended.json
    assert entry["number"] == "A-1"
    assert (code, "warning") in [(warning["code"], warning["level"]) for warning in entry["warnings"]]
    assert ended.error["code"] == "differences"
    text = mureg("application", "check")
    assert (text.code, text.out.splitlines()[1].split("\t")[:2]) == (6, ["A-1", "warning"])


def test_a_connection_of_who_has_a_licence_is_a_warning(some: Mureg) -> None:
    some.done("application", "import", write_table("b.csv", row("AGAIN")))
    codes = [warning["code"] for warning in shown(some, "AGAIN")["warnings"]]
    # The licence of A-1 ended in 2024: it no longer lives today.
    assert codes == []
    some.done(
        "application", "import", write_table("c.csv", row("NOW", inn=inn_of(7009)), row("TWICE", inn=inn_of(7009)))
    )
    some.done("application", "process", "NOW")
    assert [warning["code"] for warning in shown(some, "TWICE")["warnings"]] == ["already_licensed"]
    assert warned(some, "TWICE").code == 6


def test_a_note_alone_ends_in_0(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1", promotion="Welcome!", tier="10+")))
    ended = warned(mureg)
    assert (ended.code, ended.err) == (0, "")
    assert [(warning["code"], warning["level"]) for warning in ended.json[0]["warnings"]] == [
        ("tier_above_users", "note"),
        ("promotion_ignored", "note"),
    ]


def test_no_warning_at_all_ends_in_0(example: Mureg) -> None:
    assert warned(example) == Ended(0, '[\n{"number": "ZV-1042", "warnings": []}\n]\n', "")
    assert example("application", "check") == Ended(0, "", "1 application checked: no warnings or notes\n")


def test_only_new_ones_are_checked_unless_named(some: Mureg) -> None:
    assert [entry["number"] for entry in warned(some).json] == ["A-2"]
    assert [entry["number"] for entry in warned(some, "A-1", "OFF").json] == ["A-1", "OFF"]


def test_a_number_that_is_not_there_is_not_found(some: Mureg) -> None:
    assert warned(some, "A-1", "NOPE").code == 3


def test_a_change_of_an_organisation_with_the_mode_may_have_any_sender(some: Mureg) -> None:
    people = [owner(1, roles=["signing", "encryption"]), owner(2)]
    some.done("application", "import", write_json("c.json", application("C-1", type="change", owners=people)))
    # The licence of A-1 ended in 2024: the change would switch the mode on anew.
    (entry,) = warned(some, "C-1").json
    assert [warning["code"] for warning in entry["warnings"]] == ["sender_not_administrator"]
    some.done("application", "import", write_table("b.csv", row("NOW")))
    some.done("application", "process", "NOW")
    assert warned(some, "C-1").json == [{"number": "C-1", "warnings": []}]
