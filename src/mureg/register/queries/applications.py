"""Applications in the register: one by its number, and lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from mureg.domain.application import Application, Organization, Status
from mureg.domain.dates import Month
from mureg.domain.text import look_alike_key, search_key
from mureg.register import columns
from mureg.register.engines.interface import Database, Row, in_list, in_lists
from mureg.register.queries.position import Position, behind

_LOADED_AT_ONCE = 500
# The last character that there is.
_LAST = "\U0010ffff"


class ApplicationFilter(NamedTuple):
    """Which applications a list shows; `None` is no condition."""

    status: str | None = None
    effective: str | None = None
    tier: str | None = None
    inn: str | None = None
    search: str | None = None
    month: Month | None = None
    submitted_in: Month | None = None
    kind: str | None = None


# What `--sort` takes, and the column behind it.
SORT_COLUMNS = {
    "submitted_on": "submitted_on",
    "number": "number",
    "inn": "inn",
    "name": "name",
    "status": "status",
    "tier": "tier",
    "processed_on": "processed_on",
}


def position_of(application: Application, sort: str) -> Position:
    """The place of an application in the list that is sorted by a column of `SORT_COLUMNS`."""
    request, day = application.request, application.processed_on
    if sort == "processed_on":
        return Position(day.isoformat() if day else "", application.number)
    value = getattr(request, sort) if sort in ("number", "inn", "name", "submitted_on") else getattr(application, sort)
    return Position(value or "", application.number)


class FoundApplication(NamedTuple):
    """An application, and its row's columns by their names."""

    application: Application
    row: dict[str, Any]


class WaitingApplication(NamedTuple):
    """A new application, as a choice among several shows it."""

    number: str
    name: str


