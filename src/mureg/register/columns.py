"""Between the domain's values and the register's rows."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from mureg.domain.application import (
    PERSONAL_FIELDS,
    Application,
    ClientRequest,
    KeyOwner,
    Organization,
    Status,
    Switch,
    Tier,
)
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.text import search_key
from mureg.lazy_imports import lazy_imports
from mureg.register.engines.interface import Row

with lazy_imports():
    import hashlib

CONTACT_FIELDS = ("phone", "email")
"""The fields of `ClientRequest` that are kept with the people: the column `contact` has their digest."""

REQUEST_FIELDS = ClientRequest._fields[: -len(CONTACT_FIELDS)]
# Two fields of different tables and JSON objects are called `comment`: here one column is the client's.
REQUEST_COLUMNS = tuple("client_comment" if name == "comment" else name for name in REQUEST_FIELDS)


class _ApplicationRest(NamedTuple):
    """The columns of an application's row after the client's request, and then the instant of its import."""

    owners: str
    search: str
    effective: str
    tier: str
    status: Status
    processed_on: str | None
    comment: str
    set_option: Switch | Literal[""]
    set_tier: Tier | Literal[""]
    set_by: str
    without_sale: str
    cancelled_on: str | None
    source_file: str
    imported_in: int
    contact: str
    operation: int
    imported_at: str | None


APPLICATION_COLUMNS = (*REQUEST_COLUMNS, *_ApplicationRest._fields[:-1])
PARTNER_COLUMNS = (
    "status", "processed_on", "comment", "set_option", "set_tier", "set_by", "without_sale", "cancelled_on",
)  # fmt: skip
DERIVED_COLUMNS = ("search", "effective", "tier")
# The partner's decision of an application that was only imported.
NEW_APPLICATION: dict[str, object] = {
    "status": "new",
    "processed_on": None,
    "comment": "",
    "set_option": "",
    "set_tier": "",
    "set_by": "",
    "without_sale": "",
    "cancelled_on": None,
}
LICENCE_COLUMNS = (
    "application", "inn", "kpp", "tier", "starts_on", "ends_on", "sold_on", "cancelled_on", "late", "term_ends_on",
)  # fmt: skip
# The tables whose rows an operation changes and undo brings back, with the columns that the history keeps.
COLUMNS = {
    "application": APPLICATION_COLUMNS,
    "licence": (*LICENCE_COLUMNS, "operation"),
    "month": ("month", "state", "statement", "without_statement", "contract", "agreed_kopecks", "hash", "operation"),
    "resolution": ("name", "month", "pair", "action", "reason", "content", "takes", "operation"),
    "invoice": ("number", "month", "dated_on", "amount_kopecks", "paid_on", "operation"),
}

_REQUEST_WIDTH = len(REQUEST_COLUMNS)
_derived = itemgetter(*map(APPLICATION_COLUMNS.index, DERIVED_COLUMNS))
_number_and_people = itemgetter(*map(APPLICATION_COLUMNS.index, ("number", "owners", "contact")))


# СНИЛС, name, position and ИНН.
_FIELDS_OF_VERSION_1 = 4


class Person(NamedTuple):
    """The personal data of one key owner, and the salted digest by which everything else names it.

    An organisation's contacts are kept in the same way, and so is a client's comment that was changed, as `name`.
    """

    digest: str
    application: str
    salt: str
    snils: str
    name: str
    position: str
    inn: str
    phone: str
    email: str
    certificate_until: str

    def computed_digest(self) -> str:
        """What `digest` must be, by the salt and the content."""
        return _person_digest(self.salt, [getattr(self, name) for name in PERSONAL_FIELDS])


def application_from(row: Row, persons: Mapping[str, Person]) -> Application:
    """An application from its row, `APPLICATION_COLUMNS` and the instant of its import, and the persons it names."""
    rest = _ApplicationRest._make(row[_REQUEST_WIDTH:])
    contact = persons.get(rest.contact)
    return Application(
        request=ClientRequest(*row[:_REQUEST_WIDTH], *((contact.phone, contact.email) if contact else ())),
        owners=() if rest.owners == "[]" else tuple(_owner_from(entry, persons) for entry in json.loads(rest.owners)),
        status=rest.status,
        processed_on=_date(rest.processed_on),
        comment=rest.comment,
        set_option=rest.set_option,
        set_tier=rest.set_tier,
        set_by=rest.set_by,
        without_sale=rest.without_sale,
        cancelled_on=_date(rest.cancelled_on),
        source_file=rest.source_file,
        imported_at=rest.imported_at or "",
        operation=rest.operation,
    )


def derived_in(row: Row) -> tuple[str, str, str]:
    """`DERIVED_COLUMNS` of an application's row."""
    search, effective, tier = _derived(row)
    return search, effective, tier


def numbers_with_people(rows: Iterable[Row]) -> list[str]:
    """The numbers of those of the applications' rows that name owners, or have contacts."""
    return [number for number, owners, contact in map(_number_and_people, rows) if owners != "[]" or contact]


