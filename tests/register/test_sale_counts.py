"""The counted sales of each day follow every operation; a month is closed by the licences themselves."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from mureg.domain.dates import Month
from mureg.domain.sale import SaleCount
from mureg.domain.settlement import settlement_of_charges
from mureg.errors import msg
from mureg.operations.check.checks import Failure, check_register
from mureg.operations.months.closing import close, hash_of_month
from mureg.operations.months.reconciliation import settled_month
from mureg.register.engines.sqlite.database import SQLite
from mureg.settings.reading import read_settings
from support.office import ACTOR, TODAY, Office
from support.sample_data import EXAMPLES

AUGUST, SEPTEMBER = Month(2023, 8), Month(2023, 9)
CONTRACT = read_settings(EXAMPLES / "contract" / "mureg.toml").contract


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """Two sales of one day, both of 2-9."""
    office = Office(request.param)
    office.import_numbers("A-1", "A-2", "A-3")
    office.process("A-1", "A-2")
    yield office
    office.close()


def counts(office: Office, month: Month = AUGUST) -> dict[tuple[str, int], int]:
    found = office.register.licences.sale_counts(month)
    return {(tier, sold_on.day): count for tier, sold_on, count in found}


def cancelled(office: Office) -> None:
    office.cancel("A-1", "2023-08-20")


CHANGES: dict[str, tuple[Callable[[Office], None], dict[tuple[str, int], int]]] = {
    "processed": (lambda office: office.process("A-3", on="2023-08-15"), {("2-9", 14): 2, ("2-9", 15): 1}),
    "amended by tier": (lambda office: office.amend("A-1", tier="10+"), {("2-9", 14): 1, ("10+", 14): 1}),
    "amended by day": (lambda office: office.amend("A-2", on="2023-08-16"), {("2-9", 14): 1, ("2-9", 16): 1}),
    "returned": (lambda office: office.return_to_new("A-1", "A-2"), {}),
    "cancelled": (cancelled, {("2-9", 14): 1}),
    "undone": (lambda office: office.undo(), {}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_operation_counts_the_sales_that_it_changes(office: Office, change: str) -> None:
    before = office.dump()["sale_count"]
    assert counts(office) == {("2-9", 14): 2}
    act, expected = CHANGES[change]
    act(office)
    assert counts(office) == expected
    assert check_register(office.register) == []
    if change != "undone":
        office.undo()
        assert office.dump()["sale_count"] == before


def test_a_sale_that_another_month_settles_is_left_out(office: Office) -> None:
    assert office.register.licences.sale_counts(AUGUST, ["A-1", "A-3"]) == [SaleCount("2-9", date(2023, 8, 14), 1)]


def test_the_months_with_sales_are_those_with_counts(office: Office) -> None:
    office.process("A-3", on="2023-09-15")
    assert office.register.licences.months_with_sales() == [AUGUST, SEPTEMBER]
    assert office.register.licences.months_with_sales(after=AUGUST) == [SEPTEMBER]
    office.undo()
    assert office.register.licences.months_with_sales() == [AUGUST]


@pytest.mark.parametrize("change", ["UPDATE sale_count SET licences = 7", "DELETE FROM sale_count"])
def test_a_wrong_count_is_reported_and_a_month_is_closed_by_its_licences(office: Office, change: str) -> None:
    payable = settled_month(office.register, AUGUST, CONTRACT).settlement.total.payable_kopecks
    with office.database.atomic():
        office.database.run(change)
    message = msg("the count of licences {tier} that were sold on {sold} does not match the licences",
                  tier="2-9", sold="2023-08-14")  # fmt: skip
    assert check_register(office.register) == [Failure("licences", message)]
    close_august(office)
    settled = settled_month(office.register, AUGUST, CONTRACT).settlement
    assert (settled.total.count, settled.total.payable_kopecks) == (2, payable)
    assert check_register(office.register) == []


def close_august(office: Office) -> None:
    actor = ACTOR._replace(command="month close")
    close(office.register, AUGUST, CONTRACT, today=TODAY, leave=(), without_statement="-", leave_all=True, actor=actor)


def test_a_closed_month_has_the_totals_of_the_open_one_and_of_its_charges(office: Office) -> None:
    office.process("A-3", on="2023-08-15")
    opened = settled_month(office.register, AUGUST, CONTRACT).settlement
    close_august(office)
    closed = settled_month(office.register, AUGUST, None)
    assert closed.settlement == opened
    charges = [each.settled for each in closed.charges()]
    assert settlement_of_charges(AUGUST, charges, 0) == opened


def test_totals_of_a_closed_month_that_are_not_those_of_its_charges_are_reported(office: Office) -> None:
    close_august(office)
    record = office.register.months.record(AUGUST)
    forged = record._replace(contract=record.contract.replace('"count": 2', '"count": 3'))
    assert forged != record
    charges = list(office.register.charges.of_month(AUGUST))
    values = {"contract": forged.contract, "hash": hash_of_month(forged, charges, [], None)}
    without_triggers = "SET LOCAL session_replication_role = replica"
    if isinstance(office.database, SQLite):
        without_triggers = "DROP TRIGGER guard_month_update"
    with office.database.atomic():
        office.database.run(without_triggers)
        office.database.run("UPDATE month SET contract = :contract, hash = :hash", values)
    message = msg("the totals of {month} are not those of its charges", month=AUGUST)
    assert Failure("months", message) in check_register(office.register)
