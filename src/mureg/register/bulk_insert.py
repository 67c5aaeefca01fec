"""Many new applications at once, put together column by column: row by row, a million of them take twice as long."""

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from mureg.domain.application import Application, ClientRequest
from mureg.register import columns as rows
from mureg.register.engines.interface import Row

Columns = Sequence[Sequence[Any]]
"""Some `ClientRequest`s turned: what one column holds of each, in the order of `rows.REQUEST_COLUMNS`."""

_COLUMNS = (*rows.REQUEST_COLUMNS, *rows.DERIVED_COLUMNS, "source_file")
_NUMBER, _INN, _NAME = (rows.REQUEST_COLUMNS.index(name) for name in ("number", "inn", "name"))
_OPTION = slice(rows.REQUEST_COLUMNS.index("requested"), rows.REQUEST_COLUMNS.index("users") + 1)
_NOBODY = ClientRequest("", "connection", "", "")


def columns_of(requests: Sequence[ClientRequest]) -> Columns:
    """The requests, turned."""
    return list(zip(*requests, strict=True))


class NewApplications:
    """Makes the rows of applications that are new, and the statement that takes them."""

    def __init__(self, operation: int) -> None:
        self._operation = operation
        self._options = _Options()

    def statement(self, columns: Columns, file: str) -> tuple[str, list[Row]]:
        """An INSERT that leaves a number which is there already as it is, and its rows of values."""
        effective, tiers = zip(*map(self._options.__getitem__, zip(*columns[_OPTION], strict=True)), strict=True)
        search = rows.search_texts(columns[_NUMBER], columns[_INN], columns[_NAME])
        given = dict(zip(_COLUMNS, (*columns, search, effective, tiers, repeat(file)), strict=True))
        # A table has half of our fields: what no row says, and what every row says, stands in the statement.
        told = {name: "''" for name, column in zip(rows.REQUEST_COLUMNS, columns, strict=True)
                if name != "users" and not any(column)}  # fmt: skip
        told |= {"imported_in": str(self._operation), "operation": str(self._operation)}
        asked = [name for name in given if name not in told]
        sql = (
            f"INSERT INTO application ({', '.join((*asked, *told))})"
            f" VALUES ({', '.join((*'?' * len(asked), *told.values()))}) ON CONFLICT (number) DO NOTHING"
        )
        return sql, list(zip(*(given[name] for name in asked), strict=False))


class _Options(dict[tuple[object, ...], tuple[str, str]]):
    """The effective option and the tier by what they follow from: a million rows have few combinations of that."""

    def __missing__(self, said: tuple[object, ...]) -> tuple[str, str]:
        request = ClientRequest._make([*_NOBODY[: _OPTION.start], *said, *_NOBODY[_OPTION.stop :]])
        _, effective, tier = rows.derived_values(Application(request))
        self[said] = effective, tier
        return effective, tier
