"""`mureg application review`: what waits is looked through on a terminal, and each answer is an operation."""

import pytest

from support.command_line import Ended, Mureg
from support.sample_data import begin, history, inn_of, listed, row, shown, write_table


@pytest.fixture
def three(mureg: Mureg) -> Mureg:
    """Three new applications; A-3 is of September."""
    begin(mureg)
    write_table(
        "a.csv",
        row("A-1", name="ООО «Астра»"),
        row("A-2", inn=inn_of(7002), submitted_on="2023-08-10", users="12"),
        row("A-3", inn=inn_of(7003), submitted_on="2023-09-02"),
    )
    mureg.done("application", "import", "a.csv")
    return mureg


def review(mureg: Mureg, typed: str, *options: str, lang: str = "en") -> Ended:
    return mureg.done("application", "review", "--on", "2023-09-04", *options, stdin=typed, terminal=True, lang=lang)


def done(mureg: Mureg) -> list[tuple[str, list[str]]]:
    return [(record["command"], record["numbers"]) for record in history(mureg)[1:]]


def without_style(text: str) -> str:
    return text.replace("\x1b[1m", "").replace("\x1b[0m", "")


def test_each_is_shown_with_its_price_and_answered(three: Mureg) -> None:
    ended = review(three, "p\nr\nдубль\ns\n")
    out = without_style(ended.out)
    assert "Would be sold: 2 to 9, from 2023-09-04 to 2024-09-03\n" in out
    assert "Payable: 1,800.00 (list price 3,000.00, partner discount 1,200.00)\n" in out
    assert "A-1, 1 of 3: what to do? [p,2,1,o,r,s,u,q,?] " in ended.err
    assert [shown(three, number)["status"] for number in ("A-1", "A-2", "A-3")] == ["processed", "rejected", "new"]
    assert shown(three, "A-2")["comment"] == "дубль"
    assert done(three) == [("application review", ["A-1"]), ("application review", ["A-2"])]
    assert out.endswith("\nProcessed: 1\nPayable: 1,800.00\nRejected: 1\nLeft waiting: 1\n")


def test_a_tier_or_off_is_set_and_the_card_shown_again(three: Mureg) -> None:
    ended = review(three, "10+\no\n2\nq\n")
    assert shown(three, "A-1")["multiuser"]["tier"] == "2-9"
    assert without_style(ended.out).count("Application A-1: new") == 4
    assert len(done(three)) == 3
    assert without_style(ended.out).endswith("\nOptions set: 3\nLeft waiting: 3\n")


def test_the_last_decisions_are_undone_one_after_the_other(three: Mureg) -> None:
    ended = review(three, "1\np\ns\nu\nu\nu\nq\n")
    assert listed(three, "--status", "new") == ["A-1", "A-2", "A-3"]
    assert shown(three, "A-1")["multiuser"]["set"] is None
    assert [command for command, _ in done(three)] == ["application review"] * 4
    assert "A-1: operation 3 was undone\n" in ended.err
    assert ended.err.endswith("nothing was written\n")
    three.done("check")


def test_what_is_refused_is_shown_and_the_application_stays(three: Mureg) -> None:
    ended = review(three, "s\n2\nq\n")
    assert "Error: A-2: the client lists 12 users, but tier 2 to 9 allows at most 9\n" in without_style(
        ended.err.replace("\x1b[1;31m", "")
    )
    assert without_style(ended.out).count("Application A-2: new") == 2
    assert done(three) == []


def test_a_rejection_needs_a_reason(three: Mureg) -> None:
    ended = review(three, "r\n\nq\n")
    assert "a rejection needs a comment: nothing was written\n" in ended.err
    assert done(three) == []


def test_a_choice_narrows_what_is_looked_through(three: Mureg) -> None:
    assert "A-3, 1 of 1: what to do?" in review(three, "q\n", "--submitted-in", "2023-09").err
    assert "A-1, 1 of 1: what to do?" in review(three, "q\n", "--all-new", "--search", "астра").err
    assert review(three, "", "--search", "липа").err == "no waiting application matches\n"


def test_what_somebody_else_decided_meanwhile_is_not_decided_again(three: Mureg) -> None:
    three.done("application", "reject", "A-1", "--comment", "x", "--on", "2023-09-04")
    assert "A-2, 1 of 2: what to do?" in review(three, "q\n").err


@pytest.mark.parametrize("options", [[], ["--no-input"], ["--json"]])
def test_without_a_terminal_it_is_a_wrong_usage(three: Mureg, options: list[str]) -> None:
    ended = three("application", "review", *options, terminal=bool(options))
    assert (ended.code, ended.out) == (2, "")
    assert "mureg application review asks questions, which needs a terminal" in ended.err
