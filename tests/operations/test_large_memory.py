"""What is written and read of very many rows is not held in memory at once."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date

import pytest

from mureg.cli.commands.history import _record_json
from mureg.domain.application import ClientRequest
from mureg.domain.columns import columns_of
from mureg.domain.dates import Month
from mureg.operations.applications.decisions import process
from mureg.operations.months.document import month_json
from mureg.operations.months.reconciliation import compared_month
from mureg.operations.undo import undo
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.register import Register
from mureg.reports.json.errors import object_bytes
from mureg.settings.reading import read_settings
from support.office import ACTOR
from support.sample_data import EXAMPLES

pytestmark = pytest.mark.slow

MANY = 6_000


def requests(name: str) -> list[ClientRequest]:
    return [
        ClientRequest(
            f"A-{serial:06d}", "connection", "2023-08-01", f"{7700000000 + serial}", "770001001",
            requested="on", users=3, name=f"ООО «{name} {serial}»",
        )
        for serial in range(MANY)
    ]  # fmt: skip


@pytest.fixture
def register() -> Iterator[Register]:
    """Many applications that one import has brought."""
    with closing(SQLite.in_memory()) as database:
        register = Register(database)
        with register.operation(ACTOR) as operation:
            operation.add_requests(columns_of(ClientRequest, requests("Первое")), "a.csv")
            operation.add_facts(files=["a.csv"])
        yield register


def change_all(register: Register) -> None:
    """Change every application in one operation, as an import does."""
    changed = requests("Второе")
    with register.operation(ACTOR) as operation:
        for start in range(0, MANY, 500):
            operation.change_requests(changed[start : start + 500], "b.csv")
        operation.add_facts(files=["b.csv"])


def bytes_a_row(run: Callable[[], object]) -> float:
    """The most bytes of Python's own that something takes, by row."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / MANY
    finally:
        tracemalloc.stop()


def test_an_operation_that_changes_many_rows_remembers_them_as_bytes(register: Register) -> None:
    # Dictionaries took 3,000 bytes for each row.
    assert bytes_a_row(lambda: change_all(register)) < 1_800
    assert bytes_a_row(lambda: undo(register, None, actor=ACTOR)) < 1_800


def test_the_json_of_a_large_operation_is_read_as_it_is_written(register: Register) -> None:
    change_all(register)
    record = register.history.record(2)
    assert record is not None
    assert bytes_a_row(lambda: sum(map(len, object_bytes(_record_json(register, record))))) < 400


def test_the_json_of_a_month_is_read_as_it_is_written(register: Register) -> None:
    numbers = [request.number for request in requests("")]
    process(register, numbers, date(2023, 8, 14), today=date(2026, 1, 1), term_months=12, without_sale="", actor=ACTOR)
    contract = read_settings(EXAMPLES / "contract" / "mureg.toml").contract
    compared = compared_month(register, Month.parse("2023-08"), contract)
    assert bytes_a_row(lambda: sum(map(len, object_bytes(month_json(compared, None))))) < 200
