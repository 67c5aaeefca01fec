"""One JSON object into the record of an application, or into everything that is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import islice
from typing import Any, Literal, NamedTuple, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mureg.domain.application import PERSONAL_FIELDS, Application, ClientRequest, KeyOwner, Role, shown_authorities
from mureg.errors import Fault, Message, msg
from mureg.readers.applications.json_model import (
    APPLICATION,
    MOST_OWNERS,
    ApplicationObject,
    LicenceObject,
    MultiuserObject,
    OrganizationObject,
    OwnerObject,
)
from mureg.readers.errors import may_show, shown_value
from mureg.readers.json_stream import Object, shown_scalar
from mureg.readers.json_validation import quick_reader, wrong_of
from mureg.readers.types import Limits, PartnerDecision, Record, StatedLicence

# Of one application: more are not read by a person.
_MOST_FAULTS = 100

# Faults of one application are listed in this order; those of the keys of the whole come first.
_ORDER = (
    "organization", "multiuser", "owners", "organization.inn", "organization.kpp", "multiuser.requested_tier",
    "authorities", "number", "type", "submitted_on", "organization.ogrn", "organization.name", "organization.account",
    "organization.program_number", "organization.phone", "organization.email", "multiuser.requested",
    "multiuser.users", "promotion", "client_comment", "status",
    "processed_on", "multiuser.set", "comment", "multiuser.set_tier", "multiuser.tier", "multiuser.set_by",
    "without_sale", "cancelled_on", "licence", "licence.tier", "licence.starts_on", "licence.ends_on",
    "licence.term_ends_on", "licence.late",
)  # fmt: skip
_PROCESSED = ("processed", "cancelled")
# Without any of these keys the partner has decided nothing.
_DECISION_KEYS = frozenset(("status", "processed_on", "comment", "without_sale", "cancelled_on"))
_SETTING_KEYS = frozenset(("set", "set_tier", "set_by"))
_NO_DECISION = PartnerDecision()
# The keys of an application that may have objects within, besides those that nearly every one has.
_NESTED_KEYS = frozenset(("licence", "owners", "warnings", "source"))
_PLACE_IN_ORDER = {path: place for place, path in enumerate(_ORDER)}
_REQUIRED = ("number", "submitted_on", "organization.inn")
_EMPTY = msg("the field must not be empty")
_MISSING = msg("the key is missing")
# A field that tables have too keeps the name that it has there.
_COLUMN_OF_PATH = {f"organization.{name}": name for name in OrganizationObject.__annotations__} | {
    "multiuser.requested": "multiuser",
    "multiuser.requested_tier": "tier",
    "multiuser.users": "users",
}

_Place = tuple[int | str, ...]
"""Where in an object, as pydantic writes it: `("owners", 0, "inn")`."""


# --- records ----------------------------------------------------------------------------------------------------------


def quick_record_reader(limits: Limits) -> Callable[[str], Record | None]:
    """A function that returns the record of a text that is certainly right, and `None` for others."""
    quick = quick_reader(APPLICATION, limits, _count_pairs)

    def read(text: str) -> Record | None:
        found = quick(text)
        return None if found is None or any(_contradictions(found)) else _record(found)

    return read


def _count_pairs(found: ApplicationObject) -> int:
    pairs = len(found) + len(found["organization"]) + len(found.get("multiuser") or ())
    if _NESTED_KEYS.isdisjoint(found):
        return pairs
    pairs += len(found.get("licence") or ())
    for owner in found.get("owners") or ():
        pairs += len(owner)
    warnings = found.get("warnings")
    for computed in (found.get("source"), *(warnings if isinstance(warnings, list) else ())):
        if isinstance(computed, dict):
            pairs += len(computed)
    return pairs


def _record(found: ApplicationObject) -> Record:
    organization = found["organization"]
    multiuser: MultiuserObject = found.get("multiuser") or {}
    owners = tuple(map(_key_owner, found.get("owners") or ()))
    authorities = found.get("authorities")
    # By position: a million of them are read. Where people are listed, they are counted.
    request = ClientRequest(
        found["number"], found.get("type") or "connection", found["submitted_on"], organization["inn"],
        organization.get("kpp") or "", organization.get("ogrn") or "", organization.get("name") or "",
        organization.get("account") or "", organization.get("program_number") or "",
        multiuser.get("requested") or "unstated", multiuser.get("requested_tier") or "",
        None if owners else multiuser.get("users"),
        "\n".join(shown_authorities(authorities)) if authorities else "",
        found.get("promotion") or "", found.get("client_comment") or "",
        organization.get("phone") or "", organization.get("email") or "",
    )  # fmt: skip
    return Record(request, owners, _decision(found, multiuser, request, owners))


def _decision(
    found: ApplicationObject, multiuser: MultiuserObject, request: ClientRequest, owners: tuple[KeyOwner, ...]
) -> PartnerDecision:
    if _DECISION_KEYS.isdisjoint(found) and _SETTING_KEYS.isdisjoint(multiuser):
        return _NO_DECISION
    set_tier = multiuser.get("set_tier")
    if multiuser.get("set") == "on" and "set_tier" not in multiuser:
        # A tier that follows neither from the client nor from the count was set by the partner.
        explained = request.requested_tier or Application(request, owners).suggested_tier
        set_tier = None if multiuser.get("tier") == explained else multiuser.get("tier")
    return PartnerDecision(
        found.get("status") or "new", _day(found.get("processed_on")), found.get("comment") or "",
        multiuser.get("set") or "", set_tier or "", multiuser.get("set_by") or "",
        found.get("without_sale") or "", _day(found.get("cancelled_on")), _stated_licence(found),
    )  # fmt: skip


def _stated_licence(found: ApplicationObject) -> StatedLicence | Literal["none"] | None:
    if "licence" not in found or found.get("status") not in _PROCESSED:
        return None
    licence = found["licence"]
    if licence is None:
        return "none"
    return StatedLicence(
        licence["tier"], date.fromisoformat(licence["starts_on"]), date.fromisoformat(licence["ends_on"]),
        _day(licence.get("term_ends_on")), licence.get("late", False),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _key_owner(found: OwnerObject) -> KeyOwner:
    return KeyOwner(
        snils=found.get("snils") or "",
        name=found.get("name") or "",
        position=found.get("position") or "",
        inn=found.get("inn") or "",
        roles=cast("tuple[Role, ...]", found.get("roles") or ()),
        authorities=shown_authorities(found.get("authorities") or ()),
        sender=found.get("sender", False),
        removed=found.get("removed", False),
        potential=found.get("potential", False),
        certificate=found.get("certificate") or "",
        erased=found.get("erased") or 0,
        phone=found.get("phone") or "",
        email=found.get("email") or "",
        certificate_until=found.get("certificate_until") or "",
    )


# The keys of the objects inside an application, but for its owners.
_KEYS = {
    "organization": tuple(OrganizationObject.__annotations__),
    "multiuser": tuple(MultiuserObject.__annotations__),
    "licence": tuple(LicenceObject.__annotations__),
}


# --- faults -----------------------------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """One thing that is wrong, and where."""

    place: _Place
    message: Message
    value: str | None = None
    is_about_key: bool = False


def read_object(file: str, row: int, top: Object, limits: Limits) -> Record | list[Fault]:
    """The application of a JSON object, or everything that is wrong with it. Takes unread keys out of the object."""
    found = list(islice(_wrong_keys(top), _MOST_FAULTS + 1))
    _take_out_what_is_not_read(top)
    try:
        application: ApplicationObject | None = APPLICATION.validate_python(top, context=limits)
    except ValidationError as error:
        application = None
        for details in error.errors(include_url=False):
            found += _explained(details)
    wrong = {each.place for each in found if not each.is_about_key}
    found += [each for each in _contradictions(top) if each.place not in wrong]
    if application is not None and not found:
        return _record(application)
    faults: list[Fault] = []
    for each in sorted(found, key=_place_in_order):
        if not (each.is_about_key and len(faults) > _MOST_FAULTS):
            faults.append(_fault(file, row, each))
    return faults


def _contradictions(found: Mapping[str, Any]) -> Iterator[_Found]:
    """Where values do not go together; they may be wrong themselves."""
    status, processed_on = found.get("status"), found.get("processed_on")
    if status in _PROCESSED:
        if processed_on is None:
            message = msg("an application with the status {status} needs a date here", status=status)
            yield _Found(("processed_on",), message)
    elif isinstance(found.get("licence"), dict):
        yield _Found(("licence",), msg("only a processed application can have a licence"))
    elif processed_on is not None and status != "rejected":
        yield _Found(("processed_on",), msg("a new application cannot have a processing date"), processed_on)
    for place, owner in enumerate(_owners(found)):
        if isinstance(owner, dict) and owner.get("erased") is not None:
            texts = map(owner.get, PERSONAL_FIELDS)
            if any(isinstance(text, str) and text.strip() for text in texts):
                message = msg("a person whose data was erased cannot have a name, СНИЛС, position or ИНН")
                yield _Found(("owners", place, "erased"), message)


def _owners(found: Mapping[str, Any]) -> list[Any]:
    """The items of `owners`, where it is an array that is not too long."""
    owners = found.get("owners")
    return owners if isinstance(owners, list) and len(owners) <= MOST_OWNERS else []


def _objects(top: Object) -> Iterator[tuple[_Place, dict[str, Any], tuple[str, ...]]]:
    """Every object of an application whose keys are known, with its place and the keys."""
    yield (), top, tuple(ApplicationObject.__annotations__)
    for name, keys in _KEYS.items():
        found = top.get(name)
        if isinstance(found, dict):
            yield (name,), found, keys
    for place, owner in enumerate(_owners(top)):
        if isinstance(owner, dict):
            yield ("owners", place), owner, tuple(OwnerObject.__annotations__)


def _wrong_keys(top: Object) -> Iterator[_Found]:
    for place, found, known in _objects(top):
        for key in found:
            if key not in known:
                yield _Found((*place, key), _unknown_key(key, place, known), is_about_key=True)
        for key in found.repeated[:_MOST_FAULTS] if isinstance(found, Object) else ():
            message = msg("the key “{key}” appears twice", key=shown_value(key))
            yield _Found((*place, key), message, is_about_key=True)


def _unknown_key(key: str, place: _Place, known: Iterable[str]) -> Message:
    """Where the key belongs, or the key of the same object that it looks like, or where the keys are listed."""
    shown = shown_value(key)
    homes = {"organization": OrganizationObject, "multiuser": MultiuserObject, "owners": OwnerObject}
    for home, model in homes.items():
        if key in model.__annotations__ and place[:1] != (home,):
            return msg("“{key}” belongs in “{home}”", key=shown, home=home)
    if place and key in ApplicationObject.__annotations__:
        return msg("“{key}” belongs to the application itself, not in “{home}”", key=shown, home=place[0])
    if near := get_close_matches(key[:50], known, n=1):
        return msg("“{key}” is not a key of an application; did you mean “{nearest}”?", key=shown, nearest=near[0])
    return msg("“{key}” is not a key of an application; all keys: mureg schema application", key=shown)


def _take_out_what_is_not_read(top: Object) -> None:
    for _, found, known in _objects(top):
        for key in found.keys() - known:
            del found[key]
    multiuser = top.get("multiuser")
    if isinstance(multiuser, dict):
        # People who are listed are counted. The tier in force says something only where there is no `set_tier`.
        if any(isinstance(owner, dict) for owner in _owners(top)):
            multiuser.pop("users", None)
        if "set_tier" in multiuser or multiuser.get("set") != "on":
            multiuser.pop("tier", None)


def _explained(error: ErrorDetails) -> Iterator[_Found]:
    place, value, wrong = error["loc"], error["input"], wrong_of(error)
    is_missing = error["type"] == "missing"
    if place == ("organization",):
        if value is not None and not is_missing:
            yield _Found(place, msg("must be an object in braces"), shown_scalar(value))
        yield _Found((*place, "inn"), _MISSING)
    elif is_missing:
        yield _Found(place, _MISSING)
    elif value is None and _path(place) in _REQUIRED:
        yield _Found(place, _EMPTY)
    elif wrong is not None:
        yield _Found(place, wrong.message, shown_scalar(value) if wrong.text is None else shown_value(wrong.text))
    elif place == ("owners",):
        yield _Found(place, msg("must be an array of at most {most} objects", most=MOST_OWNERS))
    else:
        yield _Found(place, msg("must be an object in braces"), shown_scalar(value))


def _place_in_order(found: _Found) -> tuple[int, int]:
    place = found.place[:-1] if found.is_about_key else found.place
    if place[:1] == ("owners",):
        return _PLACE_IN_ORDER["owners"], int(place[1]) if len(place) > 1 else -1
    return _PLACE_IN_ORDER.get(_path(place), -1), 0


def _fault(file: str, row: int, found: _Found) -> Fault:
    """The fault at a place. The values of an owner are personal data: they are named by their place, never shown."""
    path, message, value = _path(found.place), found.message, found.value
    if not may_show(path):
        value = None
    if len(found.place) > 1 and found.place[0] == "owners":
        value, place = None, int(found.place[1]) + 1
        if len(found.place) == 2:
            message = msg("КЭП owner {place}: must be an object", place=place)
        else:
            message = msg("КЭП owner {place}: {fault}", place=place, fault=message)
    return Fault(message, file, None, row, shown_value(_COLUMN_OF_PATH.get(path, path)), shown_value(path), value)


def _path(place: _Place) -> str:
    """`owners[1].inn` for `("owners", 0, "inn")`: people count from 1."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
