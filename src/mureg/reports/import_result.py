"""What an import found in its files, and did: typed cells, whatever shows them."""

from collections.abc import Sequence

from mureg.errors import N_, Fault, Message, msg
from mureg.reports.cells import Cell, Column

# In the order of a `FileReport`.
FILE_COLUMNS = (
    Column(N_("File"), may_wrap=True), Column(N_("Format")), Column(N_("Encoding"), may_go=1),
    Column(N_("Delimiter"), may_go=2), Column(N_("Sheet"), may_go=4), Column(N_("Dates"), may_go=3),
    Column(N_("Rows"), "right"),
)  # fmt: skip
FAULT_COLUMNS = (
    Column(N_("File")), Column(N_("Row"), "right"), Column(N_("Column")), Column(N_("Value")),
    Column(N_("What is wrong")),
)  # fmt: skip
_MOST_NUMBERS = 5


def fault_cells(fault: Fault) -> tuple[Cell, ...]:
    """What is wrong with a file, where."""
    place: Cell = fault.file
    if fault.sheet is not None:
        place = msg("{file}, sheet {sheet}", file=fault.file, sheet=fault.sheet)
    return (place, fault.row, fault.header or fault.column, fault.value, fault.message)


def erased_notes(still_erased: Sequence[str], after_erasure: Sequence[str]) -> list[Message]:
    """Which numbers have personal data that was erased, and whether it was imported."""
    notes = []
    if still_erased:
        notes.append(
            msg("personal data that was erased from the register stays erased: {numbers}", numbers=_some(still_erased))
        )
    if after_erasure:
        notes.append(
            msg("new personal data of an organization whose personal data was erased: {numbers}",
                numbers=_some(after_erasure))
        )  # fmt: skip
    return notes


def _some(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:_MOST_NUMBERS])
    return shown if len(numbers) <= _MOST_NUMBERS else f"{shown} … ({len(numbers)})"
