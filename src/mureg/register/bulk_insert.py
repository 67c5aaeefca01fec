"""Inserts many new applications at once. Their rows are built column by column: row by row takes twice as long."""

from collections.abc import Sequence
from itertools import repeat

from mureg.domain.application import Application, ClientRequest
from mureg.domain.columns import Columns
from mureg.register import columns as rows
from mureg.register.engines.interface import Row

_COLUMNS = (*rows.REQUEST_COLUMNS, *rows.DERIVED_COLUMNS, "source_file", "contact")
_OPTION_FIELDS = ("requested", "requested_tier", "users")
_EMPTY = ClientRequest("", "connection", "", "")


class NewApplications:
    """Makes the rows of new applications, and the INSERT for them."""

    def __init__(self, operation: int) -> None:
        self._operation = operation
        self._options = _Options()

    def statement(self, columns: Columns, file: str, contacts: Sequence[str] = ()) -> tuple[str, list[Row]]:
        """An INSERT with its rows of values. It skips numbers that exist already.

        `columns` are those of `ClientRequest`; `contacts` the digests of their contacts, or none at all.
        """
        options = zip(*(columns[name] for name in _OPTION_FIELDS), strict=True)
        effective, tiers = zip(*map(self._options.__getitem__, options), strict=True)
        search = rows.search_texts(columns["number"], columns["inn"], columns["name"])
        requests = [columns[name] for name in rows.REQUEST_FIELDS]
        given = dict(zip(_COLUMNS, (*requests, search, effective, tiers, repeat(file), contacts), strict=True))
        # A table has half of our fields: values that are the same in every row are constants of the statement.
        fixed = {name: "''" for name, column in zip(rows.REQUEST_COLUMNS, requests, strict=True)
                if name != "users" and not any(column)}  # fmt: skip
        if not contacts:
            fixed["contact"] = "''"
        fixed |= {"imported_in": str(self._operation), "operation": str(self._operation)}
        varying = [name for name in given if name not in fixed]
        sql = (
            f"INSERT INTO application ({', '.join((*varying, *fixed))})"
            f" VALUES ({', '.join((*'?' * len(varying), *fixed.values()))}) ON CONFLICT (number) DO NOTHING"
        )
        return sql, list(zip(*(given[name] for name in varying), strict=False))


class _Options(dict[tuple[object, ...], tuple[str, str]]):
    """Effective option and tier by the fields that they follow from: a million rows have few different combinations."""

    def __missing__(self, fields: tuple[object, ...]) -> tuple[str, str]:
        request = ClientRequest._make((_EMPTY._asdict() | dict(zip(_OPTION_FIELDS, fields, strict=True))).values())
        _, effective, tier = rows.derived_values(Application(request))
        self[fields] = effective, tier
        return effective, tier


def contacts_of(columns: Columns) -> list[rows.Person]:
    """The contacts of each row to be kept with the people; none at all where no row has any.

    A row without contacts has a person without a digest.
    """
    names = rows.CONTACT_FIELDS
    if not any(any(columns[name]) for name in names):
        return []
    return [
        rows.new_person(number, **dict(zip(names, contact, strict=True))) if any(contact) else _NO_CONTACT
        for number, *contact in zip(columns["number"], *(columns[name] for name in names), strict=True)
    ]


_NO_CONTACT = rows.Person(*[""] * len(rows.Person._fields))
