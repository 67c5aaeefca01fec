"""What both engines do alike with a register that is open, and with its version."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Self

from mureg.errors import Message, RegisterUnusable, msg
from mureg.register.engines import schema
from mureg.register.engines.interface import Report, report_nothing


class EngineDatabase(ABC):
    """The half of a `Database` that does not depend on the engine, and the ways to open one."""

    location: str

    @classmethod
    def open_to_save(cls, url: str, report: Report = report_nothing) -> Self:
        """The register, whatever its version: to save it is what one does before it is upgraded."""
        database = cls._connected(url, report)
        with database._closed_on_error():
            database.checked_version()
        return database

    @classmethod
    def upgrade(cls, url: str, report: Report, *, dry_run: bool = False) -> bool:
        """Bring the register to this mureg's version; whether there was anything to do."""
        database = cls._connected(url, report)
        try:
            is_older = database.checked_version() < schema.VERSION
            if is_older and not dry_run:
                database._upgrade()
        finally:
            database.close()
        return is_older

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """See `Database`."""
        with self._transaction():
            # A newer mureg may have upgraded it while this one waited.
            self.checked_version()
            yield

    def checked_version(self) -> int:
        """The version of the register. Raises `RegisterUnusable` for one that this mureg does not know."""
        version = self._version()
        if version is None:
            raise not_found(self.location)
        if version > schema.VERSION:
            raise RegisterUnusable(
                msg("{path} was written by a newer mureg (register version {version}; this mureg supports "
                    "{known})",
                    path=self.location, version=version, known=schema.VERSION),
                msg("update mureg: pip install --upgrade mureg"),
            )  # fmt: skip
        return version

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    @classmethod
    @abstractmethod
    def _connected(cls, url: str, report: Report) -> Self:
        """A connection to what is at the place, of whatever version."""

    @abstractmethod
    def _version(self) -> int | None:
        """The version that the register says it has; `None` where there is no register."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[None]:
        """One transaction of the only writer, of a register of whatever version."""

    @abstractmethod
    def _upgrade(self) -> None:
        """Bring the register to this mureg's version. Of two who try at once, the second finds it done."""

    @abstractmethod
    def close(self) -> None:
        """See `Database`."""


# --- errors and reports of both engines -----------------------------------------------------------------------------


def waiting(location: str) -> Message:
    """What a command says that has been waiting for a while."""
    return msg("waiting: another command writes to {path}", path=location)


def in_use(location: str) -> RegisterUnusable:
    """The error of a command that has waited long enough."""
    return RegisterUnusable(
        msg("the register {path} is in use by another program", path=location),
        msg("try again when the other command has finished"),
    )


def not_found(location: str) -> RegisterUnusable:
    """The error of a place where there is no register."""
    return RegisterUnusable(
        msg("no register at {path}", path=location),
        msg("create one: mureg init; or use another: --db PATH"),
    )


def already_there(location: str) -> RegisterUnusable:
    """The error of a new register where there is something already."""
    return RegisterUnusable(
        msg("{path} already exists and is not overwritten", path=location), msg("choose another name")
    )
