"""The register: how it is opened, the questions that it answers, and the one way to change it, `operation`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mureg.errors import Message
from mureg.lazy_imports import lazy_imports
from mureg.register.engines.address import engine_of
from mureg.register.engines.interface import Database, Report, report_nothing

# A command asks for one or two nouns, and does not wait for the modules of the others.
with lazy_imports():
    from mureg.register import transaction
    from mureg.register.engines import transfer
    from mureg.register.queries import (
        applications,
        charges,
        history,
        imports,
        integrity,
        licence_list,
        licences,
        months,
        organizations,
        statements,
    )

if TYPE_CHECKING:
    from mureg.register.history import Actor


class _DryRunEnded(Exception):
    pass


class Register:
    """An open register. What one asks of it goes by noun: `register.applications.find(number)`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.written: int | None = None
        """The last operation that this opening of the register recorded."""
        self.before_writing: Callable[[], None] | None = None
        """Called as the only writer, before an operation changes anything; it raises what forbids that."""

    @property
    def applications(self) -> "applications.Applications":
        """Applications."""
        return applications.Applications(self._database)

    @property
    def imports(self) -> "imports.Imports":
        """What an import compares with."""
        return imports.Imports(self._database)

    @property
    def organizations(self) -> "organizations.Organizations":
        """Organisations, as their applications describe them."""
        return organizations.Organizations(self._database)

    @property
    def licences(self) -> "licences.Licences":
        """Licences, and the sales that they are."""
        return licences.Licences(self._database)

    @property
    def licence_list(self) -> "licence_list.LicenceList":
        """Lists of licences."""
        return licence_list.LicenceList(self._database)

    @property
    def months(self) -> "months.Months":
        """Months, resolutions and invoices."""
        return months.Months(self._database)

    @property
    def charges(self) -> "charges.Charges":
        """The frozen charges of closed months."""
        return charges.Charges(self._database)

    @property
    def statements(self) -> "statements.Statements":
        """The operator's statements."""
        return statements.Statements(self._database)

    @property
    def history(self) -> "history.History":
        """The records of operations."""
        return history.History(self._database)

    @property
    def integrity(self) -> "integrity.Integrity":
        """What `mureg check` asks."""
        return integrity.Integrity(self._database)

    # --- how a register is found and made -------------------------------------------------------------------------

    @classmethod
    def exists(cls, url: str, report: Report = report_nothing) -> bool:
        """Whether there is something at a path, or a register in a server's database. Raises `RegisterUnusable`."""
        return engine_of(url).exists(url, report)

    @classmethod
    def open(cls, url: str, report: Report = report_nothing) -> "Register":
        """The existing register at a path or an address. Raises `RegisterUnusable`.

        `report` gets messages for the user: that a command waits, that a file was upgraded,
        that a server does not answer.
        """
        return cls(engine_of(url).open(url, report))

    @classmethod
    def open_to_read(cls, url: str, report: Report = report_nothing) -> "Register":
        """The existing register, which stays as it is whatever its version. Raises `RegisterUnusable`."""
        return cls(engine_of(url).open_to_read(url, report))

    @classmethod
    def open_to_save(cls, url: str, report: Report = report_nothing) -> "Register":
        """The existing register as it is, of this version or an earlier one. Raises `RegisterUnusable`."""
        return cls(engine_of(url).open_to_save(url, report))

    @classmethod
    def create(cls, url: str, report: Report = report_nothing) -> "Register":
        """A new, empty register. Raises `RegisterUnusable`."""
        with cls.making(url, report):
            pass
        return cls.open(url, report)

    @classmethod
    @contextmanager
    def making(cls, url: str, report: Report = report_nothing) -> "Iterator[Register]":
        """A new register to be filled: there as a whole when the block ends, and not at all where it fails."""
        with engine_of(url).making(url, report) as database:
            yield cls(database)

    @classmethod
    def upgrade(cls, url: str, report: Report = report_nothing, *, dry_run: bool = False) -> bool:
        """Bring an existing register to this mureg's version; whether there was anything to do."""
        return engine_of(url).upgrade(url, report, dry_run=dry_run)

    @classmethod
    def roles(cls, url: str, report: Report = report_nothing) -> str:
        """The SQL with which a server's administrator makes roles that read and that work; empty for a file."""
        return engine_of(url).roles(url, report)

    @contextmanager
    def filling(self) -> "Iterator[Register]":
        """This register, which is empty, to be filled: wholly, or not at all where the block fails."""
        with self._database.atomic():
            yield self

    def fill_from(self, source: "Register") -> None:
        """Take every row of another register. Raises `RegisterUnusable` where what is kept is not the same."""
        transfer.fill(source._database, self._database)

    def back_up(self, file: str) -> None:
        """Write everything, as one moment has it, into a new SQLite file. Raises `RegisterUnusable`."""
        self._database.back_up(file)

    @property
    def location(self) -> str:
        """Where the register is, as it may be shown."""
        return self._database.location

    # --- how it is changed ----------------------------------------------------------------------------------------

    @contextmanager
    def operation(self, actor: "Actor", *, dry_run: bool = False) -> "Iterator[transaction.Operation]":
        """One transaction that ends as one history record, or in no trace where nothing changed.

        Any exception undoes everything, and so does the end of a dry run.
        """
        operation: transaction.Operation | None = None
        try:
            with self._database.atomic():
                operation = transaction.Operation(self._database, actor, self.history.head())
                if self.before_writing is not None:
                    self.before_writing()
                yield operation
                operation.record()
                if dry_run:
                    raise _DryRunEnded
        except _DryRunEnded:
            pass
        finally:
            if operation is not None and operation.is_recorded and self._database.has_committed:
                self.written = operation.written = operation.number

    def scrub(self) -> Message | None:
        """Leave no bytes behind of what was deleted; what could not be reached, where that is no error.

        Raises `RegisterUnusable` where it has to be done again.
        """
        return self._database.scrub()

    def close(self) -> None:
        """Close the register."""
        self._database.close()
