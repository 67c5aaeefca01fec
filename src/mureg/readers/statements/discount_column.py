"""A column of discount rates: whether 0,4 is a share or a percentage is decided by all of its cells."""

import re
from decimal import Decimal

from mureg.domain.money import BASIS_POINTS
from mureg.errors import Message, msg

_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,20}))?")
# How far a spreadsheet's float may lie from a whole basis point.
_TOLERANCE = Decimal("0.000001")


class RateColumn:
    """Reads rates one by one; what a bare number up to 1 means is known when all were read.

    `is_percent`: it is a percentage, whatever the others are. `has_floats`: rates may have the inexactness of floats.
    """

    def __init__(self, *, is_percent: bool = False, has_floats: bool = False) -> None:
        self._is_percent = is_percent
        self._has_floats = has_floats
        self._ambiguous: dict[str, Decimal] = {}
        self._has_percent = False
        self._has_large = False

    def read(self, text: str) -> int | str | Message | None:
        """Basis points; the text itself where it is ambiguous; what is wrong with it; `None` for an empty cell."""
        text = text.replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        number = _fraction(text.removesuffix("%"))
        if text.endswith("%"):
            self._has_percent = True
        elif number is not None and number > 1:
            self._has_large = True
        elif number and not self._is_percent:
            self._ambiguous[text] = number
            return text
        return self._basis_points(number)

    def meanings(self) -> dict[str, int | Message]:
        """What the ambiguous texts mean in this column: basis points, or why that cannot be decided."""
        are_shares = (
            not self._has_large and not self._has_percent and any(each < 1 for each in self._ambiguous.values())
        )
        meanings: dict[str, int | Message] = {}
        for text, number in self._ambiguous.items():
            meaning = self._basis_points(number * 100 if are_shares else number)
            if isinstance(meaning, int) and not are_shares:
                meaning = msg("{rate} may be a fraction or a percentage: the rest of the column does not show which",
                              rate=text)  # fmt: skip
            meanings[text] = meaning
        return meanings

    def _basis_points(self, percent: Decimal | None) -> int | Message:
        if percent is not None:
            exact = percent * 100
            nearest = exact.to_integral_value()
            # A rate of a workbook is whole but for the float's own inexactness.
            if exact == nearest or (self._has_floats and abs(exact - nearest) <= _TOLERANCE):
                exact = nearest
            if exact == nearest and nearest <= BASIS_POINTS:
                return int(nearest)
        return msg("write the rate as 40% or 12,5%")


def _fraction(text: str) -> Decimal | None:
    match = _NUMBER.fullmatch(text)
    return None if match is None else Decimal(f"{match[1]}.{match[2] or 0}")
