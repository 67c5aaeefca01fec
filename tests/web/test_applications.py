"""The list of applications: filters, order, pages and files."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from support.browser import Answer, Browser
from support.command_line import Mureg

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def numbers_of(answer: Answer) -> list[str]:
    """The numbers of the rows, in their order."""
    return re.findall(r'<th scope="row">(?:<input[^>]+>)?<a href="[^"]+">([^<]+)</a>', answer.text)


def link(answer: Answer, label: str) -> str:
    """The address of the link with this label."""
    found = re.search(rf'<a href="([^"]+)"[^>]*>{label}<', answer.text)
    assert found, label
    return unescape(found[1])


def import_many(mureg: Mureg, count: int) -> None:
    """New applications M-001 and on, three a day, with names that repeat."""
    rows = [
        f"M-{n:03};{date(2023, 8, 1 + n // 3 % 28):%d.%m.%Y};7700123459;770001001;ООО «Клиент {n % 7}»;Включен;3"
        for n in range(1, count + 1)
    ]
    header = "Номер;Дата;ИНН;КПП;Наименование;Многопользовательский режим;Пользователей"
    Path("many.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    mureg.done("application", "import", "many.csv")


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "processed"},
        {"multiuser": "off"},
        {"tier": "10+"},
        {"type": "change"},
        {"inn": "7700123459"},
        {"search": "ромашка"},
        {"month": "2023-08"},
        {"submitted-in": "2023-08"},
        {"sort": "name", "reverse": "1"},
        {"sort": "processed_on"},
        {"warnings": "1"},
        {"status": "processed", "tier": "2-9", "search": "ооо"},
    ],
    ids=str,
)
def test_a_filter_finds_what_the_command_finds(browser: Browser, mureg: Mureg, filters: dict[str, str]) -> None:
    flags = {"warnings", "reverse"}
    typed = [
        part for name, value in filters.items() for part in ([f"--{name}"] if name in flags else [f"--{name}", value])
    ]
    found = [each["number"] for each in mureg.done("application", "list", *typed, "--json").json]
    answer = browser.get("/applications?" + urlencode(filters))
    assert numbers_of(answer) == found
    assert f"mureg application list --{next(iter(filters))}" in answer.text
    file = browser.get("/applications/download?" + answer.address.partition("?")[2])
    assert [line.partition(";")[0] for line in file.text.splitlines()[1:]] == found


@pytest.mark.parametrize("value", ["status=old", "month=august", "sort=price"])
def test_a_value_that_is_none_is_refused_with_the_values(browser: Browser, value: str) -> None:
    assert browser.get(f"/applications?{value}").status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/applications?search=Ландыш&month=Мартобря", 400),
        ("/licences?search=Ландыш&expires-within=Мартобря", 400),
        ("/organizations?search=Ландыш&expires-within=Мартобря", 400),
        ("/history?by=Ландыш&since=Мартобря", 400),
        ("/history?by=Ландыш&number=Мартобря", 404),
    ],
)
def test_a_refused_filter_loses_nothing_that_was_typed(browser: Browser, path: str, status: int) -> None:
    answer = browser.get(path)
    assert answer.status == status
    assert 'role="alert"' in answer.text
    assert 'value="Ландыш"' in answer.text
    assert 'value="Мартобря"' in answer.text
    assert "<tbody>" not in answer.text


@pytest.mark.parametrize("sort", ["submitted_on", "number", "inn", "name", "status", "tier", "processed_on"])
@pytest.mark.parametrize("reverse", ["", "1"])
def test_the_pages_are_the_list_of_the_command(browser: Browser, mureg: Mureg, sort: str, reverse: str) -> None:
    import_many(mureg, 120)
    for number in ("M-007", "M-050"):
        mureg.done("application", "process", number, "--on", "2023-08-30", "--without-sale", "--reason", "-")
    typed = ["--sort", sort, *(["--reverse"] if reverse else [])]
    expected = [each["number"] for each in mureg.done("application", "list", *typed, "--json").json]
    answer = browser.get(f"/applications?sort={sort}&reverse={reverse}")
    pages = [numbers_of(answer)]
    while "Следующая страница" in answer.text:
        answer = browser.get(link(answer, "Следующая страница"))
        pages.append(numbers_of(answer))
    assert [number for page in pages for number in page] == expected
    assert [len(page) for page in pages[:-1]] == [50] * (len(pages) - 1)
    while "Предыдущая страница" in answer.text:
        answer = browser.get(link(answer, "Предыдущая страница"))
        pages.pop()
        assert numbers_of(answer) == pages[-1]
    assert len(pages) == 1


def test_a_heading_sorts_by_its_column_and_then_turns_the_order_around(browser: Browser) -> None:
    shown = browser.get(link(browser.get("/applications?status=processed"), "Номер"))
    assert 'aria-sort="ascending"' in shown.text
    assert numbers_of(shown) == sorted(numbers_of(shown))
    turned = browser.get(unescape(re.search(r'<a href="([^"]+)">Номер<span', shown.text)[1]))  # type: ignore[index]
    assert numbers_of(turned) == numbers_of(shown)[::-1]
    assert "status=processed" in turned.address


def test_a_workbook_has_what_the_filter_finds(browser: Browser) -> None:
    answer = browser.client.get("/applications/download?format=xlsx&status=new")
    assert answer.content.startswith(b"PK")
    assert re.search(r'filename="applications-\d{4}-\d\d-\d\d\.xlsx"', answer.headers["content-disposition"])
