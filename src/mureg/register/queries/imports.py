"""What an import compares its rows with, and what earlier imports added."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from mureg.domain.application import ClientRequest
from mureg.register import columns
from mureg.register.engines.interface import Database, Row, in_list

_ASKED_AT_ONCE = 5_000


class StoredRequest(NamedTuple):
    """What the register holds under a number. `is_untouched`: new, and the partner has set nothing."""

    request: ClientRequest
    has_owners: bool
    is_untouched: bool
    operation: int


class ImportedApplication(NamedTuple):
    """An application that an import added, with the operation that wrote its present state."""

    number: str
    operation: int


class Imports:
    """Questions about imported applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stored(self, numbers: Sequence[str]) -> dict[str, StoredRequest]:
        """What the register has under these numbers: enough to see whether a file changes it."""
        names, values = in_list(numbers)
        sql = f"""
            SELECT a.owners <> '[]', a.status = 'new' AND a.set_option = '', a.operation, {_REQUEST}
            WHERE a.number IN ({names})
        """
        stored = (
            StoredRequest(ClientRequest._make(request), bool(has_owners), bool(is_untouched), operation)
            for has_owners, is_untouched, operation, *request in self._database.rows(sql, values)
        )
        return {each.request.number: each for each in stored}

    def requests(self, numbers: Sequence[str]) -> set[Row]:
        """The clients' requests with these numbers, as rows that are equal to those of a file."""
        names, values = in_list(numbers)
        return set(self._database.rows(f"SELECT {_REQUEST} WHERE a.number IN ({names})", values))

    def imported_in(self, operation: int) -> list[ImportedApplication]:
        """The applications that an import added."""
        sql = "SELECT number, operation FROM application WHERE imported_in = :operation ORDER BY number"
        return list(map(ImportedApplication._make, self._database.rows(sql, {"operation": operation})))

    def imports_of(self, numbers: Iterable[str]) -> set[int]:
        """The imports that added the applications with these numbers, of which there may be a million."""
        found: set[int] = set()
        waiting = iter(numbers)
        while some := list(islice(waiting, _ASKED_AT_ONCE)):
            names, values = in_list(some)
            sql = f"SELECT DISTINCT imported_in FROM application WHERE number IN ({names})"
            found.update(operation for (operation,) in self._database.rows(sql, values))
        return found


_REQUEST = f"""
    {", ".join(f"a.{name}" for name in columns.REQUEST_COLUMNS)},
    {", ".join(f"COALESCE(p.{name}, '')" for name in columns.CONTACT_FIELDS)}
    FROM application a LEFT JOIN person p ON p.digest = a.contact
"""
