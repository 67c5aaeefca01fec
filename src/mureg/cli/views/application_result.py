"""What a decision did to applications and to their licences; a dry run says what it would do."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mureg.cli.framework.output.output import Output
from mureg.domain.application import Application
from mureg.errors import N_, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports import application_result as reports
from mureg.reports.application_card import licence_text

if TYPE_CHECKING:
    from mureg.domain.contract import SublicenceContract
    from mureg.operations.applications.amendments import AllReturned, Amended
    from mureg.operations.applications.decisions import OptionSet
    from mureg.operations.applications.licensing import Processed
    from mureg.operations.months.total_changes import TotalChange

with lazy_imports():
    from mureg.operations.applications import quotes

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
        application, licence, changed, _ = processed[0]
        charge = quotes.charge_of(licence, contract)
        output.facts(reports.processed_facts(application, licence, charge, dry_run=dry_run))
        output.facts(reports.ended_facts(changed))
        return
    rows = [
        reports.processed_row(each.application, each.licence, quotes.charge_of(each.licence, contract))
        for each in processed[:most]
    ]
    total = quotes.sum_of((each.licence for each in processed), contract)
    output.table(reports.PROCESSED_COLUMNS, [*rows, reports.total_row(total)], last_is_total=True)
    _note_more(output, len(processed), most)
    output.facts(
        [
            (N_("Processed"), len(processed)),
            (N_("Sales"), sum(each.licence is not None and each.licence.is_sale for each in processed)),
        ],
        dry_run=dry_run,
    )
    for each in processed[:most]:
        output.facts(reports.ended_facts(each.changed))


def _note_more(output: Output, count: int, most: int | None) -> None:
    if most is not None and count > most:
        output.note(msg("{count} more are not shown; to see all: --dry-run", count=count - most))


def print_rejected(
    output: Output, rejected: "Sequence[Application]", *, dry_run: bool, most: int | None = None
) -> None:
    """Which applications were rejected."""
    if len(rejected) == 1:
        label = reports.status_label("rejected", dry_run=dry_run)
        output.facts([(N_("Application"), rejected[0].number), (N_("Status"), label)])
        return
    output.table(reports.REJECTED_COLUMNS, [reports.rejected_row(each) for each in rejected[:most]])
    _note_more(output, len(rejected), most)
    output.facts([(N_("Rejected"), len(rejected))], dry_run=dry_run)


def print_options_set(
    output: Output, options: "Sequence[OptionSet]", *, dry_run: bool, most: int | None = None
) -> None:
    """The option of several applications, and what it was."""
    output.table(reports.OPTION_COLUMNS, [reports.option_row(before, after) for before, after in options[:most]])
    _note_more(output, len(options), most)
    changed = sum(before != after for before, after in options)
    output.facts([(N_("Set"), changed)], dry_run=dry_run)


def print_amended(output: Output, amended: "Amended", *, dry_run: bool) -> None:
    """An application as it is after an amendment, beside what it was."""
    before, after, licence_before, licence, changed, totals = amended
    output.facts(reports.amended_facts(before, after, licence_before, licence, dry_run=dry_run))
    output.facts(reports.ended_facts(changed))
    print_totals(output, totals, dry_run=dry_run)


def print_totals(output: Output, totals: "Iterable[TotalChange]", *, dry_run: bool) -> None:
    """The open months that charge another amount now, or then."""
    for change in totals:
        output.line(output.cell(reports.payable_change(*change, dry_run=dry_run)))


def print_returned(output: Output, returned: "AllReturned", *, dry_run: bool) -> None:
    """Applications that are new again, and the licences that went and run again."""
    for each in returned.applications:
        output.facts(
            [
                (N_("Application"), each.application.number),
                (N_("Status"), reports.status_label(each.application.status, dry_run=dry_run)),
                (N_("Licence removed"), licence_text(each.licence)),
            ]
        )
        output.facts(reports.ended_facts(each.changed))
    print_totals(output, returned.totals, dry_run=dry_run)
