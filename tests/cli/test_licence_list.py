"""`mureg licence list`, and the licences in `mureg organization list`."""

from pathlib import Path
from typing import Any

import pytest

from support.command_line import Mureg
from support.sample_data import LUTIK, ROMASHKA, VASILEK, application, begin, owner, write_json

FIELDS = [
    "application", "inn", "kpp", "name", "tier", "starts_on", "ends_on", "days_left", "state", "renewal", "phone",
    "email", "users", "needed_tier", "list_price",
]  # fmt: skip


@pytest.fixture
def office(mureg: Mureg) -> Mureg:
    """Three licences: Ромашка's is renewed, Лютик's renewal is waiting, Василёк's is not renewed."""
    begin(mureg)
    romashka = {"phone": "+7 495 000-00-01", "email": "romashka@firma.example"}
    lutik = {"inn": LUTIK, "name": "ООО «Лютик»"}
    vasilek = {"inn": VASILEK, "name": "АО «Василёк»", "phone": "+7 812 000-00-02"}
    many = [owner(serial) for serial in range(1, 13)]
    file = write_json(
        "a.json",
        application("A-1", organization=romashka),
        application("A-2", type="renewal", submitted_on="2024-07-01", organization={"name": "ООО «Новая ромашка»"}),
        application("B-1", organization=lutik),
        application("B-2", type="renewal", submitted_on="2024-07-02", organization=lutik),
        application("C-1", organization=vasilek, multiuser={"requested_tier": "2-9"}),
        application("C-2", type="change", submitted_on="2024-07-03", organization=vasilek, owners=many),
    )
    mureg.done("application", "import", file)
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("application", "process", "B-1", "--on", "2023-08-15")
    mureg.done("application", "process", "C-1", "--on", "2023-08-16")
    mureg.done("application", "process", "A-2", "--on", "2024-07-10")
    return mureg


def listed(mureg: Mureg, *options: str) -> list[str]:
    return [each["application"] for each in mureg.done("licence", "list", "--json", *options).json]


def by_number(mureg: Mureg, *options: str) -> dict[str, dict[str, Any]]:
    return {each["application"]: each for each in mureg.done("licence", "list", "--json", *options).json}


def test_the_json_is_what_the_interface_promises(office: Mureg) -> None:
    ended = office("licence", "list", "--json", "--on", "2024-08-01")
    assert (ended.code, ended.err) == (0, "")
    assert [list(each) for each in ended.json] == [FIELDS] * 4
    found = by_number(office, "--on", "2024-08-01")
    assert found["A-1"] == {
        "application": "A-1", "inn": ROMASHKA, "kpp": "770001001", "name": "ООО «Новая ромашка»", "tier": "2-9",
        "starts_on": "2023-08-14", "ends_on": "2024-08-13", "days_left": 12, "state": "on", "renewal": "licensed",
        "phone": "+7 495 000-00-01", "email": "romashka@firma.example", "users": 2, "needed_tier": "2-9",
        "list_price": "3000.00",
    }  # fmt: skip
    assert found["A-2"]["state"] == "upcoming"
    assert (found["A-2"]["renewal"], found["B-1"]["renewal"], found["C-1"]["renewal"]) == (None, "waiting", None)
    # What the client wants now: twelve users.
    assert (found["C-1"]["users"], found["C-1"]["needed_tier"], found["C-1"]["list_price"]) == (12, "10+", "6000.00")


def test_what_ends_first_comes_first_and_any_column_sorts(office: Mureg) -> None:
    assert listed(office) == ["A-1", "B-1", "C-1", "A-2"]
    assert listed(office, "--reverse", "--limit", "2") == ["A-2", "C-1"]
    assert listed(office, "--sort", "name") == ["C-1", "B-1", "A-2", "A-1"]
    for field in ("starts_on", "application", "inn", "tier"):
        assert sorted(listed(office, "--sort", field)) == ["A-1", "A-2", "B-1", "C-1"]


def test_each_filter_narrows(office: Mureg) -> None:
    on = ("--on", "2024-08-01")
    assert listed(office, "--state", "on", *on) == ["A-1", "B-1", "C-1"]
    assert listed(office, "--state", "upcoming", *on) == ["A-2"]
    assert listed(office, "--state", "ended", "--on", "2024-08-15") == ["A-1", "B-1"]
    assert listed(office, "--not-renewed", *on) == ["C-1", "A-2"]
    assert listed(office, "--expires-within", "30d", "--not-renewed", *on) == ["C-1"]
    assert listed(office, "--expires-within", "13d", *on) == ["A-1", "B-1"]
    assert listed(office, "--expires-within", "1м", *on) == ["A-1", "B-1", "C-1"]
    assert listed(office, "--expires-within", "2025-08") == ["A-2"]
    assert listed(office, "--expires-within", "август 2025") == ["A-2"]
    assert listed(office, "--tier", "10+") == []
    assert listed(office, "--inn", LUTIK) == ["B-1"]
    assert listed(office, "--search", "ЛЮТИК") == ["B-1"]


def test_a_cancelled_sale_does_not_run_out_and_renews_nothing(office: Mureg) -> None:
    office.done("application", "cancel", "A-2", "--reason", "ошибка", "--on", "2024-07-20")
    found = by_number(office, "--on", "2024-08-01")
    assert (found["A-1"]["renewal"], found["A-2"]["state"]) == (None, "ended")
    office.done("application", "cancel", "B-1", "--reason", "ошибка", "--on", "2024-08-05")
    assert listed(office, "--expires-within", "30d", "--on", "2024-08-01") == ["A-1", "C-1"]


def test_an_empty_list_is_no_error(mureg: Mureg) -> None:
    begin(mureg)
    assert mureg.done("licence", "list", "--json").out == "[]\n"
    assert mureg.done("licence", "list").out.count("\n") == 1


def test_without_a_contract_there_is_no_price(office: Mureg) -> None:
    Path("bare.toml").write_text("db = 'mureg.db'", encoding="utf-8")
    found = by_number(office, "--config", "bare.toml")
    assert {each["list_price"] for each in found.values()} == {None}


def test_organizations_are_listed_with_the_licence_that_counts(office: Mureg) -> None:
    def lines(*options: str) -> list[tuple[str, Any, Any]]:
        found = office.done("organization", "list", "--json", *options).json
        return [(each["inn"], each["tier"], each["until"]) for each in found]

    everything = [(LUTIK, "2-9", "2024-08-14"), (ROMASHKA, "2-9", "2025-08-13"), (VASILEK, "2-9", "2024-08-15")]
    assert lines() == everything
    assert lines("--search", "ромашка") == everything[1:2]
    assert lines("--expires-within", "2024-08") == [everything[0], everything[2]]
    assert lines("--state", "ended") == everything
    assert lines("--state", "on") == []
    (romashka,) = office.done("organization", "list", "--search", "ромашка", "--json").json
    assert (romashka["phone"], romashka["name"], romashka["state"]) == (
        "+7 495 000-00-01", "ООО «Новая ромашка»", "ended",
    )  # fmt: skip


def test_a_part_of_the_name_shows_one_organization(office: Mureg) -> None:
    assert office.done("organization", "show", "новая Ромашка", "--json").json["organization"]["inn"] == ROMASHKA
    assert office.done("organization", "show", "василек", "--json").json["organization"]["phone"] == "+7 812 000-00-02"
    ended = office("organization", "show", "ооо")
    assert (ended.code, ended.out) == (3, "")
    assert "“ооо” matches 2 organizations: ООО «Лютик», ООО «Новая ромашка»" in ended.err
    assert f"\nmureg organization show {LUTIK} --kpp 770001001\n" in ended.err
