"""One application in JSON, as `application show --json` prints it, into a record."""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Literal, TypeVar, cast

from mureg.domain.application import (
    KINDS,
    REQUESTED_MODES,
    ROLES,
    STATUSES,
    TIERS,
    Application,
    ClientRequest,
    KeyOwner,
    Switch,
    Tier,
    shown_authorities,
)
from mureg.domain.dates import parse_date
from mureg.domain.identifiers import inn_fault, snils_fault, written_snils
from mureg.errors import Fault, Message, msg
from mureg.readers.applications.fields import FIELD_BY_NAME, MOST_USERS, parse_field, unstorable
from mureg.readers.errors import kpp_of_proprietor, may_show, shown_value
from mureg.readers.json_stream import Float, Object, shown_scalar
from mureg.readers.types import Limits, PartnerDecision, Record

# Keys of each object. Some of them are computed from the rest, and read past.
_TOP = (
    "number", "type", "submitted_on", "status", "processed_on", "comment", "client_comment", "organization",
    "multiuser", "owners", "authorities", "promotion", "without_sale", "cancelled_on", "source", "warnings",
)  # fmt: skip
_ORGANIZATION = ("inn", "kpp", "ogrn", "name", "account", "program_number")
_MULTIUSER = (
    "requested", "requested_tier", "set", "set_by", "set_tier", "users", "effective", "tier", "suggested_tier",
)  # fmt: skip
_OWNER = (
    "snils", "name", "position", "inn", "roles", "authorities", "sender", "removed", "potential", "certificate",
    "erased",
)  # fmt: skip

_MOST_OWNERS = 10_000
# Of one application: more than anybody reads.
_MOST_FAULTS = 100
_MOST_IN_LIST = 1_000

Choice = TypeVar("Choice", bound=str)


