"""Many applications at once: numbers, or a choice of new ones, shown with their prices and confirmed."""

import json
import os
from pathlib import Path

import pytest

from mureg.cli.commands.application import decisions as application_decisions
from mureg.operations.applications.decisions import set_multiuser
from mureg.register.register import Register
from support.command_line import Mureg
from support.office import ACTOR
from support.sample_data import ROMASHKA, begin, history, inn_of, listed, row, shown, write_table

ALL = ["A-1", "A-2", "A-3", "A-4"]


@pytest.fixture
def four(mureg: Mureg) -> Mureg:
    """Four new applications of four firms; A-3 has a warning, A-4 does not ask for the mode."""
    begin(mureg)
    write_table(
        "a.csv",
        row("A-1", name="ООО «Астра»"),
        row("A-2", inn=inn_of(7002), submitted_on="2023-08-10", users="12", name="ООО «Берёза»"),
        row("A-3", inn=inn_of(7003), submitted_on="2023-09-02", users="", tier="2-9", name="ООО «Верба»"),
        row("A-4", inn=inn_of(7004), submitted_on="2023-09-05", multiuser="off", users="", name="ООО «Граб»"),
    )
    mureg.done("application", "import", "a.csv")
    return mureg


def process(mureg: Mureg, *options: str, **how: object) -> list[str]:
    """The numbers that a dry run of the choice would process."""
    result = mureg.done("application", "process", "--all-new", *options, "--dry-run", "--json", **how)
    numbers: list[str] = result.json["numbers"]
    return numbers


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ALL),
        (["--submitted-before", "2023-08-10"], ["A-1"]),
        (["--submitted-before", "11.08.2023"], ["A-1", "A-2"]),
        (["--submitted-in", "2023-09"], ["A-3", "A-4"]),
        (["--inn", inn_of(7002)], ["A-2"]),
        (["--search", "береза"], ["A-2"]),
        (["--without-warnings"], ["A-1", "A-2", "A-4"]),
        (["--submitted-in", "2023-09", "--without-warnings"], ["A-4"]),
        (["--search", "липа"], []),
    ],
)
def test_a_choice_is_narrowed_by_each_option(four: Mureg, options: list[str], expected: list[str]) -> None:
    assert process(four, *options) == expected


def test_a_dry_run_shows_what_each_licence_would_cost_and_writes_nothing(four: Mureg) -> None:
    ended = four.done("application", "process", "--all-new", "--on", "2023-09-10", "--dry-run")
    assert ended.out == (
        "Number\tИНН\tOrganization\tTier\tFrom\tUntil\tList price\tDiscount\tPayable\n"
        f"A-1\t{ROMASHKA}\tООО «Астра»\t2 to 9\t2023-09-10\t2024-09-09\t3000.00\t1200.00\t1800.00\n"
        f"A-2\t{inn_of(7002)}\tООО «Берёза»\t10 and more\t2023-09-10\t2024-09-09\t6000.00\t2400.00\t3600.00\n"
        f"A-3\t{inn_of(7003)}\tООО «Верба»\t2 to 9\t2023-09-10\t2024-09-09\t3000.00\t1200.00\t1800.00\n"
        f"A-4\t{inn_of(7004)}\tООО «Граб»\tno sale\t\t\t\t\t\n"
        "Total\t\t\t\t\t\t12000.00\t4800.00\t7200.00\n"
        "Would be processed: 4\nSales: 3\n"
    )
    assert ended.err == "dry run: nothing was written\n"
    assert len(history(four)) == 1


def test_of_one_its_price_is_shown_line_by_line(four: Mureg) -> None:
    out = four.done("application", "process", "A-1", "--on", "2023-09-10", "--dry-run").out
    assert "Status: would be processed\n" in out
    assert out.endswith("List price: 3000.00\nDiscount: 1200.00\nPayable: 1800.00\n")


