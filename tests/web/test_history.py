"""The history: its filters and pages, one operation whole, and undoing it."""

import pytest

from mureg.web.pages import history
from support.browser import Browser, office
from support.command_line import Mureg

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

CARD = "/application?number=ZV-1042"


def test_the_newest_operation_is_first_and_says_what_changed(browser: Browser) -> None:
    shown = browser.get("/history")
    assert shown.status == 200
    assert shown.text.index("отклонение заявлений") < shown.text.index("загрузка заявлений")
    assert "новое → отклонено" in shown.text
    assert "mureg history" in shown.text
    assert 'href="/history/operation?number=8"' in shown.text


def test_the_history_of_one_application_a_user_and_a_day(browser: Browser) -> None:
    shown = browser.get("/history?number=ZV-1045&by=&since=2023-08-01")
    assert "/history/operation?number=7" in shown.text
    assert "/history/operation?number=8" not in shown.text
    assert "mureg history ZV-1045 --since 2023-08-01" in shown.text
    assert "Операций нет." in browser.get("/history?by=somebody").text
    assert "Операций нет." in browser.get("/history?since=2099-01-01").text


@pytest.mark.parametrize(
    ("query", "status"), [("number=ZV-9", 404), ("since=soon", 400), ("before=x", 400), ("before=-1", 400)]
)
def test_a_filter_that_finds_nothing_to_filter_by_is_an_error(browser: Browser, query: str, status: int) -> None:
    assert browser.get(f"/history?{query}").status == status


def test_older_operations_are_on_the_next_page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_ON_A_PAGE", 5)
    first = browser.get("/history")
    assert 'href="/history?before=4"' in first.text
    second = browser.get("/history?before=4")
    assert [f"operation?number={each}" in second.text for each in range(1, 9)] == [True] * 3 + [False] * 5
    assert "Более ранние" not in second.text
    assert 'href="/history"' in second.text


def test_one_operation_shows_every_value_before_and_after(browser: Browser) -> None:
    shown = browser.get("/history/operation?number=7")
    assert shown.status == 200
    for text in (
        "Операция 7: обработка заявлений",
        "application process",
        "Заявление: статус",
        "новое",
        "обработано",
        "Лицензия: окончание",
        "21.08.2024",
    ):
        assert text in shown.text
    assert 'href="/application?number=ZV-1045"' in shown.text
    imported = browser.get("/history/operation?number=1")
    assert "august.csv" in imported.text
    assert "(17)" in imported.text


@pytest.mark.parametrize(("number", "status"), [("99", 404), ("x", 400), ("", 400)])
def test_an_operation_that_is_none_is_an_error(browser: Browser, number: str, status: int) -> None:
    assert browser.get(f"/history/operation?number={number}").status == status


def test_undo_brings_the_user_back_to_where_he_was(browser: Browser, mureg: Mureg) -> None:
    done = browser.send(browser.get(CARD), "/application/process")
    answer = browser.send(done, "/history/undo")
    assert answer.status == 200
    assert answer.address.endswith("/application?number=ZV-1042&operation=10&undid=9")
    assert "Отменено." in answer.text
    assert 'name="undone" value="10"' not in answer.text
    assert mureg.done("application", "show", "ZV-1042", "--json").json["status"] == "new"
    assert mureg.done("history", "--limit", "1", "--json").json[0]["undoes"] == 9
    assert not browser.get("/history/operation?number=9").has_form("/history/undo")
    assert mureg("check").code == 0


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "http://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
        "x",
        "/ /a",
    ],
)
def test_undo_goes_to_no_page_of_others(browser: Browser, back: str) -> None:
    done = browser.send(browser.get(CARD), "/application/process")
    answer = browser.send(done, "/history/undo", back=back)
    assert answer.address.startswith("http://127.0.0.1:8000/history?operation=10")


def test_an_import_is_undone_though_the_page_of_its_application_is_gone(browser: Browser, mureg: Mureg) -> None:
    for operation in range(8, 0, -1):
        shown = browser.get(f"/history/operation?number={operation}")
        answer = browser.send(shown, "/history/undo", back=CARD)
        assert "Отменено." in answer.text
    assert answer.status == 404
    assert mureg.done("application", "list", "--json").json == []


def test_what_cannot_be_undone_is_refused_with_the_reason(browser: Browser, mureg: Mureg) -> None:
    shown = browser.get("/history/operation?number=4")
    answer = browser.send(shown, "/history/undo")
    assert answer.status == 409
    assert "операцию 4 отменить нельзя: на ней основаны более поздние (6)" in answer.text
    assert mureg.done("history", "--limit", "1", "--json").json[0]["operation"] == 8


def test_a_reader_cannot_undo(example: Mureg) -> None:
    browser = Browser(office(read_only=True))
    assert not browser.get("/history/operation?number=8").has_form("/history/undo")
