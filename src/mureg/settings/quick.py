"""mureg.toml as it nearly always is, right, read without pydantic, which takes longer to load than a month to settle.

`None` means only that somebody slower has to look, who tells what is wrong. Keys and checks are those of `tables`; a
test holds the two to each other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.text import search_key
from mureg.readers.types import Limits, Profile
from mureg.settings import values
from mureg.settings.line_numbers import Lines
from mureg.settings.settings import Partner, Settings
from mureg.settings.toml import Document, parse_db


class Key(NamedTuple):
    """What a key may hold, and what its absence means."""

    check: Callable[[Any], Any]
    absent: Any = None
    is_needed: bool = False


Keys = Mapping[str, Key]


class _Unsure(ValueError):
    pass


PARTNER: Keys = {
    "name": Key(values.text, is_needed=True),
    "inn": Key(values.inn, is_needed=True),
    "code": Key(values.text, ""),
}
PRICE: Keys = {
    "amount": Key(values.amount, is_needed=True),
    "from": Key(values.day, is_needed=True),
    "tier": Key(values.tier),
}
DISCOUNT: Keys = {
    "rate": Key(values.rate, is_needed=True),
    "from": Key(values.day, is_needed=True),
    "tier": Key(values.tier),
}
CONTRACT: Keys = {
    "number": Key(values.text, is_needed=True),
    "signed_on": Key(values.day),
    "term_months": Key(values.months, is_needed=True),
    "rounding": Key(values.one_of("licence", "total"), "licence"),
    "vat_note": Key(values.text, ""),
    "price": Key(lambda rows: _rows(rows, PRICE), []),
    "discount": Key(lambda rows: _rows(rows, DISCOUNT), []),
}
LIMITS: Keys = {
    name: Key(values.nesting if name == "nesting" else values.whole, default)
    for name, default in Limits()._asdict().items()
}
COLUMNS: dict[str, Sequence[str]] = {
    "applications": (
        "number", "type", "submitted_on", "inn", "kpp", "ogrn", "name", "multiuser", "tier", "users", "promotion",
        "client_comment", "account",
    ),
    "statement": (
        "number", "inn", "kpp", "name", "tier", "processed_on", "list_price", "discount_rate", "discount", "payable",
    ),
}  # fmt: skip
PROFILE: Keys = {
    "kind": Key(values.one_of(*COLUMNS), "applications"),
    "encoding": Key(values.encoding, ""),
    "delimiter": Key(values.delimiter, ""),
    "sheet": Key(values.text, ""),
    "date_format": Key(values.date_format, ""),
    "columns": Key(lambda columns: columns, {}),
}
FILE: Keys = {
    "db": Key(parse_db, ""),
    "partner": Key(lambda table: Partner(**_table(table, PARTNER))),
    "contract": Key(lambda table: _table(table, CONTRACT)),
    "profile": Key(lambda tables: {name: _profile(name, table) for name, table in _items(tables)}, {}),
    "limits": Key(lambda table: Limits(**_table(table, LIMITS)), Limits()),
}


def quick_settings(document: Document, file: Path) -> Settings | None:
    """The settings, where everything in the file is as it should be."""
    try:
        found = _table(document.values, FILE)
        contract = _contract(found["contract"], document, file) if found["contract"] else None
    except ValueError:  # what every check raises
        return None
    return Settings(file, found["partner"], contract, found["profile"], found["limits"])


def _table(table: object, keys: Keys) -> dict[str, Any]:
    found = dict(_items(table))
    if not keys.keys() >= found.keys() or any(key.is_needed and name not in found for name, key in keys.items()):
        raise _Unsure
    return {name: key.check(found[name]) if name in found else key.absent for name, key in keys.items()}


def _items(table: object) -> list[tuple[str, object]]:
    if not isinstance(table, dict):
        raise _Unsure
    return list(table.items())


def _rows(rows: object, keys: Keys) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        raise _Unsure
    found = [_table(row, keys) for row in rows]
    if len({(row["tier"], row["from"]) for row in found}) < len(found):
        raise _Unsure
    return found


def _profile(name: str, table: object) -> Profile:
    found = _table(table, PROFILE)
    columns = _table(found["columns"], {field: Key(values.text) for field in COLUMNS[found["kind"]]})
    named = {field: header for field, header in columns.items() if header is not None}
    # Headers are compared as the readers of tables do: without case, ё/е and spaces.
    if len({re.sub(r"\s+", "", search_key(header)) for header in named.values()}) < len(named):
        raise _Unsure
    return Profile(name=name, **{**found, "columns": named})


def _contract(found: dict[str, Any], document: Document, file: Path) -> SublicenceContract:
    lines = Lines(document.text)

    def origin(kind: str, place: int) -> str:
        return f"{file.name}:{lines.of(('contract', kind, place))}"

    return SublicenceContract(
        **{
            **{name: value for name, value in found.items() if name not in ("price", "discount")},
            "prices": tuple(
                Price(row["amount"], row["from"], row["tier"], origin("price", place))
                for place, row in enumerate(found["price"])
            ),
            "discounts": tuple(
                Discount(row["rate"], row["from"], row["tier"], origin("discount", place))
                for place, row in enumerate(found["discount"])
            ),
        }
    )
