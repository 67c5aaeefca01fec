"""`mureg application show`: the card, its JSON, and a number that was left out."""

import re
from typing import Any

import pytest

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import application, begin, owner, row, shown, snils_of, write_json, write_table

# docs/reference.md, “An application”; what it does not fix may be added.
PROMISED: dict[str, Any] = {
    "number": "ZV-1042", "type": "connection", "submitted_on": "2023-08-07", "status": "new", "processed_on": None,
    "comment": None, "client_comment": None,
    "organization": {"inn": "7700123459", "kpp": "770001001", "ogrn": "1237700000120", "name": "ООО «Ромашка»",
                     "account": None, "program_number": "800000001"},
    "multiuser": {"requested": "on", "requested_tier": None, "set": None, "set_by": None, "effective": "on",
                  "tier": "2-9", "suggested_tier": "2-9", "users": 3},
    "authorities": ["ФНС", "СФР"], "promotion": None, "warnings": [],
}  # fmt: skip
PROMISED_OWNER = {
    "snils": "112-233-445 95", "name": "Иванова Анна Петровна", "position": "Директор", "inn": "770012345606",
    "roles": ["signing", "encryption", "administration"], "authorities": ["ФНС", "СФР"], "sender": True,
    "removed": False, "potential": False,
}  # fmt: skip


IVANOVA = (
    "Иванова Анна Петровна\tДиректор\t112-233-445 95\tsigning, encryption, administration\tФНС, СФР\t"
    "+70000000000\tuser@firma.example\t\tsender"
)


def holds(found: Any, promised: Any) -> bool:
    """Whether the found JSON has everything that is promised; an object may have more."""
    if isinstance(promised, dict):
        return all(name in found and holds(found[name], value) for name, value in promised.items())
    return bool(found == promised)


def test_the_json_is_what_the_interface_promises(example: Mureg) -> None:
    ended = example("application", "show", "ZV-1042", "--json")
    assert (ended.code, ended.err) == (0, "")
    found = ended.json
    assert holds(found, PROMISED), found
    assert holds(found["owners"][0], PROMISED_OWNER)
    assert len(found["owners"]) == 3
    assert found["source"]["file"].endswith("ZV-1042.xml")
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", found["source"]["imported_at"])


def test_the_order_of_the_promised_keys_is_kept(example: Mureg) -> None:
    found = [name for name in shown(example, "ZV-1042") if name in {*PROMISED, "owners", "source"}]
    assert found == [*list(PROMISED)[:9], "owners", "authorities", "promotion", "source", "warnings"]


def test_a_promotion_is_a_note(example: Mureg) -> None:
    (warning,) = shown(example, "ZV-1030")["warnings"]
    assert (warning["code"], warning["level"]) == ("promotion_ignored", "note")
    assert "Welcome!" in warning["message"]


def test_the_card_shows_everything_and_the_next_step(example: Mureg) -> None:
    out = example.done("application", "show", "ZV-1042").out
    for line in (
        "Application ZV-1042: new",
        "Type: Connection",
        "Submitted: 2023-08-07",
        "Organization: ООО «Ромашка»",
        "ИНН: 7700123459",
        "КПП: 770001001",
        "ОГРН: 1237700000120",
        "Multi-user mode: On",
        "Client asked for: On",
        "Tier: 2 to 9 (by the number of users)",
        "Users: 3",
        "Authorities of the account: ФНС, СФР",
        IVANOVA,
        "Next: mureg application process ZV-1042",
    ):
        assert line in out.splitlines()


def test_the_card_speaks_russian(example: Mureg) -> None:
    assert "Многопользовательский режим: Включен" in example.done("application", "show", "ZV-1042", lang="ru").out


