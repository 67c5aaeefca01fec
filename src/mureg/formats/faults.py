"""How a reader words what is wrong: with one cell, or with the file as a whole."""

import re

from mureg.errors import Fault, Message, Rejected, msg
from mureg.formats.records import Limits

_LONGEST_SHOWN = 200
_SURROGATE = re.compile("[\ud800-\udfff]")


def shown_value(text: str) -> str:
    """What was found, for `Fault.value`: not longer than a line or two, and always something UTF-8 can carry."""
    shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    return _SURROGATE.sub("\ufffd", shown)


def rejected(
    file: str,
    message: Message,
    hint: Message | None = None,
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    header: str | None = None,
    value: str | None = None,
) -> Rejected:
    """The error of a file that cannot be read as a whole, with the one fault that says where."""
    shown = None if value is None else shown_value(value)
    return Rejected(message, hint, [Fault(message, file, sheet, row, column, header, shown)])


def too_many_rows(file: str, limits: Limits) -> Rejected:
    """The error of a table or a list with more rows than `[limits]` allows."""
    return rejected(
        file,
        msg("the file has more than {rows} rows", rows=limits.rows),
        msg("split the file, or raise rows in [limits] of mureg.toml"),
    )


def kpp_of_proprietor(inn: str, kpp: str) -> Message | None:
    """What is wrong with a КПП beside a 12-digit ИНН, or `None`."""
    if kpp and len(inn) == 12:
        return msg("a sole proprietor (an ИНН of 12 digits) has no КПП: leave it empty")
    return None
