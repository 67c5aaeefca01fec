"""What is done about discrepancies: the operator's figure, carried to the next month, or the application amended."""

from starlette.responses import Response

from mureg.errors import N_, Refused, WrongUsage, msg
from mureg.operations.applications import amendments
from mureg.operations.months.reconciliation import compared_month
from mureg.operations.months.remedies import RemedyFinder
from mureg.operations.months.resolutions import resolve as resolve_pairs
from mureg.operations.months.seen import expect_pairs_unchanged
from mureg.reports.month.labels import RESOLUTION
from mureg.web.page import Page
from mureg.web.pages.month.month import show
from mureg.web.routes import does


def resolve(page: Page) -> Response:
    """Resolve the chosen discrepancies in one way."""
    month, action = page.needed_month(), page.one_of("action", tuple(RESOLUTION))
    names = page.all_asked("pair")
    if action is None or not names:
        raise WrongUsage(msg("choose at least one discrepancy"))
    reason = page.needed("reason", N_("Reason"))
    contract = page.office.contract()
    with page.register() as register:
        expect_pairs_unchanged(register, month, contract, _seen(page, names))
        result = resolve_pairs(
            register, month, names, action, reason, contract, actor=page.office.actor(f"month {action}")
        )
    return page.done("/month", result, month=month, listed=page.asked("listed"), page=page.asked("page"))


def amend(page: Page) -> Response:
    """Amend the application of one discrepancy, so that ours is what the operator has."""
    month, name = page.needed_month(), page.needed("amend", N_("Discrepancy"))
    reason = page.needed("reason", N_("Reason"))
    contract = page.office.contract()
    with page.register() as register:
        compared = compared_month(register, month, contract)
        pair = next((each for each in compared.open_pairs if each.id == name), None)
        amendment = RemedyFinder(register, compared, page.today).of_pair(pair).amendment if pair else None
        if amendment is None:
            raise Refused(msg("{pair} is no longer an open discrepancy", pair=name))
        expect_pairs_unchanged(register, month, contract, _seen(page, [name]))
        result = amendments.amend(
            register, amendment.number, reason, tier=amendment.tier, on=amendment.on, today=page.today,
            term_months=contract.term_months if contract else None, actor=page.office.actor("application amend"),
        )  # fmt: skip
    return page.done("/month", result, month=month, listed=page.asked("listed"), page=page.asked("page"))


def _seen(page: Page, names: list[str]) -> dict[str, str]:
    """What was shown of these discrepancies; one that was not shown cannot be as it was."""
    pairs = (each.rpartition(" ") for each in page.all_asked("seen-pair"))
    seen = {name: digest for name, _, digest in pairs}
    return {name: seen.get(name, "") for name in names}


ROUTES = [
    does("/month/resolve", resolve, again=show),
    does("/month/amend", amend, again=show),
]