def test_the_card_shows_who_set_what(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_USER", "ольга")
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    lines = example.done("application", "show", "ZV-1042").out.splitlines()
    assert "Partner set: On, by ольга" in lines
    assert "Tier: 10 and more (set by the partner)" in lines
    assert any(line.startswith("  · ") and "higher than the number of users" in line for line in lines)


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("ZV-1046", "Rejected: 2023-08-23"),
        ("ZV-1046", "Partner's comment: Клиент подключается без расширения у другого партнёра"),
        ("ZV-1041", "Without a sale: Лицензию продал другой партнёр"),
        ("ZV-1030", "Processed: 2023-08-08"),
        ("ZV-1030", "Licence: 2 to 9, from 2023-08-08 to 2024-08-07"),
        ("ZV-1030", "Promotion: Welcome! — gives no discount on the multi-user mode"),
        ("ZV-1030", "Next: mureg organization show 7700010303 --kpp 770001001"),
    ],
)
def test_the_card_shows_what_was_decided(example: Mureg, number: str, line: str) -> None:
    assert line in example.done("application", "show", number).out.splitlines()


def test_without_a_tier_the_next_step_is_to_set_one(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1", users="")))
    lines = mureg.done("application", "show", "A-1").out.splitlines()
    assert "Tier: required" in lines
    assert "Next: mureg application set-multiuser A-1 --tier 2-9" in lines


def test_removed_and_invited_users_are_marked_and_counted_as_they_should_be(mureg: Mureg) -> None:
    people = [owner(1), owner(2, removed=True), owner(3, potential=True), owner(4)]
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", owners=people)))
    assert shown(mureg, "A-1")["multiuser"]["users"] == 3
    out = mureg.done("application", "show", "A-1").out
    assert "being removed" in out
    assert "invited" in out


@pytest.mark.parametrize(("lang", "words"), [("en", "invited user"), ("ru", "приглашённый пользователь")])
@pytest.mark.parametrize("terminal", [False, True])
def test_an_owner_without_a_name_is_not_an_empty_cell(mureg: Mureg, lang: str, words: str, terminal: bool) -> None:
    people = [owner(1), owner(2, potential=True, name=None), owner(3, name=None)]
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", owners=people)))
    out = mureg.done("application", "show", "A-1", lang=lang, terminal=terminal).out
    assert "Сотрудник" in out
    if terminal:
        assert words.split(maxsplit=1)[0] in out
        return
    rows = [line.split("\t") for line in out.splitlines() if snils_of(2) in line or snils_of(3) in line]
    assert [cells[0] for cells in rows] == [words, "—"]


def test_the_one_waiting_needs_no_number(example: Mureg) -> None:
    ended = example.done("application", "show", "--json")
    assert (ended.json["number"], ended.err) == ("ZV-1042", "")


def test_with_none_waiting_a_number_is_needed(mureg: Mureg) -> None:
    ended = begin(mureg)("application", "show")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: no application is waiting\n")


@pytest.fixture
def three(mureg: Mureg) -> Mureg:
    """Three applications wait, the number of one needs quoting."""
    lines = row("A-1"), row("A 2", name="ООО «Лютик»"), row("A-3")
    begin(mureg).done("application", "import", write_table("a.csv", *lines))
    return mureg


@pytest.mark.parametrize(
    "typed",
    [
        ("show",),
        ("set-multiuser", "--tier", "10+"),
        ("set-multiuser", "--off"),
        ("set-multiuser", "--tier", "2-9", "--on"),
    ],
)
def test_with_several_waiting_a_pipe_gets_the_whole_command_of_each(three: Mureg, typed: tuple[str, ...]) -> None:
    ended = three("application", *typed)
    assert (ended.code, ended.out) == (3, "")
    verb, *options = typed
    rest = " ".join(["", *options])
    assert ended.err == (
        "Error: 3 applications are waiting: specify one\nchoose one:\n"
        f'mureg application {verb} "A 2"{rest}\n'
        f"mureg application {verb} A-1{rest}\n"
        f"mureg application {verb} A-3{rest}\n"
    )


def test_a_tier_in_words_is_quoted_in_the_command(three: Mureg) -> None:
    err = three("application", "set-multiuser", "--tier", "10 и более").err
    assert 'mureg application set-multiuser A-1 --tier "10 и более"' in err or "A-1 --tier 10+" in err


def test_a_dry_run_stays_one_in_the_command(three: Mureg) -> None:
    assert (
        "mureg application set-multiuser A-1 --off --dry-run"
        in three("application", "set-multiuser", "--off", "--dry-run").err
    )


@pytest.mark.parametrize(("answer", "number"), [("2", "A-1"), ("A-3", "A-3"), (" 1 ", "A 2")])
def test_with_several_waiting_a_person_chooses(three: Mureg, answer: str, number: str) -> None:
    ended = three("application", "show", terminal=True, stdin=f"{answer}\n")
    assert ended.code == 0
    assert f"Application {number}: new" in ended.out
    assert "ООО «Лютик»" in ended.err


@pytest.mark.parametrize("answer", ["", "4", "0", "нет", "٢"])
def test_an_answer_that_is_none_of_them_changes_nothing(three: Mureg, answer: str) -> None:
    ended = three("application", "set-multiuser", "--off", terminal=True, stdin=f"{answer}\n")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("Which one (line, number, or text to search for)? ") == 2
    assert ended.err.endswith("mureg application set-multiuser A-3 --off\n")
    assert len(three.done("history", "--json").json) == 1


def test_text_narrows_the_list_and_a_line_of_it_is_chosen(mureg: Mureg) -> None:
    rows = [row(f"A-{n:02}", name=f"ООО «Фирма {n}»") for n in range(25)]
    begin(mureg).done("application", "import", write_table("a.csv", *rows))
    ended = mureg.done("application", "show", terminal=True, stdin="фирма 2\nфирма 24\n1\n")
    assert "25 applications are waiting; the oldest 20 are shown\n" in ended.err
    assert "  6  A-24  ООО «Фирма 24»\n6 applications are waiting\n" in ended.err
    assert "  1  A-24  ООО «Фирма 24»\n1 application is waiting\n" in ended.err
    assert "Application A-24: new" in ended.out


def test_the_number_of_an_application_that_is_not_shown_is_taken(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", *(row(f"A-{n:02}") for n in range(25))))
    assert "Application A-23: new" in mureg.done("application", "show", terminal=True, stdin="A-23\n").out


def test_text_that_fits_nothing_is_said_and_the_list_is_shown_again(three: Mureg) -> None:
    ended = three.done("application", "show", terminal=True, stdin="липа\n2\n")
    assert "no waiting application has “липа” in its number, ИНН or name\n" in ended.err
    assert ended.err.count("3 applications are waiting\n") == 2


def test_on_a_terminal_the_card_has_the_price(three: Mureg) -> None:
    out = three.done("application", "show", "A-1", terminal=True).out
    assert "(list price 3,000.00, partner discount 1,200.00)" in out
    assert "list price" not in three.done("application", "show", "A-1").out


@pytest.mark.parametrize("option", ["--no-input", "--json"])
def test_without_questions_the_error_lists_the_candidates(three: Mureg, option: str) -> None:
    ended = three("application", "show", option, terminal=True)
    assert (ended.code, ended.out) == (3, "")
    assert "mureg application show A-1" in ended.err


def test_more_than_twenty_waiting_are_not_all_listed(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", *(row(f"A-{n:02}") for n in range(25))))
    lines = mureg("application", "show").err.splitlines()
    assert lines[0] == "Error: 25 applications are waiting: specify one"
    assert len([line for line in lines if line.startswith("mureg application show A-")]) == 20
    assert lines[-1] == "list all: mureg application list --status new"


def test_a_number_that_is_not_there_brings_its_like(example: Mureg) -> None:
    assert example("application", "show", "1042") == (
        3,
        "",
        "Error: no application 1042\ndid you mean ZV-1042?\n",
    )


def test_a_damaged_role_of_an_owner_is_shown_as_it_is(example: Mureg) -> None:
    assert raw_sql.tamper("UPDATE application SET owners = replace(owners, 'encrypt', 'encrypu')")
    ended = example("application", "show", "ZV-1042")
    assert ended.code == 0
    assert "encrypu" in ended.out
    assert example("check").code == 6
