"""Languages, consoles, pipes and terminals: text for people never crashes, data for programs never changes."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Mureg
from support.sample_data import LUTIK, application, begin, owner, write_json

pytestmark = pytest.mark.slow

ESCAPE = "\x1b"
HOSTILE = "ООО «Ёлка» 😀 \x1b[31mкрасный\x1b[0m \u202eтекст\u202c [red]x[/red] 中文 \u200b\nвторая\tстрока \x07\x9b1m"


def as_utf8(text: str, encoding: str) -> str:
    """A text as UTF-8: the runner reads bytes in the console's encoding where it can."""
    try:
        return text.encode(encoding).decode()
    except UnicodeError:
        return text


@pytest.fixture
def hostile(mureg: Mureg) -> Mureg:
    """A sale and a waiting application with texts that would harm a terminal."""
    begin(mureg)
    texts: dict[str, Any] = {"organization": {"name": HOSTILE}, "client_comment": HOSTILE, "promotion": HOSTILE}
    people = [owner(1, name=HOSTILE, position=HOSTILE), owner(2)]
    sale = application("A-1", status="processed", processed_on="2023-08-14", **texts)
    mureg.done("application", "import", write_json("a.json", sale, application("A-2", owners=people, **texts)))
    return mureg


@pytest.mark.parametrize(
    ("environment", "options", "russian"),
    [
        ({"MUREG_LANG": "ru"}, [], True),
        ({"MUREG_LANG": "en", "LANG": "ru_RU.UTF-8"}, [], False),
        ({"LANG": "ru_RU.UTF-8"}, [], True),
        ({"LANG": "en_US.UTF-8"}, [], False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, [], True),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, [], False),
        # Windows has a language of its own where no variable names one.
        pytest.param({}, [], False, marks=pytest.mark.skipif(sys.platform == "win32", reason="its language decides")),
        ({"MUREG_LANG": "ru"}, ["--lang", "en"], False),
        ({"MUREG_LANG": "en"}, ["--lang", "ru"], True),
        ({"MUREG_LANG": "en"}, ["--lang=ru"], True),
        ({"MUREG_LANG": "RU"}, [], True),
        ({"MUREG_LANG": "ru_RU"}, [], True),
        ({"MUREG_LANG": "ru-RU"}, [], True),
        ({"MUREG_LANG": "ru_RU.UTF-8"}, [], True),
        ({"MUREG_LANG": "En_us.utf8", "LANG": "ru_RU.UTF-8"}, [], False),
        ({"MUREG_LANG": "de"}, ["--lang", "ru"], True),
    ],
)
def test_the_language_is_the_options_the_variables_or_the_locales(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], options: list[str], russian: bool
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    lang = environment.get("MUREG_LANG", "")
    out = example.done("application", "show", "ZV-1042", *options, lang=lang).out
    assert ("Многопользовательский режим: Включен" in out) is russian
    assert ("Multi-user mode: On" in out) is not russian
    before = example.done(*options, "application", "show", "ZV-1042", lang=lang).out
    assert before == out


