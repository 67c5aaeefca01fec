"""What a decision did to applications and to their licences; a dry run says what it would do."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mureg.cli.framework.output.columns import Cell, Column
from mureg.cli.framework.output.output import Output
from mureg.domain.application import Application
from mureg.domain.licence import Licence
from mureg.domain.settlement import Sum
from mureg.errors import N_, msg
from mureg.reports.application_card import licence_text, tier_text
from mureg.reports.cells import Label, Money
from mureg.reports.labels import STATUS, STATUS_IN_DRY_RUN, mode_label, tier_label

if TYPE_CHECKING:
    from mureg.domain.contract import Charge, SublicenceContract
    from mureg.operations.applications.amendments import Amended, Returned
    from mureg.operations.applications.decisions import OptionSet, Processed


def status_label(status: str, *, dry_run: bool) -> Label:
    """The status that an application has now, or would have."""
    return Label((STATUS_IN_DRY_RUN if dry_run else STATUS)[status])


def charge_of(processed: "Processed", contract: "SublicenceContract | None") -> "Charge | None":
    """What the licence costs that an application made; `None` where it is no sale, or its price is not known."""
    licence = processed.licence
    if contract is None or licence is None or licence.sold_on is None:
        return None
    return contract.charge_if_priced(licence.tier, licence.sold_on)


def sum_of(processed: "Iterable[Processed]", contract: "SublicenceContract | None") -> Sum:
    """What all sales cost whose price is known."""
    total = Sum()
    for each in processed:
        charge = charge_of(each, contract)
        total = total.plus(charge, 1) if charge is not None else total
    return total


MOST_IN_PREVIEW = 50
"""How many lines a question shows of what was chosen; the sums are those of all."""


def print_processed(
    output: Output,
    processed: "Sequence[Processed]",
    contract: "SublicenceContract | None",
    *,
    dry_run: bool,
    most: int | None = None,
) -> None:
    """What processing made, and what it costs: of one application line by line, of several as a table with sums."""
    if len(processed) == 1:
        _print_one_processed(output, processed[0], charge_of(processed[0], contract), dry_run=dry_run)
        return
    rows: list[tuple[Cell, ...]] = []
    for each in processed:
        licence, charge = each.licence, charge_of(each, contract)
        rows.append(
            (
                each.application.number,
                each.application.request.name,
                _tier_sold(licence),
                licence.starts_on if licence else None,
                licence.ends_on if licence else None,
                *_amounts(charge),
            )
        )
    total = sum_of(processed, contract)
    sums = (Money(total.list_price_kopecks), Money(total.discount_kopecks), Money(total.payable_kopecks))
    total_row = (Label(N_("Total")), None, None, None, None, *sums)
    output.table(_PROCESSED_COLUMNS, [*rows[:most], total_row], last_is_total=True)
    _note_more(output, len(rows), most)
    output.facts(
        [
            (N_("Processed"), len(processed)),
            (N_("Sales"), sum(each.licence is not None and each.licence.is_sale for each in processed)),
        ],
        dry_run=dry_run,
    )
    for each in processed[:most]:
        _print_ended(output, each.changed)


def _note_more(output: Output, count: int, most: int | None) -> None:
    if most is not None and count > most:
        output.note(msg("{count} more are not shown; to see all: --dry-run", count=count - most))


_PROCESSED_COLUMNS = (
    Column(N_("Number")),
    Column(N_("Organization"), may_wrap=True),
    Column(N_("Tier")),
    Column(N_("From"), may_go=3),
    Column(N_("Until"), may_go=2),
    Column(N_("List price"), "right", may_go=4),
    Column(N_("Discount"), "right", may_go=5),
    Column(N_("Payable"), "right"),
)


def _tier_sold(licence: Licence | None) -> Cell:
    if licence is None or not licence.is_sale:
        return Label(N_("no sale"))
    return tier_label(licence.tier)


def _amounts(charge: "Charge | None") -> tuple[Cell, Cell, Cell]:
    if charge is None:
        return None, None, None
    return Money(charge.list_price_kopecks), Money(charge.discount_kopecks), Money(charge.payable_kopecks)


def print_rejected(
    output: Output, rejected: "Sequence[Application]", *, dry_run: bool, most: int | None = None
) -> None:
    """Which applications were rejected."""
    if len(rejected) == 1:
        label = status_label("rejected", dry_run=dry_run)
        output.facts([(N_("Application"), rejected[0].number), (N_("Status"), label)])
        return
    columns = (Column(N_("Number")), Column(N_("Organization"), may_wrap=True), Column(N_("Submitted"), may_go=1))
    output.table(columns, [(each.number, each.request.name, each.submitted_on) for each in rejected[:most]])
    _note_more(output, len(rejected), most)
    output.facts([(N_("Rejected"), len(rejected))], dry_run=dry_run)


def print_options_set(
    output: Output, options: "Sequence[OptionSet]", *, dry_run: bool, most: int | None = None
) -> None:
    """The option of several applications, and what it was."""
    columns = (
        Column(N_("Number")),
        Column(N_("Organization"), may_wrap=True),
        Column(N_("Multi-user mode")),
        Column(N_("Tier")),
        Column(N_("Mode before"), may_go=2),
        Column(N_("Tier before"), may_go=1),
    )
    output.table(
        columns,
        [
            (
                after.number, after.request.name, mode_label(after), tier_label(after.tier),
                mode_label(before), tier_label(before.tier),
            )
            for before, after in options[:most]
        ],
    )  # fmt: skip
    _note_more(output, len(options), most)
    changed = sum(before != after for before, after in options)
    output.facts([(N_("Set"), changed)], dry_run=dry_run)


def _print_one_processed(output: Output, processed: "Processed", charge: "Charge | None", *, dry_run: bool) -> None:
    application, licence = processed.application, processed.licence
    list_price, discount, payable = _amounts(charge)
    output.facts(
        [
            (N_("Application"), application.number),
            (N_("Status"), status_label(application.status, dry_run=dry_run)),
            (N_("Multi-user mode"), mode_label(application)),
            (N_("Licence"), licence_text(licence)),
            _sale(application, licence),
            (N_("List price"), list_price),
            (N_("Discount"), discount),
            (N_("Payable"), payable),
        ]
    )
    _print_ended(output, processed.changed)


def print_amended(output: Output, amended: "Amended", *, dry_run: bool) -> None:
    """An application as it is after an amendment, beside what it was."""
    before, after = amended.before, amended.after
    old, new = licence_text(amended.licence_before), licence_text(amended.licence)
    output.facts(
        [
            (N_("Application"), after.number),
            (N_("Status"), Label(N_("would be amended")) if dry_run and before != after else None),
            (N_("Processed"), after.processed_on),
            (N_("Tier"), tier_label(after.tier)),
            (N_("Licence"), new or Label(N_("none"))),
            (N_("Processed before"), before.processed_on if before.processed_on != after.processed_on else None),
            (N_("Tier before"), tier_label(before.tier) if before.tier != after.tier else None),
            (N_("Licence before"), (old or Label(N_("none"))) if old != new else None),
        ]
    )
    _print_ended(output, amended.changed)


def print_returned(output: Output, returned: Iterable["Returned"], *, dry_run: bool) -> None:
    """Applications that are new again, and the licences that went and run again."""
    for each in returned:
        output.facts(
            [
                (N_("Application"), each.application.number),
                (N_("Status"), status_label(each.application.status, dry_run=dry_run)),
                (N_("Licence removed"), licence_text(each.licence)),
            ]
        )
        _print_ended(output, each.changed)


def _print_ended(output: Output, changed: Iterable[Licence]) -> None:
    for licence in changed:
        ends = msg("licence of {number}, {tier}, on {day}",
                   number=licence.application, tier=msg(tier_text(licence)), day=licence.ends_on)  # fmt: skip
        runs = licence.ends_on == licence.term_ends_on
        output.facts([(N_("In force again"), licence_again(licence)) if runs else (N_("Ended"), ends)])


def licence_again(licence: Licence) -> Cell:
    """A licence that has its whole term again."""
    return msg("licence of {number}, {tier}, until {day}",
               number=licence.application, tier=msg(tier_text(licence)), day=licence.ends_on)  # fmt: skip


def _sale(application: Application, licence: Licence | None) -> tuple[str, Cell]:
    if licence is not None and licence.sold_on:
        return N_("Sale"), Label(N_("one licence"))
    if licence is not None:
        return N_("No sale"), application.without_sale
    if application.effective == "off":
        return N_("No sale"), None
    return N_("No sale"), Label(N_("the organization already has a licence"))
