"""The card of an application, and what is done with it."""

import re
from html import unescape

import pytest

from support.browser import Browser
from support.command_line import Mureg

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

CARD = "/application?number=ZV-1042"


def test_a_tier_is_set_and_the_card_says_which_operation_wrote_it(browser: Browser, mureg: Mureg) -> None:
    answer = browser.send(browser.get(CARD), "/application/set-multiuser", option="10+")
    assert answer.status == 200
    assert "10 и более (задан партнёром)" in answer.text
    assert "operation=" in answer.address
    assert mureg.done("application", "show", "ZV-1042", "--json").json["multiuser"]["set_by"] == "tester"
    assert mureg.done("history", "--limit", "1", "--json").json[0]["command"] == "application set-multiuser"


def test_what_somebody_else_changed_meanwhile_is_shown_and_nothing_is_written(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get(CARD)
    mureg.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    answer = browser.send(shown, "/application/process")
    assert answer.status == 409
    assert "application set-multiuser" in answer.text
    assert "новое" in answer.text
    again = browser.send(answer, "/application/process")
    assert again.status == 200
    assert "обработано" in again.text


def status_of(mureg: Mureg, number: str) -> str:
    return str(mureg.done("application", "show", number, "--json").json["status"])


def test_it_is_processed_on_a_day_and_the_history_undoes_it(browser: Browser, mureg: Mureg) -> None:
    answer = browser.send(browser.get(CARD), "/application/process", on="2023-08-14")
    assert answer.status == 200
    assert "от 2 до 9, с 14.08.2023 по 13.08.2024" in answer.text
    assert status_of(mureg, "ZV-1042") == "processed"
    again = browser.send(answer, "/history/undo")
    assert "/application?" in again.address
    assert status_of(mureg, "ZV-1042") == "new"


def test_without_a_sale_it_needs_a_reason(browser: Browser, mureg: Mureg) -> None:
    refused = browser.send(browser.get(CARD), "/application/process", without_sale="1")
    assert refused.status == 400
    assert status_of(mureg, "ZV-1042") == "new"
    refused = browser.send(browser.get(CARD), "/application/process", reason="Продана раньше")
    assert refused.status == 400
    assert 'value="Продана раньше"' in refused.text
    answer = browser.send(refused, "/application/process", without_sale="1", reason="Продана раньше")
    assert answer.status == 200
    assert "Продана раньше" in answer.text


def test_a_day_that_cannot_be_is_refused_in_place(browser: Browser, mureg: Mureg) -> None:
    answer = browser.send(browser.get(CARD), "/application/process", on="2023-08-01")
    assert answer.status == 409
    assert "ZV-1042" in answer.text
    assert 'value="2023-08-01"' in answer.text
    assert status_of(mureg, "ZV-1042") == "new"


def test_it_is_rejected_with_a_comment_and_made_new_again(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get(CARD)
    assert browser.send(shown, "/application/reject").status == 400
    answer = browser.send(shown, "/application/reject", comment="Отозвано клиентом")
    assert "Отозвано клиентом" in answer.text
    assert status_of(mureg, "ZV-1042") == "rejected"
    preview = browser.get("/application/return?number=ZV-1042")
    assert "mureg application return ZV-1042 --reason TEXT" in preview.text
    assert browser.send(preview, "/application/return").status == 400
    assert browser.send(preview, "/application/return", reason="Ошибка").status == 200
    assert status_of(mureg, "ZV-1042") == "new"


@pytest.mark.parametrize(("option", "mode", "tier"), [("off", "off", None), ("on", "on", "2-9"), ("10+", "on", "10+")])
def test_the_option_is_set_and_reset(browser: Browser, mureg: Mureg, option: str, mode: str, tier: str | None) -> None:
    answer = browser.send(browser.get(CARD), "/application/set-multiuser", option=option)
    found = mureg.done("application", "show", "ZV-1042", "--json").json["multiuser"]
    assert (found["effective"], found["tier"]) == (mode, tier)
    assert browser.send(answer, "/application/set-multiuser", option="reset").status == 200
    assert mureg.done("application", "show", "ZV-1042", "--json").json["multiuser"]["set"] is None


def test_an_amendment_is_shown_before_it_is_written(browser: Browser, mureg: Mureg) -> None:
    preview = browser.get("/application/amend?number=ZV-1031&option=10%2B&on=2023-08-10")
    assert preview.status == 200
    assert "10 и более, с 10.08.2023 по 09.08.2024" in preview.text
    assert "от 2 до 9, с 08.08.2023 по 07.08.2024" in preview.text
    assert "разница 1\u00a0800,00" in preview.text
    assert "mureg application amend ZV-1031 --tier 10+ --on 2023-08-10 --reason TEXT" in preview.text
    answer = browser.send(preview, "/application/amend", reason="Клиент уточнил")
    assert answer.status == 200
    found = mureg.done("application", "show", "ZV-1031", "--json").json
    assert (found["processed_on"], found["multiuser"]["tier"]) == ("2023-08-10", "10+")


def test_what_is_made_new_again_shows_the_money_first(browser: Browser, mureg: Mureg) -> None:
    preview = browser.get("/application/return?number=ZV-1031")
    assert "разница -1\u00a0800,00" in preview.text
    assert browser.send(preview, "/application/return", reason="Ошибка").status == 200
    assert status_of(mureg, "ZV-1031") == "new"


def test_an_amendment_of_nothing_and_a_tier_too_low_are_refused_on_the_card(browser: Browser) -> None:
    assert browser.get("/application/amend?number=ZV-1031").status == 400
    refused = browser.get("/application/amend?number=ZV-1032&option=2-9")
    assert refused.status == 409
    assert refused.has_form("/application/amend")
    same = browser.get("/application/amend?number=ZV-1031&on=2023-08-08")
    assert "Исправлять нечего" in same.text
    assert 'name="expected"' not in same.text


def test_a_cancelling_shows_the_money_and_what_changed_meanwhile_is_asked_again(browser: Browser, mureg: Mureg) -> None:
    preview = browser.get("/application/cancel?number=ZV-1031&on=2023-08-20")
    assert "разница -1\u00a0800,00" in preview.text
    # Another sale of the month: the totals are not those that were shown.
    mureg.done("application", "process", "ZV-1042", "--on", "2023-08-14")
    refused = browser.send(preview, "/application/cancel", reason="Договор расторгнут")
    assert refused.status == 409
    assert status_of(mureg, "ZV-1031") == "processed"
    answer = browser.send(refused, "/application/cancel", reason="Договор расторгнут")
    assert answer.status == 200
    assert status_of(mureg, "ZV-1031") == "cancelled"
    for action in ("/application/process", "/application/amend", "/application/cancel", "/application/return"):
        assert not answer.has_form(action)


def test_after_one_the_next_waiting_one_is_a_click_away(browser: Browser, mureg: Mureg) -> None:
    mureg.done("application", "return", "ZV-1031", "--reason", "Ошибка")
    answer = browser.send(browser.get(CARD), "/application/process", on="2023-08-14")
    assert '<a href="/application?number=ZV-1031"' in answer.text


def test_every_link_of_a_refused_form_leads_to_a_page(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get(CARD)
    mureg.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    refused = browser.send(shown, "/application/process")
    assert refused.status == 409
    links = set(re.findall(r'href="(/[^"]*)"', refused.text))
    assert "/applications" in links
    assert {link: browser.get(unescape(link)).status for link in links} == dict.fromkeys(links, 200)
