"""An address for another browser of the same person."""

import re

import pytest

from mureg.web.sessions import Sessions
from support.browser import ORIGIN, Browser, office
from support.command_line import Mureg


def made_address(browser: Browser) -> str:
    answer = browser.send(browser.get("/browser"), "/browser/add")
    assert answer.status == 200
    found = re.search(r"<code>(http://127\.0\.0\.1:8000/\?token=[\w-]{43})</code>", answer.text)
    assert found, answer.text
    return found[1]


@pytest.mark.parametrize("read_only", [False, True])
def test_the_page_gives_an_address_that_opens_another_browser_once(example: Mureg, read_only: bool) -> None:
    browser = Browser(office(read_only=read_only))
    address = made_address(browser)

    mine = dict(browser.client.cookies)
    browser.client.cookies.clear()
    assert browser.get(address).status == 200
    assert dict(browser.client.cookies) != mine, "it is a session of its own"
    browser.client.cookies.clear()
    assert browser.get(address).status == 403


def test_each_address_is_another_one_and_a_reload_makes_none(browser: Browser) -> None:
    shown = browser.get("/browser")
    first = browser.send(shown, "/browser/add")
    assert browser.get(first.address).text.count("?token=") == 1
    assert browser.send(shown, "/browser/add").address == first.address, "the same form gives the same answer"
    assert made_address(browser) not in first.text


def test_no_address_is_made_without_a_session_or_the_token_of_the_form(browser: Browser) -> None:
    values = browser.get("/browser").form("/browser/add").values
    wrong = browser.client.post("/browser/add", data=values | {"token": ["x"]}, headers={"origin": ORIGIN})
    assert (wrong.status_code, "?token=" in wrong.text) == (409, False)
    assert browser.client.post("/browser/add", data=values).status_code == 403
    browser.client.cookies.clear()
    assert browser.client.post("/browser/add", data=values, headers={"origin": ORIGIN}).status_code == 403


def test_an_address_is_not_kept_for_long() -> None:
    now = 0.0
    sessions = Sessions(lambda: now)
    first, short, other = sessions.new_token(), sessions.new_token(600), sessions.new_token(600)
    now = 599.0
    assert sessions.open(short) is not None
    now = 600.0
    assert sessions.open(other) is None
    assert sessions.open(first) is not None, "the printed address waits for its user"
