"""Faults of mureg.toml: where each stands, and what would be right."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mureg.domain.money import NotMoney
from mureg.domain.text import printable
from mureg.errors import Fault, Message, Rejected, msg
from mureg.settings.line_numbers import Lines
from mureg.settings.tables import TABLES, Table
from mureg.settings.toml import Document, Unsuitable, rejected
from mureg.settings.values import day, listed, tier

# More than anybody reads; a hostile file could have a hundred thousand.
MOST_FAULTS = 100
_LONGEST_SHOWN = 80
# Python refuses to write out whole numbers of many thousand digits, which TOML may hold in hexadecimal.
_LARGEST_SHOWN_BITS = 256


def all_faults(error: ValidationError | None, repeated: list[Fault], lines: Lines, file: Path) -> Rejected:
    """Everything that is wrong with the file, in the order of its lines."""
    # Only what is told is put into words: that takes a search for the nearest key each time.
    details = error.errors(include_url=False)[:MOST_FAULTS] if error else []
    faults = [_fault(detail, lines, file) for detail in details] + repeated[:MOST_FAULTS]
    faults.sort(key=lambda fault: (fault.row or 0, fault.column or ""))
    count = (error.error_count() if error else 0) + len(repeated)
    return rejected(file, faults[:MOST_FAULTS], count=count)


def repeated_rows(document: Document, lines: Lines, file: Path) -> Iterator[Fault]:
    """Two prices, or two discounts, of one tier and day: nobody could say which counts.

    Looked for in the raw file, so that it is told beside faults of other kinds.
    """
    contract = document.values.get("contract")
    for kind in ("price", "discount"):
        rows = contract.get(kind) if isinstance(contract, dict) else None
        first_lines: dict[tuple[str | None, date], int] = {}
        for place, row in enumerate(rows if isinstance(rows, list) else ()):
            key = _tier_and_day(row)
            if key is None:
                continue
            line = lines.of(("contract", kind, place))
            if key not in first_lines:
                first_lines[key] = line
            else:
                message = msg(
                    "lines {first} and {second} are for the same tier and day: take one out",
                    first=first_lines[key],
                    second=line,
                )
                yield Fault(message, str(file), row=line, column=f"contract.{kind}[{place + 1}]")


def _tier_and_day(row: object) -> tuple[str | None, date] | None:
    """What a row is for, or `None` where it has other faults."""
    if not isinstance(row, dict):
        return None
    try:
        return (tier(row["tier"]) if "tier" in row else None), day(row.get("from"))
    except Unsuitable:
        return None


def _fault(detail: ErrorDetails, lines: Lines, file: Path) -> Fault:
    place = detail["loc"]
    kind = ""
    if place[0] == "profile" and len(place) > 2:
        # pydantic puts the kind of a profile after its name.
        kind = str(place[2])
        place = place[:2] + place[3:]
    value = detail["input"]
    return Fault(
        message=_message(detail, place, kind),
        file=str(file),
        row=lines.of(place),
        column=_dotted(place),
        # An address may hold a password, and so may a key that is not ours.
        value=None if place[0] == "db" or detail["type"] in ("missing", "extra_forbidden") else _shown(value),
    )


def _message(detail: ErrorDetails, place: tuple[str | int, ...], kind: str) -> Message:
    match detail["type"]:
        case "missing":
            return msg("the key is missing")
        case "extra_forbidden":
            return _unknown_key(place, kind)
        case "model_type" | "dict_type" if isinstance(detail["input"], list):
            return msg("one table is needed, with its header in single brackets: [{table}]", table=_dotted(place))
        case "model_type" | "dict_type":
            return msg("a table is needed, not a value")
        case "list_type":
            return msg("each row needs a header of its own in double brackets: [[{table}]]", table=_dotted(place))
    # All other checks are ours, and bring their sentence.
    return cast("Unsuitable | NotMoney", detail["ctx"]["error"]).message


def _unknown_key(place: tuple[str | int, ...], kind: str) -> Message:
    path = tuple(name for name in place[:-1] if isinstance(name, str))
    header, model = TABLES[("profile", kind, *path[2:]) if kind else path]
    name = str(place[-1])
    # First a right key in a wrong table: typically one of [contract] below the first [[contract.price]].
    homes = {home: None for home, other in TABLES.values() if name in _keys(other)}
    if header in homes:
        return msg("unknown key; only the other kind of profile has it")
    if "" in homes:
        return msg("unknown key; it belongs to the top of the file, before the first table")
    if homes:
        return msg("unknown key; it belongs to {tables}", tables=listed(homes))
    known = _keys(model)
    if near := get_close_matches(name[:_LONGEST_SHOWN].lower(), known, n=1):
        return msg("unknown key; the nearest known one is {known}", known=near[0])
    return msg("unknown key; known ones are {known}", known=listed(known))


def _keys(model: type[Table]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _dotted(place: tuple[str | int, ...]) -> str:
    """`contract.price[2].amount`: rows are counted from 1, as lines are."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{_cut(part)}" for part in place]
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