def application_values(application: Application) -> dict[str, object]:
    """Every column of an application but its owners, its source and the operation that wrote it."""
    partner: dict[str, object] = {name: getattr(application, name) for name in PARTNER_COLUMNS}
    for name in ("processed_on", "cancelled_on"):
        partner[name] = _iso(getattr(application, name))
    return {
        **dict(zip(REQUEST_COLUMNS, application.request, strict=False)),
        **dict(zip(DERIVED_COLUMNS, derived_values(application), strict=True)),
        **partner,
    }


def derived_values(application: Application) -> tuple[str, str, str]:
    """The values of `DERIVED_COLUMNS`, which are stored only for searching."""
    request = application.request
    return search_text(request), application.effective, application.tier or ""


def search_text(request: ClientRequest) -> str:
    """What `--search` looks in: number, ИНН and name, folded."""
    return search_key(f"{request.number}\n{request.inn}\n{request.name}")


def search_texts(numbers: Sequence[str], inns: Sequence[str], names: Sequence[str]) -> list[str]:
    """`search_text` of each, folded all at once, which is three times as fast."""
    texts = list(map("\n".join, zip(numbers, inns, names, strict=True)))
    folded = search_key("\0".join(texts)).split("\0")
    return folded if len(folded) == len(texts) else list(map(search_key, texts))


def owners_text(number: str, owners: Iterable[KeyOwner]) -> tuple[str, list[Person]]:
    """The owners as an application's row keeps them, and the new persons that they name."""
    entries, persons = [], []
    for owner in owners:
        named: dict[str, object] = {"person": "", "erased": owner.erased}
        if not owner.erased:
            persons.append(new_person(number, **{name: getattr(owner, name) for name in PERSONAL_FIELDS}))
            named = {"person": persons[-1].digest}
        entries.append(
            named
            | {
                "roles": owner.roles,
                "authorities": owner.authorities,
                "sender": owner.sender,
                "removed": owner.removed,
                "potential": owner.potential,
                "certificate": owner.certificate,
            }
        )
    return json.dumps(entries, ensure_ascii=False), persons


def new_person(number: str, **content: str) -> Person:
    """Some of `PERSONAL_FIELDS` with the application's number and a salt of their own."""
    salt = os.urandom(16).hex()
    values = [content.get(name, "") for name in PERSONAL_FIELDS]
    return Person(_person_digest(salt, values), number, salt, *values)


def persons_named(owners: str, contact: str) -> set[str]:
    """The digests that an application's row names in these columns: none of a person whose data was erased."""
    return {contact, *(entry["person"] for entry in json.loads(owners))} - {""}


def _person_digest(salt: str, content: Sequence[str]) -> str:
    """The salted digest of `PERSONAL_FIELDS`: without the salt it says nothing.

    Contacts and the end of a certificate count only where there are any: version 1 of the register had none.
    """
    counted = content if any(content[_FIELDS_OF_VERSION_1:]) else content[:_FIELDS_OF_VERSION_1]
    return hashlib.sha256(json.dumps([salt, *counted], ensure_ascii=False).encode()).hexdigest()


def licence_from(row: Row) -> Licence:
    """A licence from its row, in the order of `LICENCE_COLUMNS`."""
    application, inn, kpp, tier, starts_on, ends_on, sold_on, cancelled_on, late, term_ends_on = row
    return Licence(
        application=application,
        organization=Organization(inn, kpp),
        tier=tier,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on),
        sold_on=_date(sold_on),
        cancelled_on=_date(cancelled_on),
        late=bool(late),
        term_ends_on=_date(term_ends_on),
    )


def licence_values(licence: Licence) -> dict[str, object]:
    """The columns of a licence's row."""
    return {
        "application": licence.application,
        "inn": licence.organization.inn,
        "kpp": licence.organization.kpp,
        "tier": licence.tier,
        "starts_on": licence.starts_on.isoformat(),
        "ends_on": licence.ends_on.isoformat(),
        "sold_on": _iso(licence.sold_on),
        "cancelled_on": _iso(licence.cancelled_on),
        "late": int(licence.late),
        "term_ends_on": _iso(licence.term_ends_on),
    }


def _owner_from(entry: dict[str, Any], persons: Mapping[str, Person]) -> KeyOwner:
    person = persons.get(entry["person"])
    return KeyOwner(
        **{name: getattr(person, name) for name in PERSONAL_FIELDS} if person else {},
        roles=tuple(entry["roles"]),
        authorities=tuple(entry["authorities"]),
        sender=entry["sender"],
        removed=entry["removed"],
        potential=entry["potential"],
        certificate=entry["certificate"],
        erased=entry.get("erased", 0),
    )


def days_of(month: Month) -> dict[str, str]:
    """The first and the last day of a month, as a statement's `BETWEEN :first AND :last` takes them."""
    return {"first": month.first_day.isoformat(), "last": month.last_day.isoformat()}


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
