"""Lists of licences: those that a filter lets through, each with whether its renewal is there."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mureg.domain.application import Tier
from mureg.domain.licence import Licence
from mureg.domain.licence_list import LicenceState, Period, Renewal
from mureg.domain.text import search_key
from mureg.register import columns
from mureg.register.engines.interface import Database
from mureg.register.queries.position import Position, behind


class LicenceFilter(NamedTuple):
    """Which licences a list shows; `None` is no condition. The states are those on the day `on`.

    `ends_in`: the sale was not cancelled, and the licence ends within the days. `is_renewed`: a later licence of the
    organization exists, or an application for one is waiting.
    """

    on: date
    state: LicenceState | None = None
    ends_in: Period | None = None
    is_renewed: bool | None = None
    tier: Tier | None = None
    inn: str | None = None
    search: str | None = None


class FoundLicence(NamedTuple):
    """A licence, and its renewal: a later licence, a waiting application, or none."""

    licence: Licence
    renewal: Renewal | None


# What `--sort` takes, and the column behind it.
SORT_COLUMNS = {
    "ends_on": "l.ends_on",
    "starts_on": "l.starts_on",
    "application": "l.application",
    "inn": "l.inn",
    "name": "a.name",
    "tier": "l.tier",
}


def position_of(licence: Licence, name: str, sort: str) -> Position:
    """The place of a licence, with its application's name, in the list sorted by a column of `SORT_COLUMNS`."""
    value = licence.organization.inn if sort == "inn" else name if sort == "name" else str(getattr(licence, sort))
    return Position(value, licence.application)


class LicenceList:
    """Questions about many licences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def matching(
        self,
        wanted: LicenceFilter,
        *,
        sort: str = "ends_on",
        reverse: bool = False,
        limit: int | None = None,
        after: Position | None = None,
    ) -> Iterator[FoundLicence]:
        """The licences that the filter lets through, by a column of `SORT_COLUMNS`, then the application's number.

        `after`: only those behind the position.
        """
        condition, values = _condition(wanted, self._database.contains)
        if after is not None:
            is_behind, of_position = behind(SORT_COLUMNS[sort], "l.application", after, reverse=reverse)
            condition, values = f"{condition} AND {is_behind}", values | of_position
        direction = "DESC" if reverse else "ASC"
        sql = f"""
            SELECT {", ".join(f"l.{name}" for name in columns.LICENCE_COLUMNS)}, {_RENEWAL}
            FROM {_tables(wanted, sort)} WHERE {condition}
            ORDER BY {SORT_COLUMNS[sort]} {direction}, l.application {direction}
        """
        if limit is not None:
            sql += " LIMIT :limit"
            values["limit"] = limit
        for *licence, renewal in self._database.stream(sql, values):
            yield FoundLicence(columns.licence_from(tuple(licence)), renewal)

    def count(self, wanted: LicenceFilter, most: int) -> int:
        """How many licences the filter lets through; `most` where there are more."""
        condition, values = _condition(wanted, self._database.contains)
        sql = f"SELECT 1 FROM {_tables(wanted, 'ends_on')} WHERE {condition} LIMIT :most"
        return len(list(self._database.rows(sql, values | {"most": most})))


_LICENSED = """
    EXISTS (SELECT 1 FROM licence n
            WHERE n.inn = l.inn AND n.kpp = l.kpp AND n.ends_on > l.ends_on AND n.ends_on >= n.starts_on)
"""
_WAITING = """
    EXISTS (SELECT 1 FROM application w
            WHERE w.inn = l.inn AND w.kpp = l.kpp AND w.status = 'new' AND w.effective = 'on' AND w.kind <> 'change')
"""
_RENEWAL = f"CASE WHEN {_LICENSED} THEN 'licensed' WHEN {_WAITING} THEN 'waiting' END"
_STATES = {
    "on": "l.starts_on <= :on AND l.ends_on >= :on",
    "ended": "(l.ends_on < :on OR l.ends_on < l.starts_on)",
    "upcoming": "l.starts_on > :on AND l.ends_on >= l.starts_on",
}


def _tables(wanted: LicenceFilter, sort: str) -> str:
    needs_application = wanted.search is not None or sort == "name"
    return f"licence l{' JOIN application a ON a.number = l.application' if needs_application else ''}"


def _condition(wanted: LicenceFilter, contains: str) -> tuple[str, dict[str, object]]:
    # Only the given conditions are in the statement, so that the engine chooses the index for them.
    conditions = ["1 = 1"]
    values: dict[str, object] = {}
    if wanted.state is not None:
        conditions.append(_STATES[wanted.state])
        values["on"] = wanted.on.isoformat()
    if wanted.ends_in is not None:
        conditions.append("l.ends_on BETWEEN :first AND :last AND l.ends_on >= l.starts_on AND l.cancelled_on IS NULL")
        values |= {"first": wanted.ends_in.first.isoformat(), "last": wanted.ends_in.last.isoformat()}
    if wanted.is_renewed is not None:
        conditions.append(f"{'' if wanted.is_renewed else 'NOT '}({_LICENSED} OR {_WAITING})")
    for column in ("tier", "inn"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"l.{column} = :{column}")
            values[column] = value
    if wanted.search is not None:
        conditions.append(contains.format(column="a.search", text=":search"))
        values["search"] = search_key(wanted.search)
    return " AND ".join(conditions), values
