"""What a decision about several applications does, and what it would do: the operation, and its dry run as a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mureg.domain.application import Application
from mureg.domain.warnings import ApplicationWarning, maybe_settled
from mureg.errors import N_
from mureg.operations.applications import decisions, licensing, quotes
from mureg.operations.result import Result
from mureg.operations.unchanged import fingerprint
from mureg.register.register import Register
from mureg.reports import application_result
from mureg.reports.application_card import Facts
from mureg.reports.cells import Cell, Column
from mureg.web.page import Page
from mureg.web.pages.application import asked_option, asked_without_sale
from mureg.web.rendering import address

MOST_SHOWN = 50
"""So many applications are listed; the sums are those of all."""


class Chosen(NamedTuple):
    """The numbers that are meant, and the applications that there are with them."""

    numbers: list[str]
    applications: list[Application]


class Preview(NamedTuple):
    """What a decision would do. `fingerprint` is that of what the operation compares before it writes.

    `outcomes` has the fingerprint of what becomes of each application, `warnings` what only the decision finds.
    """

    columns: Sequence[Column]
    rows: list[tuple[str | None, tuple[Cell, ...]]]
    facts: Facts
    fingerprint: str
    outcomes: dict[str, str]
    warnings: Mapping[str, ApplicationWarning] = {}


def look_processed(page: Page, register: Register, chosen: Chosen) -> Preview:
    """What processing would sell."""
    contract = page.office.contract()
    processed = process(page, register, chosen.numbers, dry_run=True).done
    licences = [each.licence for each in processed]
    rows = [
        application_result.processed_row(each.application, each.licence, quotes.charge_of(each.licence, contract))
        for each in processed[:MOST_SHOWN]
    ]
    facts: Facts = [
        (N_("Would be processed"), len(processed)),
        (N_("Sales"), sum(licence is not None and licence.is_sale for licence in licences)),
    ]
    ended = [licence for each in processed for licence in each.changed]
    facts += application_result.ended_facts(ended[:MOST_SHOWN])
    if len(ended) > MOST_SHOWN:
        facts.append((N_("Ended, not listed"), len(ended) - MOST_SHOWN))
    total = application_result.total_row(quotes.sum_of(licences, contract))
    return Preview(
        application_result.PROCESSED_COLUMNS, [*_linked(rows), (None, total)], facts, fingerprint(processed),
        {each.application.number: _outcome(each) for each in processed},
        {each.application.number: maybe_settled(month) for each in processed if (month := each.maybe_settled_in)},
    )  # fmt: skip


def look_rejected(page: Page, register: Register, chosen: Chosen) -> Preview:
    """What would be rejected: the comment is written on the form that confirms."""
    rejected = reject(page, register, chosen.numbers, dry_run=True).done
    rows = [application_result.rejected_row(each) for each in rejected[:MOST_SHOWN]]
    return Preview(
        application_result.REJECTED_COLUMNS, _linked(rows), [(N_("Would be rejected"), len(rejected))],
        fingerprint(chosen.applications), {each.number: _outcome(each) for each in chosen.applications},
    )  # fmt: skip


def look_set(page: Page, register: Register, chosen: Chosen) -> Preview:
    """What would be set, beside what it was."""
    options = set_multiuser(page, register, chosen.numbers, dry_run=True).done
    rows = [application_result.option_row(before, after) for before, after in options[:MOST_SHOWN]]
    changed = sum(before != after for before, after in options)
    return Preview(
        application_result.OPTION_COLUMNS, _linked(rows), [(N_("Would be set"), changed)], fingerprint(options),
        {each.before.number: _outcome(each) for each in options},
    )  # fmt: skip


def _outcome(done: object) -> str:
    """What names what becomes of one application: short, as thousands are remembered."""
    return fingerprint([done])[:16]


def _linked(rows: Iterable[tuple[Cell, ...]]) -> list[tuple[str | None, tuple[Cell, ...]]]:
    return [(address("/application", number=cells[0]), cells) for cells in rows]


# --- the operations -------------------------------------------------------------------------------------------------


def process(page: Page, register: Register, numbers: list[str], *, dry_run: bool) -> Result[list[licensing.Processed]]:
    """Process them as the form says."""
    contract = page.office.contract()
    return decisions.process(
        register, numbers, page.day("on") or page.today, today=page.today,
        term_months=contract.term_months if contract else None, without_sale=asked_without_sale(page),
        late=bool(page.asked("late")), expected=_expected(page, dry_run=dry_run),
        actor=page.office.actor("application process"), dry_run=dry_run,
    )  # fmt: skip


def reject(page: Page, register: Register, numbers: list[str], *, dry_run: bool) -> Result[list[Application]]:
    """Reject them as the form says."""
    comment = page.asked("comment") if dry_run else page.needed("comment", N_("Comment"))
    return decisions.reject(
        register, numbers, comment, page.day("on") or page.today, today=page.today,
        expected=_expected(page, dry_run=dry_run), actor=page.office.actor("application reject"), dry_run=dry_run,
    )  # fmt: skip


def set_multiuser(
    page: Page, register: Register, numbers: list[str], *, dry_run: bool
) -> Result[list[decisions.OptionSet]]:
    """Set the option of them as the form says."""
    _, option, tier = asked_option(page)
    return decisions.set_multiuser(
        register, numbers, option, tier, expected=_expected(page, dry_run=dry_run),
        actor=page.office.actor("application set-multiuser"), dry_run=dry_run,
    )  # fmt: skip


def _expected(page: Page, *, dry_run: bool) -> str | None:
    """The fingerprint of what was shown; a preview expects nothing."""
    return None if dry_run else page.asked("expected")
