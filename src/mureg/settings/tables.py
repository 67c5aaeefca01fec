"""The tables of mureg.toml for pydantic: which keys there are, and what an absent one means."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, model_validator

from mureg.domain.application import Tier
from mureg.domain.contract import Rounding
from mureg.domain.text import search_key
from mureg.errors import msg
from mureg.readers.types import Limits
from mureg.settings import values
from mureg.settings.toml import Unsuitable, parse_db

_Text = Annotated[str, PlainValidator(values.text)]
_Day = Annotated[date, PlainValidator(values.day)]
_Tier = Annotated[Tier | None, PlainValidator(values.tier)]
_Count = Annotated[int, PlainValidator(values.whole)]
_Nesting = Annotated[int, PlainValidator(values.nesting)]


class Table(BaseModel):
    """A table of the file: keys that it does not name are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Partner(Table):
    """`[partner]`."""

    name: _Text
    inn: Annotated[str, PlainValidator(values.inn)]
    code: _Text = ""


class Price(Table):
    """`[[contract.price]]`: kopecks of one licence; without `tier`, for both."""

    amount: Annotated[int, PlainValidator(values.amount)]
    from_on: _Day = Field(alias="from")
    tier: _Tier = None


class Discount(Table):
    """`[[contract.discount]]`: basis points; without `tier`, for both."""

    rate: Annotated[int, PlainValidator(values.rate)]
    from_on: _Day = Field(alias="from")
    tier: _Tier = None


class Contract(Table):
    """`[contract]`."""

    number: _Text
    signed_on: Annotated[date | None, PlainValidator(values.day)] = None
    term_months: Annotated[int, PlainValidator(values.months)]
    rounding: Annotated[Rounding, PlainValidator(values.one_of("licence", "total"))] = "licence"
    vat_note: _Text = ""
    price: list[Price] = []
    discount: list[Discount] = []


class Columns(Table):
    """Our field names, each with the file's header."""

    @model_validator(mode="after")
    def _each_header_once(self) -> "Columns":
        fields: dict[str, str] = {}
        for name, header in self.model_dump(exclude_unset=True).items():
            # Headers are compared as the readers of tables do: without case, ё/е and spaces.
            key = re.sub(r"\s+", "", search_key(header))
            if key in fields:
                first = fields[key]
                raise Unsuitable(msg("{first} and {second} have the same header", first=first, second=name))
            fields[key] = name
        return self


class ApplicationColumns(Columns):
    """`[profile.NAME.columns]` of applications."""

    number: _Text = ""
    type: _Text = ""
    submitted_on: _Text = ""
    inn: _Text = ""
    kpp: _Text = ""
    ogrn: _Text = ""
    name: _Text = ""
    multiuser: _Text = ""
    tier: _Text = ""
    users: _Text = ""
    promotion: _Text = ""
    client_comment: _Text = ""
    account: _Text = ""


class StatementColumns(Columns):
    """`[profile.NAME.columns]` of a statement."""

    number: _Text = ""
    inn: _Text = ""
    kpp: _Text = ""
    name: _Text = ""
    tier: _Text = ""
    processed_on: _Text = ""
    list_price: _Text = ""
    discount_rate: _Text = ""
    discount: _Text = ""
    payable: _Text = ""


class Profile(Table):
    """`[profile.NAME]`; what is left empty is recognised by content."""

    kind: Annotated[
        Literal["applications", "statement"], PlainValidator(values.one_of("applications", "statement"))
    ] = "applications"
    encoding: Annotated[str, PlainValidator(values.encoding)] = ""
    delimiter: Annotated[str, PlainValidator(values.delimiter)] = ""
    sheet: _Text = ""
    date_format: Annotated[str, PlainValidator(values.date_format)] = ""


class ApplicationsProfile(Profile):
    """A profile for `application import`."""

    columns: ApplicationColumns = ApplicationColumns()


class StatementProfile(Profile):
    """A profile for `reconcile`."""

    columns: StatementColumns = StatementColumns()


def _kind_of(profile: object) -> str:
    kind = profile.get("kind") if isinstance(profile, dict) else None
    # A mistyped kind is one fault: it should not make faults of the columns as well.
    return "statement" if isinstance(kind, str) and kind.lower().startswith("s") else "applications"


_AnyProfile = Annotated[
    Annotated[ApplicationsProfile, Tag("applications")] | Annotated[StatementProfile, Tag("statement")],
    Discriminator(_kind_of),
]


class LimitsTable(Table):
    """`[limits]`; the defaults stand with the readers."""

    file_bytes: _Count = Limits().file_bytes
    whole_bytes: _Count = Limits().whole_bytes
    rows: _Count = Limits().rows
    cells: _Count = Limits().cells
    fields: _Count = Limits().fields
    field_characters: _Count = Limits().field_characters
    nesting: _Nesting = Limits().nesting
    faults: _Count = Limits().faults


class File(Table):
    """The whole file."""

    db: Annotated[str, PlainValidator(parse_db)] = ""
    partner: Partner | None = None
    contract: Contract | None = None
    profile: dict[str, _AnyProfile] = {}
    limits: LimitsTable = LimitsTable()


# What is written where: for the names of unknown keys. A profile stands under its kind instead of its name.
TABLES: dict[tuple[str, ...], tuple[str, type[Table]]] = {
    (): ("", File),
    ("partner",): ("[partner]", Partner),
    ("contract",): ("[contract]", Contract),
    ("contract", "price"): ("[[contract.price]]", Price),
    ("contract", "discount"): ("[[contract.discount]]", Discount),
    ("limits",): ("[limits]", LimitsTable),
    ("profile", "applications"): ("[profile.NAME]", ApplicationsProfile),
    ("profile", "statement"): ("[profile.NAME]", StatementProfile),
    ("profile", "applications", "columns"): ("[profile.NAME.columns]", ApplicationColumns),
    ("profile", "statement", "columns"): ("[profile.NAME.columns]", StatementColumns),
}
