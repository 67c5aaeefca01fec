"""What is done with an application that was decided: amend, return, cancel, each after a look at what changes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import TIERS, Tier
from mureg.domain.contract import SublicenceContract
from mureg.errors import N_, Message, Refused, WrongUsage, msg
from mureg.operations.applications import amendments, decisions
from mureg.operations.applications.processing import find_application
from mureg.operations.months.total_changes import TotalChange
from mureg.operations.result import Result
from mureg.operations.unchanged import expect_unchanged, fingerprint
from mureg.register.register import Register
from mureg.reports import application_result
from mureg.reports.application_card import Facts, licence_text
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.pages import application
from mureg.web.routes import does, shows


class Change(NamedTuple):
    """What would be there after it, and the fingerprint of that; none where nothing would change."""

    facts: Facts
    sentences: list[Message]
    fingerprint: str | None


class Amendment(NamedTuple):
    """What to amend, as the operation takes it."""

    tier: Tier | None
    on: date | None
    reset: bool


def show_amend(page: Page) -> Response:
    """What an amendment would change."""
    wanted = _amendment(page)

    def look(register: Register, number: str) -> Change:
        amended = _amend(page, register, number, wanted, dry_run=True).done
        before, after, licence_before, licence, changed, totals = amended
        facts = application_result.amended_facts(before, after, licence_before, licence, dry_run=True)
        facts += application_result.ended_facts(changed)
        if before == after:
            return Change(facts, [msg("There is nothing to amend: it is already so.")], None)
        return Change(facts, _totals(totals), fingerprint([amended]))

    return _preview(page, "amend", msg("Amend {number}", number=page.asked("number")), wanted._asdict(), look)


def amend(page: Page) -> Response:
    """Amend it."""
    return _do(page, lambda register, number: _amend(page, register, number, _amendment(page), dry_run=False))


def _amend(
    page: Page, register: Register, number: str, wanted: Amendment, *, dry_run: bool
) -> Result[amendments.Amended]:
    contract = page.office.contract()
    return amendments.amend(
        register, number, page.asked("reason"), **wanted._asdict(), today=page.today, term_months=_term(contract),
        contract=contract, expected=_expected(page, dry_run=dry_run), actor=page.office.actor("application amend"),
        dry_run=dry_run,
    )  # fmt: skip


def _amendment(page: Page) -> Amendment:
    """The tier and the day that were chosen. Raises `WrongUsage` for none."""
    day = page.day("on")
    reset = page.asked("option") == "reset"
    tier = None if reset else page.one_of("option", TIERS)
    if not reset and tier is None and day is None:
        raise WrongUsage(msg("choose a tier or enter a date"))
    return Amendment(tier, day, reset)


def show_return(page: Page) -> Response:
    """What would change if it were new again."""

    def look(register: Register, number: str) -> Change:
        returned = _return(page, register, number, dry_run=True).done
        facts: Facts = []
        for each in returned.applications:
            facts += [
                (N_("Application"), each.application.number),
                (N_("Status"), application_result.status_label(each.application.status, dry_run=True)),
                (N_("Licence removed"), licence_text(each.licence)),
                *application_result.ended_facts(each.changed),
            ]
        return Change(facts, _totals(returned.totals), fingerprint([returned]))

    return _preview(page, "return", msg("Make {number} new again", number=page.asked("number")), {}, look)


def return_to_new(page: Page) -> Response:
    """Make it new again."""
    return _do(page, lambda register, number: _return(page, register, number, dry_run=False))


def _return(page: Page, register: Register, number: str, *, dry_run: bool) -> Result[amendments.AllReturned]:
    contract = page.office.contract()
    return amendments.return_to_new(
        register, [number], page.asked("reason"), term_months=_term(contract), contract=contract,
        expected=_expected(page, dry_run=dry_run), actor=page.office.actor("application return"), dry_run=dry_run,
    )  # fmt: skip


def show_cancel(page: Page) -> Response:
    """What would change if the sale were cancelled."""

    def look(register: Register, number: str) -> Change:
        cancelled = _cancel(page, register, number, dry_run=True).done
        facts: Facts = [
            (N_("Application"), number),
            (N_("Status"), application_result.status_label("cancelled", dry_run=True)),
            (N_("Licence"), licence_text(cancelled.licence)),
        ]
        sentences = _totals(cancelled.changes) or [application_result.NO_PAYABLE_CHANGE]
        return Change(facts, sentences, fingerprint([cancelled]))

    title = msg("Cancel the sale of {number}", number=page.asked("number"))
    return _preview(page, "cancel", title, {"on": page.day("on")}, look)


def cancel(page: Page) -> Response:
    """Cancel the sale."""
    return _do(page, lambda register, number: _cancel(page, register, number, dry_run=False))


def _cancel(page: Page, register: Register, number: str, *, dry_run: bool) -> Result[decisions.Cancelled]:
    return decisions.cancel(
        register, number, page.asked("reason"), page.day("on") or page.today, today=page.today,
        contract=page.office.contract(), expected=_expected(page, dry_run=dry_run),
        actor=page.office.actor("application cancel"), dry_run=dry_run,
    )  # fmt: skip


# --- what the three share --------------------------------------------------------------------------------------------


def _preview(
    page: Page, verb: str, title: Message, given: Mapping[str, object], look: Callable[[Register, str], Change]
) -> Response:
    """The change before it is written; where it is refused, the card with the reason."""
    number = page.needed("number", N_("Number"))
    try:
        with page.register() as register:
            found = find_application(register, number)
            change = look(register, number)
    except Refused as error:
        page.error = page.error or error
        return application.show(page)
    return page.html(
        "application_change.html",
        title=title,
        command=listing.options(f"mureg application {verb} {quoted(number)}", {**given, "reason": "TEXT"}),
        action=f"/application/{verb}",
        application=found,
        change=change,
        kept=[(name, page.asked(name)) for name in ("number", "option", "on")],
    )


def _do(page: Page, act: Callable[[Register, str], Result[Any]]) -> Response:
    number = page.needed("number", N_("Number"))
    page.needed("reason", N_("Reason"))
    with page.register() as register:
        expect_unchanged(register, page.seen())
        result = act(register, number)
    return page.done("/application", result, number=number)


def _expected(page: Page, *, dry_run: bool) -> str | None:
    """The fingerprint of what was shown; a preview expects nothing."""
    return None if dry_run else page.asked("expected")


def _term(contract: SublicenceContract | None) -> int | None:
    return contract.term_months if contract else None


def _totals(changes: Iterable[TotalChange]) -> list[Message]:
    return [application_result.payable_change(*change, dry_run=True) for change in changes]


ROUTES = [
    shows("/application/amend", show_amend),
    does("/application/amend", amend, again=show_amend),
    shows("/application/return", show_return),
    does("/application/return", return_to_new, again=show_return),
    shows("/application/cancel", show_cancel),
    does("/application/cancel", cancel, again=show_cancel),
]
