"""What an import has counted and found wrong so far. Every row ends as added, changed, skipped or a fault."""

from typing import NamedTuple

from mureg.errors import Fault, Message, Rejected


class Place(NamedTuple):
    """Where a record is in the input, for its faults."""

    file: str
    row: int | None


class Tally:
    """The counts and the faults of one import under way."""

    def __init__(self) -> None:
        self.added = self.changed = self.skipped = 0
        self.faults: list[Fault] = []
        self.unreadable: list[Rejected] = []
        """The errors of the files that could not be read at all; their faults are among the others."""
        self.still_erased: list[str] = []
        """Numbers whose personal data was erased: the input holds it, and it was not brought back."""
        self.after_erasure: list[str] = []
        """Numbers of new applications that bring people into an organisation whose people were erased."""

    def fault(self, place: Place, message: Message, column: str = "number") -> None:
        """Add what is wrong with a row."""
        self.faults.append(Fault(message, file=place.file, row=place.row, column=column))
