"""The check holds what it compares outside of memory: a register may be much larger than that."""

import tracemalloc
from datetime import date

import pytest

from mureg.domain.application import ClientRequest
from mureg.domain.columns import columns_of
from mureg.operations.applications.decisions import process
from mureg.operations.check.checks import check_register
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.register import Register
from support.office import ACTOR

pytestmark = pytest.mark.slow


def peak_of_a_check(applications: int) -> int:
    """The most bytes of Python's own that a check takes, of a register with so many licences."""
    database = SQLite.in_memory()
    register = Register(database)
    requests = [
        ClientRequest(
            f"A-{serial:06d}", "connection", "2023-08-01", f"{7700000000 + serial}", "770001001",
            requested="on", users=3, name=f"ООО «{serial}»",
        )
        for serial in range(applications)
    ]  # fmt: skip
    for start in range(0, applications, 100):
        some = requests[start : start + 100]
        with register.operation(ACTOR) as operation:
            operation.add_requests(columns_of(ClientRequest, some), "a.csv")
            operation.add_facts(files=["a.csv"])
        numbers = [request.number for request in some]
        process(
            register, numbers, date(2023, 8, 14), today=date(2026, 1, 1), term_months=12, without_sale="", actor=ACTOR
        )
    del requests, some, numbers
    tracemalloc.start()
    try:
        assert check_register(register) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        database.close()


def test_a_check_takes_no_more_memory_of_a_larger_register() -> None:
    small, large = peak_of_a_check(2_500), peak_of_a_check(7_500)
    assert small > 100_000
    assert large < small * 1.1
