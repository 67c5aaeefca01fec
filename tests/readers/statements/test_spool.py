"""Rows of a statement wait in memory while they are few, and in a file while they are many."""

from mureg.domain.columns import columns_of
from mureg.domain.reconciliation.statement import StatementRow
from mureg.readers.statements.spool import SpooledRows


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
