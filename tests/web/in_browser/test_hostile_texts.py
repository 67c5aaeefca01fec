"""Texts of a client's and an operator's files, and what a colleague typed, are text on every page and document."""

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from support.running_page import RunningPage, mureg_in
from support.sample_data import application, owner

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

# It would run in a text, in an attribute with either quote, in a script, in an address, and in a template.
EVIL = """</title></td>"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<svg/onload=alert(3)>"""
NUMBER = "N-1\"'><script>alert(4)</script>"
INN = "7700123459"

PAGES = [
    "/", "/applications", f"/applications?search={quote(EVIL)}", f"/application?number={quote(NUMBER)}",
    f"/application?number={quote(EVIL)}", f"/applications/process?number={quote(NUMBER)}",
    f"/applications/reject?number={quote(NUMBER)}", "/applications/process?all-new=1", "/organizations",
    f"/organization?inn={INN}", f"/organization?inn={quote(EVIL)}", f"/organization/erase?inn={INN}", "/licences",
    "/months", "/month?month=2023-08", f"/month?month={quote(EVIL)}", "/month/charges?month=2023-08",
    "/month/closing?month=2023-08", "/invoices", f"/invoices?month={quote(EVIL)}", "/contract", "/history",
    f"/history?number={quote(NUMBER)}", f"/history/operation?number={quote(EVIL)}", "/import",
    *(f"/history/operation?number={operation}" for operation in range(9, 14)), f"/{quote(EVIL)}",
]  # fmt: skip


@pytest.fixture
def language() -> str:
    """The same templates make both languages."""
    return "ru"


@pytest.fixture
def has_scripts() -> bool:
    """Else nothing would run."""
    return True


def furnish(served: RunningPage) -> None:
    """Put the text into everything that takes a text."""
    folder = served.folder
    people = [owner(serial, name=EVIL, position=EVIL, authorities=[EVIL]) for serial in (1, 2)]
    organization = {"inn": INN, "name": EVIL, "account": None}
    hostile = [
        application(number, owners=people, organization=organization, promotion=EVIL, client_comment=EVIL,
                    authorities=[EVIL])
        for number in (NUMBER, "N-2", "N-3")
    ]  # fmt: skip
    (folder / "hostile.json").write_text(json.dumps(hostile), encoding="utf-8")
    cell = '"' + EVIL.replace('"', '""') + '"'
    rows = [f"{NUMBER.replace(chr(34), '')};{INN};{cell};2-9;1800", f"ZV-1030;7700010303;{cell};2-9;1"]
    (folder / "hostile.csv").write_text("\n".join(["Номер;ИНН;Наименование;Вид расширения;К оплате", *rows]), "utf-8")
    reason = ("--reason", EVIL)
    user = {"MUREG_USER": EVIL}
    for words in (
        ("application", "import", "hostile.json"),
        ("application", "process", NUMBER, "--on", "2023-08-25", "--without-sale", *reason),
        ("application", "reject", "N-2", "--comment", EVIL),
        ("reconcile", "2023-08", "--statement", "hostile.csv", "--anyway"),
        ("month", "accept", "2023-08", "ZV-1030", *reason),
    ):
        done = mureg_in(folder, *words, **user)
        assert done.code in (0, 6), (words, done)


def test_no_text_becomes_markup_on_any_page(tab: "Page", served: RunningPage) -> None:
    furnish(served)
    dialogs: list[str] = []
    requests: list[str] = []

    def closed(dialog: "Dialog") -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", closed)
    tab.on("request", lambda request: requests.append(request.url))
    shown = ""
    for path in PAGES:
        tab.goto(served.origin + path)
        found = tab.evaluate("""() => ({
            scripts: document.querySelectorAll("script:not([src^='/static/'])").length,
            others: document.querySelectorAll("img, iframe, object, embed, base, [onerror], [onload]").length,
        })""")
        assert found == {"scripts": 0, "others": 0}, path
        shown += tab.locator("main").inner_text()
    assert dialogs == []
    assert [url for url in requests if not url.startswith(served.origin)] == []
    assert "<img src=x onerror=alert(1)>" in shown, "the text is shown as it came"
    assert "{{7*7}}" in shown


def test_no_text_becomes_markup_in_a_document_for_the_browser(tab: "Page", served: RunningPage) -> None:
    furnish(served)
    answer = tab.context.request.get(f"{served.origin}/month/document?month=2023-08&format=html")
    assert answer.status == 200
    assert "attachment" in answer.headers["content-disposition"]
    text = answer.text()
    assert EVIL not in text
    assert not re.search(r"<img|<script>alert|<svg/onload", text)
