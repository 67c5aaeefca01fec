"""What a decision did, or would do, to applications and their licences: typed cells, whatever shows them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mureg.domain.application import Application
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.domain.money import Amount
from mureg.errors import N_, Message, msg
from mureg.reports.application_card import Facts, licence_text, tier_text
from mureg.reports.cells import Cell, Column, Label, Money
from mureg.reports.labels import STATUS, STATUS_IN_DRY_RUN, mode_label, tier_label

if TYPE_CHECKING:
    from mureg.domain.contract import Charge
    from mureg.domain.settlement import Sum

PROCESSED_COLUMNS = (
    Column(N_("Number")),
    Column(N_("ИНН"), may_go=6),
    Column(N_("Organization"), may_wrap=True),
    Column(N_("Tier")),
    Column(N_("From"), may_go=3),
    Column(N_("Until"), may_go=2),
    Column(N_("List price"), "right", may_go=4),
    Column(N_("Discount"), "right", may_go=5),
    Column(N_("Payable"), "right"),
)
REJECTED_COLUMNS = (
    Column(N_("Number")),
    Column(N_("ИНН"), may_go=2),
    Column(N_("Organization"), may_wrap=True),
    Column(N_("Submitted"), may_go=1),
)
OPTION_COLUMNS = (
    Column(N_("Number")),
    Column(N_("ИНН"), may_go=3),
    Column(N_("Organization"), may_wrap=True),
    Column(N_("Multi-user mode")),
    Column(N_("Tier")),
    Column(N_("Mode before"), may_go=2),
    Column(N_("Tier before"), may_go=1),
)


def status_label(status: str, *, dry_run: bool) -> Label:
    """The status that an application has now, or would have."""
    return Label((STATUS_IN_DRY_RUN if dry_run else STATUS)[status])


def processed_row(application: Application, licence: Licence | None, charge: "Charge | None") -> tuple[Cell, ...]:
    """One of several processed applications, with what it sold."""
    return (
        application.number,
        application.request.inn,
        application.request.name,
        tier_label(licence.tier) if licence is not None and licence.is_sale else Label(N_("no sale")),
        licence.starts_on if licence else None,
        licence.ends_on if licence else None,
        *_amounts(charge),
    )


def total_row(total: "Sum") -> tuple[Cell, ...]:
    """The sums below the rows of what was processed."""
    sums = (Money(total.list_price_kopecks), Money(total.discount_kopecks), Money(total.payable_kopecks))
    return (Label(N_("Total")), None, None, None, None, None, *sums)


def processed_facts(
    application: Application, licence: Licence | None, charge: "Charge | None", *, dry_run: bool
) -> Facts:
    """One processed application."""
    list_price, discount, payable = _amounts(charge)
    return [
        (N_("Application"), application.number),
        (N_("Status"), status_label(application.status, dry_run=dry_run)),
        (N_("Multi-user mode"), mode_label(application)),
        (N_("Licence"), licence_text(licence)),
        _sale(application, licence),
        (N_("List price"), list_price),
        (N_("Discount"), discount),
        (N_("Payable"), payable),
    ]


def rejected_row(application: Application) -> tuple[Cell, ...]:
    """One of several rejected applications."""
    return (application.number, application.request.inn, application.request.name, application.submitted_on)


def option_row(before: Application, after: Application) -> tuple[Cell, ...]:
    """One of several applications whose option was set, and what it was."""
    return (
        after.number, after.request.inn, after.request.name, mode_label(after), tier_label(after.tier),
        mode_label(before), tier_label(before.tier),
    )  # fmt: skip


def amended_facts(
    before: Application, after: Application, licence_before: Licence | None, licence: Licence | None, *, dry_run: bool
) -> Facts:
    """An application as it is after an amendment, beside what it was."""
    old, new = licence_text(licence_before), licence_text(licence)
    return [
        (N_("Application"), after.number),
        (N_("Status"), Label(N_("would be amended")) if dry_run and before != after else None),
        (N_("Processed"), after.processed_on),
        (N_("Tier"), tier_label(after.tier)),
        (N_("Licence"), new or Label(N_("none"))),
        (N_("Processed before"), before.processed_on if before.processed_on != after.processed_on else None),
        (N_("Tier before"), tier_label(before.tier) if before.tier != after.tier else None),
        (N_("Licence before"), (old or Label(N_("none"))) if old != new else None),
    ]


def ended_facts(changed: Iterable[Licence]) -> Facts:
    """Other licences of the organisation that end otherwise now."""
    return [
        (N_("In force again"), licence_again(licence))
        if licence.ends_on == licence.term_ends_on
        else (N_("Ended"), _licence_on(licence))
        for licence in changed
    ]


def licence_again(licence: Licence) -> Message:
    """A licence that has its whole term again."""
    return msg("licence of {number}, {tier}, until {day}",
               number=licence.application, tier=msg(tier_text(licence)), day=licence.ends_on)  # fmt: skip


def payable_change(month: Month, before_kopecks: int, after_kopecks: int, *, dry_run: bool) -> Message:
    """How much more or less a month charges after a decision about its sales."""
    amounts = {
        "month": month,
        "before": Amount(before_kopecks),
        "after": Amount(after_kopecks),
        "difference": Amount(after_kopecks - before_kopecks),
    }
    if dry_run:
        return msg("Payable for {month}: {before} now, {after} then; the difference would be {difference}", **amounts)
    return msg("Payable for {month}: {before} before, {after} now; the difference is {difference}", **amounts)


NO_PAYABLE_CHANGE = msg("no open month charges the sale: no total has changed")


def _licence_on(licence: Licence) -> Message:
    return msg("licence of {number}, {tier}, on {day}",
               number=licence.application, tier=msg(tier_text(licence)), day=licence.ends_on)  # fmt: skip


def _amounts(charge: "Charge | None") -> tuple[Cell, Cell, Cell]:
    if charge is None:
        return None, None, None
    return Money(charge.list_price_kopecks), Money(charge.discount_kopecks), Money(charge.payable_kopecks)


def _sale(application: Application, licence: Licence | None) -> tuple[str, Cell]:
    if licence is not None and licence.sold_on:
        return N_("Sale"), Label(N_("one licence"))
    if licence is not None:
        return N_("No sale"), application.without_sale
    if application.effective == "off":
        return N_("No sale"), None
    return N_("No sale"), Label(N_("the organization already has a licence"))