def test_with_yes_all_of_a_choice_is_one_operation(four: Mureg) -> None:
    ended = four.done("application", "process", "--all-new", "--yes", "--on", "2023-09-10")
    assert ended.err == "operation 2 (4 applications); to undo all of it: mureg undo 2\n"
    assert [record["numbers"] for record in history(four)[1:]] == [ALL]
    four.done("undo", "2")
    assert listed(four, "--status", "new") == ALL


def test_json_has_the_charge_of_each_sale(four: Mureg) -> None:
    result = four.done("application", "process", "A-2", "A-4", "--on", "2023-09-10", "--json").json
    assert result["total"] == {"count": 1, "list_price": "6000.00", "discount": "2400.00", "payable": "3600.00"}
    assert result["charges"] == [
        {"number": "A-2", "tier": "10+", "list_price": "6000.00", "discount_rate": "40.00", "discount": "2400.00",
         "payable": "3600.00"},
    ]  # fmt: skip


def test_a_price_that_is_not_known_is_left_out(four: Mureg) -> None:
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text(encoding="utf-8").partition("[[contract.price]]")[0], encoding="utf-8")
    result = four.done("application", "process", "A-2", "--on", "2023-09-10", "--dry-run", "--json").json
    assert [charge["payable"] for charge in result["charges"]] == [None]
    assert "Payable" not in four.done("application", "process", "A-2", "--on", "2023-09-10", "--dry-run").out


@pytest.mark.parametrize("command", [("process",), ("reject", "--comment", "x"), ("set-multiuser", "--off")])
def test_every_one_at_fault_is_named_and_nothing_is_written(four: Mureg, command: tuple[str, ...]) -> None:
    four.done("application", "reject", "A-1", "--comment", "нет", "--on", "2023-09-10")
    for numbers, code, kind in ((["A-1", "A-2", "NO"], 5, "refused"), (["NO", "A-2", "A-1"], 3, "not_found")):
        ended = four("application", *command, *numbers, "--json")
        assert (ended.code, ended.out) == (code, "")
        error = json.loads(ended.err)["error"]
        assert (error["code"], error["message"]) == (
            kind, "not possible for 2 of the 3 applications; nothing was written",
        )  # fmt: skip
        reasons = ["A-1 was rejected on 2023-09-10 and cannot be changed", "no application NO"]
        assert [each["message"] for each in error["details"]] == (reasons if code == 5 else reasons[::-1])
    assert listed(four, "--status", "new") == ["A-2", "A-3", "A-4"]
    assert len(history(four)) == 2


@pytest.mark.parametrize("command", [("process",), ("reject", "--comment", "x"), ("set-multiuser", "--off")])
def test_a_script_must_say_yes(four: Mureg, command: tuple[str, ...]) -> None:
    ended = four("application", *command, "--all-new")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: --all-new asks for confirmation, which needs a terminal: add --yes\n")
    assert len(history(four)) == 1


@pytest.mark.parametrize("answer", ["\n", "n\n", "нет\n", "", "1\n"])
def test_on_a_terminal_anything_but_yes_writes_nothing(four: Mureg, answer: str) -> None:
    ended = four.done("application", "process", "--all-new", "--on", "2023-09-10", stdin=answer, terminal=True)
    assert "Would be processed:\x1b[0m 4\n" in ended.out
    assert "Process 4 applications? [y/N] " in ended.err
    assert ended.err.endswith("nothing was written\n")
    assert len(history(four)) == 1


@pytest.mark.parametrize(
    ("lang", "answer", "command"),
    [
        ("en", "y\n", ("process", "--on", "2023-09-10")),
        ("ru", "да\n", ("reject", "--comment", "x", "--on", "2023-09-10")),
        ("ru", "Y\n", ("set-multiuser", "--tier", "10+")),
    ],
)
def test_on_a_terminal_yes_does_it(four: Mureg, lang: str, answer: str, command: tuple[str, ...]) -> None:
    four.done("application", *command, "--all-new", stdin=answer, terminal=True, lang=lang)
    assert [record["numbers"] for record in history(four)[1:]] == [ALL]


