"""An application as the Web-registrator's card shows it: typed cells, whatever shows them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from mureg.command_hints import quoted
from mureg.domain.application import Application, KeyOwner, tier_holds
from mureg.domain.licence import Licence
from mureg.domain.money import Amount
from mureg.errors import N_, Message, msg
from mureg.reports.cells import Cell, Column, Label
from mureg.reports.labels import KIND, LICENCE_STATE, ROLE, STATUS, SWITCH, mode_label, owner_marks, tier_label

if TYPE_CHECKING:
    # A card in a pipe shows no price, and does not load the contract.
    from mureg.domain.contract import Charge
    from mureg.domain.quote import Quote

Facts = list[tuple[str, Cell]]
"""Labels, marked by `N_`, with their values; what has no value is not shown."""

NO_USERS = msg("The client sent no list of users. Only the client can send it; the partner cannot add users.")


def title(application: Application) -> Message:
    """The number and the status."""
    status = msg(STATUS[application.status])
    return msg("Application {number}: {status}", number=application.number, status=status)


def identity(application: Application) -> Facts:
    """What it is, when, and whose."""
    request = application.request
    return [
        (N_("Type"), Label(KIND[request.kind])),
        (N_("Submitted"), application.submitted_on),
        (N_("Processed"), application.processed_on if application.status != "rejected" else None),
        (N_("Rejected"), application.processed_on if application.status == "rejected" else None),
        (N_("Cancelled"), application.cancelled_on),
        (N_("Partner's comment"), application.comment),
        (N_("Without a sale"), application.without_sale),
        (N_("Organization"), request.name),
        (N_("ИНН"), request.inn),
        (N_("КПП"), request.kpp),
        (N_("ОГРН"), request.ogrn),
        (N_("Account"), request.account),
        (N_("Registration number of the program"), request.program_number),
        (N_("Phone"), request.phone),
        (N_("E-mail"), request.email),
        (N_("Client's comment"), request.comment),
    ]


def connection(application: Application, licence: Licence | None, quote: "Quote | None") -> Facts:
    """The connection parameters: the option, the tier, and what they cost."""
    request = application.request
    return [
        (N_("Multi-user mode"), mode_label(application)),
        (N_("Client asked for"), Label(SWITCH[request.requested])),
        (N_("Partner set"), _set_by(application)),
        (N_("Tier"), _tier(application)),
        (N_("Users"), application.users),
        (N_("Authorities of the account"), ", ".join(application.authorities)),
        (N_("Promotion"), _promotion(application)),
        (N_("Licence"), licence_text(licence)),
        (N_("Would be sold"), licence_text(quote.licence) if quote and application.status == "new" else None),
        (N_("Payable"), _price(quote.charge) if quote and quote.charge else None),
    ]


OWNER_COLUMNS = (
    Column(N_("User"), may_wrap=True),
    Column(N_("Position"), may_wrap=True, may_go=4),
    Column(N_("СНИЛС"), may_go=1),
    Column(N_("Roles"), may_wrap=True),
    Column(N_("Authorities"), may_wrap=True, may_go=3),
    Column(N_("Phone"), may_go=5),
    Column(N_("E-mail"), may_go=7),
    Column(N_("КЭП valid until"), may_go=6),
    Column(N_("Notes"), may_wrap=True, may_go=2),
)


def owner_rows(application: Application, word: Callable[[str], str]) -> list[tuple[Cell, ...]]:
    """The cells of each owner of a key. `word` translates a text that `N_` marked."""
    return [
        (
            owner.name or _nameless(owner),
            owner.position,
            owner.snils,
            ", ".join(word(ROLE.get(role, role)) for role in owner.roles),
            ", ".join(owner.authorities),
            owner.phone,
            owner.email,
            date.fromisoformat(owner.certificate_until) if owner.certificate_until else None,
            ", ".join(word(mark) for mark in owner_marks(owner)),
        )
        for owner in application.owners
    ]


def next_step(application: Application) -> str:
    """The command that a manager types next."""
    number = quoted(application.number)
    if application.status == "new":
        tier = application.tier
        if application.effective == "on" and tier is None:
            return f"mureg application set-multiuser {number} --tier 2-9"
        if tier is not None and not tier_holds(tier, application.users):
            return f"mureg application set-multiuser {number} --tier 10+"
        return f"mureg application process {number}"
    if application.status == "processed":
        organization = application.organization
        kpp = f" --kpp {organization.kpp}" if organization.kpp else ""
        return f"mureg organization show {organization.inn}{kpp}"
    return f"mureg history {number}"


def tier_text(licence: Licence) -> str:
    """The label of a licence's tier."""
    label = tier_label(licence.tier)
    assert label is not None, "a licence has a tier"
    return label.text


def product_line(licence: Licence, state: str) -> Message:
    """A licence, as the tab «Продукты» of the organisation's card says it."""
    if licence.ends_on < licence.starts_on:
        return msg("Multi-user mode — ended before it began, {tier}", tier=msg(tier_text(licence)))
    return msg(
        "Multi-user mode — {state}, {tier}, from {starts_on} to {ends_on}",
        state=msg(LICENCE_STATE[state]),
        tier=msg(tier_text(licence)),
        starts_on=licence.starts_on,
        ends_on=licence.ends_on,
    )


def _set_by(application: Application) -> Cell:
    if not application.set_option:
        return Label(N_("nothing"))
    return msg("{option}, by {user}", option=msg(SWITCH[application.set_option]), user=application.set_by)


def _tier(application: Application) -> Cell:
    label = tier_label(application.tier)
    if label is None:
        return Label(N_("required")) if application.effective == "on" else None
    if application.set_tier:
        return msg("{tier} (set by the partner)", tier=msg(label.text))
    if application.request.requested_tier:
        return msg("{tier} (requested by the client)", tier=msg(label.text))
    return msg("{tier} (by the number of users)", tier=msg(label.text))


def _promotion(application: Application) -> Cell:
    if not application.request.promotion:
        return None
    return msg("{promotion} — gives no discount on the multi-user mode", promotion=application.request.promotion)


def licence_text(licence: Licence | None) -> Message | None:
    """The tier and the days of a licence."""
    if licence is None:
        return None
    if licence.ends_on < licence.starts_on:
        return msg("{tier}, ended before it began", tier=msg(tier_text(licence)))
    return msg("{tier}, from {starts_on} to {ends_on}",
               tier=msg(tier_text(licence)), starts_on=licence.starts_on, ends_on=licence.ends_on)  # fmt: skip


def _price(charge: "Charge") -> Message:
    return msg("{payable} (list price {list_price}, partner discount {discount})",
               payable=Amount(charge.payable_kopecks), list_price=Amount(charge.list_price_kopecks),
               discount=Amount(charge.discount_kopecks))  # fmt: skip


def _nameless(owner: KeyOwner) -> Cell:
    if owner.erased:
        return Label(N_("data erased"))
    return Label(N_("invited user")) if owner.potential else "—"
