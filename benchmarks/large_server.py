"""Makes a large register on a PostgreSQL server by multiplying rows in SQL, and prints its sizes and times.

    python benchmarks/large_server.py ADDRESS COUNT MONTHS      an empty database; with mureg[postgres]

The rows are those of `large.py`. The history is empty.
"""

import sys
import time
from collections.abc import Callable

import psycopg
from large import COUNT_SALES, FIRST, days_of

from mureg.domain.application import Organization
from mureg.domain.dates import Month
from mureg.register.engines.postgres.schema import ddl
from mureg.register.engines.schema import MIGRATIONS
from mureg.register.queries.applications import ApplicationFilter
from mureg.register.register import Register

_CONTROL = "(14 + 28" + "".join(
    f" + {weight} * (n / {10**power} % 10)"
    for weight, power in zip((10, 3, 5, 9, 4, 6, 8), range(6, -1, -1), strict=True)
) + ") % 11 % 10"  # fmt: skip

_SERIALS = f"""
    CREATE TEMP TABLE serial AS
    SELECT n, 'ZV-' || lpad(n::text, 8, '0') number, '77' || lpad(n::text, 7, '0') || ({_CONTROL}) inn,
           to_char(date '{FIRST}' + (n * %(days)s / %(count)s)::int, 'YYYY-MM-DD') sent, 3 + n %% 9 users
    FROM generate_series(0::bigint, %(count)s - 1) n
"""
_APPLICATIONS = """
    INSERT INTO application (number, kind, submitted_on, inn, kpp, ogrn, name, account, program_number, requested,
        requested_tier, users, authorities, promotion, client_comment, search, effective, tier, status, processed_on,
        source_file, imported_in, operation)
    SELECT number, 'connection', sent, inn, '770001001', '', 'ООО «Организация ' || n || '»', '', '', 'on', '', users,
           '', CASE WHEN n % 7 = 0 THEN 'Welcome!' ELSE '' END, '',
           'zv-' || substr(number, 4) || chr(10) || inn || chr(10) || 'ооо «организация ' || n || '»', 'on',
           CASE WHEN users < 10 THEN '2-9' ELSE '10+' END, 'processed', sent, 'large.csv', 1, 1
    FROM serial ORDER BY n
"""
_LICENCES = """
    INSERT INTO licence (application, inn, kpp, tier, starts_on, ends_on, sold_on, operation)
    SELECT number, inn, '770001001', CASE WHEN users < 10 THEN '2-9' ELSE '10+' END, sent,
           to_char(sent::date + interval '12 months' - interval '1 day', 'YYYY-MM-DD'), sent, 1
    FROM serial ORDER BY n
"""
_SIZES = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relnamespace = 'mureg'::regnamespace AND relkind = 'r' AND relname IN ('application', 'licence')
"""


def make(address: str, count: int, months: int) -> None:
    """Make the register, and print its sizes."""
    began = time.perf_counter()
    Register.create(address).close()
    indexes = {
        statement.split()[2]: statement
        for statements in MIGRATIONS
        for statement in statements
        if " ON application (" in statement or " ON licence (" in statement
    }
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET search_path = mureg, pg_temp")
        for name in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(_SERIALS.replace("% 11 % 10", "%% 11 %% 10").replace(" % 10)", " %% 10)"),
                           {"count": count, "days": days_of(months)})  # fmt: skip
        for statement in (_APPLICATIONS, _LICENCES, COUNT_SALES, *map(ddl, indexes.values())):
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        for table, rows, its_indexes in connection.execute(_SIZES):
            print(f"{table}: rows {rows / 1e6:,.0f} MB, indexes {its_indexes / 1e6:,.0f} MB")
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        print(f"database: {size / 1e6:,.0f} MB; made in {time.perf_counter() - began:.0f} s")


def ask(address: str, count: int, months: int) -> None:
    """Print the times of everyday queries, each run for the second time."""
    number, month = f"ZV-{count // 2:08d}", Month.of(FIRST)
    for _ in range(months // 2):
        month = month.next()
    began = time.perf_counter()
    register = Register.open(address)
    register.history.head()
    print(f"open: {1000 * (time.perf_counter() - began):.1f} ms")
    found = register.applications.find(number)
    assert found is not None
    organization: Organization = found.organization
    queries: dict[str, Callable[[], object]] = {
        "one application": lambda: register.applications.find(number),
        "an organisation's licences": lambda: register.licences.of(organization),
        "the waiting list": lambda: register.applications.waiting(20),
        "the first 20 of a month's list": lambda: list(
            register.applications.matching(ApplicationFilter(month=month), sort="processed_on", limit=20)
        ),
        "how many were sold in a month": lambda: register.licences.sale_counts(month),
        "every sale of that month": lambda: sum(1 for _ in register.licences.sales_in(month)),
        "a search by a part of a name": lambda: list(
            register.applications.matching(ApplicationFilter(search="ция 4242424»"))
        ),
    }
    for name, query in queries.items():
        query()
        began = time.perf_counter()
        query()
        print(f"{name}: {1000 * (time.perf_counter() - began):.1f} ms")
    register.close()


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    ask(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
