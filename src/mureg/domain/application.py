"""An application for the multi-user mode: the client's request, the partner's decision, and what follows from both.

The client's request never changes. The partner's decision is kept beside it; the effective option is the partner's
where set, else the client's. Names and rules: the vendor's page for partners, release No. 30781.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, NamedTuple

from mureg.errors import N_

Kind = Literal["connection", "change", "renewal"]
Status = Literal["new", "processed", "rejected", "cancelled"]
Tier = Literal["2-9", "10+"]
Switch = Literal["on", "off"]
RequestedMode = Literal["on", "off", "unstated"]
Role = Literal["signing", "encryption", "administration"]

KINDS: tuple[Kind, ...] = ("connection", "change", "renewal")
STATUSES: tuple[Status, ...] = ("new", "processed", "rejected", "cancelled")
REQUESTED_MODES: tuple[RequestedMode, ...] = ("on", "off", "unstated")
ROLES: tuple[Role, ...] = ("signing", "encryption", "administration")
# From the lower to the higher.
SWITCHES: tuple[Switch, ...] = ("on", "off")
TIERS: tuple[Tier, ...] = ("2-9", "10+")
# As the Web-registrator names them.
TIER_LABELS: dict[str, str] = {"2-9": N_("2 to 9"), "10+": N_("10 and more")}

_SMALLEST_OF_TIER = {"2-9": 2, "10+": 10}
_LARGEST_OF_LOWER_TIER = 9

# Authorities as the user's card shows them: ПФР and ФСС have been one СФР since 2023, ФСГС is Росстат.
FNS = "ФНС"
_SHOWN_AUTHORITY = {"ПФР": "СФР", "ФСС": "СФР", "ФСГС": "Росстат"}


class ClientRequest(NamedTuple):
    """What the client sent, as it is kept. Absent texts are empty, dates are ISO, `authorities` one to a line.

    A tuple of plain values: up to a million of them go from a file to the register without conversion.
    `users` is the count that a table states; an application with its list of owners is counted from the list.
    """

    number: str
    kind: Kind
    submitted_on: str
    inn: str
    kpp: str = ""
    ogrn: str = ""
    name: str = ""
    account: str = ""
    program_number: str = ""
    requested: RequestedMode = "unstated"
    requested_tier: Tier | Literal[""] = ""
    users: int | None = None
    authorities: str = ""
    promotion: str = ""
    comment: str = ""
    phone: str = ""
    email: str = ""

    def without_personal_data(self) -> "ClientRequest":
        """The request without the client's comment, which may name people, and without contacts."""
        return self._replace(comment="", phone="", email="")


class KeyOwner(NamedTuple):
    """A КЭП owner or an invited user. `certificate` is empty where the application carried none.

    `certificate_until` is the ISO date of its last day, or empty.
    `erased` is 0, or, where the personal data was erased, a number that distinguishes the application's people.
    """

    snils: str = ""
    name: str = ""
    position: str = ""
    inn: str = ""
    roles: tuple[Role, ...] = ()
    authorities: tuple[str, ...] = ()
    sender: bool = False
    removed: bool = False
    potential: bool = False
    certificate: Literal["", "read", "unreadable"] = ""
    erased: int = 0
    phone: str = ""
    email: str = ""
    certificate_until: str = ""

    @property
    def identity(self) -> str:
        """Distinguishes a person from the application's other owners; empty where nothing does."""
        return self.snils or (f"erased {self.erased}" if self.erased else "")


PERSONAL_FIELDS = ("snils", "name", "position", "inn", "phone", "email", "certificate_until")
"""The fields of `KeyOwner` that erasing empties."""


class Organization(NamedTuple):
    """A taxpayer: ИНН + КПП. The КПП is empty for a sole proprietor, or where no application stated it."""

    inn: str
    kpp: str

    def __str__(self) -> str:
        return f"{self.inn}/{self.kpp}" if self.kpp else self.inn


