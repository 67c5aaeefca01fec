"""The records of the history as rows of a table."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mureg.cli.framework.output.columns import Cell
from mureg.cli.framework.session import Session
from mureg.operations.history import numbers_text, summary
from mureg.register.history import HistoryRecord
from mureg.reports.labels import local_time

if TYPE_CHECKING:
    from mureg.register.register import Register


def history_rows(
    session: Session, register: "Register", records: Iterable[HistoryRecord]
) -> Iterator[tuple[Cell, ...]]:
    """The cells of each record."""
    for record in records:
        yield (
            record.operation,
            _when(session, record.done_at),
            record.done_by,
            record.command,
            numbers_text(record),
            summary(register, record, session.language, session.output.cell),
        )


def _when(session: Session, instant: str) -> str:
    """Local time; on a terminal with the date as the user's language writes it."""
    return session.language.time(instant) if session.output.is_terminal else local_time(instant)
