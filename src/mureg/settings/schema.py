"""mureg.toml as one declaration: its tables, their keys, what each key may hold, and the settings that come of it.

A new key is declared here. `reading` checks a file against the declaration, and `errors` names its keys in messages.
The default of an absent key is the default of the class that its table becomes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from mureg.domain.contract import SublicenceContract
from mureg.domain.payments.bank_account import BankAccount
from mureg.errors import Refused, WrongUsage, msg
from mureg.readers.types import Limits, Profile
from mureg.settings import values


class Partner(NamedTuple):
    """Who sells the licences, and who signs for them. What is absent is empty."""

    name: str
    inn: str
    code: str = ""
    kpp: str = ""
    signatory: str = ""
    position: str = ""
    bank: BankAccount | None = None


class Operator(NamedTuple):
    """The operator as an act of reconciliation and a payment order name it. What is absent is empty."""

    name: str = ""
    inn: str = ""
    kpp: str = ""
    signatory: str = ""
    position: str = ""
    bank: BankAccount | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in use. `file` is `None` where there is no mureg.toml; an absent table is `None` or the default."""

    file: Path | None = None
    partner: Partner | None = None
    contract: SublicenceContract | None = None
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    operator: Operator = field(default_factory=Operator)

    def required_contract(self) -> SublicenceContract:
        """The contract. Raises `Refused` where there is none."""
        if self.contract is None:
            raise Refused(
                msg("mureg.toml has no sublicence contract"),
                msg("mureg init writes a template with every key; use the prices and discounts of your own contract"),
            )
        return self.contract

    def profile(self, name: str | None) -> Profile | None:
        """The profile with the name; `None` where none is named. Raises `WrongUsage`."""
        if name is None:
            return None
        if name not in self.profiles:
            known = ", ".join(self.profiles) or "—"
            raise WrongUsage(msg("no profile {name}", name=name), msg("mureg.toml has: {names}", names=known))
        return self.profiles[name]

    def profiles_for(self, kind: str) -> list[str]:
        """The names of the profiles for `applications`, or for a `statement`."""
        return [name for name, each in self.profiles.items() if each.kind == kind]


# What a key may hold: returns the value as mureg uses it, or raises `Unsuitable` or `NotMoney`.
Check = Callable[[Any], Any]


class Table(NamedTuple):
    """A table of the file. `header` is how a message names it; `check` looks at all its values together."""

    header: str
    keys: "Mapping[str, Check | Table | Rows | Profiles]"
    required: Collection[str] = ()
    check: Check | None = None


class Rows(NamedTuple):
    """A list of tables with `from` and `tier`. Two rows of the same tier and day are a fault."""

    row: Table


class Profiles(NamedTuple):
    """Tables under names that the user chooses: the `kind` in each says which of these it is."""

    by_kind: Mapping[str, Table]


def _bank(header: str) -> Table:
    return Table(
        header,
        {
            "account": values.account,
            "bic": values.bic,
            "bank": values.text,
            "correspondent_account": values.account,
            "city": values.text,
        },
        required=("account", "bic", "bank", "correspondent_account"),
        check=values.bank_account,
    )


PARTNER_BANK = _bank("[partner.bank]")
OPERATOR_BANK = _bank("[operator.bank]")
PARTNER = Table(
    "[partner]",
    {
        "name": values.text,
        "inn": values.inn,
        "code": values.text,
        "kpp": values.kpp,
        "signatory": values.text,
        "position": values.text,
        "bank": PARTNER_BANK,
    },
    required=("name", "inn"),
    check=values.organization,
)
OPERATOR = Table(
    "[operator]",
    {
        "name": values.text,
        "inn": values.inn,
        "kpp": values.kpp,
        "signatory": values.text,
        "position": values.text,
        "bank": OPERATOR_BANK,
    },
    check=values.organization,
)
PRICE = Table(
    "[[contract.price]]",
    {"amount": values.amount, "from": values.day, "tier": values.tier},
    required=("amount", "from"),
)
DISCOUNT = Table(
    "[[contract.discount]]",
    {"rate": values.rate, "from": values.day, "tier": values.tier},
    required=("rate", "from"),
)
CONTRACT = Table(
    "[contract]",
    {
        "number": values.text,
        "signed_on": values.day,
        "term_months": values.months,
        "rounding": values.one_of("licence", "total"),
        "vat_note": values.text,
        "price": Rows(PRICE),
        "discount": Rows(DISCOUNT),
    },
    required=("number", "term_months"),
)
LIMITS = Table(
    "[limits]",
    {name: values.nesting if name == "nesting" else values.count for name in Limits._fields},
)


def _columns(*fields: str) -> Table:
    return Table("[profile.NAME.columns]", dict.fromkeys(fields, values.text), check=values.distinct_headers)


COLUMNS = {
    "applications": _columns(
        "number", "type", "submitted_on", "inn", "kpp", "ogrn", "name", "multiuser", "tier", "users", "promotion",
        "client_comment", "account",
    ),
    "statement": _columns(
        "number", "inn", "kpp", "name", "tier", "processed_on", "list_price", "discount_rate", "discount", "payable",
    ),
}  # fmt: skip
PROFILES = {
    kind: Table(
        "[profile.NAME]",
        {
            "kind": values.one_of(*COLUMNS),
            "encoding": values.encoding,
            "delimiter": values.delimiter,
            "sheet": values.text,
            "date_format": values.date_format,
            "columns": columns,
        },
    )
    for kind, columns in COLUMNS.items()
}
FILE = Table(
    "",
    {
        "db": values.register,
        "partner": PARTNER,
        "operator": OPERATOR,
        "contract": CONTRACT,
        "profile": Profiles(PROFILES),
        "limits": LIMITS,
    },
)
# In the order in which a message names them.
TABLES = (
    FILE, PARTNER, PARTNER_BANK, OPERATOR, OPERATOR_BANK, CONTRACT, PRICE, DISCOUNT, LIMITS, *PROFILES.values(),
    *COLUMNS.values(),
)  # fmt: skip
