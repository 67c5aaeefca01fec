"""Rows of a statement mean the same, however many are read at once, and whatever a quick test says of a column."""

import io
from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mureg.domain.reconciliation.statement import StatementRow
from mureg.errors import Fault, Rejected
from mureg.readers.statements.fields import FIELDS
from mureg.readers.statements.statement import read_statement
from mureg.readers.tables import csv_file
from mureg.readers.tables.columns import Column
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


def csv_of(columns: list[str], rows: list[list[str]]) -> bytes:
    return "\r\n".join(";".join(row) for row in [columns, *rows]).encode()


@pytest.mark.slow
@settings(max_examples=300)
@given(st.lists(ROW, max_size=40), st.sets(st.sampled_from(list(CELLS)[:-1])), st.integers(0, 3))
@example([tuple(PLAIN)] * 40, set(), 0)
def test_rows_read_together_mean_what_each_cell_means(rows: list[tuple[str, ...]], absent: set[str], long: int) -> None:
    columns = [name for name in CELLS if name not in absent]
    places = [place for place, name in enumerate(CELLS) if name not in absent]
    texts = [[row[place] for place in places] for row in rows]
    # Some rows are longer than the header, or shorter.
    content = csv_of(columns, [[*row, *[""] * long] if index % 7 == 6 else row[: len(row) - (index % 11 == 10)]
                               for index, row in enumerate(texts)])  # fmt: skip
    together = outcome(content)
    with patch.object(Column, "_certain", lambda *_: None):
        assert outcome(content) == together
    with patch.object(csv_file, "CHUNK_ROWS", 1), patch.object(csv_file, "_STEP", 1):
        assert outcome(content) == together


def test_plain_rows_are_read_without_a_look_at_each_cell() -> None:
    answers: list[object] = []
    certain = Column._certain

    def noted(column: Column, cells: Sequence[str]) -> object:
        answers.append(certain(column, cells))
        return answers[-1]

    with patch.object(Column, "_certain", noted):
        rows, _, faults = outcome(csv_of(list(CELLS), [PLAIN] * 3_000))
    assert (len(rows), faults) == (3_000, [])
    assert len(answers) == 3 * 4
    assert None not in answers


def test_every_field_of_a_row_has_a_column() -> None:
    assert {field.attribute for field in FIELDS} == {*StatementRow._fields} - {"row"}
