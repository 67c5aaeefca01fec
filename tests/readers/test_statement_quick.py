"""Chunks of a statement that are read at once are read as cell by cell."""

import io
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mureg.domain.columns import columns_of
from mureg.domain.statement import StatementRow
from mureg.errors import Fault, Rejected
from mureg.readers.statements.row_columns import QuickRows
from mureg.readers.statements.spool import SpooledRows
from mureg.readers.statements.statement import read_statement
from mureg.readers.types import Limits, Source

CELLS = {
    "Номер": ["ZV-1", "ZV-2", "A 7/b", "", "Итого", " ZV-3 ", "-1", "#Н/Д", "Всего к оплате:", "№ 5\u00a0"],
    "ИНН": ["7700123459", "770012345606", "200010510", "7700123458", "", "7 700 123 459", "Итого"],
    "КПП": ["770001001", "", "77000100", "7700AB001", "х"],
    "Наименование": ["ООО «Ромашка»", "", "Итоговая", "a\0b", "#REF!", " «Я» ", "итого", "x" * 300],
    "Вид расширения": ["от 2 до 9", "10+", "", "10 и более", "2-9 ", "много"],
    "Дата": ["14.08.2023", "2023-08-14", "14.08.2023 10:00", "", "31.02.2023", "вчера"],
    "Цена": ["3000,00", "3 000,00 руб.", "", "3\u00a0000.00", "1.800", "1e3", "-1"],
    "Скидка %": ["40", "40%", "0,4", "", "1", "0", "101", "12,345", "сто"],
    "Скидка": ["1200,00", "", "1200", "0"],
    "К оплате": ["1800,00", "1800", "", "-1800,00", "₽", "1 800,00"],
}
PLAIN = [cells[0] for cells in CELLS.values()]

# Mostly plain cells, so that chunks of both kinds come.
ROW = st.tuples(
    *(st.one_of(st.just(cells[0]), st.sampled_from(cells[:3]), st.sampled_from(cells)) for cells in CELLS.values())
)


def outcome(content: bytes) -> tuple[list[StatementRow], int | None, list[Fault]]:
    try:
        statement = read_statement(Source("a.csv", io.BytesIO(content)), profile=None, limits=Limits())
    except Rejected as error:
        return [], None, list(error.details)
    rows = list(statement.rows)
    assert len(rows) == len(statement.rows)
    assert sum(row.payable_kopecks for row in rows) == statement.total_kopecks
    return rows, statement.stated_total_kopecks, []


def both(columns: list[str], rows: list[list[str]]) -> None:
    content = "\r\n".join(";".join(row) for row in [columns, *rows]).encode()
    quick = outcome(content)
    with patch.object(QuickRows, "rows", lambda *_: None):
        assert outcome(content) == quick


@settings(max_examples=300)
@given(st.lists(ROW, max_size=40), st.sets(st.sampled_from(list(CELLS)[:-1])), st.integers(0, 3))
@example([tuple(PLAIN)] * 40, set(), 0)
def test_a_chunk_read_at_once_is_what_each_cell_says(rows: list[tuple[str, ...]], absent: set[str], long: int) -> None:
    columns = [name for name in CELLS if name not in absent]
    places = [place for place, name in enumerate(CELLS) if name not in absent]
    texts = [[row[place] for place in places] for row in rows]
    # Some rows are longer than the header, or shorter.
    both(columns, [[*row, *[""] * long] if index % 7 == 6 else row[: len(row) - (index % 11 == 10)]
                   for index, row in enumerate(texts)])  # fmt: skip


def test_plain_rows_are_read_at_once() -> None:
    content = "\r\n".join(";".join(row) for row in [list(CELLS), *[PLAIN] * 3_000]).encode()
    with patch("mureg.readers.statements.rows.StatementTable._row", side_effect=AssertionError("cell by cell")):
        rows, _, faults = outcome(content)
    assert (len(rows), faults) == (3_000, [])


def test_rows_with_long_names_do_not_gather_in_memory() -> None:
    rows = SpooledRows()
    for row in range(1, 1_001):
        rows.add(columns_of(StatementRow, [StatementRow(row, 1, name="я" * 10_000)]))
    assert sum(len(name) for columns in rows._waiting for name in columns["name"]) < 1 << 21
    assert [row.row for row in rows] == list(range(1, 1_001))


def test_many_rows_go_through_a_file_and_come_back_the_same() -> None:
    rows = SpooledRows()
    expected = [
        StatementRow(row, row * 7, f"ZV-{row}", name=f"ООО «{row}»", discount_rate=4000) for row in range(25_000)
    ]
    for start in range(0, len(expected), 1_000):
        columns = columns_of(StatementRow, expected[start : start + 1_000])
        rows.add({**columns, "discount_rate": ["0,4"] * 1_000})
    rows.explain({"0,4": 4000})
    assert list(rows) == list(rows) == expected
    assert rows.numbered({3, 24_999}) == [expected[3], expected[24_999]]
    assert (len(rows), rows.total_kopecks) == (25_000, sum(row.payable_kopecks for row in expected))