class Application(NamedTuple):
    """One application with everything that is known of it."""

    request: ClientRequest
    owners: tuple[KeyOwner, ...] = ()
    status: Status = "new"
    processed_on: date | None = None
    comment: str = ""
    set_option: Switch | Literal[""] = ""
    set_tier: Tier | Literal[""] = ""
    set_by: str = ""
    without_sale: str = ""
    cancelled_on: date | None = None
    source_file: str = ""
    imported_at: str = ""
    # The operation that wrote this state; a change of it names the state that it was based on.
    operation: int = 0

    @property
    def number(self) -> str:
        """The Web-registrator's number."""
        return self.request.number

    @property
    def submitted_on(self) -> date:
        """The day on which the client sent it."""
        return date.fromisoformat(self.request.submitted_on)

    @property
    def organization(self) -> Organization:
        """Whose application it is."""
        return Organization(self.request.inn, self.request.kpp)

    @property
    def authorities(self) -> tuple[str, ...]:
        """The authorities of the account."""
        return tuple(self.request.authorities.split("\n")) if self.request.authorities else ()

    @property
    def present_owners(self) -> tuple[KeyOwner, ...]:
        """The sender, the other owners who are not being removed, and the invited users."""
        return tuple(owner for owner in self.owners if owner.sender or owner.potential or not owner.removed)

    @property
    def users(self) -> int | None:
        """How many people the client wants to connect; `None` where the application does not say."""
        if not self.owners:
            return self.request.users
        known = {owner.identity for owner in self.present_owners if owner.identity}
        return len(known) + sum(1 for owner in self.present_owners if not owner.identity)

    @property
    def is_processed(self) -> bool:
        """Whether it was processed, also if its sale was cancelled since."""
        return self.status in ("processed", "cancelled")

    @property
    def effective(self) -> Switch:
        """The partner's decision where set, else the client's; not stated is off."""
        if self.set_option:
            return self.set_option
        return "on" if self.request.requested == "on" else "off"

    @property
    def switches_off(self) -> bool:
        """Whether the partner or the client set «off», which ends a licence; a mode that is not stated does not."""
        return (self.set_option or self.request.requested) == "off"

    @property
    def suggested_tier(self) -> Tier | None:
        """The tier that holds the users."""
        return tier_for(self.users)

    @property
    def tier(self) -> Tier | None:
        """The partner's tier, else the client's, else the suggested one, while the mode is on."""
        if self.effective == "off":
            return None
        return self.set_tier or self.request.requested_tier or self.suggested_tier


def without_personal_data(owners: Iterable[KeyOwner]) -> tuple[KeyOwner, ...]:
    """The owners without personal data: as many people as before, with the same roles."""
    numbers: dict[str, int] = {}
    left = []
    for place, owner in enumerate(owners):
        number = numbers.setdefault(owner.identity or f"place {place}", len(numbers) + 1)
        nothing: dict[str, Any] = dict.fromkeys(PERSONAL_FIELDS, "")
        left.append(owner._replace(**nothing, erased=number))
    return tuple(left)


def tier_for(users: int | None) -> Tier | None:
    """2 to 9 users → `2-9`, 10 and more → `10+`, else `None`."""
    if users is None or users < _SMALLEST_OF_TIER["2-9"]:
        return None
    return "2-9" if users <= _LARGEST_OF_LOWER_TIER else "10+"


def tier_holds(tier: Tier, users: int | None) -> bool:
    """Whether a licence of the tier is enough for that many users."""
    return tier == "10+" or users is None or users <= _LARGEST_OF_LOWER_TIER


def is_higher(tier: Tier, other: Tier) -> bool:
    """Whether the first tier is above the second."""
    return TIERS.index(tier) > TIERS.index(other)


def parse_tier(text: str) -> Tier | None:
    """A tier written `2-9`, `10+`, or as its label in a language of mureg; `None` for anything else."""
    match " ".join(text.split()).lower().replace("–", "-").replace("—", "-"):
        case "2-9" | "2 - 9" | "2 to 9" | "от 2 до 9" | "от 2 до 9 пользователей":
            return "2-9"
        case "10+" | "10 +" | "10 and more" | "10 и более" | "от 10" | "10 и более пользователей":
            return "10+"
    return None


def shown_authorities(names: Iterable[str]) -> tuple[str, ...]:
    """Authorities as people know them, each once, in the order of the file."""
    return tuple(dict.fromkeys(_SHOWN_AUTHORITY.get(name, name) for name in names))
