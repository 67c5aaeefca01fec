"""How much of a file may be held in memory at once, by `cells` of `[limits]`."""

from mureg.readers.errors import too_many_cells
from mureg.readers.types import Limits

# Characters for each cell, on average.
CHARACTERS_PER_CELL = 24


class CellBudget:
    """The cells and characters that are left."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._cells = limits.cells
        self._characters = limits.cells * CHARACTERS_PER_CELL

    def take(self, cells: int, characters: int) -> None:
        """Take some off. Raises `Rejected` where there are not as many left."""
        self._cells -= cells
        self._characters -= characters
        if min(self._cells, self._characters) < 0:
            raise too_many_cells(self._file, self._limits)
