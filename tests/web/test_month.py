"""Months: the list, one month with the operator's statement, its discrepancies, its closing and its documents."""

from datetime import date
from pathlib import Path

import pytest

from support.browser import ORIGIN, Answer, Browser, office
from support.command_line import Mureg

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

MONTH = "/month?month=2023-08"
UPLOAD = "/month/statement?month=2023-08"
STATEMENT = Path("examples/statement/operator-2023-08.csv")


@pytest.fixture
def browser(example: Mureg) -> Browser:
    """A browser after the end of August 2023."""
    return Browser(office(today=date(2023, 9, 5)))


def upload(browser: Browser, content: bytes, do: str = "keep", shown: Answer | None = None) -> Answer:
    """Send the operator's statement."""
    form = (shown or browser.get(MONTH)).form(UPLOAD)
    answer = browser.client.post(
        UPLOAD, data=form.values | {"do": do}, files={"statement": ("отчёт.csv", content)}, headers={"origin": ORIGIN}
    )
    return Answer(answer.status_code, answer.text, str(answer.url))


def test_the_list_leads_to_each_month_and_the_month_shows_the_settlement(browser: Browser) -> None:
    assert 'href="/month?month=2023-08"' in browser.get("/months").text
    shown = browser.get(MONTH)
    assert shown.status == 200
    assert "август 2023" in shown.text
    assert "ZV-1030" in shown.text
    assert "ZV-1030" in browser.get("/month/charges?month=2023-08").text
    assert "ZV-1030" not in browser.get("/month/charges?month=2023-08&page=2").text


def test_a_month_that_is_none_is_refused(browser: Browser) -> None:
    assert browser.get("/month?month=nonsense").status == 400
    assert browser.get("/month/charges?month=2023-08&page=x").status == 400


def test_a_statement_is_only_compared_and_then_kept(browser: Browser, mureg: Mureg) -> None:
    compared = upload(browser, STATEMENT.read_bytes(), "compare")
    assert compared.status == 200
    assert "Отчёт только сверен" in compared.text
    assert "≠" in compared.text
    assert mureg("month", "show", "2023-08", "--json").json["statement"] is None
    kept = upload(browser, STATEMENT.read_bytes())
    assert kept.status == 200
    assert "operation=" in kept.address
    assert mureg("month", "show", "2023-08", "--json").json["statement"]["file"] == "отчёт.csv"
    assert mureg.done("history", "--limit", "1", "--json").json[0]["command"] == "reconcile"


def test_what_to_do_about_a_discrepancy_leads_to_its_application(browser: Browser) -> None:
    advice = upload(browser, STATEMENT.read_bytes()).text.partition('id="advice"')[2]
    link = '<a href="/application?number=ZV-1042"><code>mureg application process ZV-1042 --on 2023-08-28</code></a>'
    assert link in advice
    assert "<code>mureg month carry 2023-08 ZV-1045 --reason TEXT</code>" in advice
    assert 'href="/month?' not in advice.partition("</section>")[0]


def test_faults_of_a_statement_have_their_place_and_nothing_is_kept(browser: Browser, mureg: Mureg) -> None:
    answer = upload(browser, "Номер;ИНН;К оплате\nZV-1030;7700123459;сто\n".encode())
    assert answer.status == 422
    assert "отчёт.csv" in answer.text
    assert "сто" in answer.text
    assert mureg("month", "show", "2023-08", "--json").json["statement"] is None


def test_a_statement_beyond_the_limit_is_not_taken(browser: Browser, mureg: Mureg) -> None:
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text("utf-8") + "\n[limits]\nfile_bytes = 1000\n", "utf-8")
    answer = upload(browser, b"x" * 3_000_000)
    assert answer.status == 422
    assert "1000" in answer.text
    assert mureg("month", "show", "2023-08", "--json").json["statement"] is None


def test_discrepancies_are_resolved_together_and_the_month_is_closed_and_reopened(
    browser: Browser, mureg: Mureg
) -> None:
    shown = upload(browser, STATEMENT.read_bytes())
    found = mureg("month", "show", "2023-08", "--json").json["discrepancies"]
    names = list(dict.fromkeys(each["id"] for each in found))
    refused = browser.send(shown, "/month/resolve", action="accept", pair=names)
    assert refused.status == 400
    answer = browser.send(shown, "/month/resolve", action="accept", pair=names, reason="письмо оператора")
    assert answer.status == 200, answer.text
    assert "письмо оператора" in answer.text
    assert mureg.done("month", "show", "2023-08", "--json").json["discrepancies"][0]["resolution"] is not None
    preview = browser.get("/month/closing?month=2023-08")
    waits = browser.send(preview, "/month/close")
    assert waits.status == 409
    assert "ZV-1042" in waits.text
    closed = browser.send(waits, "/month/close", leave=["ZV-1042"])
    assert closed.status == 200, closed.text
    assert mureg.done("month", "show", "2023-08", "--json").json["state"] == "closed"
    opened = browser.send(closed, "/month/reopen", reason="исправленный отчёт")
    assert opened.status == 200
    assert mureg.done("month", "show", "2023-08", "--json").json["state"] == "open"
    mureg.done("check")


