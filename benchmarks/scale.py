"""Sizes and times of a large register, in a file and on a server: the figures of docs/scale.md.

    python benchmarks/scale.py 1000000 FOLDER                  make a register of a million licences in FOLDER/scale.db
    python benchmarks/scale.py ask FOLDER/scale.db             print its sizes, and the times of its queries
    mureg copy FOLDER/scale.db postgresql://…                  the same register on a server
    python benchmarks/scale.py ask postgresql://…

mureg's own operations make the register: 5,000 applications are imported and 100 processed at a time. large.py makes
one of five million in two minutes, without the records of processing; it can be measured in the same way.
"""

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

from mureg.domain.application import ClientRequest, Organization
from mureg.domain.columns import columns_of
from mureg.domain.dates import Month
from mureg.errors import MuregError
from mureg.operations.applications.decisions import process, set_multiuser
from mureg.register.history import Actor
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.queries.organizations import OrganizationFilter
from mureg.register.register import Register

ACTOR = Actor("olga", "application process", "2025-08-31T10:00:00Z")
BEGIN, DAYS = date(2023, 8, 1), 730
IMPORTED_AT_ONCE, PROCESSED_AT_ONCE = 5_000, 100
ASKED = 5


def requests(count: int) -> Iterator[list[ClientRequest]]:
    """Batches of applications of different organisations, spread over two years."""
    batch: list[ClientRequest] = []
    for serial in range(count):
        day = BEGIN + timedelta(days=serial * DAYS // count)
        batch.append(
            ClientRequest(
                f"ZV-{serial:08d}", "connection", day.isoformat(), f"{7700000000 + serial:010d}", "770001001", "",
                f"ООО «Организация {serial}»", "", "", "on", "", 3 + serial % 9, "ФНС,СФР", "", "",
            )
        )  # fmt: skip
        if len(batch) == IMPORTED_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def make(count: int, folder: Path) -> None:
    """Make the register."""
    url = str(folder / "scale.db")
    register = Register.create(url)
    began = time.perf_counter()
    imported = ACTOR._replace(command="application import")
    for batch in requests(count):
        with register.operation(imported) as operation:
            operation.add_requests(columns_of(ClientRequest, batch), "a.csv")
            operation.add_facts(files=["a.csv"])
    print(f"imported {count}: {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    by_day: dict[str, list[str]] = {}
    for batch in requests(count):
        for request in batch:
            by_day.setdefault(request.submitted_on, []).append(request.number)
    for day, numbers in by_day.items():
        for start in range(0, len(numbers), PROCESSED_AT_ONCE):
            process(
                register, numbers[start : start + PROCESSED_AT_ONCE], date.fromisoformat(day), today=date(2026, 1, 1),
                term_months=12, without_sale="", actor=ACTOR,
            )  # fmt: skip
    print(f"processed {count}: {time.perf_counter() - began:.0f} s", flush=True)
    register.close()


def ask(url: str) -> None:
    """Print the sizes, and the times of the queries behind everyday commands."""
    for table, megabytes in sizes(url):
        print(f"{table:45} {megabytes:9.1f} MB")
    register = Register.open(url)
    count = (
        sum(number for _, number in register.organizations.matching(OrganizationFilter())) if "://" not in url else 0
    )
    randomness = random.Random(1)
    most = count or 1_000_000
    queries: dict[str, Callable[[int], object]] = {
        "open": lambda _: Register.open(url).close(),
        "one application": lambda serial: register.applications.find(f"ZV-{serial:08d}"),
        "the waiting list": lambda _: register.applications.waiting(20),
        "an organisation's licences": lambda serial: register.licences.of(
            Organization(f"{7700000000 + serial:010d}", "770001001")
        ),
        "the history of one": lambda serial: list(register.history.records(f"ZV-{serial:08d}")),
        "a month's sale counts": lambda _: register.licences.sale_counts(Month(2024, 3)),
        "a month's sales": lambda _: sum(1 for _ in register.licences.sales_in(Month(2024, 3))),
        "the list of a month, 20": lambda _: list(
            register.applications.matching(ApplicationFilter(month=Month(2024, 3)), sort="processed_on", limit=20)
        ),
        "a search that meets one": lambda serial: list(
            register.applications.matching(ApplicationFilter(search=f"Организация {serial:d}»"))
        ),
        "the last operation in force": lambda _: register.history.last_in_force(),
        "set the option, dry": lambda serial: set_off(register, serial),
    }
    for name, query in queries.items():
        times = []
        for _ in range(ASKED):
            serial = randomness.randrange(most)
            began = time.perf_counter()
            query(serial)
            times.append(time.perf_counter() - began)
        print(f"{name:30} {sorted(times)[ASKED // 2] * 1000:10.2f} ms", flush=True)
    register.close()


def set_off(register: Register, serial: int) -> None:
    """An operation as a dry run: everything but the last write."""
    with suppress(MuregError):
        set_multiuser(register, [f"ZV-{serial:08d}"], "off", None, actor=ACTOR, dry_run=True)


def sizes(url: str) -> list[tuple[str, float]]:
    """Tables and indexes with their sizes in MB, the largest first."""
    if "://" not in url:
        whole = [("the file", Path(url).stat().st_size / 1e6)]
        with closing(sqlite3.connect(url)) as connection:
            try:
                rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 16")
                return whole + [(name, size / 1e6) for name, size in rows]
            except sqlite3.OperationalError:
                return whole  # built without dbstat
    import psycopg  # noqa: PLC0415  a file needs none

    with psycopg.connect(url) as connection_:
        rows_ = connection_.execute("""
            SELECT relname, pg_relation_size(oid) + coalesce(pg_relation_size(reltoastrelid), 0) FROM pg_class
            WHERE relnamespace = 'mureg'::regnamespace AND relkind IN ('r', 'i') ORDER BY 2 DESC LIMIT 16
        """).fetchall()
        ((base,),) = connection_.execute("SELECT pg_database_size(current_database())").fetchall()
    return [("the database", base / 1e6), *((name, size / 1e6) for name, size in rows_)]


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        ask(sys.argv[2])
    else:
        make(int(sys.argv[1]), Path(sys.argv[2]))
