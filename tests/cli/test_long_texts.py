"""Texts have a length that both engines take, so that a register can always be copied from one to the other."""

import random
from collections.abc import Iterator

import pytest

from support.command_line import Mureg

# Without repeats, so that a server cannot make it smaller for its index.
LETTERS = "".join(random.Random(1).choices("абвгдежзийклмнопрстуфхцчшщъыьэюя0123456789", k=20_000))  # noqa: S311  no secret


@pytest.fixture
def closed(example: Mureg) -> Iterator[Mureg]:
    example.done("month", "close", "2023-08", "--leave", "ZV-1042", "--without-statement", "--reason", "нет")
    yield example
    assert example("check").code == 0


def add(mureg: Mureg, number: str, *options: str) -> tuple[int, str]:
    words = ["invoice", "add", "--month", "2023-08", "--date", "2023-09-06", "--amount", "27000", "--number", number]
    ended = mureg(*words, *options)
    return ended.code, ended.out


@pytest.mark.parametrize("number", [LETTERS[:101], LETTERS[:5_000], "1518\u200b", "15\n18"])
def test_a_number_that_no_invoice_has_is_refused(closed: Mureg, number: str) -> None:
    assert add(closed, number) == (2, "")
    assert add(closed, number, "--dry-run") == (2, "")
    assert closed.done("invoice", "list", "--json").json == []


def test_the_longest_number_is_recorded_and_copied(closed: Mureg) -> None:
    assert add(closed, LETTERS[:100])[0] == 0
    closed.done("backup", "saved.db")
    closed.done("copy", "saved.db", "copied.db")
    assert closed.done("invoice", "list", "--json", "--db", "copied.db").json[0]["number"] == LETTERS[:100]


@pytest.mark.parametrize(
    "words",
    [
        ["application", "reject", "ZV-1042", "--comment"],
        ["application", "process", "ZV-1042", "--on", "2023-08-14", "--without-sale", "--reason"],
        ["application", "cancel", "ZV-1030", "--reason"],
        ["application", "amend", "ZV-1030", "--tier", "10+", "--reason"],
        ["application", "return", "ZV-1030", "--reason"],
        ["month", "close", "2023-08", "--leave", "ZV-1042", "--without-statement", "--reason"],
        ["organization", "erase", "6600010347", "--reason"],
    ],
    ids=" ".join,
)
def test_a_comment_or_a_reason_has_a_limit(example: Mureg, words: list[str]) -> None:
    records = example.done("history", "--json").json
    ended = example(*words, LETTERS[:10_001])
    assert (ended.code, ended.out) == (5, "")
    assert example.done("history", "--json").json == records


def test_a_reason_of_a_month_has_the_limit_too(closed: Mureg) -> None:
    ended = closed("month", "reopen", "2023-08", "--reason", LETTERS[:10_001])
    assert (ended.code, ended.out) == (5, "")
    assert "a comment or a reason has more than 10000 characters" in ended.err
    closed.done("month", "reopen", "2023-08", "--reason", LETTERS[:10_000])
    closed.done("application", "reject", "ZV-1042", "--comment", LETTERS[:10_000])
    assert closed.done("application", "show", "ZV-1042", "--json").json["comment"] == LETTERS[:10_000]


def test_the_name_of_the_user_has_a_limit(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_USER", LETTERS[:201])
    ended = example("application", "reject", "ZV-1042", "--comment", "x")
    assert (ended.code, ended.out) == (5, "")
    assert example.done("application", "list", "--json").json


def test_what_an_older_mureg_wrote_can_be_undone(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    from mureg.register import typed_texts

    with monkeypatch.context() as patch:
        patch.setattr(typed_texts, "LONGEST_NOTE", 20_000)
        example.done("application", "reject", "ZV-1042", "--comment", LETTERS)
    example.done("undo")
    example.done("undo", "8")
    assert example("check").code == 0