def test_an_unknown_language_is_wrong_usage(example: Mureg) -> None:
    ended = example("application", "list", "--lang", "fr")
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("variable", ["de", "russian", "ru1", "_"])
@pytest.mark.parametrize(
    ("locale", "sentence"), [("ru_RU.UTF-8", "не поддерживается"), ("C", "is not a supported language")]
)
def test_so_is_one_in_the_variable(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, variable: str, locale: str, sentence: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    ended = example("application", "list", lang=variable)
    assert (ended.code, ended.out) == (2, "")
    assert f"MUREG_LANG: {variable}" in ended.err
    assert sentence in ended.err
    assert example("application", "list", "--lang", "de", lang=variable).code == 2


def test_a_russian_reads_the_words_of_the_cabinet(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    example.done("application", "set-multiuser", "--tier", "10+")
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    show = ("organization", "show", "7700123459", "--on", "2023-08-31")
    card = example.done(*show, lang="ru").out
    assert re.search(
        r"Продукты:\n  Многопользовательский режим — включён, 10 и более, с [0-9.-]{10} по [0-9.-]{10}\n", card
    )
    seen = example.done(*show, lang="ru", terminal=True).out
    assert "Многопользовательский режим — включён, 10 и более, с 28.08.2023 по 27.08.2024" in seen


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_pipe_gets_iso_dates_also_inside_a_sentence(example: Mureg, lang: str) -> None:
    card = example.done("organization", "show", "7700010303", lang=lang).out
    assert "2023-08-08" in card
    assert "08.08.2023" not in card


def test_json_keys_and_codes_do_not_change_with_the_language(example: Mureg) -> None:
    english, russian = (example("application", "show", "ZV-1042", "--json", lang=lang).json for lang in ("en", "ru"))
    assert english == russian
    errors = [example("application", "show", "NOPE", "--json", lang=lang) for lang in ("en", "ru")]
    assert errors[0].code == errors[1].code
    assert errors[0].error["code"] == errors[1].error["code"]


COMMANDS = [
    ["application", "show", "A-2"],
    ["application", "list"],
    ["application", "check"],
    ["organization", "show", "7700123459"],
    ["organization", "list"],
    ["reconcile", "--month", "2023-08"],
    ["history"],
    ["support"],
    ["contract", "show"],
    ["-h"],
    ["application", "import", "-h"],
    ["application", "show", HOSTILE],
    ["application", "list", "--status", HOSTILE],
    [HOSTILE],
    ["application", "import", "a.json", "--number", HOSTILE],
]
WORDS = [" ".join(words)[:40].encode("ascii", "ignore").decode().strip() or "hostile" for words in COMMANDS]


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "ascii", "utf-8"])
@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("command", COMMANDS, ids=WORDS)
def test_no_console_makes_it_crash_and_no_client_commands_it(
    hostile: Mureg, command: list[str], lang: str, encoding: str, terminal: bool
) -> None:
    ended = hostile(*command, lang=lang, encoding=encoding, terminal=terminal)
    assert ended.code in (0, 2, 3, 6), ended
    # Click writes ASCII to a stream of its own, which ends lines as the system does.
    shown = (ended.out + ended.err).replace(os.linesep, "\n")
    shown = re.sub(r"\x1b\[[0-9;]*m", "", shown) if terminal else shown
    # Rich and we write bold and colours on a terminal; nothing else, and never the client's red.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u202c\u200b\x9b]", shown)
    if terminal:
        assert "\x1b[31mк" not in ended.out


