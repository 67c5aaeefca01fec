"""Between the domain's values and the register's rows."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from mureg.domain.application import Application, ClientRequest, KeyOwner, Organization, Status, Switch, Tier
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.text import search_key
from mureg.lazy_imports import lazy_imports
from mureg.register.engines.interface import Row

with lazy_imports():
    import hashlib

# Two fields of different tables and JSON objects are called `comment`: here one column is the client's.
REQUEST_COLUMNS = tuple("client_comment" if name == "comment" else name for name in ClientRequest._fields)


class _ApplicationRest(NamedTuple):
    """What an application's row holds behind the client's request, and then the instant of its import."""

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
LICENCE_COLUMNS = ("application", "inn", "kpp", "tier", "starts_on", "ends_on", "sold_on", "cancelled_on", "late")
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
_number_and_owners = itemgetter(APPLICATION_COLUMNS.index("number"), APPLICATION_COLUMNS.index("owners"))


class Person(NamedTuple):
    """The personal data of one key owner, and the salted digest by which everything else names it.

    A client's comment that was changed is kept in the same way, as `name`: people may stand in it.
    """

    digest: str
    application: str
    salt: str
    snils: str
    name: str
    position: str
    inn: str

    def computed_digest(self) -> str:
        """What `digest` must be, by the salt and the content."""
        return person_digest(self.salt, (self.snils, self.name, self.position, self.inn))


def application_from(row: Row, persons: Mapping[str, Person]) -> Application:
    """An application from its row, `APPLICATION_COLUMNS` and the instant of its import, and the persons it names."""
    rest = _ApplicationRest._make(row[_REQUEST_WIDTH:])
    return Application(
        request=ClientRequest._make(row[:_REQUEST_WIDTH]),
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


def numbers_with_owners(rows: Iterable[Row]) -> list[str]:
    """The numbers of those of the applications' rows that name owners."""
    return [number for number, owners in map(_number_and_owners, rows) if owners != "[]"]


def application_values(application: Application) -> dict[str, object]:
    """Every column that says what an application is, but its owners, where it came from and who wrote it."""
    partner: dict[str, object] = {name: getattr(application, name) for name in PARTNER_COLUMNS}
    for name in ("processed_on", "cancelled_on"):
        partner[name] = _iso(getattr(application, name))
    return {
        **dict(zip(REQUEST_COLUMNS, application.request, strict=True)),
        **dict(zip(DERIVED_COLUMNS, derived_values(application), strict=True)),
        **partner,
    }


def derived_values(application: Application) -> tuple[str, str, str]:
    """What is kept beside an application only so that it can be searched: see `DERIVED_COLUMNS`."""
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
            persons.append(new_person(number, owner.snils, owner.name, owner.position, owner.inn))
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


def new_person(number: str, *content: str) -> Person:
    """Somebody's СНИЛС, name, position and ИНН with the application's number and a salt of their own."""
    assert len(content) == 4
    salt = os.urandom(16).hex()
    return Person(person_digest(salt, content), number, salt, *content)


def persons_named(owners: str) -> set[str]:
    """The digests that the text of an application's owners names: none of a person whose data was erased."""
    return {entry["person"] for entry in json.loads(owners)} - {""}


def person_digest(salt: str, content: Sequence[str]) -> str:
    """The salted digest of a person's СНИЛС, name, position and ИНН: without the salt it tells nothing."""
    return hashlib.sha256(json.dumps([salt, *content], ensure_ascii=False).encode()).hexdigest()


def licence_from(row: Row) -> Licence:
    """A licence from its row, in the order of `LICENCE_COLUMNS`."""
    application, inn, kpp, tier, starts_on, ends_on, sold_on, cancelled_on, late = row
    return Licence(
        application=application,
        organization=Organization(inn, kpp),
        tier=tier,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on),
        sold_on=_date(sold_on),
        cancelled_on=_date(cancelled_on),
        late=bool(late),
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
    }


def _owner_from(entry: dict[str, Any], persons: Mapping[str, Person]) -> KeyOwner:
    person = persons.get(entry["person"])
    return KeyOwner(
        snils=person.snils if person else "",
        name=person.name if person else "",
        position=person.position if person else "",
        inn=person.inn if person else "",
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