class ApplicationReader:
    """Reads one object and collects what is wrong with it. The record is of use only where `faults` stay empty."""

    def __init__(self, file: str, row: int, limits: Limits) -> None:
        self._file = file
        self._row = row
        self._longest = limits.field_characters
        self.faults: list[Fault] = []

    def record(self, top: Mapping[str, object]) -> Record:
        """The application with its owners and the partner's decision."""
        self._check_keys(top, _TOP, "")
        organization = self._object(top, "organization", _ORGANIZATION)
        multiuser = self._object(top, "multiuser", _MULTIUSER)
        owners = self._owners(top)
        request = self._request(top, organization, multiuser, counted=not owners)
        return Record(request, owners, self._partner(top, multiuser, request, owners))

    def _request(
        self,
        top: Mapping[str, object],
        organization: Mapping[str, object],
        multiuser: Mapping[str, object],
        *,
        counted: bool,
    ) -> ClientRequest:
        inn = self._field(organization, "inn", "organization.inn")
        kpp = self._field(organization, "kpp", "organization.kpp")
        message = kpp_of_proprietor(inn, kpp)
        if message is not None:
            self._add(message, "organization.kpp", kpp)
        requested_tier = self._choice(multiuser, "requested_tier", TIERS, "multiuser.requested_tier")
        authorities = self._texts(top, "authorities", "authorities")
        return ClientRequest(
            number=self._field(top, "number"),
            kind=self._choice(top, "type", KINDS, "type") or "connection",
            submitted_on=self._required_day(top),
            inn=inn,
            kpp=kpp,
            ogrn=self._field(organization, "ogrn", "organization.ogrn"),
            name=self._field(organization, "name", "organization.name"),
            account=self._field(organization, "account", "organization.account"),
            program_number=self._field(organization, "program_number", "organization.program_number"),
            requested=self._choice(multiuser, "requested", REQUESTED_MODES, "multiuser.requested") or "unstated",
            requested_tier=requested_tier,
            # Where people are listed, they are counted.
            users=self._users(multiuser) if counted else None,
            authorities="\n".join(shown_authorities(authorities)),
            promotion=self._field(top, "promotion"),
            comment=self._field(top, "client_comment"),
        )

    def _partner(
        self,
        top: Mapping[str, object],
        multiuser: Mapping[str, object],
        request: ClientRequest,
        owners: tuple[KeyOwner, ...],
    ) -> PartnerDecision:
        status = self._choice(top, "status", STATUSES, "status") or "new"
        processed_on = self._day(top, "processed_on")
        if status in ("processed", "cancelled") and not processed_on and top.get("processed_on") is None:
            self._add(msg("an application with the status {status} has a date here", status=status), "processed_on")
        if status == "new" and processed_on:
            self._add(msg("a new application has no date of processing"), "processed_on", processed_on.isoformat())
        options: tuple[Switch, ...] = ("on", "off")
        set_option = self._choice(multiuser, "set", options, "multiuser.set")
        return PartnerDecision(
            status=status,
            processed_on=processed_on,
            comment=self._text(top, "comment", "comment"),
            set_option=set_option,
            set_tier=self._set_tier(multiuser, set_option, request, owners),
            set_by=self._text(multiuser, "set_by", "multiuser.set_by"),
            without_sale=self._text(top, "without_sale", "without_sale"),
            cancelled_on=self._day(top, "cancelled_on"),
        )

    def _set_tier(
        self, multiuser: Mapping[str, object], set_option: str, request: ClientRequest, owners: tuple[KeyOwner, ...]
    ) -> Tier | Literal[""]:
        if "set_tier" in multiuser or set_option != "on":
            return self._choice(multiuser, "set_tier", TIERS, "multiuser.set_tier")
        # Without the key, the tier in force tells: what neither the client nor the count explains, the partner set.
        tier = self._choice(multiuser, "tier", TIERS, "multiuser.tier")
        return "" if tier == (request.requested_tier or Application(request, owners).suggested_tier) else tier

    def _owners(self, top: Mapping[str, object]) -> tuple[KeyOwner, ...]:
        found = top.get("owners")
        if found is None:
            return ()
        if not isinstance(found, list) or len(found) > _MOST_OWNERS:
            self._add(msg("this is an array of at most {most} objects", most=_MOST_OWNERS), "owners")
            return ()
        owners = []
        for place, owner in enumerate(found, 1):
            if isinstance(owner, dict):
                owners.append(self._owner(owner, f"owners[{place}]", place))
            else:
                self._add(msg("КЭП owner {place}: this is an object", place=place), f"owners[{place}]")
        return tuple(owners)

    def _owner(self, owner: Mapping[str, object], path: str, place: int) -> KeyOwner:
        before = len(self.faults)
        self._check_keys(owner, _OWNER, f"{path}.")
        snils = written_snils(self._text(owner, "snils", f"{path}.snils"))
        inn = self._text(owner, "inn", f"{path}.inn")
        if snils and (message := snils_fault(snils)):
            self._add(message, f"{path}.snils")
        if inn and (message := inn_fault(inn) if len(inn) == 12 else msg("the ИНН of a person has 12 digits")):
            self._add(message, f"{path}.inn")
        roles = self._texts(owner, "roles", f"{path}.roles")
        if set(roles) - set(ROLES):
            self._add(msg("the roles are {choices}", choices=", ".join(ROLES)), f"{path}.roles")
        certificates: tuple[Literal["read", "unreadable"], ...] = ("read", "unreadable")
        read = KeyOwner(
            snils=snils,
            name=self._text(owner, "name", f"{path}.name"),
            position=self._text(owner, "position", f"{path}.position"),
            inn=inn,
            roles=tuple(role for role in ROLES if role in roles),
            authorities=shown_authorities(self._texts(owner, "authorities", f"{path}.authorities")),
            sender=self._boolean(owner, "sender", f"{path}.sender"),
            removed=self._boolean(owner, "removed", f"{path}.removed"),
            potential=self._boolean(owner, "potential", f"{path}.potential"),
            certificate=self._choice(owner, "certificate", certificates, f"{path}.certificate"),
            erased=self._erased(owner, f"{path}.erased"),
        )
        if read.erased and (read.snils, read.name, read.position, read.inn) != ("", "", "", ""):
            self._add(msg("of a person whose data was erased nothing is known"), f"{path}.erased")
        # What stands in an owner is about a person: named by place, never repeated.
        self.faults[before:] = [
            fault._replace(value=None, message=msg("КЭП owner {place}: {fault}", place=place, fault=fault.message))
            for fault in self.faults[before:]
        ]
        return read

    def _check_keys(self, found: Mapping[str, object], known: Sequence[str], path: str) -> None:
        for key in found:
            if len(self.faults) > _MOST_FAULTS:
                return
            if key not in known:
                near = get_close_matches(key[:50], known, n=1, cutoff=0)
                message = msg("«{key}» is no key of an application; the nearest is «{nearest}»",
                              key=shown_value(key), nearest=near[0] if near else known[0])  # fmt: skip
                self._add(message, path + key)
        for key in found.repeated[:_MOST_FAULTS] if isinstance(found, Object) else ():
            self._add(msg("the key «{key}» stands twice", key=shown_value(key)), path + key)

    def _object(self, top: Mapping[str, object], key: str, known: Sequence[str]) -> Mapping[str, object]:
        found = top.get(key)
        if isinstance(found, dict):
            self._check_keys(found, known, f"{key}.")
            return cast("Mapping[str, object]", found)
        if found is not None:
            self._add(msg("this is an object, in braces"), key, found)
        return {}

    def _field(self, found: Mapping[str, object], key: str, path: str = "") -> str:
        """A text that a table has too, read by the table's parser."""
        before = len(self.faults)
        text = self._text(found, key, path or key)
        if len(self.faults) > before:
            return ""
        value = parse_field(FIELD_BY_NAME[key], text, self._longest)
        if isinstance(value, Message):
            self._add(value, path or key, text if found.get(key) is not None else None)
            return ""
        return str(value)

    def _required_day(self, top: Mapping[str, object]) -> str:
        day = self._day(top, "submitted_on")
        if top.get("submitted_on") is None:
            self._add(msg("the field must not be empty"), "submitted_on")
        return day.isoformat() if day else ""

    def _day(self, found: Mapping[str, object], key: str) -> date | None:
        value = found.get(key)
        if value is None:
            return None
        day = parse_date(value) if isinstance(value, str) else None
        if day is None or day.isoformat() != value:
            self._add(msg("a date in JSON is written 2023-08-07, and the day must exist"), key, value)
            return None
        return day

    def _text(self, found: Mapping[str, object], key: str, path: str) -> str:
        value = found.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or isinstance(value, Float):
            self._add(msg("this is a text in quotes, or null"), path, value)
            return ""
        text = value.strip()
        fault = unstorable(text)
        if len(text) > self._longest:
            fault = msg("the text is longer than {longest} characters", longest=self._longest)
        if fault is not None:
            self._add(fault, path, text)
            return ""
        return text

    def _texts(self, found: Mapping[str, object], key: str, path: str) -> list[str]:
        value = found.get(key)
        if value is None:
            return []
        if (
            not isinstance(value, list)
            or len(value) > _MOST_IN_LIST
            or not all(isinstance(text, str) and text.strip() and "\n" not in text for text in value)
            or any(isinstance(text, Float) or unstorable(text) or len(text) > self._longest for text in value)
        ):
            self._add(msg("this is an array of at most {most} texts of one line", most=_MOST_IN_LIST), path, value)
            return []
        return [text.strip() for text in value]

    def _choice(
        self, found: Mapping[str, object], key: str, choices: tuple[Choice, ...], path: str
    ) -> Choice | Literal[""]:
        value = found.get(key)
        if value is None:
            return ""
        for choice in choices:
            if value == choice and not isinstance(value, Float):
                return choice
        self._add(msg("this is one of {choices}, or null", choices=", ".join(choices)), path, value)
        return ""

    def _boolean(self, found: Mapping[str, object], key: str, path: str) -> bool:
        value = found.get(key, False)
        if not isinstance(value, bool):
            self._add(msg("this is true or false"), path, value)
        return value is True

    def _erased(self, found: Mapping[str, object], path: str) -> int:
        value = found.get("erased")
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_OWNERS:
            self._add(msg("this is a whole number from 1 to {most}, or null", most=_MOST_OWNERS), path, value)
            return 0
        return value

    def _users(self, multiuser: Mapping[str, object]) -> int | None:
        value = multiuser.get("users")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_USERS:
            message = msg("the number of users is a whole number from 0 to {most}", most=MOST_USERS)
            self._add(message, "multiuser.users", value)
            return None
        return value

    def _add(self, message: Message, path: str, value: object = None) -> None:
        """A fault at a path of the object. A field of tables keeps the name that it has there."""
        column = _COLUMN_OF_PATH.get(path, path)
        shown = shown_scalar(value) if may_show(path) else None
        self.faults.append(Fault(message, self._file, None, self._row, shown_value(column), shown_value(path), shown))


_COLUMN_OF_PATH = {f"organization.{key}": key for key in _ORGANIZATION} | {
    "multiuser.requested": "multiuser",
    "multiuser.requested_tier": "tier",
    "multiuser.users": "users",
}
