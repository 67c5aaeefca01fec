"""An application's card, printed."""

from typing import TYPE_CHECKING

from mureg.cli.framework.output.columns import Typed
from mureg.cli.framework.output.output import Output
from mureg.domain.application import Application
from mureg.errors import N_
from mureg.operations.applications.processing import Card
from mureg.reports import application_card as cards
from mureg.reports.cells import Label

if TYPE_CHECKING:
    # A card in a pipe shows no price.
    from mureg.domain.quote import Quote


def print_card(output: Output, card: Card, quote: "Quote | None" = None, *, with_next: bool = True) -> None:
    """Organization, option, tier, users, price, warnings, and the command to type next."""
    application = card.application
    output.heading(output.cell(cards.title(application)))
    output.facts(cards.identity(application))
    output.line()
    output.facts(cards.connection(application, card.licence, quote))
    _print_users(output, application)
    _print_warnings(output, card)
    if with_next:
        output.line()
        output.facts([(N_("Next"), Typed(cards.next_step(application)))])


def _print_users(output: Output, application: Application) -> None:
    if application.owners:
        output.line()
        output.table(cards.OWNER_COLUMNS, cards.owner_rows(application, output.language.translate))
    elif application.effective == "on":
        output.line()
        output.sentence(output.cell(cards.NO_USERS))


def _print_warnings(output: Output, card: Card) -> None:
    warnings = [warning for warning in card.warnings if warning.code != "promotion_ignored"]
    if warnings:
        output.line()
        output.heading(output.cell(Label(N_("Warnings"))))
        for warning in warnings:
            output.sentence(output.cell(warning.message), f"  {'!' if warning.level == 'warning' else '·'}")
