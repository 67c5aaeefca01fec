"""A register, in memory by default, and the operations on it, for tests that need no command line."""

import io
import json
from datetime import date
from typing import Any

from mureg.operations.application_import.importer import HowToRead, Imported, import_applications
from mureg.operations.applications import amendments, decisions
from mureg.operations.undo import undo
from mureg.readers.types import Source
from mureg.register.engines.address import engine_of
from mureg.register.engines.interface import Database, report_nothing
from mureg.register.engines.schema import TABLES
from mureg.register.engines.sqlite.database import SQLite
from mureg.register.history import Actor
from mureg.register.register import Register
from support.sample_data import application

ACTOR = Actor("tester", "test", "2023-08-14T10:00:00Z")
TODAY = date(2026, 1, 1)


class Office:
    """Every method is one operation."""

    def __init__(self, engine: str = "sqlite") -> None:
        self.database = SQLite.in_memory() if engine == "sqlite" else _on_the_server()
        self.register = Register(self.database)

    def close(self) -> None:
        """Close the register."""
        self.database.close()

    def import_json(self, *items: object, dry_run: bool = False) -> Imported:
        """Import applications as JSON has them."""
        source = Source("a.json", io.BytesIO(json.dumps(items, ensure_ascii=False).encode()))
        result = import_applications(
            self.register, [source], HowToRead(), actor=ACTOR, today=TODAY, term_months=12, dry_run=dry_run
        )
        return result.done

    def import_numbers(self, *numbers: str) -> None:
        """Import connections with two owners each."""
        assert not self.import_json(*(application(number) for number in numbers)).faults

    def process(self, *numbers: str, on: str = "2023-08-14", term: int | None = 12, dry_run: bool = False) -> None:
        """Process on a day."""
        decisions.process(
            self.register,
            numbers,
            date.fromisoformat(on),
            today=TODAY,
            term_months=term,
            without_sale="",
            actor=ACTOR,
            dry_run=dry_run,
        )

    def reject(self, number: str, on: str = "2023-08-14") -> None:
        """Reject on a day."""
        decisions.reject(self.register, [number], "нет", date.fromisoformat(on), today=TODAY, actor=ACTOR)

    def cancel(self, number: str, on: str) -> None:
        """Cancel a sale on a day."""
        decisions.cancel(self.register, number, "ошибка", date.fromisoformat(on), today=TODAY, actor=ACTOR)

    def amend(self, number: str, *, tier: Any = None, on: str | None = None, reset: bool = False) -> None:
        """Amend the tier or the day."""
        amendments.amend(
            self.register, number, "ошибка", tier=tier, on=date.fromisoformat(on) if on else None, reset=reset,
            today=TODAY, term_months=12, actor=ACTOR,
        )  # fmt: skip

    def return_to_new(self, *numbers: str) -> None:
        """Let what was decided be new again."""
        amendments.return_to_new(self.register, numbers, "ошибка", term_months=12, actor=ACTOR)

    def undo(self, operation: int | None = None, *, dry_run: bool = False) -> None:
        """Undo an operation."""
        undo(self.register, operation, actor=ACTOR, dry_run=dry_run)

    def connect_again(self) -> None:
        """After an interrupt the connection to a server is closed: the command that was interrupted ends."""
        if not isinstance(self.database, SQLite):
            location = self.database.location
            self.database = engine_of(location).open(location, report_nothing)
            self.register = Register(self.database)

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table."""
        return {table: list(self.database.rows(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES}


def _on_the_server() -> Database:
    from support import postgres_server

    return engine_of(url := postgres_server.emptied(postgres_server.own_database())).open(url, report_nothing)
