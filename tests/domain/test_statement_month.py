"""Which month a statement plainly belongs to."""

from collections.abc import Mapping

import pytest

from mureg.domain.dates import Month
from mureg.domain.reconciliation.exact_matches import ExactMatches
from mureg.domain.reconciliation.statement import StatementRows
from mureg.domain.reconciliation.statement_month import StatementEvidence, month_of_statement, months_of_days
from mureg.domain.settlement import terms_of
from support.reconciliations import charge, row_of

JULY, AUGUST, SEPTEMBER, OCTOBER = (Month(2023, number) for number in (7, 8, 9, 10))


def meant(
    rows: int, *, here: int = 0, agreeing: int = 0, dated: Mapping[Month, int] | None = None,
    there: Mapping[Month, int] | None = None,
) -> Month | None:  # fmt: skip
    return month_of_statement(SEPTEMBER, StatementEvidence(rows, here, agreeing, dated or {}, there or {}))


def test_dates_that_all_are_in_another_month_name_it() -> None:
    assert meant(10, dated={AUGUST: 9, OCTOBER: 1}) == AUGUST
    assert meant(10, dated={AUGUST: 6}) == AUGUST


def test_one_date_of_the_month_itself_is_enough_to_keep_the_statement() -> None:
    assert meant(10, dated={AUGUST: 9, SEPTEMBER: 1}) is None


def test_dates_of_several_months_name_none() -> None:
    assert meant(10, dated={AUGUST: 5, OCTOBER: 5}) is None


def test_a_month_that_bills_what_earlier_ones_left_is_not_refused_for_their_dates() -> None:
    assert meant(4, here=2, agreeing=2, dated={AUGUST: 4}) is None
    assert meant(4, here=1, agreeing=1, dated={AUGUST: 4}) == AUGUST


def test_where_nothing_agrees_here_most_rows_that_agree_elsewhere_name_the_month() -> None:
    assert meant(10, here=3, there={AUGUST: 6}) == AUGUST
    assert meant(10, here=3, there={AUGUST: 5}) is None
    assert meant(10, agreeing=1, there={AUGUST: 9}) is None


@pytest.mark.parametrize("rows", [0, 1])
def test_a_single_row_is_a_discrepancy_and_no_statement_of_another_month(rows: int) -> None:
    assert meant(rows, dated={AUGUST: rows}, there={AUGUST: rows}) is None


def test_before_the_first_sales_there_is_no_month_to_name() -> None:
    assert meant(3, dated={JULY: 3}) is None


def test_rows_are_counted_by_month_as_the_statement_streams() -> None:
    charges = [charge("ZV-1", day=5), charge("ZV-2", day=6), charge("ZV-3", "10+", day=6)]
    rows = [row_of(one, place) for place, one in enumerate(charges, 1)]
    rows[2] = rows[2]._replace(payable_kopecks=1, processed_on=None)
    matches = ExactMatches(StatementRows(rows))
    assert months_of_days(matches.days) == {AUGUST: 2}
    terms = [(terms_of(one.charge), [one.sale.number]) for one in charges]
    assert matches.count_agreeing(terms) == 2
    assert (matches.rows, matches.count) == (3, 0)
    assert matches.count_numbers(["ZV-3", "ZV-4"]) == 1
    assert matches.some_numbers(1) == ["ZV-1"]
    assert matches.some_numbers(5) == ["ZV-1", "ZV-2", "ZV-3"]
