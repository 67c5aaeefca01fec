"""The operator's statement: kept with the month, or only compared with it."""

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.errors import N_
from mureg.operations.months.reconciliation import keep_statement
from mureg.operations.months.seen import SeenMonth, expect_month_unchanged
from mureg.operations.months.statement_file import statement_in
from mureg.web.page import Page
from mureg.web.pages.month.month import show, shown
from mureg.web.routes import does


def reconcile(page: Page) -> Response:
    """Compare with a statement, and keep it with an open month."""
    month, only_compare = page.needed_month(), page.asked("do") == "compare"
    file, profile = page.needed_file("statement", N_("The operator's statement")), page.asked("profile")
    settings = page.office.settings()
    statement = statement_in(file, settings, profile or None)
    typed = f"--statement {quoted(file.name)}" + (f" --profile {quoted(profile)}" if profile else "")
    with page.register() as register:
        is_past = register.months.is_past(month)
        if not only_compare and not is_past:
            expect_month_unchanged(register, month, SeenMonth(page.seen_operation()))
        result = keep_statement(
            register, month, settings.contract, statement, own_month="" if page.asked("anyway") else typed,
            actor=page.office.actor("reconcile"), dry_run=only_compare,
        )  # fmt: skip
        if only_compare or is_past:
            command = f"mureg reconcile --month {month} {typed} --dry-run"
            return shown(page, register, settings, result.done.compared, is_kept=False, command=command)
    return page.done("/month", result, month=month)


ROUTES = [does("/month/statement", reconcile, again=show, most_files=1)]
