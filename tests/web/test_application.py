"""The card of an application, and what is done with it."""

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
