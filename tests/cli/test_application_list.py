"""`mureg application list`: every filter, order and end."""

import pytest

from support.command_line import Mureg
from support.sample_data import ROMASHKA, application, begin, listed, row, write_json, write_table


@pytest.fixture
def some(mureg: Mureg) -> Mureg:
    """Applications of every status, mode and tier."""
    begin(mureg)
    write_table(
        "a.csv",
        row("B-2", submitted_on="2023-08-03", users="12", name="ООО «Берёзка»", inn="7800010314", kpp="780001001"),
        row("A-1", submitted_on="2023-08-03"),
        row("a-3", submitted_on="2023-08-01", multiuser="off", name="АО «Ёж»", inn="7700010303"),
        row("Ж_4", submitted_on="2023-09-01", multiuser="", users="", name="ИП Straße 100%"),
        row("C-5", submitted_on="2023-08-02", users="", inn="7700010328"),
    )
    mureg.done("application", "import", "a.csv")
    mureg.done("application", "process", "A-1", "--on", "2023-08-31")
    mureg.done("application", "process", "B-2", "--on", "2023-09-01")
    mureg.done("application", "reject", "a-3", "--comment", "нет", "--on", "2023-08-05")
    mureg.done("application", "cancel", "B-2", "--reason", "ошибка", "--on", "2023-09-02")
    return mureg


def test_all_are_in_order_of_submission_then_number(some: Mureg) -> None:
    assert listed(some) == ["a-3", "C-5", "A-1", "B-2", "Ж_4"]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--status", "new"], ["C-5", "Ж_4"]),
        (["--status", "processed"], ["A-1"]),
        (["--status", "rejected"], ["a-3"]),
        (["--status", "cancelled"], ["B-2"]),
        (["--multiuser", "on"], ["C-5", "A-1", "B-2"]),
        (["--multiuser", "off"], ["a-3", "Ж_4"]),
        (["--tier", "2-9"], ["A-1"]),
        (["--tier", "10+"], ["B-2"]),
        (["--tier", "10 и более"], ["B-2"]),
        (["--tier", "от 2 до 9"], ["A-1"]),
        (["--inn", ROMASHKA], ["A-1", "Ж_4"]),
        (["--inn", "500100732259"], []),
        (["--month", "2023-08", "--status", "processed"], ["A-1"]),
        (["--month", "09.2023"], ["B-2"]),
        (["--month", "сентябрь 2023"], ["B-2"]),
        (["--month", "2023-10"], []),
        (["--status", "new", "--multiuser", "on"], ["C-5"]),
    ],
)
def test_a_filter_lets_through_what_it_names(some: Mureg, options: list[str], numbers: list[str]) -> None:
    assert listed(some, *options) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("a-", ["a-3", "A-1"]),
        ("A-1", ["A-1"]),
        ("ж_", ["Ж_4"]),
        ("_", ["Ж_4"]),
        ("%", ["Ж_4"]),
        ("780001", ["B-2"]),
        ("БЕРЕЗ", ["B-2"]),
        ("берёз", ["B-2"]),
        ("еж", ["a-3"]),
        ("Ёж", ["a-3"]),
        ("STRASSE", ["Ж_4"]),
        ("ромашка", ["C-5", "A-1"]),
        ("нет такого", []),
    ],
)
def test_a_search_looks_in_number_inn_and_name_in_any_case(some: Mureg, text: str, numbers: list[str]) -> None:
    assert listed(some, "--search", text) == numbers


@pytest.mark.parametrize(
    ("field", "numbers"),
    [
        ("number", ["A-1", "B-2", "C-5", "a-3", "Ж_4"]),
        ("inn", ["a-3", "C-5", "A-1", "Ж_4", "B-2"]),
        ("submitted_on", ["a-3", "C-5", "A-1", "B-2", "Ж_4"]),
        ("name", ["a-3", "Ж_4", "B-2", "A-1", "C-5"]),
        ("status", ["B-2", "C-5", "Ж_4", "A-1", "a-3"]),
    ],
)
def test_a_list_is_sorted_by_a_field_then_number(some: Mureg, field: str, numbers: list[str]) -> None:
    assert listed(some, "--sort", field) == numbers
    assert listed(some, "--sort", field, "--reverse") == numbers[::-1]


@pytest.mark.parametrize("field", ["tier", "processed_on"])
def test_a_list_is_sorted_by_what_some_have_not(some: Mureg, field: str) -> None:
    assert sorted(listed(some, "--sort", field)) == ["A-1", "B-2", "C-5", "a-3", "Ж_4"]


def test_a_limit_takes_the_first(some: Mureg) -> None:
    assert listed(some, "--limit", "2") == ["a-3", "C-5"]
    assert listed(some, "--limit", "2", "--reverse") == ["Ж_4", "B-2"]
    assert listed(some, "--limit", "0") == []
    assert len(listed(some, "--limit", "1000")) == 5


def test_there_is_no_limit_by_default(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *(row(f"A-{serial:04}") for serial in range(1200))))
    assert len(listed(mureg)) == 1200


def test_a_long_list_keeps_its_order_and_its_people(mureg: Mureg) -> None:
    """A list is loaded in parts: none is lost, mixed up or without its owners at the seams."""
    begin(mureg)
    mureg.done(
        "application",
        "import",
        write_json("a.json", *(application(f"A-{serial:04}", users=2) for serial in range(1100))),
    )
    found = mureg.done("application", "list", "--json").json
    assert [item["number"] for item in found] == [f"A-{serial:04}" for serial in range(1100)]
    assert all(len(item["owners"]) == 2 and item["owners"][0]["name"] for item in found)


def test_an_empty_list_is_no_error(mureg: Mureg) -> None:
    begin(mureg)
    assert mureg("application", "list", "--json") == (0, "[]\n", "")
    ended = mureg("application", "list")
    assert (ended.code, ended.out.splitlines()[1:]) == (0, [])


@pytest.mark.parametrize(
    "options",
    [
        ["--status", "done"],
        ["--multiuser", "maybe"],
        ["--tier", "5-7"],
        ["--month", "2023-13"],
        ["--month", "август"],
        ["--sort", "color"],
        ["--limit", "-1"],
        ["--limit", "ten"],
        ["--limit", "99999999999999999999"],
    ],
)
def test_a_value_that_cannot_be_is_wrong_usage_and_prints_nothing(some: Mureg, options: list[str]) -> None:
    ended = some("application", "list", *options)
    assert (ended.code, ended.out) == (2, "")


def test_fields_narrow_the_list_and_mean_json(some: Mureg) -> None:
    ended = some("application", "list", "--fields", "number,tier,inn", "--status", "processed")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == [{"number": "A-1", "tier": "2-9", "inn": ROMASHKA}]


def test_an_unknown_field_is_wrong_usage_even_where_the_list_is_empty(some: Mureg) -> None:
    assert some("application", "list", "--fields", "colour").code == 2
    assert some("application", "list", "--fields", "colour", "--inn", ROMASHKA).code == 2


def test_a_row_for_people_has_type_users_and_warnings_too(some: Mureg) -> None:
    lines = some.done("application", "list", "--status", "processed").out.splitlines()
    assert lines[1:] == [f"A-1\tConnection\t2023-08-03\t{ROMASHKA}\tООО «Ромашка»\tOn\t2 to 9\t3\tprocessed\t"]


def test_items_of_a_list_are_what_show_prints(example: Mureg) -> None:
    for item in example.done("application", "list", "--json").json:
        assert example.done("application", "show", item["number"], "--json").json == item
