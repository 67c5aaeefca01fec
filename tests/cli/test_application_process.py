"""`mureg application process`: all or none, on a day, and what is refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from support import raw_sql
from support.command_line import Mureg
from support.sample_data import ROMASHKA, begin, history, inn_of, licences, listed, row, shown, sold, write_table

TODAY = date.today()  # noqa: DTZ011  as mureg does


@pytest.fixture
def some(mureg: Mureg) -> Mureg:
    """Two applications of two organisations, one without a tier, one with too many users for its tier."""
    begin(mureg)
    write_table(
        "a.csv",
        row("A-1"),
        row("A-2", inn=inn_of(7002), submitted_on="2023-08-10"),
        row("UNTIERED", inn=inn_of(7003), users=""),
        row("CROWDED", inn=inn_of(7004), users="12", tier="2-9"),
        row("OFF", inn=inn_of(7005), multiuser="off", users=""),
    )
    mureg.done("application", "import", "a.csv")
    return mureg


def test_several_are_one_operation(some: Mureg) -> None:
    ended = some("application", "process", "A-1", "A-2", "OFF", "--on", "2023-08-14", "--json")
    assert (ended.code, ended.err) == (0, "")
    result = ended.json
    assert (result["operation"], result["numbers"]) == (2, ["A-1", "A-2", "OFF"])
    assert listed(some, "--status", "processed") == ["A-1", "OFF", "A-2"]
    assert sold(some) == ["A-1", "A-2"]
    assert len(history(some)) == 2


@pytest.mark.parametrize("bad", ["UNTIERED", "CROWDED", "NOPE"])
def test_one_that_cannot_be_processed_leaves_all_as_they_were(some: Mureg, bad: str) -> None:
    ended = some("application", "process", "A-1", bad, "A-2", "--on", "2023-08-14")
    assert (ended.code, ended.out) == (3 if bad == "NOPE" else 5, "")
    assert bad in ended.err
    assert listed(some, "--status", "processed") == []
    assert licences(some) == []
    assert len(history(some)) == 1


def test_a_number_typed_twice_is_processed_once(some: Mureg) -> None:
    result = some.done("application", "process", "A-1", "A-1", "--on", "2023-08-14", "--json").json
    assert result["numbers"] == ["A-1"]


def test_without_a_tier_it_is_refused(some: Mureg) -> None:
    ended = some("application", "process", "UNTIERED", "--on", "2023-08-14")
    assert ended.err == (
        "Error: UNTIERED: the mode is on, but there is no tier\n"
        "set it: mureg application set-multiuser UNTIERED --tier 2-9\n"
    )
    some.done("application", "set-multiuser", "UNTIERED", "--tier", "2-9")
    some.done("application", "process", "UNTIERED", "--on", "2023-08-14")


def test_a_tier_below_the_users_is_refused(some: Mureg) -> None:
    ended = some("application", "process", "CROWDED", "--on", "2023-08-14")
    assert ended.code == 5
    assert "CROWDED: the client lists 12 users, but tier 2 to 9 allows at most 9" in ended.err


@pytest.mark.parametrize(
    ("number", "day", "said"),
    [
        ("A-2", "2023-08-09", "is before its submission on 2023-08-10"),
        ("A-1", str(TODAY + timedelta(days=1)), "is in the future"),
    ],
)
def test_a_day_that_cannot_be_is_refused(some: Mureg, number: str, day: str, said: str) -> None:
    ended = some("application", "process", number, "--on", day)
    assert (ended.code, ended.out) == (5, "")
    assert said in ended.err


@pytest.mark.parametrize("day", ["2023-02-30", "14.8", "вчера", "", "2023-8-1", "٢٠٢٣-٠٨-١٤"])
def test_what_is_no_day_is_wrong_usage(some: Mureg, day: str) -> None:
    ended = some("application", "process", "A-1", "--on", day)
    assert (ended.code, ended.out) == (2, "")


@pytest.mark.parametrize("day", ["2023-08-14", "14.08.2023"])
def test_a_day_is_written_in_two_ways(some: Mureg, day: str) -> None:
    some.done("application", "process", "A-1", "--on", day)
    assert shown(some, "A-1")["processed_on"] == "2023-08-14"


@pytest.mark.parametrize("on", [[], ["--on", "today"]])
def test_today_is_the_default_day(some: Mureg, on: list[str]) -> None:
    some.done("application", "process", "A-1", *on)
    assert shown(some, "A-1")["processed_on"] == str(TODAY)
    assert licences(some, on=str(TODAY))[0][3] == str(TODAY)


def test_the_day_of_submission_will_do(some: Mureg) -> None:
    some.done("application", "process", "A-2", "--on", "2023-08-10")
    assert shown(some, "A-2")["processed_on"] == "2023-08-10"


def test_before_sales_began_nothing_is_sold(mureg: Mureg) -> None:
    begin(mureg).done("application", "import", write_table("a.csv", row("A-1", submitted_on="2023-07-20")))
    ended = mureg("application", "process", "A-1", "--on", "2023-07-31")
    assert (ended.code, ended.out) == (5, "")
    assert "the mode is sold from 2023-08-01, so not on 2023-07-31" in ended.err
    mureg.done("application", "process", "A-1", "--on", "2023-08-01")


def test_without_sale_makes_a_licence_that_is_not_charged(some: Mureg) -> None:
    some.done("application", "process", "A-1", "--on", "2023-08-14", "--without-sale", "--reason", "продал другой")
    assert licences(some) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]
    assert sold(some) == []
    assert shown(some, "A-1")["status"] == "processed"
    assert "продал другой" in some.done("application", "show", "A-1").out


@pytest.mark.parametrize("options", [["--without-sale"], ["--without-sale", "--reason", " "], ["--reason", "так"]])
def test_without_sale_and_its_reason_go_together(some: Mureg, options: list[str]) -> None:
    ended = some("application", "process", "A-1", *options)
    assert (ended.code, ended.out) == (2, "")


def test_where_nothing_is_sold_there_is_no_sale_to_leave_out(some: Mureg) -> None:
    ended = some("application", "process", "OFF", "--on", "2023-08-14", "--without-sale", "--reason", "так")
    assert (ended.code, ended.out) == (5, "")


def test_no_number_is_wrong_usage(some: Mureg) -> None:
    assert some("application", "process").code == 2


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (("process", "A-1", "--on", "2023-08-14"), "A-1 was processed on 2023-08-14"),
        (("reject", "A-1", "--comment", "нет", "--on", "2023-08-14"), "A-1 was rejected on 2023-08-14"),
    ],
)
def test_what_is_done_with_is_not_processed_again(some: Mureg, step: tuple[str, ...], said: str) -> None:
    some.done("application", *step)
    ended = some("application", "process", "A-1", "--on", "2023-08-15")
    assert (ended.code, ended.out) == (5, "")
    assert said in ended.err
    assert "tester did it in operation 2" in ended.err


def test_a_dry_run_writes_nothing(some: Mureg) -> None:
    before = raw_sql.content()
    ended = some("application", "process", "A-1", "--on", "2023-08-14", "--dry-run")
    assert ended.code == 0
    assert "Licence: 2 to 9, from 2023-08-14 to 2024-08-13" in ended.out
    assert raw_sql.content() == before
    dry = some.done("application", "process", "A-1", "--on", "2023-08-14", "--dry-run", "--json").json
    assert (dry["operation"], dry["numbers"]) == (None, ["A-1"])


def test_a_dry_run_of_what_is_refused_is_refused(some: Mureg) -> None:
    assert some("application", "process", "UNTIERED", "--dry-run").code == 5


def test_people_see_the_licence_and_the_sale(some: Mureg) -> None:
    ended = some.done("application", "process", "A-1", "--on", "2023-08-14")
    assert ended.out == (
        "Application: A-1\nStatus: processed\nMulti-user mode: On\n"
        "Licence: 2 to 9, from 2023-08-14 to 2024-08-13\nSale: one licence\n"
        "List price: 3000.00\nDiscount: 1200.00\nPayable: 1800.00\n"
    )
    assert ended.err == "operation 2; to undo it: mureg undo 2\n"


def test_without_a_contract_no_licence_can_be_made(some: Mureg) -> None:
    Path("mureg.toml").write_text('db = "mureg.db"\n', encoding="utf-8")
    ended = some("application", "process", "A-1", "--on", "2023-08-14")
    assert (ended.code, ended.out) == (5, "")
    # What makes no licence needs no contract.
    some.done("application", "process", "OFF", "--on", "2023-08-14")


def test_the_organisations_card_shows_the_product(some: Mureg) -> None:
    some.done("application", "process", "A-1", "--on", "2023-08-14")
    some_day = ("organization", "show", ROMASHKA, "--on", "2023-08-31")
    assert "Products:\n  Multi-user mode — on, 2 to 9, from 2023-08-14 to 2024-08-13\n" in some.done(*some_day).out
    russian = some.done(*some_day, lang="ru").out
    assert "Продукты:\n  Многопользовательский режим — включён, от 2 до 9, с " in russian
