"""Between the domain's values and the register's rows."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mureg.domain.application import Application, ClientRequest, KeyOwner, Organization
from mureg.domain.licence import Licence
from mureg.domain.text import search_key
from mureg.register.engines.interface import Row

REQUEST_COLUMNS = (
    "number", "kind", "submitted_on", "inn", "kpp", "ogrn", "name", "account", "program_number", "requested",
    "requested_tier", "users", "authorities", "promotion", "client_comment",
)  # fmt: skip
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

_REQUEST_WIDTH = len(REQUEST_COLUMNS)
_PARTNERS = len(PARTNER_COLUMNS)


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


def application_columns(prefix: str = "") -> str:
    """The columns that `application_from` takes, in its order."""
    names = (*REQUEST_COLUMNS, "owners", *PARTNER_COLUMNS, "source_file", "operation")
    return ", ".join(prefix + name for name in names)


def application_from(row: Row, persons: Mapping[str, Person], imported_at: str = "") -> Application:
    """An application from its row and the persons that it names."""
    status, processed_on, comment, set_option, set_tier, set_by, without_sale, cancelled_on = row[
        _REQUEST_WIDTH + 1 : _REQUEST_WIDTH + 1 + _PARTNERS
    ]
    return Application(
        request=ClientRequest._make(row[:_REQUEST_WIDTH]),
        owners=tuple(_owner_from(entry, persons) for entry in json.loads(row[_REQUEST_WIDTH])),
        status=status,
        processed_on=_date(processed_on),
        comment=comment,
        set_option=set_option,
        set_tier=set_tier,
        set_by=set_by,
        without_sale=without_sale,
        cancelled_on=_date(cancelled_on),
        source_file=row[-2],
        imported_at=imported_at,
        operation=row[-1],
    )


def application_values(application: Application, owners: str) -> dict[str, object]:
    """Every column that says what an application is, but where it came from and who wrote it."""
    partner: dict[str, object] = {name: getattr(application, name) for name in PARTNER_COLUMNS}
    for name in ("processed_on", "cancelled_on"):
        partner[name] = _iso(getattr(application, name))
    return {
        **dict(zip(REQUEST_COLUMNS, application.request, strict=True)),
        "owners": owners,
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
    from hashlib import sha256  # noqa: PLC0415  only what writes hashes, and it is slow to load

    return sha256(json.dumps([salt, *content], ensure_ascii=False).encode()).hexdigest()


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


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
