"""A statement in JSON, as the rows of a table: their texts are parsed as in every other format."""

import io
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Required

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema, with_config
from pydantic.config import JsonDict
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from mureg.errors import Rejected, msg
from mureg.readers.cell_budget import CellBudget
from mureg.readers.errors import are_applications, rejected, shown_value, too_large_to_hold, too_many_rows
from mureg.readers.json_stream import Items, NotJson, Object, begins_array, parse_json
from mureg.readers.json_validation import INN_PATTERN, KPP_PATTERN, STRICT, quick_reader, schema_of
from mureg.readers.statements.fields import FIELDS
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import Limits, Source

# What the table's parsers accept, for JSON Schema. Not everything that matches is right.
_AMOUNT = (
    "[-\u2212]?([0-9]{1,3}([ \u00a0\u202f\u2009][0-9]{3})+|[0-9]{1,15})([.,][0-9]{1,2})?"
    r"\s*([Рр][Уу][Бб]\.?|₽|[Rr][Uu][Bb])?"
)
_RATE = r"[0-9][0-9\s]*([.,][0-9\s]+)?%?"
_TIER = r"(\D*\s)?(2\D+9|10)\D*"


def _doc(description: str, pattern: str = "") -> WithJsonSchema:
    known = {"pattern": rf"^\s*({pattern})?\s*$"} if pattern else {}
    return WithJsonSchema({"type": ["string", "null"], "description": description, **known})


_ROW_NEEDS: JsonDict = {
    "required": ["payable"],
    "anyOf": [
        {"required": [name], "properties": {name: {"type": "string", "pattern": r"\S"}}} for name in ("number", "inn")
    ],
}


@with_config(ConfigDict(**STRICT, json_schema_extra=_ROW_NEEDS))
class RowObject(TypedDict, total=False):
    """One licence. Every value is a text or null. The number or the ИНН is needed, and the amount payable."""

    number: Annotated[str | None, _doc("The application's number.")]
    inn: Annotated[str | None, _doc("ИНН. The check digits hold.", INN_PATTERN)]
    kpp: Annotated[str | None, _doc("КПП.", KPP_PATTERN)]
    name: Annotated[str | None, _doc("The organization's name.")]
    tier: Annotated[str | None, _doc("2-9 or 10+.", _TIER)]
    processed_on: Annotated[str | None, _doc("2023-08-14 or 14.08.2023, or as the profile says.")]
    list_price: Annotated[str | None, _doc("Roubles: 3000.00 or 3 000,00.", _AMOUNT)]
    discount_rate: Annotated[str | None, _doc("Percent: 40, 12,5 or 40%.", _RATE)]
    discount: Annotated[str | None, _doc("Roubles.", _AMOUNT)]
    payable: Annotated[
        str | None, WithJsonSchema({"type": "string", "description": "Roubles.", "pattern": rf"^\s*{_AMOUNT}\s*$"})
    ]
    row: Annotated[Any, WithJsonSchema({"description": "The row's place: reconcile does not read it."})]


_Rows = Annotated[list[RowObject], Field(min_length=1)]


@with_config(STRICT)
class StatementObject(TypedDict, total=False):
    """The rows with the total that the operator states."""

    rows: Required[_Rows]
    total: Annotated[str | None, _doc("The sum of payable, in roubles.", _AMOUNT)]


_ROW = TypeAdapter(RowObject)
_TEXTS = tuple(field.name for field in FIELDS)
# What a row takes beside its cells.
_CELLS_PER_ROW = 2
# In a table the header and the total are rows too.
_ROWS_BEYOND = 50


def read_rows(source: Source, limits: Limits) -> tuple[list[list[str]], str | None]:
    """A header with the fields that any row names, and the rows of texts; and the total that is stated beside them.

    Raises `Rejected`.
    """
    text = open_text(source.stream, recognise_encoding(source.name, source.stream))
    try:
        if begins_array(text):
            items = Items(text, limits, quick_reader(_ROW, limits, len))
            return _table(source.name, (item for item, _ in items), limits), None
        if source.stream.seek(0, io.SEEK_END) > limits.whole_bytes:
            raise too_large_to_hold(source.name, limits)
        text.seek(0)
        document = parse_json(text.read(), limits, limits.cells)
    except NotJson as error:
        raise rejected(source.name, error.message, msg("use an array of rows")) from None
    finally:
        text.detach()
    if _holds_applications(document):
        raise are_applications(source.name)
    total = None
    if isinstance(document, dict):
        _refuse_unknown(source.name, None, document, StatementObject.__annotations__)
        total, document = document.get("total"), document.get("rows")
        if total is not None and not isinstance(total, str):
            raise _no_text(source.name, "total")
    if not isinstance(document, list):
        raise _no_rows(source.name)
    return _table(source.name, document, limits), total


def _table(file: str, items: Iterable[object], limits: Limits) -> list[list[str]]:
    budget = CellBudget(file, limits)
    named: set[str] = set()
    rows: list[list[str]] = []
    for number, item in enumerate(items, start=1):
        if number == 1 and _holds_applications(item):
            raise are_applications(file)
        # What was read quickly is a plain dictionary.
        row: Mapping[str, Any] = item if type(item) is dict else _read(file, number, item, limits)
        named |= row.keys()
        rows.append([row.get(name) or "" for name in _TEXTS])
        if number > limits.rows + _ROWS_BEYOND:
            raise too_many_rows(file, limits)
        budget.take(len(_TEXTS) + _CELLS_PER_ROW, sum(map(len, rows[-1])))
    places = [place for place, name in enumerate(_TEXTS) if name in named]
    return [[_TEXTS[place] for place in places], *([cells[place] for place in places] for cells in rows)]


def _read(file: str, number: int, item: object, limits: Limits) -> Mapping[str, Any]:
    if not isinstance(item, Object):
        raise _no_rows(file)
    _refuse_unknown(file, number, item, RowObject.__annotations__)
    for name in item.repeated:
        raise rejected(file, msg("the key appears twice"), row=number, column=name)
    try:
        return _ROW.validate_python(item, context=limits)
    except ValidationError as error:
        wrong = {each["loc"][0] for each in error.errors(include_url=False)}
        name = next(name for name in item if name in wrong)
        raise _no_text(file, name, row=number, column=name) from None


def _no_text(file: str, field: str, **place: Any) -> Rejected:
    return rejected(file, msg('{field} must be text in quotes, as in "1800.00"', field=field), **place)


def _no_rows(file: str) -> Rejected:
    return rejected(file, msg("a statement in JSON must be an array of rows"), msg("use an array of objects"))


def _holds_applications(document: object) -> bool:
    items = document if isinstance(document, list) else [document]
    return any(isinstance(item, dict) and ("submitted_on" in item or "organization" in item) for item in items[:1])


def _refuse_unknown(file: str, row: int | None, item: Iterable[str], known: Collection[str]) -> None:
    for name in item:
        if name not in known:
            raise rejected(file, msg("{field} is not a field of a statement", field=shown_value(name)), row=row)


def statement_schema() -> dict[str, Any]:
    """JSON Schema of a file with a statement."""
    return schema_of(
        TypeAdapter(_Rows | StatementObject),
        "A statement for mureg reconcile --statement",
        "An array of rows, or an object with the rows and their total. A profile of mureg.toml may say how dates are "
        "written. Reconcile checks more than a schema can say: check digits, that days exist, that no key is "
        "there twice.",
    )
