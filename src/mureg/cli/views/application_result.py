"""What a decision did to applications and to their licences; a dry run says what it would do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mureg.cli.framework.columns import Cell
from mureg.cli.framework.output import Output
from mureg.cli.views.application_card import licence_text, tier_text
from mureg.cli.views.labels import STATUS, STATUS_IN_DRY_RUN, mode_label, tier_label
from mureg.domain.application import Application
from mureg.domain.licence import Licence
from mureg.errors import N_, msg
from mureg.reports.cells import Label

if TYPE_CHECKING:
    from mureg.operations.amendments import Amended, Returned
    from mureg.operations.decisions import Processed


def status_label(status: str, *, dry_run: bool) -> Label:
    """The status that an application has now, or would have."""
    return Label((STATUS_IN_DRY_RUN if dry_run else STATUS)[status])


def print_licence(output: Output, processed: "Processed", *, dry_run: bool) -> None:
    """What processing one application made, replaced and ended."""
    application, licence = processed.application, processed.licence
    output.facts(
        [
            (N_("Application"), application.number),
            (N_("Status"), status_label(application.status, dry_run=dry_run)),
            (N_("Multi-user mode"), mode_label(application)),
            (N_("Licence"), licence_text(licence)),
            _sale(application, licence),
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
