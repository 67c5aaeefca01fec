"""Nothing that a running `mureg web` writes names a person: not its output, not a crash file, not another file."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from mureg.web import pages
from support.browser import Answer, Browser, visiting
from support.command_line import Mureg
from support.running_page import running_page
from support.sample_data import application, owner
from support.waiting_page import ended

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)]

NAME, SNILS, PHONE, EMAIL = "Тайнова Секрета Скрытовна", "900-000-001 82", "+79161234567", "tajnova@secret.example"
INN = "7700070006"
# What is not written in any of these spellings.
SECRETS = [*NAME.split(), SNILS, SNILS.replace("-", "").replace(" ", ""), PHONE, PHONE[1:], EMAIL, "tajnova"]

PAGES = [
    "/", "/applications", f"/applications?search={quote(NAME)}", "/applications/download?format=csv",
    "/applications/download?format=xlsx", "/application?number=P-1", f"/application?number={quote(NAME)}",
    "/applications/process?number=P-1", "/applications/reject?number=P-1",
    "/applications/set-multiuser?number=P-1&option=10%2B", "/application/amend?number=ZV-1031&option=10%2B",
    "/application/return?number=ZV-1031", "/application/cancel?number=ZV-1031", "/organizations",
    f"/organizations?search={quote(NAME)}", "/organizations/download?format=csv", f"/organization?inn={INN}",
    f"/organization/erase?inn={INN}", "/licences", "/licences/download?format=csv", "/months", "/month?month=2023-08",
    f"/month?month={quote(NAME)}", "/month/charges?month=2023-08", "/month/closing?month=2023-08",
    "/month/document?month=2023-08&format=pdf", "/month/document?month=2023-08&format=json", "/invoices",
    f"/invoices/order?number={quote(NAME)}", "/contract", "/import", f"/import/job?key={quote(EMAIL)}", "/browser",
    "/history", f"/history?number={quote(NAME)}", "/history/operation?number=1", f"/{quote(NAME)}",
]  # fmt: skip


# All that it writes after its address.
SAID = "Ctrl-C stops mureg web\n"
FILE_FIELDS = {"/import/check": "files", "/month/statement": "statement", "/invoices/bank": "bank"}


def paths(*, are_forms: bool) -> set[str]:
    return {route.path for route in pages.routes() if (route.again is not None) == are_forms}


def send_every_form_in_vain(browser: Browser) -> Iterator[tuple[str, int]]:
    """Personal data in every field of every form; none of them is right. Gives the status of each answer."""
    token = browser.get("/import").form("/import/check").values["token"]
    fields = (
        "number", "reason", "comment", "on", "month", "inn", "kpp", "key", "option", "pair", "amend", "undone", "back",
        "search", "date", "invoice", "name", "sure", "amount", "profile", "format", "seen", "expected", "action",
        "leave", "rejected-on",
    )  # fmt: skip
    for route in pages.routes():
        for value in (NAME, SNILS, PHONE, EMAIL) if route.again is not None else ():
            data = dict.fromkeys(fields, value) | {"token": token, "form": f"{route.path} {value}"}
            file = (f"{NAME}.csv", f"{NAME};{SNILS}".encode())
            files = {FILE_FIELDS[route.path]: file} if route.most_files else None
            answer = browser.client.post(route.path, data=data, files=files, headers={"origin": browser.origin})
            yield route.path, answer.status_code


def import_person(browser: Browser, file_name: str = "client.json") -> Answer:
    organization = {"inn": INN, "phone": PHONE, "email": EMAIL}
    content = application(
        "P-1", organization=organization, client_comment=f"Звонить {NAME}, {PHONE}", owners=[
            owner(1, name=NAME, snils=SNILS, phone=PHONE, email=EMAIL, sender=True), owner(2)
        ],
    )  # fmt: skip
    file = (file_name, json.dumps([content]).encode())
    checked = ended(browser, browser.send(browser.get("/import"), "/import/check", [("files", file)]))
    return ended(browser, browser.send(checked, "/import/write"))


def programs_with_a_fault(folder: Path) -> str:
    """A PYTHONPATH with which one page of `mureg web` fails, and names the person in its error."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        f"""
from mureg.web.pages import contract
from mureg.web.routes import shows

def fail(page):
    person = {NAME + SNILS + EMAIL!r}
    raise RuntimeError(f"{{person}} asked for {{page.query}}")

contract.ROUTES[:] = [shows("/contract", fail)]
""",
        encoding="utf-8",
    )
    return os.pathsep.join([str(folder), *filter(None, sys.path)])


def tour(browser: Browser) -> None:
    """Everything that a browser can ask for, and an error that nobody foresaw."""
    assert "operation=" in import_person(browser, f"{NAME}.json").address
    assert {each.partition("?")[0] for each in PAGES} >= paths(are_forms=False)
    for each in PAGES:
        assert browser.get(each).status in (200, 400, 404, 409) or each == "/contract", each
    assert NAME in browser.get("/application?number=P-1").text, "the page itself shows it"
    answers = list(send_every_form_in_vain(browser))
    assert {path for path, _ in answers} == paths(are_forms=True)
    assert {status for _, status in answers} <= {200, 400, 404, 409, 422}, answers
    rejected = browser.send(browser.get("/application?number=P-1"), "/application/reject", comment=f"Звонили: {PHONE}")
    assert rejected.status == 200
    assert browser.get(f"/contract?name={quote(NAME)}").status == 500


def test_nothing_that_the_server_writes_names_a_person(example: Mureg, tmp_path: Path) -> None:
    folder = Path.cwd()
    faulty = tmp_path / "faulty"
    before = set(tmp_path.rglob("*"))
    with running_page(folder, PYTHONPATH=programs_with_a_fault(faulty)) as page, visiting(page.address) as browser:
        tour(browser)
    assert page.said == SAID
    crashes = list(tmp_path.rglob("crash-*.txt"))
    assert crashes
    found = {path for path in tmp_path.rglob("*") if path.is_file() and faulty not in path.parents}
    written = found - before - {folder / "mureg.db"}
    assert set(crashes) <= written
    for path in written:
        text = path.read_text(encoding="utf-8", errors="replace")
        for secret in SECRETS:
            for spelling in (secret, quote(secret), json.dumps(secret)[1:-1], secret.encode("utf-8").hex()):
                assert spelling.casefold() not in text.casefold(), path.name


def test_an_erasure_through_the_page_leaves_no_person_anywhere(example: Mureg, tmp_path: Path) -> None:
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        import_person(browser)
        shown = browser.get("/application?number=P-1")
        assert browser.send(shown, "/application/reject", comment="Клиент передумал").status == 200
        asked = browser.get(f"/organization/erase?inn={INN}")
        assert browser.send(asked, "/organization/erase", reason="По просьбе клиента", sure="1").status == 200
        for each in ("/application?number=P-1", f"/organization?inn={INN}", "/history", "/import"):
            text = browser.get(each).text
            assert not [secret for secret in SECRETS if secret in text], each
    assert page.said == SAID
    example.done("check")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in SECRETS if secret.encode() in content], path.name
