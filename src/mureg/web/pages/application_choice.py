"""Several applications that are decided together: process, reject or set them, after a look at what changes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.domain.application import Application
from mureg.domain.warnings import maybe_settled
from mureg.errors import N_, Message, MuregError, WrongUsage, msg, plural
from mureg.operations.applications import decisions, licensing, quotes
from mureg.operations.applications.choice import Choice, chosen
from mureg.operations.applications.processing import WarningFinder, find_application
from mureg.operations.result import Result
from mureg.operations.unchanged import expect_unchanged, fingerprint
from mureg.register.register import Register
from mureg.reports import application_result
from mureg.reports.application_card import Facts
from mureg.reports.cells import Cell, Column
from mureg.web import listing
from mureg.web.page import Page
from mureg.web.pages import applications
from mureg.web.pages.application import OPTIONS, asked_option, asked_without_sale
from mureg.web.rendering import address
from mureg.web.routes import does, shows

MOST_SHOWN = 50
"""So many applications are shown; the sums are those of all."""


class Preview(NamedTuple):
    """What a decision would do. `fingerprint` is that of what the operation compares before it writes."""

    columns: Sequence[Column]
    rows: list[tuple[str | None, tuple[Cell, ...]]]
    facts: Facts
    fingerprint: str
    warnings: tuple[Message, ...] = ()


class Decision(NamedTuple):
    """A decision: its verb, how it is looked at, and what of the form belongs to it."""

    verb: str
    title: Callable[[int], Message]
    look: Callable[[Page, Register, list[str]], Preview]
    values: tuple[str, ...]

    @property
    def path(self) -> str:
        """Of its page and its form."""
        return f"/applications/{self.verb}"


# --- which applications ---------------------------------------------------------------------------------------------

_NARROWING = ("search", "inn", "submitted-in", "submitted-before", "without-warnings")


def _numbers(page: Page, register: Register) -> list[str]:
    """The numbers that were ticked, or those of all that wait and that the filters let through."""
    if not page.asked("all-new"):
        return list(dict.fromkeys(page.all_asked("number")))
    choice = Choice(
        submitted_before=page.day("submitted-before"),
        submitted_in=page.month("submitted-in"),
        inn=page.asked("inn") or None,
        search=page.asked("search") or None,
        without_warnings=bool(page.asked("without-warnings")),
    )
    return [each.number for each in chosen(register, choice, page.today)]


def _kept(page: Page, decision: Decision) -> list[tuple[str, str]]:
    """What was asked, to be sent again by the form that confirms it."""
    if not page.asked("all-new"):
        which = [("number", number) for number in page.all_asked("number")]
    else:
        which = [(name, page.asked(name)) for name in ("all-new", *_NARROWING)]
    # Past midnight today is another day than the one that was shown.
    days = [("on", page.asked("on") or page.today.isoformat())] if "on" in decision.values else []
    return [*which, *days, *((name, page.asked(name)) for name in decision.values if name != "on")]


def _command(page: Page, decision: Decision) -> str:
    numbers = "" if page.asked("all-new") else "".join(f" {quoted(each)}" for each in page.all_asked("number"))
    given: dict[str, object] = {}
    if page.asked("all-new"):
        given = {"all-new": True} | {name: page.asked(name) for name in _NARROWING}
    option = page.asked("option")
    given |= {name: page.asked(name) for name in decision.values if name != "option"}
    given |= {"tier": option} if option in ("2-9", "10+") else {option: True} if option in OPTIONS else {}
    if decision.verb == "reject":
        given["comment"] = page.asked("comment") or "TEXT"
    given |= {name: True for name in ("without-warnings", "late", "without-sale") if given.get(name)}
    return listing.options(f"mureg application {decision.verb}{numbers}", given)


# --- what would change ----------------------------------------------------------------------------------------------


def _look_processed(page: Page, register: Register, numbers: list[str]) -> Preview:
    contract = page.office.contract()
    processed = _process(page, register, numbers, dry_run=True).done
    licences = [each.licence for each in processed]
    rows = [
        application_result.processed_row(each.application, each.licence, quotes.charge_of(each.licence, contract))
        for each in processed[:MOST_SHOWN]
    ]
    facts: Facts = [
        (N_("Would be processed"), len(processed)),
        (N_("Sales"), sum(licence is not None and licence.is_sale for licence in licences)),
    ]
    for each in processed[:MOST_SHOWN]:
        facts += application_result.ended_facts(each.changed)
    total = application_result.total_row(quotes.sum_of(licences, contract))
    settled = [
        msg("{number}: {warning}", number=each.application.number, warning=maybe_settled(month).message)
        for each in processed
        if (month := each.maybe_settled_in)
    ]
    return Preview(
        application_result.PROCESSED_COLUMNS, [*_linked(rows), (None, total)], facts, fingerprint(processed),
        tuple(settled),
    )  # fmt: skip


def _look_rejected(page: Page, register: Register, numbers: list[str]) -> Preview:
    rejected = _reject(page, register, numbers, dry_run=True).done
    rows = [application_result.rejected_row(each) for each in rejected[:MOST_SHOWN]]
    # The comment is written on the form that confirms.
    found = [find_application(register, number) for number in numbers]
    return Preview(
        application_result.REJECTED_COLUMNS, _linked(rows), [(N_("Would be rejected"), len(rejected))],
        fingerprint(found),
    )  # fmt: skip


def _look_set(page: Page, register: Register, numbers: list[str]) -> Preview:
    options = _set_multiuser(page, register, numbers, dry_run=True).done
    rows = [application_result.option_row(before, after) for before, after in options[:MOST_SHOWN]]
    changed = sum(before != after for before, after in options)
    return Preview(
        application_result.OPTION_COLUMNS, _linked(rows), [(N_("Would be set"), changed)], fingerprint(options)
    )


def _linked(rows: Iterable[tuple[Cell, ...]]) -> list[tuple[str | None, tuple[Cell, ...]]]:
    return [(address("/application", number=cells[0]), cells) for cells in rows]


# --- the decisions --------------------------------------------------------------------------------------------------


def _process(page: Page, register: Register, numbers: list[str], *, dry_run: bool) -> Result[list[licensing.Processed]]:
    contract = page.office.contract()
    return decisions.process(
        register, numbers, page.day("on") or page.today, today=page.today,
        term_months=contract.term_months if contract else None, without_sale=asked_without_sale(page),
        late=bool(page.asked("late")), expected=_expected(page, dry_run=dry_run),
        actor=page.office.actor("application process"), dry_run=dry_run,
    )  # fmt: skip


def _reject(page: Page, register: Register, numbers: list[str], *, dry_run: bool) -> Result[list[Application]]:
    comment = page.asked("comment") if dry_run else page.needed("comment", N_("Comment"))
    return decisions.reject(
        register, numbers, comment, page.day("on") or page.today, today=page.today,
        expected=_expected(page, dry_run=dry_run), actor=page.office.actor("application reject"), dry_run=dry_run,
    )  # fmt: skip


def _set_multiuser(
    page: Page, register: Register, numbers: list[str], *, dry_run: bool
) -> Result[list[decisions.OptionSet]]:
    _, option, tier = asked_option(page)
    return decisions.set_multiuser(
        register, numbers, option, tier, expected=_expected(page, dry_run=dry_run),
        actor=page.office.actor("application set-multiuser"), dry_run=dry_run,
    )  # fmt: skip


def _expected(page: Page, *, dry_run: bool) -> str | None:
    """The fingerprint of what was shown; a preview expects nothing."""
    return None if dry_run else page.asked("expected")


PROCESS = Decision(
    "process",
    lambda count: plural("Process {count} application", "Process {count} applications", count=count),
    _look_processed,
    ("on", "late", "without-sale", "reason"),
)
REJECT = Decision(
    "reject",
    lambda count: plural("Reject {count} application", "Reject {count} applications", count=count),
    _look_rejected,
    ("on",),
)
SET = Decision(
    "set-multiuser",
    lambda count: plural(
        "Set the option of {count} application", "Set the option of {count} applications", count=count
    ),
    _look_set,
    ("option",),
)


def _show(page: Page, decision: Decision) -> Response:
    """What was chosen, and what a decision would do with it; the list with the reason where nothing was chosen."""
    if not page.asked("all-new") and not page.all_asked("number"):
        page.error = page.error or WrongUsage(msg("choose the applications first"))
        return applications.show(page)
    preview, warnings = None, []
    with page.register() as register:
        numbers = _numbers(page, register)
        some = [each for each in map(register.applications.find, numbers[:MOST_SHOWN]) if each is not None]
        if numbers and (decision is not SET or page.asked("option")):
            try:
                preview = decision.look(page, register, numbers)
            except MuregError as error:
                page.error = page.error or error
        finder = WarningFinder(register, page.today)
        for each in some:
            # That a promotion gives no discount is to be seen in the prices.
            found = [warning.message for warning in finder.of(each) if warning.code != "promotion_ignored"]
            warnings += [msg("{number}: {warning}", number=each.number, warning=text) for text in found]
    if preview is not None:
        warnings += [each for each in preview.warnings if each not in warnings]
    return page.html(
        "application_choice.html",
        title=decision.title(len(numbers)),
        command=_command(page, decision),
        decision=decision,
        numbers=numbers,
        # Of all that wait the fingerprint alone is compared: there may be many thousands.
        seen_applications=[] if page.asked("all-new") else some,
        preview=preview,
        left_out=max(len(numbers) - MOST_SHOWN, 0),
        warnings=warnings,
        kept=_kept(page, decision),
        options=OPTIONS,
    )


def _do(page: Page, act: Callable[[Register, list[str]], Result[Any]]) -> Response:
    with page.register() as register:
        expect_unchanged(register, page.seen())
        result = act(register, _numbers(page, register))
    return page.done("/applications", result)


def show_process(page: Page) -> Response:
    """What processing would sell."""
    return _show(page, PROCESS)


def process(page: Page) -> Response:
    """Process them."""
    return _do(page, lambda register, numbers: _process(page, register, numbers, dry_run=False))


def show_reject(page: Page) -> Response:
    """What would be rejected."""
    return _show(page, REJECT)


def reject(page: Page) -> Response:
    """Reject them."""
    return _do(page, lambda register, numbers: _reject(page, register, numbers, dry_run=False))


def show_set(page: Page) -> Response:
    """What would be set."""
    return _show(page, SET)


def set_multiuser(page: Page) -> Response:
    """Set the option of them."""
    return _do(page, lambda register, numbers: _set_multiuser(page, register, numbers, dry_run=False))


ROUTES = [
    shows(PROCESS.path, show_process),
    does(PROCESS.path, process, again=show_process),
    shows(REJECT.path, show_reject),
    does(REJECT.path, reject, again=show_reject),
    shows(SET.path, show_set),
    does(SET.path, set_multiuser, again=show_set),
]
