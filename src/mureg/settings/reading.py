"""Reads mureg.toml: checks a file against the schema, and makes settings of it or one error with all its faults."""

from pathlib import Path
from typing import Any

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.money import NotMoney
from mureg.domain.payments.bank_account import BankAccount
from mureg.readers.types import Limits, Profile
from mureg.settings.errors import Faults
from mureg.settings.line_numbers import KeyPath, Lines
from mureg.settings.schema import FILE, Check, Operator, Partner, Profiles, Rows, Settings, Table
from mureg.settings.toml import read_document
from mureg.settings.values import Unsuitable


def read_settings(file: Path | None) -> Settings:
    """The settings of a file, or the defaults without one. Raises `Rejected` with every fault of the file."""
    if file is None:
        return Settings()
    document = read_document(file)
    lines = Lines(document.text)
    faults = Faults(file, lines)
    found = _table(FILE, document.values, (), faults)
    if faults.count:
        raise faults.rejected()
    return Settings(
        file=file,
        partner=Partner(**_party(found["partner"])) if "partner" in found else None,
        contract=_contract(found["contract"], file, lines) if "contract" in found else None,
        profiles={name: Profile(name, **profile) for name, profile in found.get("profile", {}).items()},
        limits=Limits(**found.get("limits", {})),
        operator=Operator(**_party(found.get("operator", {}))),
    )


def _party(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "bank": BankAccount(**found["bank"])} if "bank" in found else found


def _contract(found: dict[str, Any], file: Path, lines: Lines) -> SublicenceContract:
    def origin(key: str, place: int) -> str:
        return f"{file.name}:{lines.of(('contract', key, place))}"

    prices, discounts = found.pop("price", ()), found.pop("discount", ())
    return SublicenceContract(
        signed_on=found.pop("signed_on", None),
        prices=tuple(
            Price(row["amount"], row["from"], row.get("tier"), origin("price", place))
            for place, row in enumerate(prices)
        ),
        discounts=tuple(
            Discount(row["rate"], row["from"], row.get("tier"), origin("discount", place))
            for place, row in enumerate(discounts)
        ),
        **found,
    )


# Each of the following adds what is wrong to `faults` and returns what is right, without the rest.


def _table(table: Table, content: object, path: KeyPath, faults: Faults) -> dict[str, Any]:
    if not isinstance(content, dict):
        faults.not_a_table(path, content)
        return {}
    earlier = faults.count
    found: dict[str, Any] = {}
    for name, expected in table.keys.items():
        if name in content:
            try:
                found[name] = _value(expected, content[name], (*path, name), faults)
            except (Unsuitable, NotMoney) as error:
                faults.wrong_value((*path, name), content[name], error.message)
        elif name in table.required:
            faults.missing_key((*path, name))
    for name in content:
        if name not in table.keys:
            faults.unknown_key((*path, name), table)
    if table.check is not None and faults.count == earlier:
        try:
            table.check(found)
        except Unsuitable as error:
            faults.wrong_value(path, content, error.message)
    return found


def _value(expected: Check | Table | Rows | Profiles, content: object, path: KeyPath, faults: Faults) -> Any:
    match expected:
        case Table():
            return _table(expected, content, path, faults)
        case Rows():
            return _rows(expected, content, path, faults)
        case Profiles():
            return _profiles(expected, content, path, faults)
    return expected(content)


def _rows(rows: Rows, content: object, path: KeyPath, faults: Faults) -> list[dict[str, Any]]:
    if not isinstance(content, list):
        faults.not_rows(path, content)
        return []
    found: list[dict[str, Any]] = []
    first_places: dict[tuple[object, object], KeyPath] = {}
    for place, row in enumerate(content):
        row_path = (*path, place)
        values = _table(rows.row, row, row_path, faults)
        # A row with other faults is compared too, as long as its tier and its day are right.
        if "from" in values and ("tier" in values or "tier" not in row):
            first_place = first_places.setdefault((values.get("tier"), values["from"]), row_path)
            if first_place is not row_path:
                faults.repeated_row(row_path, first_place)
        found.append(values)
    return found


def _profiles(profiles: Profiles, content: object, path: KeyPath, faults: Faults) -> dict[str, dict[str, Any]]:
    if not isinstance(content, dict):
        faults.not_a_table(path, content)
        return {}
    return {
        name: _table(profiles.by_kind[_kind_of(profile)], profile, (*path, name), faults)
        for name, profile in content.items()
    }


def _kind_of(profile: object) -> str:
    kind = profile.get("kind") if isinstance(profile, dict) else None
    # A mistyped kind is one fault: it should not make faults of the columns as well.
    return "statement" if isinstance(kind, str) and kind.lower().startswith("s") else "applications"
