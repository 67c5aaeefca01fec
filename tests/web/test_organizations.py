"""Organizations and licences: the lists, one organization, and erasing."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest

from support.browser import Browser, office
from support.command_line import Mureg
from support.xml_application import application

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

ROW = r'<th scope="row"><a href="[^"]+">([^<]+)</a>'


def typed(filters: dict[str, str]) -> list[str]:
    flags = ("not-renewed", "reverse")
    return [
        part for name, value in filters.items() for part in ([f"--{name}"] if name in flags else [f"--{name}", value])
    ]


@pytest.mark.parametrize(
    "filters", [{}, {"state": "ended"}, {"search": "ромашка"}, {"expires-within": "2024-08"}], ids=str
)
def test_the_organizations_are_those_of_the_command(browser: Browser, mureg: Mureg, filters: dict[str, str]) -> None:
    found = [each["inn"] for each in mureg.done("organization", "list", *typed(filters), "--json").json]
    shown = browser.get(f"/organizations?{urlencode(filters)}")
    assert re.findall(ROW, shown.text) == found
    file = browser.get(f"/organizations/download?{urlencode(filters)}")
    assert [line.partition(";")[0] for line in file.text.splitlines()[1:]] == found


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"state": "ended"},
        {"tier": "10+"},
        {"search": "ооо"},
        {"inn": "7700010303"},
        {"expires-within": "2024-08", "not-renewed": "1"},
        {"on": "2024-01-15", "expires-within": "12m"},
        {"sort": "name", "reverse": "1"},
    ],
    ids=str,
)
def test_the_licences_are_those_of_the_command(browser: Browser, mureg: Mureg, filters: dict[str, str]) -> None:
    found = [each["application"] for each in mureg.done("licence", "list", *typed(filters), "--json").json]
    shown = browser.get(f"/licences?{urlencode(filters)}")
    assert re.findall(ROW, shown.text) == found
    assert "mureg licence list" in shown.text
    file = browser.get(f"/licences/download?{urlencode(filters)}")
    assert [line.partition(";")[0] for line in file.text.splitlines()[1:]] == found


@pytest.mark.parametrize("sort", ["ends_on", "starts_on", "application", "inn", "name", "tier"])
def test_the_licences_go_on_behind_any_of_them(browser: Browser, mureg: Mureg, sort: str) -> None:
    listed = mureg.done("licence", "list", "--sort", sort, "--json").json
    fourth = listed[3]
    value = mureg.done("application", "show", fourth["application"], "--json").json["organization"]["name"]
    at = value if sort == "name" else fourth[sort]
    shown = browser.get("/licences?" + urlencode({"sort": sort, "after": fourth["application"], "at": at}))
    assert re.findall(ROW, shown.text) == [each["application"] for each in listed[4:]]


def test_the_organizations_go_on_behind_any_of_them(browser: Browser, mureg: Mureg) -> None:
    listed = mureg.done("organization", "list", "--json").json
    third = listed[2]
    shown = browser.get("/organizations?" + urlencode({"after": third["kpp"] or "", "at": third["inn"]}))
    assert re.findall(ROW, shown.text) == [each["inn"] for each in listed[3:]]


@pytest.mark.parametrize("path", ["/licences?expires-within=soon", "/organizations?expires-within=soon"])
def test_a_period_that_is_none_is_refused(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 400


def test_the_card_has_the_products_of_a_day(browser: Browser) -> None:
    shown = browser.get("/organization?inn=7700010303&on=2024-01-01")
    assert re.search(r"Многопользовательский режим — [^<]*, от 2 до 9, с [0-9.]+ по [0-9.]+2024", shown.text)
    assert "/application?number=ZV-1030" in shown.text
    assert browser.get("/organization?name=лютик").status == 200
    assert browser.get("/organization?inn=1").status == 404


def test_erasing_is_refused_while_a_licence_runs(example: Mureg) -> None:
    browser = Browser(office(today=date(2023, 9, 1)))
    refused = browser.get("/organization/erase?inn=7700010303")
    assert refused.status == 409
    assert "7700010303" in refused.text


def test_erasing_needs_a_reason_and_a_confirmation(browser: Browser, mureg: Mureg) -> None:
    mureg.done("application", "reject", "ZV-1042", "--comment", "-")
    preview = browser.get("/organization/erase?inn=7700123459&kpp=770001001")
    assert "ZV-1042" in preview.text
    unsure = browser.send(preview, "/organization/erase", reason="Срок истёк")
    assert unsure.status == 400
    assert "отметьте «Понимаю, что отменить это нельзя»" in unsure.text
    assert browser.send(preview, "/organization/erase", sure="1").status == 400
    owners = mureg.done("application", "show", "ZV-1042", "--json").json["owners"]
    assert any(owner["name"] for owner in owners)
    answer = browser.send(preview, "/organization/erase", sure="1", reason="Срок истёк")
    assert answer.status == 200
    owners = mureg.done("application", "show", "ZV-1042", "--json").json["owners"]
    assert not any(owner["name"] for owner in owners)
    assert mureg.done("history", "--limit", "1", "--json").json[0]["command"] == "organization erase"
    for shown in (answer, browser.get(answer.address)):
        assert "Удалены данные людей" in shown.text
    assert "Удалены данные людей" not in browser.get("/organization?inn=7700123459&kpp=770001001").text


def test_nothing_is_erased_but_what_was_shown(browser: Browser, mureg: Mureg) -> None:
    mureg.done("application", "reject", "ZV-1042", "--comment", "-")
    preview = browser.get("/organization/erase?inn=7700123459&kpp=770001001")
    Path("ZV-9.xml").write_bytes(application())
    mureg.done("application", "import", "ZV-9.xml")
    mureg.done("application", "reject", "ZV-9", "--comment", "-")
    refused = browser.send(preview, "/organization/erase", sure="1", reason="Срок истёк")
    assert refused.status == 409
    assert "ZV-9" in refused.text
    assert any(owner["name"] for owner in mureg.done("application", "show", "ZV-9", "--json").json["owners"])
    assert browser.send(refused, "/organization/erase", sure="1", reason="Срок истёк").status == 200
    assert not any(owner["name"] for owner in mureg.done("application", "show", "ZV-9", "--json").json["owners"])