def test_all_or_none(four: Mureg) -> None:
    ended = four("application", "process", "--all-new", "--yes", "--on", "2023-09-03")
    assert (ended.code, ended.out) == (5, "")
    assert "A-4: 2023-09-03 is before its submission on 2023-09-05" in ended.err
    assert listed(four, "--status", "new") == ALL


def test_many_are_rejected_with_one_comment(four: Mureg) -> None:
    ended = four.done("application", "reject", "A-1", "A-2", "--comment", "отозвано", "--on", "2023-09-10")
    assert ended.out.endswith(f"A-2\t{inn_of(7002)}\tООО «Берёза»\t2023-08-10\nRejected: 2\n")
    assert [shown(four, number)["comment"] for number in ("A-1", "A-2")] == ["отозвано", "отозвано"]
    assert len(history(four)) == 2


def test_the_option_of_many_is_set(four: Mureg) -> None:
    result = four.done("application", "set-multiuser", "A-1", "A-4", "--tier", "10+", "--json").json
    assert [(each["number"], each["multiuser"]["tier"], each["before"]["tier"]) for each in result["applications"]] == [
        ("A-1", "10+", "2-9"), ("A-4", "10+", None),
    ]  # fmt: skip
    out = four.done("application", "set-multiuser", "A-1", "A-2", "--tier", "10+").out
    assert out.splitlines()[1:] == [
        f"A-1\t{ROMASHKA}\tООО «Астра»\tOn\t10 and more\tOn\t10 and more",
        f"A-2\t{inn_of(7002)}\tООО «Берёза»\tOn\t10 and more\tOn\t10 and more",
        "Set: 1",
    ]


def test_an_empty_choice_is_no_error(four: Mureg) -> None:
    ended = four.done("application", "process", "--all-new", "--search", "липа", "--yes")
    assert (ended.out, ended.err) == ("", "no waiting application matches: nothing was written\n")
    result = four.done("application", "reject", "--all-new", "--search", "липа", "--yes", "--comment", "x", "--json")
    assert result.json == {"operation": None, "numbers": []}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["A-1", "--all-new", "--yes"], "specify numbers or --all-new, not both"),
        (["A-1", "--search", "x"], "an option that chooses applications needs --all-new"),
        (["A-1", "--yes"], "--yes needs --all-new"),
        (["--all-new", "--submitted-before", "x", "--yes"], "x is not a date"),
        (["--all-new", "--inn", "123", "--yes"], "--inn cannot be 123"),
    ],
)
def test_contradictions_are_a_wrong_usage(four: Mureg, options: list[str], message: str) -> None:
    ended = four("application", "process", *options)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Error: {message}\n")


def test_what_changed_after_it_was_shown_is_not_written(four: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    def confirmed_late(*_: object) -> bool:
        register = Register.open(os.environ.get("MUREG_DB") or "mureg.db")
        set_multiuser(register, ["A-1"], "on", "10+", actor=ACTOR)
        register.close()
        return True

    monkeypatch.setattr(application_decisions, "is_confirmed", confirmed_late)
    ended = four("application", "process", "--all-new", "--on", "2023-09-10", terminal=True)
    assert ended.code == 5
    assert "the applications changed after they were shown; nothing was written" in ended.err
    assert listed(four, "--status", "new") == ALL


def test_a_question_shows_the_first_of_many_and_the_sums_of_all(mureg: Mureg) -> None:
    begin(mureg)
    write_table("a.csv", *(row(f"A-{serial:02}", inn=inn_of(7000 + serial)) for serial in range(60)))
    mureg.done("application", "import", "a.csv")
    ended = mureg.done("application", "process", "--all-new", "--on", "2023-09-10", stdin="n\n", terminal=True)
    assert ("A-49" in ended.out, "A-50" in ended.out) == (True, False)
    assert "10 more are not shown; to see all: --dry-run\n" in ended.err
    assert "108,000.00" in ended.out
    assert "A-59" in mureg.done("application", "process", "--all-new", "--dry-run", terminal=True).out