def test_a_discrepancy_is_carried_and_an_application_amended_as_the_operator_has_it(
    browser: Browser, mureg: Mureg
) -> None:
    shown = upload(browser, "Номер;Вид расширения;К оплате\nZV-1030;10 и более;3600,00\n".encode())
    assert "Исправить на" in shown.text
    values = shown.form("/month/resolve").values | {"amend": "ZV-1030", "reason": "письмо оператора"}
    answer = browser.client.post("/month/amend", data=values, headers={"origin": ORIGIN})
    assert answer.status_code == 200, answer.text
    assert mureg.done("application", "show", "ZV-1030", "--json").json["multiuser"]["tier"] == "10+"
    again = browser.client.post("/month/amend", data=values | {"form": "another"}, headers={"origin": ORIGIN})
    assert again.status_code == 409
    page = browser.get(MONTH)
    assert browser.send(page, "/month/resolve", action="carry", pair=["ZV-1045"], reason="позже").status == 200
    found = mureg("month", "show", "2023-08", "--json").json["discrepancies"]
    carried = next(each for each in found if each["id"] == "ZV-1045")
    assert carried["resolution"] == {"action": "carry", "reason": "позже"}


def test_what_was_changed_in_another_browser_is_noticed(browser: Browser, mureg: Mureg) -> None:
    other = Browser(office(today=date(2023, 9, 5)))
    empty = other.get(MONTH)
    shown = upload(browser, STATEMENT.read_bytes())
    name = mureg("month", "show", "2023-08", "--json").json["discrepancies"][0]["id"]
    late = upload(other, STATEMENT.read_bytes() + b"\n", shown=empty)
    assert late.status == 409
    assert "reconcile" in late.text
    preview = browser.get("/month/closing?month=2023-08")
    theirs = other.send(other.get(MONTH), "/month/resolve", action="accept", pair=[name], reason="первый")
    assert theirs.status == 200
    ours = browser.send(shown, "/month/resolve", action="accept", pair=[name], reason="второй")
    assert ours.status == 409
    assert "tester" in ours.text
    assert browser.send(preview, "/month/close", leave_all="1").status == 409
    kept = mureg("month", "show", "2023-08", "--json").json["discrepancies"][0]["resolution"]
    assert kept["reason"] == "первый"


def test_the_amount_that_was_shown_is_the_one_that_is_agreed(browser: Browser, mureg: Mureg) -> None:
    preview = browser.get("/month/closing?month=2023-08")
    mureg.done("application", "process", "ZV-1042", "--on", "2023-08-25")
    answer = browser.send(preview, "/month/close", without_statement="1", reason="не прислан")
    assert answer.status == 409
    assert "согласованная сумма была" in answer.text
    assert browser.send(answer, "/month/close", without_statement="1", reason="не прислан").status == 200


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("format=pdf", "act-2023-08.pdf"),
        ("format=xlsx", "act-2023-08.xlsx"),
        ("format=html", "act-2023-08.html"),
        ("format=json", "month-2023-08.json"),
        ("format=csv&part=charges", "charges-2023-08.csv"),
    ],
)
def test_a_document_comes_whole_under_its_name(browser: Browser, wanted: str, name: str) -> None:
    answer = browser.client.get(f"/month/document?month=2023-08&{wanted}")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content) > 100
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_document_that_the_month_lacks_is_refused(browser: Browser) -> None:
    assert browser.get("/month/document?month=2023-08&format=csv&part=discrepancies").status == 409
    assert browser.get("/month/document?month=2023-08&format=exe").status == 400


def test_the_contract_shows_where_each_term_comes_from_and_what_is_wrong(browser: Browser) -> None:
    shown = browser.get("/contract?on=2023-08-14")
    assert shown.status == 200
    assert "mureg.toml:" in shown.text
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text("utf-8").replace("term_months", "terms_month"), "utf-8")
    wrong = browser.get("/contract")
    assert wrong.status == 422
    assert "terms_month" in wrong.text
