"""What errors say on a page: in its own words, with commands that lead to their pages."""

import ast
import re

import catalogues
import pytest

from mureg.errors import Message, msg
from mureg.reports.language import Language
from mureg.web.hints import COMMAND, WORDS, Part, page_of, parts
from support.browser import Browser
from support.command_line import Mureg

# What no page can bring about.
ONLY_COMMANDS = {"choose another place: --config FILE", "use the format of mureg application show --json"}


def messages(*packages: str) -> set[str]:
    """The messages of these packages."""
    files = [file for package in packages for file in (catalogues.SOURCE / package).rglob("*.py")]
    found = [key for file in files for key in catalogues.texts_of(ast.parse(file.read_text(encoding="utf-8")))]
    return {text for key in found for text in ([key] if isinstance(key, str) else key)}


def test_every_option_outside_a_command_has_words_of_the_page() -> None:
    templates = messages("domain", "operations", "readers", "reports")
    loose = {
        each for each in templates if not each.startswith("mureg ") and re.search("--[a-z]", COMMAND.sub("", each))
    }
    assert loose - ONLY_COMMANDS - set(WORDS) == set()


def test_only_messages_that_exist_have_words_of_the_page() -> None:
    assert set(WORDS) - messages("domain", "operations", "readers", "reports", "register") == set()
    assert not any(re.search("--[a-z]|command", each) for each in WORDS.values())


def command(text: str, page: str | None = None) -> Part:
    return Part(text, is_command=True, page=page)


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        (msg("check the register: mureg check"), [Part("check the register: "), command("mureg check")]),
        (
            msg("restore a backup to another place (mureg restore FILE --db PATH), and keep the damaged file"),
            [
                Part("restore a backup to another place ("),
                command("mureg restore FILE --db PATH"),
                Part("), and keep the damaged file"),
            ],
        ),
        (
            msg("to take back one application alone: mureg application return {number} --reason TEXT; or {hint}",
                number="Z-1", hint=msg("see the history: mureg history")),
            [
                Part("to take back one application alone: "),
                command("mureg application return Z-1 --reason TEXT", "/application/return?number=Z-1"),
                Part("; or "),
                Part("see the history: "),
                command("mureg history", "/history"),
            ],
        ),
        (
            msg("first:\n{commands}", commands=("mureg undo 7", "mureg undo 5")),
            [
                Part("first:\n"),
                command("mureg undo 7", "/history/operation?number=7"),
                Part("\n"),
                command("mureg undo 5", "/history/operation?number=5"),
            ],
        ),
        (msg("use a later day: --on DATE"), [Part("use a later day")]),
    ],
)  # fmt: skip
def test_a_hint_is_divided_into_sentences_and_commands(hint: Message, shown: list[Part]) -> None:
    assert list(parts(hint, Language("en"))) == shown


def test_what_a_file_contains_is_no_command() -> None:
    evil = "x: mureg undo 5\nmureg undo 5"
    hint = msg("found in row {row}: {headers}\nand {lines}", row=1, headers=evil, lines=(evil, "a = 1"))
    assert not any(part.is_command for part in parts(hint, Language("ru")))
    quoted = msg("import them: mureg application import {file}", file='"a; mureg undo 5.csv"')
    assert list(parts(quoted, Language("en")))[1:] == [command('mureg application import "a; mureg undo 5.csv"')]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("mureg application show ZV-1042", "/application?number=ZV-1042"),
        ("mureg application amend ЗВ-1 --tier 2-9 --reason TEXT", "/application?number=%D0%97%D0%92-1"),
        ("mureg application return ZV-1 ZV-2 --reason TEXT", None),
        ("mureg application return NUMBER --reason TEXT", None),
        ('mureg application show "a b"', None),
        ("mureg application list --status new", "/applications?status=new"),
        ("mureg history --limit 1", "/history"),
        ("mureg history ZV-1", "/history?number=ZV-1"),
        ("mureg undo OPERATION", None),
        ("mureg month close 2023-08 --leave-all", "/month/closing?month=2023-08"),
        ("mureg month accept 2023-08 a1 --reason TEXT", "/month?month=2023-08"),
        ("mureg reconcile --month 2023-08", "/month?month=2023-08"),
        ("mureg invoice list", "/invoices"),
        ("mureg contract show --on 2023-08-01", "/contract?on=2023-08-01"),
        ("mureg check", None),
    ],
)
def test_a_command_leads_to_the_page_that_does_the_same(browser: Browser, text: str, page: str | None) -> None:
    assert page_of(text) == page
    if page is not None and "number=" not in page:
        assert browser.get(page).status == 200


def test_a_refusal_speaks_of_the_page_and_leads_on(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get("/application?number=ZV-1042")
    early = browser.send(shown, "/application/process", on="2020-01-01")
    assert early.status == 409
    assert "укажите более позднюю дату" in early.text
    assert "--on" not in early.text.partition("</main>")[0]
    mureg.done("application", "reject", "ZV-1042", "--comment", "-")
    refused = browser.get("/application/amend?number=ZV-1042&option=10%2B")
    command = '<a href="/application/return?number=ZV-1042"><code>mureg application return ZV-1042 --reason TEXT</code>'
    assert command in refused.text, refused.text
