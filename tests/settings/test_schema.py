"""The schema as a whole: every key reaches the settings, and every change of a right file is read or reported there."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.money import format_money, format_rate
from mureg.domain.payments.bank_account import BankAccount
from mureg.errors import Fault, Rejected
from mureg.readers.types import Limits, Profile
from mureg.settings.reading import read_settings
from mureg.settings.schema import COLUMNS, FILE, LIMITS, PARTNER, Operator, Partner, Profiles, Rows, Settings, Table
from mureg.settings.values import DEEPEST_NESTING, DELIMITERS, ENCODINGS, LONGEST_TERM_MONTHS

DAY = date(2023, 8, 1)
# Every key of the schema, with a value that it may hold.
WHOLE: dict[str, Any] = {
    "db": "mureg.db",
    "partner": {
        "name": "ООО «Партнёр»", "inn": "7700123459", "code": "А-1", "kpp": "770001001", "signatory": "Иванова А. П.",
        "position": "Директор",
        "bank": {
            "account": "40702810300000000001", "bic": "040000888", "bank": "БАНК", "city": "Г. МОСКВА",
            "correspondent_account": "30101810200000000888",
        },
    },
    "contract": {
        "number": "С-15/2023", "signed_on": date(2023, 7, 20), "term_months": 12, "rounding": "total",
        "vat_note": "НДС не облагается",
        "price": [
            {"amount": "3000.00", "from": DAY, "tier": "2-9"},
            {"amount": "6 000,50", "from": DAY, "tier": "10+"},
        ],
        "discount": [{"rate": "40%", "from": DAY, "tier": "2-9"}, {"rate": "12,5 %", "from": DAY}],
    },
    "profile": {
        kind: {
            "kind": kind, "encoding": "cp1251", "delimiter": ";", "sheet": "Лист1", "date_format": "%d.%m.%Y",
            "columns": {name: f"Столбец {name}" for name in table.keys},
        }
        for kind, table in COLUMNS.items()
    },
    "limits": Limits()._asdict(),
    "operator": {
        "name": "АО «Оператор»", "inn": "7700123459", "kpp": "4029AB001", "signatory": "Петров",
        "position": "Бухгалтер",
        "bank": {
            "account": "40702810000000000001", "bic": "040000777", "bank": "БАНК 2", "city": "Г. УФА",
            "correspondent_account": "30101810900000000777",
        },
    },
}  # fmt: skip


def keys_of(structure: object) -> object:
    """The keys of a structure of the schema, with those below them."""
    match structure:
        case Table(keys=keys):
            return {name: keys_of(expected) for name, expected in keys.items()}
        case Rows(row=row):
            return keys_of(row)
        case Profiles(by_kind=by_kind):
            return {kind: keys_of(table) for kind, table in by_kind.items()}
    return {}


def keys_in(content: object) -> object:
    """The keys of what a file holds, with those below them; of a list, those of its first row."""
    if isinstance(content, dict):
        return {name: keys_in(value) for name, value in content.items()}
    return keys_in(content[0]) if isinstance(content, list) else {}


def written(content: Mapping[str, Any]) -> str:
    """TOML of what a file holds, each key of the top on a line of its own."""

    def value(content: object) -> str:
        match content:
            case dict():
                return "{" + ", ".join(f"{json.dumps(name)} = {value(each)}" for name, each in content.items()) + "}"
            case list():
                return "[" + ", ".join(map(value, content)) + "]"
            case str():
                return json.dumps(content, ensure_ascii=False).replace("\x7f", "\\u007f")
            case bool():
                return str(content).lower()
            case date():
                return content.isoformat()
        return str(content)

    return "".join(f"{json.dumps(name)} = {value(each)}\n" for name, each in content.items())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings") / "mureg.toml"


def read(file: Path, content: Mapping[str, Any]) -> Settings:
    file.write_text(written(content), encoding="utf-8", newline="\n")
    assert tomli.loads(file.read_text(encoding="utf-8"), parse_float=Decimal) == content
    return read_settings(file)


def test_the_whole_file_has_every_key_of_the_schema() -> None:
    assert keys_in(WHOLE) == keys_of(FILE)


def test_every_key_of_the_schema_reaches_the_settings(file: Path) -> None:
    since = {"from_on": DAY}
    assert read(file, WHOLE) == Settings(
        file=file,
        partner=Partner("ООО «Партнёр»", "7700123459", "А-1", "770001001", "Иванова А. П.", "Директор",
                        BankAccount("40702810300000000001", "040000888", "БАНК", "30101810200000000888", "Г. МОСКВА")),
        operator=Operator("АО «Оператор»", "7700123459", "4029AB001", "Петров", "Бухгалтер",
                          BankAccount("40702810000000000001", "040000777", "БАНК 2", "30101810900000000777", "Г. УФА")),
        contract=SublicenceContract(
            "С-15/2023", date(2023, 7, 20), 12, "total", "НДС не облагается",
            prices=(
                Price(300000, tier="2-9", origin="mureg.toml:3", **since),
                Price(600050, tier="10+", origin="mureg.toml:3", **since),
            ),
            discounts=(
                Discount(4000, tier="2-9", origin="mureg.toml:3", **since),
                Discount(1250, tier=None, origin="mureg.toml:3", **since),
            ),
        ),
        profiles={
            kind: Profile(kind, kind, "cp1251", ";", "Лист1", "%d.%m.%Y", profile["columns"])
            for kind, profile in WHOLE["profile"].items()
        },
        limits=Limits(),
    )  # fmt: skip


def test_what_is_absent_has_its_default(file: Path) -> None:
    content = {
        "partner": {"name": "A", "inn": "7700123459"},
        "contract": {"number": "1", "term_months": 1},
        "profile": {"p": {}},
        "limits": {"rows": 7},
    }
    assert read(file, content) == Settings(
        file=file,
        partner=Partner("A", "7700123459", ""),
        contract=SublicenceContract("1", None, 1, "licence", "", (), ()),
        profiles={"p": Profile("p", "applications", "", "", "", "", {})},
        limits=Limits(rows=7),
    )


def test_headers_are_in_the_order_of_the_schema_and_profiles_in_that_of_the_file(file: Path) -> None:
    content = {"profile": {"b": {"columns": {"inn": "ИНН", "number": "№"}}, "a": {}}}
    profiles = read(file, content).profiles
    assert list(profiles) == ["b", "a"]
    assert list(profiles["b"].columns) == ["number", "inn"]


# --- values -----------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1).filter(
    lambda text: text.isprintable() and text.strip() not in ("", "…") and max(text) < "\u0500"
)
KOPECKS = st.integers(0, 10**17 - 1)
RATES = st.integers(0, 10_000)
DAYS = st.dates()
PLACES = st.tuples(st.sampled_from(["2-9", "10+", None]), DAYS)


@given(number=TEXTS, note=TEXTS, term=st.integers(1, LONGEST_TERM_MONTHS), signed_on=DAYS)
def test_a_text_a_day_and_a_term_are_read_as_they_are_written(
    file: Path, number: str, note: str, term: int, signed_on: date
) -> None:
    content = {"contract": {"number": number, "signed_on": signed_on, "term_months": term, "vat_note": note}}
    contract = read(file, content).contract
    assert contract == SublicenceContract(number.strip(), signed_on, term, vat_note=note.strip())


@given(prices=st.dictionaries(PLACES, KOPECKS), discounts=st.dictionaries(PLACES, RATES))
def test_prices_and_discounts_are_read_as_they_are_written(
    file: Path, prices: dict[tuple[Any, date], int], discounts: dict[tuple[Any, date], int]
) -> None:
    def rows(key: str, values: dict[tuple[Any, date], str]) -> list[dict[str, object]]:
        return [{key: value, "from": day} | ({"tier": tier} if tier else {}) for (tier, day), value in values.items()]

    contract = {"number": "1", "term_months": 1}
    amounts = {place: format_money(kopecks) for place, kopecks in prices.items()}
    rates = {place: f"{format_rate(rate)}%" for place, rate in discounts.items()}
    found = read(file, {"contract": contract | {"price": rows("amount", amounts), "discount": rows("rate", rates)}})
    assert found.contract is not None
    assert {(each.tier, each.from_on): each.amount_kopecks for each in found.contract.prices} == prices
    assert {(each.tier, each.from_on): each.rate for each in found.contract.discounts} == discounts


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(LIMITS.keys, st.integers(1, DEEPEST_NESTING))))
def test_limits_are_read_as_they_are_written(file: Path, limits: dict[str, int]) -> None:
    assert read(file, {"limits": limits}).limits == Limits(**limits)


@given(st.dictionaries(TEXTS, st.tuples(st.sampled_from(ENCODINGS), st.sampled_from(DELIMITERS), TEXTS), max_size=5))
def test_profiles_are_read_as_they_are_written(file: Path, profiles: dict[str, tuple[str, str, str]]) -> None:
    content = {
        name: {"encoding": encoding, "delimiter": delimiter, "sheet": sheet, "columns": {"number": sheet}}
        for name, (encoding, delimiter, sheet) in profiles.items()
    }
    assert read(file, {"profile": content}).profiles == {
        name: Profile(name, "applications", encoding, delimiter, sheet.strip(), "", {"number": sheet.strip()})
        for name, (encoding, delimiter, sheet) in profiles.items()
    }


# --- faults -----------------------------------------------------------------------------------------------------------

ODD: st.SearchStrategy[object] = st.sampled_from([
    True, 0, -1, 1, 12, 1 << 50, "", " ", "…", "2-9", "10+", "total", "40%", "1.5", "№", "statement", "cp1251",
    ";", "%d.%m.%Y", "7700123459", "a\nb", Decimal("1.5"), DAY, datetime(2023, 8, 1, tzinfo=UTC), [], {}, [[]],
    [{}], {"number": "№"}, {"payable": "№", "number": "№"}, [{"amount": "1", "from": DAY}] * 2, "db.db",
])  # fmt: skip


def places(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str | int, tuple[str | int, ...]]]:
    """Every value of a file: what holds it, its key there, and the whole way to it."""
    for key in content if isinstance(content, dict) else range(len(content)):
        yield content, key, (*path, key)
        if isinstance(content[key], dict | list):
            yield from places(content[key], (*path, key))


def faults_of(file: Path, content: Mapping[str, Any]) -> tuple[Fault, ...]:
    """The faults of a file: none where it is read."""
    try:
        read(file, content)
    except Rejected as error:
        return error.details or pytest.fail("a rejection without faults")
    return ()


def dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


@given(st.data())
def test_after_one_change_a_file_is_read_or_the_faults_are_where_the_change_is(file: Path, data: st.DataObject) -> None:
    content = deepcopy(WHOLE)
    holder, key, path = data.draw(st.sampled_from(list(places(content))))
    change = data.draw(st.sampled_from(["set", "delete", "add"]))
    if change == "delete":
        del holder[key]
    elif change == "add" and isinstance(holder, dict):
        key = data.draw(st.sampled_from(["tier", "code", "kind", "db", "columns", "price", "x", "rows"]))
        path = (*path[:-1], key)
        holder[key] = deepcopy(data.draw(ODD))
    else:
        holder[key] = deepcopy(data.draw(ODD))
    top = list(content).index(path[0]) + 1 if path[0] in content else 1
    # Another tier or day may repeat another row, another header that of another field, and the kind decides on columns.
    near = path[:-2] if path[-1] in ("tier", "from") else path[:-1] if "columns" in path else path
    near = path[:-1] if path[-1] == "kind" else near
    for fault in faults_of(file, content):
        assert (fault.column or "").startswith(dotted(near))
        assert fault.row == top


@given(st.lists(st.sampled_from(sorted(PARTNER.keys)), unique=True))
def test_each_wrong_value_is_one_fault_whatever_else_is_wrong(file: Path, wrong: list[str]) -> None:
    content = {"partner": WHOLE["partner"] | dict.fromkeys(wrong, 1)}
    assert [fault.column for fault in faults_of(file, content)] == [f"partner.{name}" for name in sorted(wrong)]
