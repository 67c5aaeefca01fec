"""The faults of mureg.toml: where each is, and what would be right."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from mureg.domain.text import printable
from mureg.errors import Fault, Message, Rejected, msg
from mureg.lazy_imports import lazy_imports
from mureg.settings.line_numbers import KeyPath, Lines
from mureg.settings.schema import TABLES, Table
from mureg.settings.toml import rejected

with lazy_imports():
    import difflib

# More than a person reads; a hostile file could have a hundred thousand.
MOST_FAULTS = 100
_LONGEST_SHOWN = 80
# Python refuses to write out whole numbers of many thousand digits, which TOML may hold in hexadecimal.
_LARGEST_SHOWN_BITS = 256


class Faults:
    """Collects the faults of one file. It counts all of them and keeps the first `MOST_FAULTS`."""

    def __init__(self, file: Path, lines: Lines) -> None:
        self.count = 0
        self._file = file
        self._lines = lines
        self._faults: list[Fault] = []
        # Kept apart: each of the two lists has room for `MOST_FAULTS`.
        self._repeated: list[Fault] = []

    def rejected(self) -> Rejected:
        """The error that reports all faults in the order of the file's lines."""
        faults = sorted(self._faults + self._repeated, key=lambda fault: (fault.row or 0, fault.column or ""))
        return rejected(self._file, faults[:MOST_FAULTS], count=self.count)

    def wrong_value(self, path: KeyPath, value: object, message: Message) -> None:
        """A value that does not suit its key. The value of `db` is not shown: an address may hold a password."""
        self._add(self._faults, path, message, None if path[0] == "db" else _shown(value))

    def missing_key(self, path: KeyPath) -> None:
        """A required key is not there."""
        self._add(self._faults, path, msg("the key is missing"))

    def unknown_key(self, path: KeyPath, table: Table) -> None:
        """The table has no such key. The value is not shown: an unknown key may hold a password."""
        if len(self._faults) == MOST_FAULTS:
            # The search for the nearest key is slow: not for a fault that is not kept.
            self.count += 1
            return
        self._add(self._faults, path, _unknown_key(str(path[-1]), table))

    def not_a_table(self, path: KeyPath, value: object) -> None:
        """There is a value or a list in the place of a table."""
        if isinstance(value, list):
            message = msg("must be one table, with its header in single brackets: [{table}]", table=_dotted(path))
        else:
            message = msg("must be a table, not a value")
        self.wrong_value(path, value, message)

    def not_rows(self, path: KeyPath, value: object) -> None:
        """There is a value or one table in the place of a list of tables."""
        table = _dotted(path)
        message = msg("each row needs its own header in double brackets: [[{table}]]", table=table)
        self.wrong_value(path, value, message)

    def repeated_row(self, path: KeyPath, first: KeyPath) -> None:
        """A price or a discount has the tier and the day of an earlier one: it is not clear which counts."""
        message = msg(
            "lines {first} and {second} are for the same tier and day: remove one",
            first=self._lines.of(first),
            second=self._lines.of(path),
        )
        self._add(self._repeated, path, message)

    def _add(self, faults: list[Fault], path: KeyPath, message: Message, value: str | None = None) -> None:
        self.count += 1
        if len(faults) < MOST_FAULTS:
            faults.append(Fault(message, str(self._file), row=self._lines.of(path), column=_dotted(path), value=value))


def _unknown_key(name: str, table: Table) -> Message:
    # First a right key in a wrong table: typically one of [contract] below the first [[contract.price]].
    headers = dict.fromkeys(other.header for other in TABLES if name in other.keys)
    if table.header in headers:
        return msg("unknown key; only the other kind of profile has it")
    if "" in headers:
        return msg("unknown key; it belongs at the top of the file, before the first table")
    if headers:
        return msg("unknown key; it belongs in {tables}", tables=", ".join(headers))
    if near := difflib.get_close_matches(name[:_LONGEST_SHOWN].lower(), table.keys, n=1):
        return msg("unknown key; did you mean {known}?", known=near[0])
    return msg("unknown key; known keys: {known}", known=", ".join(table.keys))


def _dotted(path: KeyPath) -> str:
    """`contract.price[2].amount`: rows are counted from 1, as lines are."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{_cut(part)}" for part in path]
    return "".join(parts).removeprefix(".")


def _shown(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > _LARGEST_SHOWN_BITS:
        return None
    return _cut(str(value)) if isinstance(value, (str, int, Decimal, date)) else None


def _cut(text: str) -> str:
    text = printable(text[: _LONGEST_SHOWN + 1])
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
