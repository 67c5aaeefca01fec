"""`mureg month resolve`: one discrepancy at a time on a terminal, each answered with a key."""

import re
from pathlib import Path

import pytest

from support.command_line import Ended, Mureg
from support.sample_data import begin, history, inn_of, row, write_table

HEADER = "Номер;ИНН;Вид расширения;Цена;К оплате"
AGAIN = ""


def differing(mureg: Mureg, *extra: str) -> None:
    """Two charges of August: A-1 in another tier, A-2 missing; X-1 is the operator's alone."""
    begin(mureg)
    rows = [row("A-1", inn=inn_of(7001), tier="10+"), row("A-2", inn=inn_of(7002))]
    mureg.done("application", "import", write_table("a.csv", *rows))
    mureg.done("application", "process", "A-1", "A-2", "--on", "2023-08-10")
    lines = [HEADER, "A-1;;2-9;3000;1800", "X-1;;2-9;3000;1800", *extra]
    Path("st.csv").write_text("\n".join(lines), encoding="utf-8")
    assert mureg("reconcile", "--month", "2023-08", "--statement", "st.csv").code == 6


def typed(mureg: Mureg, *lines: str, lang: str = "en") -> Ended:
    """Resolve August on a terminal, typing these lines."""
    stdin = "".join(f"{line}\n" for line in lines)
    ended = mureg("month", "resolve", "2023-08", stdin=stdin, lang=lang, terminal=True)
    assert ended.code == 0, ended
    return ended


def resolutions(mureg: Mureg) -> dict[str, str | None]:
    """What became of each pair: the action and the reason."""
    found = mureg("month", "show", "2023-08", "--json").json["discrepancies"]
    return {each["id"]: each["resolution"] and " ".join(each["resolution"].values()) for each in found}


def test_each_decision_is_an_operation_of_its_own_with_its_reason(mureg: Mureg) -> None:
    differing(mureg)
    before = len(history(mureg))
    ended = typed(mureg, "a", "письмо 17", "c", "потом", "a", AGAIN)
    assert resolutions(mureg) == {"A-1": "accept письмо 17", "A-2": "carry потом", "X-1": "accept потом"}
    assert [record["command"] for record in history(mureg)[before:]] == ["month resolve"] * 3
    assert "A-1, 1 of 3: what to do? [a,m,s,u,q,?] " in ended.err
    assert "A-2, 2 of 3: what to do? [a,c,s,u,q,?] " in ended.err
    assert "X-1, 3 of 3: what to do? [a,s,u,q,?] " in ended.err
    assert "Why? [письмо 17] " in ended.err
    assert re.findall("[0-9] left; agreed now .*", ended.err) == [
        "2 left; agreed now 3,600.00", "1 left; agreed now 1,800.00", "0 left; agreed now 3,600.00",
    ]  # fmt: skip
    assert ended.err.endswith("no discrepancies are left; next: mureg month close 2023-08\n")
    mureg.done("month", "close", "2023-08")


def test_both_sides_are_shown_on_stdout_and_what_is_asked_on_stderr(mureg: Mureg) -> None:
    differing(mureg)
    ended = typed(mureg, "q")
    assert "Different tier" in ended.out
    assert "A-2" not in ended.out
    assert "what to do?" not in ended.out
    assert ended.err.endswith("nothing was written\n")


def test_an_application_is_amended_as_the_operator_has_it(mureg: Mureg) -> None:
    differing(mureg)
    ended = typed(mureg, "m", "письмо", "q")
    assert "2 left; agreed now 3,600.00\n" in ended.err
    assert mureg.done("application", "show", "A-1", "--json").json["multiuser"]["tier"] == "2-9"
    assert sorted(resolutions(mureg)) == ["A-2", "X-1"]


@pytest.mark.parametrize("key", ["a", "m"])
def test_the_last_decision_is_undone_and_asked_again(mureg: Mureg, key: str) -> None:
    differing(mureg)
    ended = typed(mureg, key, "ошибка", "u", "a", "письмо", "q")
    assert re.search(r"A-1: operation [0-9]+ was undone\n3 left; agreed now 5,400.00\n", ended.err)
    assert resolutions(mureg)["A-1"] == "accept письмо"
    assert mureg.done("application", "show", "A-1", "--json").json["multiuser"]["tier"] == "10+"
    assert mureg.done("check").out == ""


def test_without_a_reason_nothing_is_written(mureg: Mureg) -> None:
    differing(mureg)
    ended = typed(mureg, "a", " ", "s", "s", "s")
    assert "a reason is needed: nothing was written\n" in ended.err
    assert set(resolutions(mureg).values()) == {None}


def test_help_names_the_keys_that_apply(mureg: Mureg) -> None:
    differing(mureg)
    ended = typed(mureg, "s", "?", "q")
    assert "a - accept the operator's figure\nc - carry our charge to the next month\ns - skip it" in ended.err
    assert "amend" not in ended.err
    assert "c - carry" not in typed(mureg, "?", "q").err


def test_what_has_no_key_shows_its_command(mureg: Mureg) -> None:
    differing(mureg)
    assert "mureg application import FILE" in typed(mureg, "s", "s", "q").out


def test_a_wrong_total_can_be_accepted(mureg: Mureg) -> None:
    differing(mureg, "Итого;;;;1")
    typed(mureg, "s", "s", "s", "a", "письмо")
    assert resolutions(mureg)["total"] == "accept письмо"


def test_russian_keys_and_words_are_understood(mureg: Mureg) -> None:
    differing(mureg)
    ended = typed(mureg, "ф", "письмо", "с", AGAIN, "й", lang="ru")
    assert "осталось 1; согласовано сейчас" in ended.err
    assert resolutions(mureg) == {"A-1": "accept письмо", "A-2": "carry письмо", "X-1": None}


def test_without_a_terminal_it_names_the_commands_of_scripts(mureg: Mureg) -> None:
    differing(mureg)
    for options in ((), ("--json",), ("--no-input",)):
        ended = mureg("month", "resolve", "2023-08", *options)
        assert (ended.code, ended.out) == (2, "")
        assert "month accept 2023-08 ID" in ended.err
        assert "month carry 2023-08 ID" in ended.err


def test_a_month_that_cannot_be_resolved_is_refused_before_a_question(mureg: Mureg) -> None:
    begin(mureg)
    ended = mureg("month", "resolve", "2023-08", terminal=True)
    assert (ended.code, ended.out) == (5, "")
    assert "has not been reconciled" in ended.err
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    ended = mureg("month", "resolve", "2023-08", terminal=True)
    assert (ended.code, ended.out) == (5, "")
    assert "2023-08 is closed" in ended.err


def test_where_nothing_differs_nothing_is_asked(mureg: Mureg) -> None:
    begin(mureg)
    Path("st.csv").write_text(HEADER, encoding="utf-8")
    mureg.done("reconcile", "--month", "2023-08", "--statement", "st.csv")
    assert typed(mureg).err == "no discrepancies are left; next: mureg month close 2023-08\n"
