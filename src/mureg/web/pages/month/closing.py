"""Close a month, after a look at what that fixes; reopen the last one."""

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.errors import N_, msg
from mureg.operations.months import closing
from mureg.operations.months.reconciliation import compared_month
from mureg.operations.months.seen import SeenMonth, digest_of, expect_month_unchanged, operation_seen
from mureg.reports.cells import Cell, Money
from mureg.reports.month import layout
from mureg.web.page import Page
from mureg.web.pages.month.month import show as show_month
from mureg.web.routes import does, shows

# So many applications can be chosen one by one.
_MOST_CHOSEN = 50


def show(page: Page) -> Response:
    """What closing the month would fix, and what forbids it now."""
    month = page.needed_month()
    contract = page.office.contract()
    with page.register() as register:
        compared = compared_month(register, month, contract)
        waiting = register.applications.waiting_in(month)
        seen, obstacles = operation_seen(register, month), list(closing.obstacles(register, compared, page.today))
    facts: list[tuple[str, Cell]] = [
        (N_("Ours"), Money(compared.settled.settlement.total.payable_kopecks)),
        (N_("Accepted differences"), compared.sum_of_resolved("accept")),
        (N_("Carried to the next month"), compared.sum_of_resolved("carry")),
        (N_("Agreed"), Money(compared.agreed_kopecks)),
    ]
    return page.html(
        "month/closing.html",
        title=msg("Close {month}", month=layout.month_name(month)),
        command=_command(page, str(month)),
        month=month,
        facts=facts,
        obstacles=obstacles,
        waiting=waiting if len(waiting) <= _MOST_CHOSEN else [],
        waiting_count=len(waiting),
        chosen=page.all_asked("leave"),
        has_statement=compared.statement is not None,
        seen=seen,
        agreed=compared.agreed_kopecks,
        seen_waiting=digest_of(waiting),
    )


def close(page: Page) -> Response:
    """Close it, if it is as it was shown."""
    month, contract = page.needed_month(), page.office.contract()
    without_statement = page.needed("reason", N_("Reason")) if page.asked("without-statement") else ""
    agreed = page.asked("seen-agreed")
    kopecks = int(agreed) if agreed.removeprefix("-").isdecimal() else 0
    seen = SeenMonth(page.seen_operation(), kopecks, page.asked("seen-waiting"))
    with page.register() as register:
        expect_month_unchanged(register, month, seen, contract)
        result = closing.close(
            register, month, contract, today=page.today, leave=page.all_asked("leave"),
            leave_all=bool(page.asked("leave-all")), without_statement=without_statement,
            actor=page.office.actor("month close"),
        )  # fmt: skip
    return page.done("/month", result, month=month)


def reopen(page: Page) -> Response:
    """Open the last closed month again."""
    month, reason = page.needed_month(), page.needed("reason", N_("Reason"))
    with page.register() as register:
        expect_month_unchanged(register, month, SeenMonth(page.seen_operation()))
        result = closing.reopen(register, month, reason, actor=page.office.actor("month reopen"))
    return page.done("/month", result, month=month)


def _command(page: Page, month: str) -> str:
    options = [f"--leave {quoted(number)}" for number in page.all_asked("leave")]
    options += ["--leave-all"] if page.asked("leave-all") else []
    if page.asked("without-statement"):
        options.append(f"--without-statement --reason {quoted(page.asked('reason') or 'TEXT')}")
    return " ".join(["mureg month close", month, *options])


ROUTES = [
    shows("/month/closing", show),
    does("/month/close", close, again=show),
    does("/month/reopen", reopen, again=show_month),
]
