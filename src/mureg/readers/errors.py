"""How a reader says what is wrong: with one cell, or with the file as a whole."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from mureg.command_hints import quoted
from mureg.errors import Fault, Message, Rejected, msg
from mureg.readers.types import Limits

_LONGEST_SHOWN = 200
_MOST_LISTED = 10
_SURROGATE = re.compile("[\ud800-\udfff]")


# Free texts: they may contain names of people.
_FREE_TEXTS = ("client_comment", "comment", "without_sale")
_CONTACTS = ("phone", "email", "organization.phone", "organization.email")


def may_show(column: str | None) -> bool:
    """Whether an error may show the value of a column."""
    return column not in _FREE_TEXTS and column not in _CONTACTS


def shown_value(text: str) -> str:
    """The value found, for `Fault.value`: at most a line or two, and always valid UTF-8."""
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


def are_applications(file: str) -> Rejected:
    """The error of a file with applications where a statement is needed."""
    return rejected(
        file,
        msg("these are applications, not a statement of the operator"),
        msg("import them: mureg application import {file}", file=quoted(file)),
    )


def is_statement(file: str) -> Rejected:
    """The error of a statement where applications are needed."""
    return rejected(
        file,
        msg("this is a statement of the operator, not applications"),
        msg("reconcile with it: mureg reconcile --month MONTH --statement {file}", file=quoted(file)),
    )


def too_many_rows(file: str, limits: Limits) -> Rejected:
    """The error of a table or a list with more rows than `[limits]` allows."""
    return rejected(
        file,
        msg("the file has more than {rows} rows", rows=limits.rows),
        msg("split the file, or raise rows in [limits] of mureg.toml"),
    )


def too_many_bytes(file: str, limit: int) -> Rejected:
    """The error of a file that is larger than `[limits]` allows."""
    return rejected(
        file,
        msg("the file is larger than {bytes} bytes", bytes=limit),
        msg("split the file, or raise file_bytes in [limits] of mureg.toml"),
    )


def too_large_to_hold(file: str, limits: Limits, row: int | None = None) -> Rejected:
    """The error of a file or item that is held whole and is larger than `[limits]` allows; `row` is the item's."""
    return rejected(
        file,
        msg("an XML file or an item of JSON is larger than {bytes} bytes", bytes=limits.whole_bytes),
        msg("check that it is the right file, or raise {name} in [limits] of mureg.toml", name="whole_bytes"),
        row=row,
    )


def too_many_cells(file: str, limits: Limits, sheet: str | None = None) -> Rejected:
    """The error of a workbook or a statement with more cells than `[limits]` allows."""
    return rejected(
        file,
        msg("the table has more than {cells} cells", cells=limits.cells),
        msg("save it as CSV, split it, or raise cells in [limits] of mureg.toml"),
        sheet=sheet,
    )


def too_many_fields(file: str, limits: Limits, row: int | None = None) -> Rejected:
    """The error of a row, an XML or an application in JSON with more parts than `[limits]` allows."""
    return rejected(
        file,
        msg("more than {fields} columns, or fields of one application", fields=limits.fields),
        msg("check that it is the right file, or raise {name} in [limits] of mureg.toml", name="fields"),
        row=row,
    )


def too_many_faults(faults: Sequence[Fault]) -> Rejected:
    """The error of input with more faults, by one, than `[limits]` allows."""
    most = len(faults) - 1
    return Rejected(
        msg("more than {most} errors: the rest was not read, and nothing was written", most=most),
        msg("fix these first, or raise faults in [limits] of mureg.toml"),
        faults[:most],
    )


def too_deep(limits: Limits) -> Message:
    """What is wrong with brackets or elements inside each other, deeper than `[limits]` allows."""
    return msg("nested more than {levels} levels deep", levels=limits.nesting)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them; no more than fit into one."""
    first = list(islice(names, _MOST_LISTED + 1))
    shown = [f"«{shown_value(name)}»" for name in first[:_MOST_LISTED]]
    return ", ".join([*shown, "…"] if len(first) > _MOST_LISTED else shown)


def kpp_of_proprietor(inn: str, kpp: str) -> Message | None:
    """What is wrong with a КПП beside a 12-digit ИНН, or `None`."""
    if kpp and len(inn) == 12:
        return msg("a sole proprietor (an ИНН of 12 digits) has no КПП: leave it empty")
    return None
