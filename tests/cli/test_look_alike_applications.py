"""Numbers of applications that look alike: stored as they came, found by each other, warned of."""

import pytest

from support.command_line import Mureg
from support.sample_data import LUTIK, application, begin, listed, row, shown, write_json, write_table

# Cyrillic З and В beside a digit and a Latin letter; Й as one character and as two; a no-break space; dashes.
PAIRS = [
    ("3B-00903", "ЗВ-00903"),
    ("\u0419-7", "\u0418\u0306-7"),
    ("ZV 1042", "ZV\u00a01042"),
    ("ZV-1042", "zv–1042"),
    ("A-10", "А-1O"),
]


def import_(mureg: Mureg, *numbers: str, **values: str) -> None:
    mureg.done("application", "import", write_table("a.csv", *(row(number, **values) for number in numbers)))


def alike(mureg: Mureg, number: str) -> list[str]:
    warnings = shown(mureg, number)["warnings"]
    assert all(each["level"] == "warning" for each in warnings if each["code"] == "looks_like_another")
    return [each["message"] for each in warnings if each["code"] == "looks_like_another"]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_number_that_looks_like_another_is_stored_as_it_came_and_warned_of(
    mureg: Mureg, first: str, second: str
) -> None:
    import_(begin(mureg), first)
    assert alike(mureg, first) == []
    import_(mureg, second)
    assert sorted(listed(mureg)) == sorted([first, second])
    assert alike(mureg, second) == [f"its number looks like that of another application: {first}"]
    assert alike(mureg, first) == [f"its number looks like that of another application: {second}"]
    checked = mureg("application", "check", second, "--json")
    assert checked.code == 6
    assert "looks_like_another" in [each["code"] for each in checked.json[0]["warnings"]]


def test_a_warning_of_look_alikes_is_in_the_users_language(mureg: Mureg) -> None:
    import_(begin(mureg), "ZV-1", "zv-1")
    out = mureg.done("application", "show", "ZV-1", "--lang", "ru").out
    assert "номер выглядит так же, как у другого заявления: zv-1" in out


def test_only_new_applications_of_the_same_inn_are_warned_of(mureg: Mureg) -> None:
    import_(begin(mureg), "ZV-1")
    import_(mureg, "zv-1", inn=LUTIK)
    assert alike(mureg, "zv-1") == []
    import_(mureg, "ZV- 1")
    mureg.done("application", "set-multiuser", "ZV-1", "--tier", "2-9")
    mureg.done("application", "process", "ZV-1", "--on", "2023-08-14")
    assert alike(mureg, "ZV-1") == []
    assert alike(mureg, "ZV- 1") == ["its number looks like that of another application: ZV-1"]


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_an_application_is_found_by_a_number_that_looks_like_its_own(mureg: Mureg, stored: str, typed: str) -> None:
    import_(begin(mureg), stored, "OTHER-5")
    assert shown(mureg, typed)["number"] == stored
    ended = mureg.done("application", "show", typed)
    assert f"there is no {typed}; this one looks like it: {stored}" in ended.err


def test_where_several_look_alike_none_is_chosen_and_they_are_named(mureg: Mureg) -> None:
    import_(begin(mureg), "ZV-1", "zv-1")
    ended = mureg("application", "show", "Zv–1", "--json")
    assert (ended.code, ended.error["hint"]) == (3, "did you mean ZV-1, zv-1?")


def test_a_command_that_writes_takes_the_exact_number_and_names_the_one_that_looks_like_it(mureg: Mureg) -> None:
    import_(begin(mureg), "ZV-1")
    ended = mureg("application", "reject", "zv–1", "--comment", "нет", "--json")
    assert (ended.code, ended.error["hint"]) == (3, "did you mean ZV-1?")


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u202e", "\ufeff", "\u2060"])
def test_a_number_with_an_invisible_character_is_refused(mureg: Mureg, hidden: str) -> None:
    begin(mureg)
    number = f"ZV{hidden}-1"
    for file in (write_table("a.csv", row(number)), write_json("a.json", application(number))):
        ended = mureg("application", "import", file, "--json")
        assert (ended.code, ended.out) == (4, "")
        assert "invisible characters" in ended.error["details"][0]["message"]
    assert listed(mureg) == []