@pytest.mark.parametrize("command", COMMANDS[:9], ids=WORDS[:9])
def test_a_pipe_gets_no_escape_codes_even_where_colour_is_forced(
    hostile: Mureg, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    ended = hostile(*command)
    assert ESCAPE not in ended.out + ended.err


def test_markup_is_shown_as_text(hostile: Mureg) -> None:
    assert "[red]x[/red]" in hostile.done("application", "list").out
    assert "[red]x[/red]" in re.sub(r"\s+", "", hostile.done("application", "list", terminal=True).out)


def test_one_application_is_one_line_in_a_pipe(hostile: Mureg) -> None:
    lines = hostile.done("application", "list").out.split("\n")
    assert [line.split("\t")[0] for line in lines] == ["Number", "A-1", "A-2", ""]
    assert {line.count("\t") for line in lines[:3]} == {9}


def test_a_long_name_is_whole_in_a_pipe_and_on_a_terminal(mureg: Mureg) -> None:
    name = "ООО «" + "Длинное имя " * 25 + "конец»"
    assert len(name) > 300
    begin(mureg).done("application", "import", write_json("a.json", application("A-1", organization={"name": name})))
    assert name in mureg.done("application", "list").out
    assert name in mureg.done("application", "show", "A-1").out
    seen = mureg.done("application", "list", terminal=True).out
    assert "конец" in seen
    assert "…" not in seen


@pytest.mark.parametrize("command", COMMANDS[:9], ids=WORDS[:9])
@pytest.mark.parametrize("columns", ["60", "20"])
def test_a_narrow_terminal_is_not_overrun_by_tables(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, command: list[str], columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    words = ["ZV-1042" if word == "A-2" else word for word in command]
    ended = example(*words, terminal=True)
    assert ended.code == 0
    if words[:2] == ["application", "list"]:
        assert "ZV-1045" in ended.out
        lines = re.sub(r"\x1b\[[0-9;]*m", "", ended.out).splitlines()
        assert max(map(len, lines)) <= int(columns)


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("columns", [41, 60])
def test_a_sentence_of_the_card_breaks_between_words_on_a_terminal_and_never_in_a_pipe(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, columns: int, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    alone = application("ONE", users=1, promotion="СуперХод", client_comment="слово " * 30)
    example.done("application", "import", write_json("one.json", alone))
    for words in (["application", "show", "ZV-1041"], ["application", "show", "ONE"], ["organization", "show", LUTIK]):
        seen = re.sub(r"\x1b\[[0-9;]*m", "", example.done(*words, terminal=True, lang=lang).out)
        piped = example.done(*words, lang=lang).out
        *card, last = seen.splitlines()
        assert max(map(len, card)) <= columns
        assert max(map(len, piped.splitlines())) > columns
        if words[1:] != ["show", "ONE"]:  # whose table is laid out otherwise
            assert _with_iso_dates(seen).split() == piped.split()
        if words[0] == "application":
            assert last == piped.splitlines()[-1], "a command to type stays in one piece"


def _with_iso_dates(text: str) -> str:
    return re.sub(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", r"\3-\2-\1", text)


@pytest.mark.parametrize("how", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}])
def test_colour_can_be_switched_off(example: Mureg, monkeypatch: pytest.MonkeyPatch, how: dict[str, str]) -> None:
    for name, value in how.items():
        monkeypatch.setenv(name, value)
    options = [] if how else ["--no-color"]
    for command in (["application", "list"], ["application", "show", "ZV-1042"], ["application", "show", "NOPE"]):
        ended = example(*command, *options, terminal=True)
        assert not re.search(r"\x1b\[[0-9;]*[349][0-9]m", ended.out + ended.err)
        assert ESCAPE not in ended.err


def test_a_terminal_gets_bold_headings(example: Mureg) -> None:
    assert ESCAPE in example.done("application", "show", "ZV-1042", terminal=True).out


@pytest.mark.parametrize("encoding", ["cp866", "cp1251", "ascii"])
@pytest.mark.parametrize("terminal", [False, True])
def test_json_is_utf_8_whatever_the_console(example: Mureg, encoding: str, terminal: bool) -> None:
    plain = example.done("application", "show", "ZV-1042", "--json").json
    ended = example.done("application", "show", "ZV-1042", "--json", encoding=encoding, terminal=terminal)
    assert json.loads(as_utf8(ended.out, encoding)) == plain


@pytest.mark.parametrize("encoding", ["cp866", "cp1251"])
def test_an_error_in_json_is_utf_8_whatever_the_console(example: Mureg, encoding: str) -> None:
    ended = example("application", "show", "Ёж", "--json", encoding=encoding, lang="ru")
    assert "Ёж" in json.loads(as_utf8(ended.err, encoding))["error"]["message"]


def test_amounts_for_russians_on_a_terminal_are_as_they_write_them(example: Mureg) -> None:
    assert "27\u00a0000,00" in example.done("reconcile", "--month", "2023-08", lang="ru", terminal=True).out
    assert "27000.00" in example.done("reconcile", "--month", "2023-08", lang="ru").out


def test_nothing_is_written_beside_the_register(hostile: Mureg) -> None:
    assert {path.name for path in Path().iterdir()} <= {
        "a.json",
        "mureg.db",
        "mureg.toml",
        "mureg.db-wal",
        "mureg.db-shm",
    }


@pytest.mark.parametrize(("lang", "label"), [("en", "Warning: "), ("ru", "Внимание: ")])
def test_what_was_found_is_a_warning_and_not_an_error(example: Mureg, lang: str, label: str) -> None:
    statement = "examples/statement/operator-2023-08.csv"
    ended = example("reconcile", "--month", "2023-08", "--statement", statement, lang=lang)
    assert ended.code == 6
    assert [line.startswith(label) for line in ended.err.splitlines()].count(True) == 1


def test_the_products_of_an_organization_are_under_one_heading(example: Mureg) -> None:
    example.done("application", "process", "ZV-1042", "--on", "2023-08-14")
    card = example.done("organization", "show", "7700123459", "--on", "2023-09-01", lang="ru").out
    assert card.count("Продукты") == 1
    assert "Продукты:\n  Многопользовательский режим — включён, " in card