class Applications:
    """Questions about applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, number: str) -> Application | None:
        """The application with this number."""
        return next((application for application, _ in self.with_rows([number])), None)

    def with_rows(self, numbers: Sequence[str]) -> Iterator[FoundApplication]:
        """The applications with these numbers, and their rows."""
        for names, values in in_lists(numbers):
            rows = self._database.rows(f"{_SELECT} WHERE a.number IN ({names})", values)
            for application, row in self._loaded(rows):
                yield FoundApplication(application, dict(zip(columns.APPLICATION_COLUMNS, row, strict=False)))

    def matching(
        self,
        wanted: ApplicationFilter = ApplicationFilter(),
        *,
        sort: str = "submitted_on",
        reverse: bool = False,
        limit: int | None = None,
        after: Position | None = None,
    ) -> Iterator[Application]:
        """The applications that the filter lets through, by a column of `SORT_COLUMNS`, then number.

        `after`: only those behind the position. A page that is deep in the list costs as much as the first one.
        """
        direction = "DESC" if reverse else "ASC"
        key = f"a.{SORT_COLUMNS[sort]}"
        if sort == "processed_on" and wanted.month is None:
            # The engines differ in where they put what has no value; of a month, everything has one.
            key = f"coalesce({key}, '')"
        condition, values = _condition(wanted, self._database.contains)
        if after is not None:
            is_behind, of_position = behind(key, "a.number", after, reverse=reverse)
            condition, values = f"{condition} AND {is_behind}", values | of_position
        if wanted.search is not None and limit is None:
            # A search looks at every row anyway: in the table's order, and only what it met is sorted.
            key += " || ''"
        sql = f"{_SELECT} WHERE {condition} ORDER BY {key} {direction}, a.number {direction}"
        if limit is not None:
            sql += " LIMIT :limit"
            values["limit"] = limit
        return (application for application, _ in self._loaded(self._database.stream(sql, values)))

    def processed_of(self, organization: Organization) -> list[Application]:
        """The organisation's applications that were processed, by day, also those whose sale was cancelled since."""
        sql = f"""
            {_SELECT} WHERE a.inn = :inn AND a.kpp = :kpp AND (a.status = 'processed' OR a.status = 'cancelled')
            ORDER BY a.processed_on, a.number
        """
        rows = self._database.rows(sql, organization._asdict())
        return [application for application, _ in self._loaded(rows)]

    def all_with_rows(self) -> Iterator[tuple[Application, Row]]:
        """Every application with its row, `APPLICATION_COLUMNS` and more, in the order of the list."""
        return self._loaded(self._database.stream(f"{_SELECT} ORDER BY a.submitted_on, a.number"))

    def _loaded(self, rows: Iterable[Row]) -> Iterator[tuple[Application, Row]]:
        rows = iter(rows)
        while chunk := list(islice(rows, _LOADED_AT_ONCE)):
            persons = self._persons(columns.numbers_with_people(chunk))
            for row in chunk:
                yield columns.application_from(row, persons), row

    def of_inns(self, inns: Sequence[str]) -> Iterator[Application]:
        """The applications of organisations with these ИНН, the oldest first."""
        for names, values in in_lists(inns):
            sql = f"{_SELECT} WHERE a.inn IN ({names}) ORDER BY a.submitted_on, a.number"
            yield from (application for application, _ in self._loaded(self._database.rows(sql, values)))

    def waiting(self, limit: int, search: str | None = None) -> list[WaitingApplication]:
        """New applications, the oldest first: all, or those with the text."""
        condition, values = _condition(ApplicationFilter(search=search), self._database.contains)
        sql = f"""
            SELECT number, name FROM application a WHERE status = 'new' AND {condition}
            ORDER BY submitted_on, number LIMIT :limit
        """
        return list(map(WaitingApplication._make, self._database.rows(sql, {**values, "limit": limit})))

    def waiting_count(self, search: str | None = None) -> int:
        """How many applications are new, or those of them that have the text."""
        condition, values = _condition(ApplicationFilter(search=search), self._database.contains)
        sql = f"SELECT count(*) FROM application a WHERE status = 'new' AND {condition}"
        return next(int(count) for (count,) in self._database.rows(sql, values))

    def waiting_since(self) -> tuple[int, date | None]:
        """How many applications are new, and the first day on which one of them was submitted."""
        ((count, oldest),) = self._database.rows(
            "SELECT count(*), min(submitted_on) FROM application WHERE status = 'new'"
        )
        return int(count), date.fromisoformat(oldest) if oldest else None

    def count_waiting(self, first: date, last: date, most: int) -> int:
        """How many new applications were sent within the days; `most` where there are more."""
        sql = """
            SELECT count(*) FROM (
                SELECT 1 AS found FROM application
                WHERE status = 'new' AND submitted_on BETWEEN :first AND :last LIMIT :most
            ) few
        """
        values = {"first": first.isoformat(), "last": last.isoformat(), "most": most}
        return next(int(count) for (count,) in self._database.rows(sql, values))

    def waiting_in(self, month: Month) -> list[str]:
        """The numbers of new applications that were sent in the month, the oldest first."""
        sql = """
            SELECT number FROM application
            WHERE status = 'new' AND submitted_on BETWEEN :first AND :last ORDER BY submitted_on, number
        """
        return [number for (number,) in self._database.rows(sql, columns.days_of(month))]

    def numbers_like(self, number: str, limit: int) -> list[str]:
        """Numbers whose application a person may have meant: those whose search text contains the text."""
        condition, values = _condition(ApplicationFilter(search=number), self._database.contains)
        sql = f"SELECT number FROM application a WHERE {condition} ORDER BY submitted_on, number LIMIT :limit"
        return [found for (found,) in self._database.rows(sql, {**values, "limit": limit})]

    def numbers_of(self, inns: Sequence[str]) -> dict[str, list[str]]:
        """The numbers of the applications of each ИНН that has any."""
        found: dict[str, list[str]] = {}
        for names, values in in_lists(inns):
            sql = f"SELECT inn, number FROM application WHERE inn IN ({names}) ORDER BY number"
            for inn, number in self._database.rows(sql, values):
                found.setdefault(inn, []).append(number)
        return found

    def operations_of(self, numbers: Sequence[str]) -> dict[str, int]:
        """The operations that have changed the applications with these numbers last."""
        found: dict[str, int] = {}
        for names, values in in_lists(numbers):
            sql = f"SELECT number, operation FROM application WHERE number IN ({names})"
            found |= {number: int(operation) for number, operation in self._database.rows(sql, values)}
        return found

    def numbers_looking_like(self, number: str, limit: int) -> list[str]:
        """The first numbers that look like this one, whatever the alphabet, case, spaces and dashes."""
        key = look_alike_key(number)
        # Digits look like digits only: with the longest run of them the engine narrows what is compared here.
        digits = max(re.findall("[1-9]+", key), key=len, default="")
        condition, values = _condition(ApplicationFilter(search=digits or None), self._database.contains)
        rows = self._database.stream(f"SELECT number FROM application a WHERE {condition} ORDER BY number", values)
        return list(islice((found for (found,) in rows if look_alike_key(found) == key), limit))

    def numbers_from(self, beginning: str, limit: int, statuses: Sequence[Status] = ()) -> list[str]:
        """The first numbers that begin with the text, of applications with one of the statuses, or of all."""
        condition = "number >= :beginning AND number < :end"
        values: dict[str, object] = {"beginning": beginning, "end": f"{beginning}{_LAST}"}
        if statuses:
            names, of_statuses = in_list(statuses)
            condition += f" AND status IN ({names})"
            values |= of_statuses
        sql = f"SELECT number FROM application WHERE {condition} ORDER BY number LIMIT :limit"
        return [number for (number,) in self._database.rows(sql, {**values, "limit": limit})]

    def _persons(self, numbers: Sequence[str]) -> dict[str, columns.Person]:
        if not numbers:
            return {}
        names, values = in_list(numbers)
        sql = f"SELECT {', '.join(columns.Person._fields)} FROM person WHERE application IN ({names})"
        persons = map(columns.Person._make, self._database.rows(sql, values))
        return {person.digest: person for person in persons}


_SELECT = f"""
    SELECT {", ".join(f"a.{name}" for name in columns.APPLICATION_COLUMNS)}, h.done_at
    FROM application a LEFT JOIN history h ON h.operation = a.imported_in
"""


def _condition(wanted: ApplicationFilter, contains: str) -> tuple[str, dict[str, object]]:
    # Only the given conditions are in the statement, so that the engine chooses the index for them.
    conditions, values = ["1 = 1"], {}
    for column in ("status", "effective", "tier", "inn", "kind"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"a.{column} = :{column}")
            values[column] = value
    if wanted.search is not None:
        conditions.append(contains.format(column="a.search", text=":search"))
        values["search"] = search_key(wanted.search)
    if wanted.month is not None:
        conditions.append("a.processed_on BETWEEN :first AND :last AND a.status <> 'rejected'")
        values |= columns.days_of(wanted.month)
    if wanted.submitted_in is not None:
        first, last = wanted.submitted_in.first_day, wanted.submitted_in.last_day
        conditions.append("a.submitted_on BETWEEN :submitted_from AND :submitted_until")
        values |= {"submitted_from": first.isoformat(), "submitted_until": last.isoformat()}
    return " AND ".join(conditions), values
