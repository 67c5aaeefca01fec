"""Operations that change many rows: their images are kept and read in pieces, and say the same as in one."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mureg.operations.history import one_operation
from mureg.register import row_images
from mureg.register.register import Register
from support import raw_sql
from support.command_line import Mureg
from support.sample_data import begin, inn_of, row, write_table

NUMBERS = [f"A-{place}" for place in range(1, 8)]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows in a piece."""
    monkeypatch.setattr(row_images, "ROWS_IN_PIECE", 2)


def names(mureg: Mureg) -> dict[str, str]:
    return {each["number"]: each["organization"]["name"] for each in mureg.done("application", "list", "--json").json}


def rows(name: str, *numbers: str) -> list[str]:
    return [row(number, inn=inn_of(place + 1), name=name) for place, number in enumerate(numbers)]


@pytest.fixture
def changed(mureg: Mureg) -> Mureg:
    """Seven applications whose names an import has changed; it has added one too."""
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *rows("Первое", *NUMBERS)))
    mureg.done("application", "import", write_table("b.csv", *rows("Второе", *NUMBERS, "A-8")))
    return mureg


def record(mureg: Mureg, operation: int) -> dict[str, Any]:
    found: list[dict[str, Any]] = mureg.done("history", "--json").json
    return next(each for each in found if each["operation"] == operation)


def test_the_history_has_every_row_before_and_after(changed: Mureg) -> None:
    assert raw_sql.rows("SELECT place FROM history_images WHERE operation = 2 ORDER BY place") == [(1,), (2,), (3,)]
    found = record(changed, 2)
    before, after = found["before"]["application"], found["after"]["application"]
    assert list(before) == list(after) == NUMBERS
    assert {each["name"] for each in before.values()} == {"Первое"}
    assert {each["name"] for each in after.values()} == {"Второе"}
    assert found["after"]["files"] == ["b.csv"]
    assert sorted(found["numbers"]) == [*NUMBERS, "A-8"]


def test_one_operation_is_shown_with_every_row(changed: Mureg) -> None:
    with closing(Register.open(os.environ.get("MUREG_DB", "mureg.db"))) as register:
        found = one_operation(register, 2)
    assert [change.row for change in found.changes if change.after == "Второе"] == NUMBERS
    assert found.files == ("b.csv",)


def test_fields_of_the_history_are_found_whatever_its_size(changed: Mureg) -> None:
    found = changed.done("history", "--limit", "1", "--fields", "operation,after.files").json
    assert found == [{"operation": 2, "after.files": ["b.csv"]}]


def test_an_import_of_many_changes_is_undone_as_a_whole(changed: Mureg) -> None:
    assert changed.done("check").out == ""
    changed.done("undo")
    assert names(changed) == dict.fromkeys(NUMBERS, "Первое")
    assert changed.done("check").out == ""
    assert set(record(changed, 3)["after"]["application"]) == set(NUMBERS)


def test_what_depends_on_a_row_of_a_later_piece_keeps_an_operation_from_being_undone(changed: Mureg) -> None:
    changed.done("application", "process", *NUMBERS, "--on", "2023-08-14")
    changed.done("application", "return", "A-7", "--reason", "рано")
    ended = changed("undo", "3", "--json")
    assert ended.code == 5
    assert "later operations depend on it: 4" in ended.error["message"]
    changed.done("undo", "4")
    changed.done("undo", "3")
    assert {each["status"] for each in changed.done("application", "list", "--json").json} == {"new"}
    assert changed.done("licence", "list", "--json").json == []
    assert changed.done("check").out == ""


def test_sales_of_a_later_piece_keep_a_closed_month_as_it_is(changed: Mureg) -> None:
    changed.done("application", "process", *NUMBERS, "--on", "2023-08-14")
    changed.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "нет")
    assert changed("undo", "3").code == 5
    changed.done("application", "cancel", "A-7", "--reason", "отказ", "--on", "2023-09-01")
    assert changed.done("check").out == ""


def test_the_day_of_a_row_in_a_later_piece_is_found_when_it_is_amended(changed: Mureg) -> None:
    again = write_table("c.csv", *(row(f"B-{place}", inn=inn_of(7), type="renewal") for place in (1, 2)))
    changed.done("application", "import", again)
    changed.done("application", "process", *NUMBERS, "B-1", "B-2", "--on", "2023-08-14")
    changed.done("application", "amend", "B-2", "--tier", "10+", "--reason", "ошибка")
    assert changed.done("check").out == ""


def test_the_history_names_the_month_of_a_closing_that_left_many_sales_to_the_next(changed: Mureg) -> None:
    changed.done("application", "process", *NUMBERS, "--on", "2023-08-14")
    table = "\n".join(
        ["Номер;ИНН;Вид расширения;К оплате", *(f"{n};{inn_of(i + 1)};2-9;1800" for i, n in enumerate(NUMBERS))]
    )
    Path("september.csv").write_text(table, encoding="utf-8")
    changed("reconcile", "--month", "2023-09", "--statement", "september.csv", "--anyway")
    changed.done("month", "accept", "2023-09", *NUMBERS, "--reason", "учтено в сентябре")
    changed.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "нет")
    last = record(changed, 6)
    assert len(last["after"]["licence"]) == len(NUMBERS)
    assert changed.done("history", "--limit", "1").out.splitlines()[-1].split("\t")[-1].startswith("2023-08")


@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ("UPDATE history_images SET after = replace(after, 'Второе', 'Третье')", "what operation 2 changed was"),
        ("UPDATE history_images SET before = '{}' WHERE place = 2", "what operation 2 changed was"),
        ("DELETE FROM history_images WHERE place = 3", "what operation 2 changed was"),
        ("INSERT INTO history_images VALUES (1, 1, '{}', '{}')", "what operation 1 changed was"),
        ("INSERT INTO history_images VALUES (2, 0, '{}', '{}')", "what operation 2 changed was"),
        ("INSERT INTO history_images VALUES (2, 5, '{}', '{}')", "what operation 2 changed was"),
        ("INSERT INTO history_images VALUES (1, 7, '{}', '{}')", "what operation 1 changed was"),
        ("INSERT INTO history_images VALUES (9, 1, '{}', '{}')", "changes of operation 9, which is missing"),
        ("UPDATE history_images SET before = '[]'", "what operation 2 changed was"),
        ("UPDATE application SET name = 'Третье' WHERE number = 'A-7'", "A-7 (application) was changed after"),
    ],
)
def test_a_piece_that_was_changed_removed_or_put_in_is_reported(changed: Mureg, sql: str, reported: str) -> None:
    assert raw_sql.tamper(sql)
    ended = changed("check")
    assert ended.code == 6
    assert reported in ended.out


@pytest.mark.parametrize("sql", ["UPDATE history_images SET place = 9", "DELETE FROM history_images"])
def test_pieces_are_closed_to_change_like_the_history(changed: Mureg, sql: str) -> None:
    assert "is closed to change" in raw_sql.refusal(sql)


def test_a_copy_has_the_pieces_too(changed: Mureg) -> None:
    changed.done("backup", "copy.db")
    changed.done("--db", "copy.db", "check")
    changed.done("--db", "copy.db", "undo")
    assert changed.done("--db", "copy.db", "check").out == ""
