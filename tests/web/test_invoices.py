"""Invoices: added against the agreed amount, ordered to be paid, paid on a day."""

from datetime import date

import pytest

from support.browser import Browser, office
from support.command_line import Mureg

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def browser(example: Mureg) -> Browser:
    """A browser after August 2023 was closed."""
    example.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "не прислан")
    return Browser(office(today=date(2023, 9, 12)))


def test_an_invoice_of_another_amount_is_refused_and_the_right_one_is_added_and_paid(
    browser: Browser, mureg: Mureg
) -> None:
    agreed = mureg.done("month", "show", "2023-08", "--json").json["total"]["agreed"]
    typed = {"number": "1518", "date": "06.09.2023"}
    wrong = browser.send(browser.get("/invoices"), "/invoices/add", **typed, amount="1,00")
    assert wrong.status == 409
    assert 'value="1,00"' in wrong.text
    assert mureg.done("invoice", "list", "--json").json == []
    added = browser.send(wrong, "/invoices/add", **typed, amount=agreed)
    assert added.status == 200
    assert mureg.done("invoice", "list", "--json").json[0]["amount"] == agreed
    order = browser.client.get("/invoices/order?number=1518")
    assert order.status_code == 200
    assert order.content.decode("cp1251").startswith("1CClientBankExchange\r\n")
    assert order.headers["content-disposition"] == 'attachment; filename="1518.txt"'
    early = browser.send(added, "/invoices/pay", on="01.09.2023")
    assert early.status == 409
    assert browser.send(early, "/invoices/pay", on="12.09.2023").status == 200
    assert mureg.done("invoice", "list", "--json").json[0]["paid"] == "2023-09-12"
    assert browser.get("/invoices/order?number=1518").status == 409
    mureg.done("check")


def test_an_export_of_a_bank_marks_what_was_paid(browser: Browser, mureg: Mureg) -> None:
    agreed = mureg.done("month", "show", "2023-08", "--json").json["total"]["agreed"]
    mureg.done("invoice", "add", "--month", "2023-08", "--number", "1518", "--date", "2023-09-06", "--amount", agreed)
    order = browser.client.get("/invoices/order?number=1518").content.decode("cp1251")
    export = order.replace("Очередность=5", "ДатаСписано=08.09.2023\r\nОчередность=5").encode("cp1251")
    for content, status in ((b"nonsense", 422), (export, 200)):
        answer = browser.send(browser.get("/invoices"), "/invoices/bank", [("bank", ("kl_to_1c.txt", content))])
        assert answer.status == status, answer.text
    assert mureg.done("invoice", "list", "--json").json[0]["paid"] == "2023-09-08"
    last = mureg.done("history", "--limit", "1", "--json").json[0]["operation"]
    for shown in (answer, browser.get(answer.address)):
        assert "Что показал файл" in shown.text
        assert f"Операция {last}" in shown.text
        assert "mureg invoice paid --statement FILE" in shown.text
    assert mureg.done("history", "--limit", "1", "--json").json[0]["operation"] == last
    assert "Что показал файл" not in browser.get("/invoices").text
