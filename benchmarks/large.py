"""Makes a large register by multiplying rows in SQL: commands would take hours.

    python benchmarks/large.py FILE COUNT MONTHS        with the Python of an environment that has mureg

It has COUNT applications of as many organisations, numbered from ZV-00000000 and spread evenly over MONTHS months from
August 2023. Each is processed on the day it was sent, and its licence is sold on that day for twelve months. Columns,
search texts, check digits and indexes are as mureg makes them. One history record says that an import added the
applications, with their numbers and the digest of the rows. There are no records of their processing (a million
images before and after), so that of `mureg check` the parts `storage`, `history`, `derived`, `licences`, `people`,
`months` and `charges` pass, and `states` reports applications and licences that the history does not know.
"""

import calendar
import sqlite3
import sys
import time
from datetime import date
from pathlib import Path

from mureg.register.engines.schema import MIGRATIONS
from mureg.register.engines.sqlite.migrations import ddl
from mureg.register.history import Actor, HistoryRecord, replace_hash, split_numbers
from mureg.register.register import Register

FIRST = date(2023, 8, 1)
ACTOR = Actor("olga", "application import", "2026-08-01T10:00:00Z")

_DIGIT = "(n / {power} % 10)"
_CONTROL = "(14 + 28" + "".join(
    f" + {weight} * {_DIGIT.format(power=10**power)}"
    for weight, power in zip((10, 3, 5, 9, 4, 6, 8), range(6, -1, -1), strict=True)
) + ") % 11 % 10"  # fmt: skip

# One row for each serial number, from which the other tables are filled.
_SERIALS = f"""
    CREATE TEMP TABLE serial AS
    WITH RECURSIVE serials (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM serials WHERE n < :count - 1)
    SELECT n, printf('ZV-%08d', n) number, printf('77%07d', n) || ({_CONTROL}) inn,
           date(:first, '+' || (n * :days / :count) || ' days') day, 3 + n % 9 users FROM serials
"""
_APPLICATIONS = """
    INSERT INTO application (number, kind, submitted_on, inn, kpp, ogrn, name, account, program_number, requested,
        requested_tier, users, authorities, promotion, client_comment, search, effective, tier, status, processed_on,
        source_file, imported_in, operation)
    SELECT number, 'connection', day, inn, '770001001', '', 'ООО «Организация ' || n || '»', '', '', 'on', '', users,
           '', CASE WHEN n % 7 = 0 THEN 'Welcome!' ELSE '' END, '',
           'zv-' || substr(number, 4) || char(10) || inn || char(10) || 'ооо «организация ' || n || '»', 'on',
           CASE WHEN users < 10 THEN '2-9' ELSE '10+' END, 'processed', day, 'large.csv', 1, 1
    FROM serial ORDER BY n
"""
_LICENCES = """
    INSERT INTO licence (application, inn, kpp, tier, starts_on, ends_on, sold_on, operation)
    SELECT number, inn, '770001001', CASE WHEN users < 10 THEN '2-9' ELSE '10+' END, day,
           date(day, '+12 months', '-1 day'), day, 1
    FROM serial ORDER BY n
"""


def days_of(months: int) -> int:
    """How many days so many months from `FIRST` have."""
    last = FIRST.month - 1 + months - 1
    year, month = FIRST.year + last // 12, last % 12 + 1
    return (date(year, month, calendar.monthrange(year, month)[1]) - FIRST).days + 1


# As a register that is upgraded counts them.
(COUNT_SALES,) = (statement for statement in MIGRATIONS[1] if "INSERT INTO sale_count" in statement)


def make(file: Path, count: int, months: int) -> None:
    """Make the register."""
    began = time.perf_counter()
    Register.create(str(file)).close()
    connection = sqlite3.connect(file, isolation_level=None)
    indexes = {
        statement.split()[2]: ddl(statement)
        for statements in MIGRATIONS
        for statement in statements
        if " ON application (" in statement or " ON licence (" in statement
    }
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("BEGIN IMMEDIATE")
    for name in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute(_SERIALS, {"count": count, "first": FIRST.isoformat(), "days": days_of(months)})
    connection.execute(_APPLICATIONS)
    connection.execute(_LICENCES)
    connection.execute(COUNT_SALES)
    connection.execute("DROP TABLE serial")
    for statement in indexes.values():
        connection.execute(statement)
    _record(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    print(f"{file}: {count} licences over {months} months, made in {time.perf_counter() - began:.0f} s")


def _record(connection: sqlite3.Connection) -> None:
    """The history record of the import that added them all."""
    numbers = ",".join(
        f'"{number}"' for (number,) in connection.execute("SELECT number FROM application ORDER BY number")
    )
    record = HistoryRecord(
        operation=1, done_at=ACTOR.at, done_by=ACTOR.user, command=ACTOR.command, numbers=f"[{numbers}]", before="{}",
        after='{"files":["large.csv"]}', undoes=None, hash="", number_count=0,
    )  # fmt: skip
    kept, later_numbers = split_numbers(replace_hash(record, ""))
    names, values = (*HistoryRecord._fields, "later_numbers"), (*kept, later_numbers)
    connection.execute(f"INSERT INTO history ({', '.join(names)}) VALUES ({', '.join('?' * len(values))})", values)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
