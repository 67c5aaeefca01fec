"""Hostile texts in every place where clients, the operator and the partner may put one, shown in every place.

Each text carries a mark, so that it is known to have come where it was looked for. What was tried is counted.
"""

import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Ended, Mureg
from support.sample_data import EXAMPLES, ROMASHKA, application, begin, inn_of, owner, row, write_json, write_table

HOSTILE = (
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b]0;title\x07", "\x1b[2J\x1b[H",
    "\x1bP1;1|x\x1b\\", "\x9b31m",
    "\x9d0;x\x9c", "\x85", "\x07\x08\x08", "a\rb", "a\tb", "a\nb", "\v\f", "\u202e7700\u202c", "\u2066x\u2069",
    "\u200f", "\u061c",
    "a\u200bb", "\u200d\u200c", "\ufeff", "\u00ad", "\u2028\u2029", "\U000e0041", "\ufe0f", "\u3164", "[red]x[/]", "[link=http://x]x[/link]",
    "[/]", ":boom:", "=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(A1)", "＝1+1", "=HYPERLINK(\"http://x\")",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>", "<img src=x onerror=alert(1)>", "\" onmouseover=\"x", "</style><b>", "{{ 7*7 }}",
    "{% raw %}", "{0}{count}%s",
    '#import "x.typ"', '#read("/etc/passwd")', "#panic()", "$x$ *b* _i_ `c` @r", "\\u001b[31m", "\\", "C:\\new",
    "$(touch hacked)",
    "`touch hacked`", "; touch hacked", "| touch hacked", "&& touch hacked", "'; touch hacked; '",
    '"; touch hacked; "', "!!", "~", "*",
    "%PATH%", "x" * 300, "я" * 300, "💥", "مرحبا",
)  # fmt: skip
# A number may hold no invisible character; other texts may.
NUMBERS = tuple(text for text in HOSTILE if text.isprintable() and len(text) < 60 and not text.startswith("-"))
NUMBERS = tuple(text for text in NUMBERS if not set(text) & {"\ufe0f", "\u3164"})

# C0 and C1, DEL, soft hyphen, bidi and zero-width characters, separators of lines, tags, variation selectors.
_RAW = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_STYLE = re.compile("\x1b\\[(?:0|1|1;31|1;33)m")


def _marked(texts: tuple[str, ...], letter: str) -> list[str]:
    return [f"{text}{letter}{place}{letter}" for place, text in enumerate(texts)]


TEXTS, NUMBER_TEXTS = _marked(HOSTILE, "Ж"), _marked(NUMBERS, "Ш")


def _marks(text: str, letter: str) -> set[str]:
    return set(re.findall(f"{letter}[0-9]+{letter}", text))


def _harmless(ended: Ended, *, tabs: bool = False) -> None:
    for text in (ended.out, ended.err):
        bare = text.replace("\t", "") if tabs else text
        found = _RAW.search(bare)
        assert found is None, (found, bare[max(0, found.start() - 50) : found.end() + 20])


def _everything(number: str, serial: int, text: str, **values: Any) -> dict[str, Any]:
    """An application with the text in every field that may hold one."""
    one_line = " ".join(text.split())
    organization = {
        "inn": inn_of(serial),
        "kpp": None,
        "name": text,
        "account": text[:50] + text[-6:],
        "program_number": text,
    }
    people = [owner(1, name=text, position=text), owner(2, name=text, potential=True, roles=[], sender=False)]
    return application(
        number,
        organization=organization,
        owners=people,
        promotion=text,
        client_comment=text,
        authorities=[one_line],
        **values,
    )


@pytest.fixture
def hostile_office(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    """A register with every text in every place, sold, rejected, cancelled, and with a statement that differs."""
    monkeypatch.setenv("COLUMNS", "3000")
    begin(mureg)
    sold = [_everything(f"S-{place}", 1000 + place, text) for place, text in enumerate(TEXTS)]
    waiting = [_everything(number, 2000 + place, TEXTS[place]) for place, number in enumerate(NUMBER_TEXTS)]
    mureg.done("application", "import", write_json("sold.json", *sold))
    mureg.done("application", "import", write_json("waiting.json", *waiting))
    mureg.done("application", "process", *(each["number"] for each in sold), "--on", "2023-08-10")
    return mureg


def _runs(mureg: Mureg, *arguments: str) -> list[Ended]:
    """The command in both languages, for a pipe and for a terminal with and without colours."""
    runs = [mureg(*arguments, lang=lang, terminal=terminal) for lang in ("en", "ru") for terminal in (False, True)]
    plain = mureg("--no-color", *arguments, terminal=True)
    for place, ended in enumerate(runs):
        if place % 2:
            _harmless(ended._replace(out=_STYLE.sub("", ended.out), err=_STYLE.sub("", ended.err)))
        else:
            _harmless(ended, tabs=True)
    _harmless(plain)
    return [*runs, plain]


def test_every_list_and_card_shows_every_text_harmless(hostile_office: Mureg) -> None:
    places = 0
    for command, letter, texts in (
        (["application", "list"], "Ж", TEXTS),
        (["application", "list"], "Ш", NUMBER_TEXTS),
        (["application", "list", "--json"], "Ж", TEXTS),
        (["application", "check"], "Ш", NUMBER_TEXTS),
        (["organization", "list"], "Ж", TEXTS),
        (["reconcile", "--month", "2023-08"], "Ж", TEXTS),
        (["reconcile", "--month", "2023-08", "--json"], "Ж", TEXTS),
        (["history", "--json"], "Ш", NUMBER_TEXTS),
    ):
        for ended in _runs(hostile_office, *command):
            assert ended.code in (0, 6), ended.err
            assert len(_marks(ended.out, letter)) == len(texts), command
            places += len(texts)
    assert places >= 5 * 8 * 45


def test_every_list_as_csv_has_every_text_harmless(hostile_office: Mureg) -> None:
    for command in (["application", "list"], ["organization", "list"]):
        out = hostile_office.done(*command, "--format", "csv").out.removeprefix("\ufeff").replace("\r\n", "\n")
        assert _RAW.search(out.replace("\n", "")) is None
        assert len(_marks(out, "Ж")) == len(TEXTS)
        assert not re.search('(?:^|;)"?[=+@-]', out, re.MULTILINE)


def test_the_columns_of_a_pipe_are_the_same_in_every_row(hostile_office: Mureg) -> None:
    for command in (["application", "list"], ["organization", "list"]):
        lines = hostile_office.done(*command).out.splitlines()
        assert len({line.count("\t") for line in lines}) == 1, command
        assert len(lines) > len(TEXTS)


def test_every_card_shows_its_text_harmless_and_json_gives_it_back(hostile_office: Mureg) -> None:
    tried = 0
    for place, text in enumerate(TEXTS):
        mark = f"Ж{place}Ж"
        for terminal in (False, True):
            ended = hostile_office("--no-color", "application", "show", f"S-{place}", terminal=terminal, lang="ru")
            _harmless(ended, tabs=not terminal)
            # Name, post, two owners, account, program, comments, promotion, authorities.
            assert ended.out.count(mark) >= 8, (text, ended.out)
        shown = hostile_office.done("application", "show", f"S-{place}", "--json")
        _harmless(shown)
        card = shown.json
        assert [card["organization"]["name"], card["organization"]["program_number"], card["client_comment"],
                card["promotion"], card["owners"][0]["name"],
                card["owners"][0]["position"]] == [text.strip()] * 6  # fmt: skip
        tried += 3
    assert tried == 3 * len(TEXTS) >= 180


def test_what_came_in_comes_out_and_goes_in_again(hostile_office: Mureg) -> None:
    listed = hostile_office.done("application", "list", "--json").out
    Path("again.json").write_text(listed, encoding="utf-8")
    again = hostile_office.done("application", "import", "again.json", "--json").json
    assert (again["added"], again["changed"]) == (0, 0)
    assert again["skipped"] == len(TEXTS) + len(NUMBER_TEXTS)


@pytest.mark.skipif(sys.platform == "win32", reason="the hints are quoted for cmd.exe there")
def test_a_shell_reads_from_every_hint_the_number_and_runs_nothing(hostile_office: Mureg) -> None:
    hints = []
    for number in NUMBER_TEXTS:
        card = hostile_office.done("application", "show", "--", number).out
        hints.append(card.splitlines()[-1].partition(": ")[2])
    script = "\n".join(f"printf '%s\\0' {hint}" for hint in hints)
    ended = subprocess.run(["sh", "-c", script], capture_output=True, check=True, text=True)
    assert ended.stderr == ""
    words = ended.stdout.split("\0")[:-1]
    assert words == [word for number in NUMBER_TEXTS for word in ("mureg", "application", "process", number)]
    assert not Path("hacked").exists()
    assert len(hints) >= 35


def test_tab_offers_only_numbers_that_a_shell_takes_as_they_are(hostile_office: Mureg) -> None:
    hostile_office.done("application", "import", write_table("plain.csv", row("A-1"), row("Б-2")))
    environment = {
        "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1", "_MUREG_COMPLETE": "complete_bash",
        "COMP_WORDS": "mureg application show ", "COMP_CWORD": "3",
    }  # fmt: skip
    command = [sys.executable, "-m", "mureg"]
    ended = subprocess.run(command, env=os.environ | environment, capture_output=True, check=True, encoding="utf-8")
    _harmless(Ended(0, ended.stdout, ended.stderr))
    offered = ended.stdout.split("\n")
    assert {"A-1", "Б-2"} <= set(offered)
    assert all(shlex.split(word) in ([word], []) and not set(word) & set("$`;|&<>()*~!\\'\"{}[]#") for word in offered)


def test_the_list_to_choose_from_shows_every_text_harmless(hostile_office: Mureg) -> None:
    seen: set[str] = set()
    while len(seen) < len(NUMBER_TEXTS):
        ended = hostile_office("--no-color", "application", "show", terminal=True, stdin="x\x1b[31m\u202e\n2\n")
        _harmless(ended)
        assert ended.code == 0, ended.err
        shown = _marks(ended.err, "Ш")
        assert shown - seen or not shown
        seen |= shown
        for mark in sorted(shown)[: len(NUMBER_TEXTS) - len(seen)]:
            number = NUMBER_TEXTS[int(mark.strip("Ш"))]
            hostile_office("application", "reject", "--comment", "нет", "--", number)
    assert len(seen) >= 35


def test_reasons_and_comments_are_kept_whole_and_shown_harmless(hostile_office: Mureg, monkeypatch: Any) -> None:
    tried = 0
    for place, text in enumerate(TEXTS[: len(NUMBER_TEXTS)]):
        monkeypatch.setenv("MUREG_USER", text)
        number = NUMBER_TEXTS[place]
        for command in (
            ["application", "reject", "--comment", text, "--", number],
            ["application", "cancel", "--reason", text, "--on", "2023-08-10", "--", f"S-{place}"],
        ):
            ended = hostile_office("--no-color", *command, terminal=True, lang="ru")
            assert ended.code == 0, ended
            _harmless(ended)
            tried += 1
        shown = hostile_office.done("application", "show", "--json", "--", number).json
        assert shown["comment"] == text.strip()
    for ended in _runs(hostile_office, "history"):
        assert len(_marks(ended.out, "Ж")) == len(NUMBER_TEXTS)
    assert tried >= 70


def test_errors_and_their_details_show_every_text_harmless(mureg: Mureg) -> None:
    begin(mureg)
    tried = 0
    for place, text in enumerate(TEXTS):
        bad = application(f"B-{place}", type=text, status=text, processed_on=text) | {text: text}
        bad["organization"]["inn"] = text
        bad["multiuser"]["requested"] = text
        write_json("bad.json", bad)
        Path("bad.csv").write_text(
            f"number;submitted_on;inn;{json.dumps(text)}\n{json.dumps(text)};x;y;z\n", encoding="utf-8"
        )
        for command in (
            ["application", "import", "bad.json"], ["application", "import", "bad.csv"], ["application", "show", "--",
            text],
            ["application", "show", "--json", "--", text], ["reconcile", "--month", text], ["history", "--", text],
            ["application", "import", "bad.json", "--profile", text], ["application", "list", "--fields", text],
            ["application", "list", "--status", text], ["organization", "show", "--", text], [text], [f"--{text}"],
            ["reconcile", "--month", "2023-08", "--statement", text], ["invoice", "paid", "--on", "today", "--", text],
            ["month", "accept", "2023-08", "--reason", text, "--", text], ["--config", text, "contract", "show"],
            ["--db", text, "application", "list"], ["restore", f"no/{text}"], ["check", "--head", text],
        ):  # fmt: skip
            if place % 3 and command[0] != "application":
                continue
            ended = mureg("--no-color", *command, lang=("ru", "en")[tried % 2], terminal=tried % 3 == 0)
            assert ended.code in (2, 3, 4, 5, 7), (command, ended)
            _harmless(ended, tabs=True)
            assert "\t" not in ended.err
            tried += 1
    assert tried >= 500


def test_settings_take_no_invisible_text_and_say_so_harmless(mureg: Mureg) -> None:
    begin(mureg)
    right = (EXAMPLES / "contract" / "mureg.toml").read_text(encoding="utf-8")
    refused = 0
    for place, text in enumerate(TEXTS):
        quoted = json.dumps(text)
        settings = right.replace("ООО «Партнёр»", "@").replace('"@"', quoted)
        assert quoted in settings
        Path("mureg.toml").write_text(
            settings + f'\n[profile.{quoted}]\nkind = "statement"\n[profile.{quoted}.columns]\npayable = {quoted}\n',
            encoding="utf-8",
        )
        for command in (
            ["contract", "show"],
            ["support"],
            ["application", "import", "mureg.toml", "--profile", "none"],
        ):
            ended = mureg("--no-color", *command, terminal=place % 2 == 0, lang="ru")
            _harmless(ended, tabs=True)
            refused += ended.code == 4
        assert "Traceback" not in ended.err
    assert refused >= 2 * 25


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file names")
def test_file_names_are_shown_harmless(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "3000")
    begin(mureg)
    tried = 0
    for place, text in enumerate(TEXTS):
        name = text.replace("/", "_").encode()[-200:].decode("utf-8", "ignore")
        write_table(name if name[0] not in "-~" else f"_{name}", row(f"F-{place}"))
        path = name if name[0] not in "-~" else f"_{name}"
        for terminal in (False, True):
            for command in (["application", "import", path], ["reconcile", "--month", "2023-08", "--statement", path]):
                ended = mureg("--no-color", *command, terminal=terminal)
                _harmless(ended, tabs=not terminal)
                assert f"Ж{place}Ж" in ended.out + ended.err
                tried += 1
            hint = re.search(r"import them: (.*)", ended.err)
            assert hint is not None, ended.err
            if path.isprintable() and "\ufe0f" not in path and "\u3164" not in path:
                assert shlex.split(hint[1]) == ["mureg", "application", "import", path]
    for ended in _runs(mureg, "history"):
        assert len(_marks(ended.out, "Ж")) > 50
    assert tried >= 240


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.met: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.met |= {(tag, name) for name, _ in attributes} | {(tag, "")}


def _tags(page: bytes) -> set[tuple[str, str]]:
    parser = _Tags()
    parser.feed(page.decode())
    return parser.met


@pytest.fixture
def hostile_month(hostile_office: Mureg) -> Mureg:
    """The month with a statement whose rows have the texts too, resolved with reasons that are such texts."""
    rows = [{"number": f"S-{place}", "payable": "1.00", "name": text} for place, text in enumerate(TEXTS[:-5])]
    rows += [{"number": number, "payable": "5.00", "name": TEXTS[place]} for place, number in enumerate(NUMBER_TEXTS)]
    name = "st\x1b[31m\u202e=.json" if sys.platform != "win32" else "st.json"
    Path(name).write_text(json.dumps(rows), encoding="utf-8")
    assert hostile_office("reconcile", "--month", "2023-08", "--statement", name).code == 6
    for place in range(0, len(TEXTS) - 5, 7):
        hostile_office.done("month", "accept", "2023-08", f"S-{place}", "--reason", TEXTS[place])
    hostile_office.done("month", "carry", "2023-08", f"S-{len(TEXTS) - 1}", "--reason", TEXTS[0])
    return hostile_office


def test_the_month_is_shown_harmless_with_every_discrepancy(hostile_month: Mureg) -> None:
    for command in (["reconcile", "--month", "2023-08"], ["month", "show", "2023-08"], ["month", "list"],
                    ["month", "show", "2023-08", "--json"], ["reconcile", "--month", "2023-08", "--all"]):  # fmt: skip
        for ended in _runs(hostile_month, *command):
            assert ended.code in (0, 6)
            assert command[1] == "list" or len(_marks(ended.out, "Ш")) == len(NUMBER_TEXTS)


def test_no_document_of_a_month_runs_or_hides_anything(hostile_month: Mureg) -> None:
    import openpyxl

    documents: dict[str, bytes] = {}
    for kind in ("csv", "xlsx", "html"):
        hostile_month("reconcile", "--month", "2023-08", "--format", kind, "-o", f"act.{kind}")
        documents[kind] = Path(f"act.{kind}").read_bytes()
    text = documents["csv"].decode("utf-8-sig")
    cells = [cell for cells in csv.reader(io.StringIO(text), delimiter=";") for cell in cells]
    formulas = [
        cell
        for cell in cells
        if cell[:1] in "=+-@＝＋－＠\t\r" and cell and not re.fullmatch(r"-?[0-9]+,[0-9]{2}", cell)
    ]
    assert formulas == []
    assert _RAW.search(text.replace("\r\n", "\n")) is None
    assert len(_marks(text, "Ж")) == len(TEXTS)
    book = openpyxl.load_workbook(io.BytesIO(documents["xlsx"]))
    tried = 0
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    assert re.fullmatch(r"=SUM\([A-Z]+[0-9]+:[A-Z]+[0-9]+\)", str(cell.value))
                elif isinstance(cell.value, str):
                    assert _RAW.search(cell.value.replace("\n", "")) is None
                    assert cell.hyperlink is None
                    tried += 1
    assert tried > 500
    page = documents["html"].decode()
    assert _RAW.search(page) is None
    for name in ("<script", "<svg onload", "<img", "</style><b>"):
        assert name not in page
    known = _tags(documents["html"])
    assert not {tag for tag, _ in known} & {"script", "img", "iframe", "object", "link", "a"}, known
    assert not {name for _, name in known if name.startswith("on")}
    assert "49" not in re.findall(r"\{\{.*?\}\}", page)
    assert len(_marks(page, "Ж")) == len(TEXTS)


def test_the_pdf_of_a_month_has_every_text_and_runs_none(hostile_month: Mureg) -> None:
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    hostile_month("reconcile", "--month", "2023-08", "--format", "pdf", "-o", "act.pdf")
    reader = pypdf.PdfReader("act.pdf")
    text = "".join(page.extract_text() for page in reader.pages)
    assert "root:" not in text
    assert len(_marks(re.sub(r"\s", "", text), "Ж")) >= len(TEXTS) - 5
    content = Path("act.pdf").read_bytes()
    assert not [
        name
        for name in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/URI", b"/EmbeddedFile")
        if name in content
    ]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
def test_the_register_keeps_every_text_as_it_came(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_json("a.json", *(_everything(f"S-{place}", 1000 + place, text)
                                                               for place, text in enumerate(TEXTS))))  # fmt: skip
    kept = {each["number"]: each for each in mureg.done("application", "list", "--json").json}
    for place, text in enumerate(TEXTS):
        card = kept[f"S-{place}"]
        assert (card["organization"]["name"], card["client_comment"]) == (text.strip(), text.strip())
    assert mureg.done("check").out == ""
    assert ROMASHKA not in {card["organization"]["inn"] for card in kept.values()}
