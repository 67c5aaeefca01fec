"""Applications in JSON that say no more than a row of a table: read column by column, by the table's own tests.

`None` means only that somebody slower has to look object by object; both give the same (a property test compares them).
"""

from collections.abc import Sequence
from typing import Any

from mureg.domain.application import KINDS, REQUESTED_MODES, TIERS, ClientRequest
from mureg.domain.dates import parse_date
from mureg.readers.applications.fields import FIELD_BY_NAME, MOST_USERS
from mureg.readers.errors import kpp_of_proprietor
from mureg.readers.json_stream import Object
from mureg.readers.tables.columns import Column
from mureg.readers.types import Limits

Plain = tuple[Any, ...]
"""What one object says: kind, day, requested, requested tier, users, then the texts of `_TEXTS`."""

_KEYS = frozenset((
    "number", "type", "submitted_on", "status", "processed_on", "comment", "client_comment", "organization",
    "multiuser", "owners", "authorities", "promotion", "without_sale", "cancelled_on", "source", "warnings",
))  # fmt: skip
_ORGANIZATION = frozenset(("inn", "kpp", "ogrn", "name", "account", "program_number"))
# What is computed of the rest is read past, as everywhere.
_MULTIUSER = frozenset((
    "requested", "requested_tier", "set", "set_by", "set_tier", "users", "effective", "tier", "suggested_tier",
))  # fmt: skip
# What a table cannot say, and where it came from: left to the slower reader wherever it says anything.
_NULL = ("processed_on", "comment", "without_sale", "cancelled_on", "source")
_NULL_OR_EMPTY = ("owners", "authorities", "warnings")
_RARE = frozenset((*_NULL, *_NULL_OR_EMPTY, "status"))
_RARE_OF_MULTIUSER = frozenset(("set", "set_by", "set_tier"))
_TEXTS = ("number", "inn", "kpp", "ogrn", "name", "account", "program_number", "promotion", "client_comment")
_WORDS_OF_MULTIUSER = ("requested", "requested_tier", "effective", "tier", "suggested_tier")
_COUNTS = (int, type(None))
_LONGEST_WORD = 100
_LONGEST = 10_000  # characters of all texts of one object: many objects are held at once

_KIND_OF: dict[object, str] = {None: "connection"} | {kind: kind for kind in KINDS}
_REQUEST_OF: dict[object, str] = {None: "unstated"} | {request: request for request in REQUESTED_MODES}
_TIER_OF: dict[object, str] = {None: ""} | {tier: tier for tier in TIERS}
_MOST_DAYS = 10_000


def plain(value: object) -> Plain | None:
    """What the object says, where it says no more than a row of a table could, and briefly."""
    if type(value) is not Object or value.repeated or not value.keys() <= _KEYS:
        return None
    get = value.get
    organization, multiuser = get("organization"), get("multiuser")
    if (
        type(organization) is not Object
        or type(multiuser) is not Object
        or organization.repeated
        or multiuser.repeated
        or not organization.keys() <= _ORGANIZATION
        or not multiuser.keys() <= _MULTIUSER
        or any(multiuser[name] is not None for name in multiuser.keys() & _RARE_OF_MULTIUSER)
        or not all(_is_bare(name, value[name]) for name in value.keys() & _RARE)
    ):
        return None
    of = organization.get
    texts = (get("number"), of("inn"), of("kpp"), of("ogrn"), of("name"), of("account"), of("program_number"),
             get("promotion"), get("client_comment"))  # fmt: skip
    told = [text for text in texts if text is not None]
    if set(map(type, told)) - {str} or sum(map(len, told)) > _LONGEST:  # type: ignore[arg-type]
        return None
    asked = multiuser.get
    requests = (get("type"), get("submitted_on"), *map(asked, _WORDS_OF_MULTIUSER))
    if type(asked("users")) not in _COUNTS or not all(map(_is_short, requests)):
        return None
    return *requests[:4], asked("users"), *texts


def _is_short(said: object) -> bool:
    """Whether it is a short word: also what is read past is held until the chunk is read."""
    return said is None or (type(said) is str and len(said) <= _LONGEST_WORD)


def _is_bare(name: str, said: object) -> bool:
    if said is None:
        return True
    return said == "new" if name == "status" else name in _NULL_OR_EMPTY and said == []


class QuickRequests:
    """Reads many plain objects at once."""

    def __init__(self, limits: Limits) -> None:
        self._columns = [Column(FIELD_BY_NAME[name], limits.field_characters) for name in _TEXTS]
        self._days: dict[object, bool] = {}

    def requests(self, found: Sequence[Plain]) -> list[ClientRequest] | None:
        """Their requests, where all of them are right."""
        kinds, days, requests, tiers, users, *texts = zip(*found, strict=True)
        try:
            if not all(map(self._is_day, days)) or not all(map(_is_count, users)):
                return None
            said = [list(map(_KIND_OF.__getitem__, kinds)), list(map(_REQUEST_OF.__getitem__, requests)),
                    list(map(_TIER_OF.__getitem__, tiers))]  # fmt: skip
        except (KeyError, TypeError):  # no such value, or none at all
            return None
        parsed = {}
        for name, column, cells in zip(_TEXTS, self._columns, texts, strict=True):
            values, wrong = column.values(cells if None not in cells else [cell or "" for cell in cells])
            if wrong:
                return None
            parsed[name] = values
        if any(len(str(inn)) == 12 and kpp_of_proprietor(str(inn), str(kpp)) is not None
               for inn, kpp in zip(parsed["inn"], parsed["kpp"], strict=True)):  # fmt: skip
            return None
        return list(map(ClientRequest._make, zip(
            parsed["number"], said[0], days, parsed["inn"], parsed["kpp"], parsed["ogrn"], parsed["name"],
            parsed["account"], parsed["program_number"], said[1], said[2], users, [""] * len(found),
            parsed["promotion"], parsed["client_comment"], strict=True,
        )))  # fmt: skip

    def _is_day(self, text: object) -> bool:
        known = self._days.get(text)
        if known is None:
            if len(self._days) >= _MOST_DAYS:
                self._days.clear()
            day = parse_date(text) if type(text) is str else None
            known = self._days[text] = day is not None and day.isoformat() == text
        return known


def _is_count(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= MOST_USERS)
