"""`mureg application review`: the waiting applications one at a time, each answered with a key."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from mureg.cli.framework.input.choice import (
    AllNew,
    Choosing,
    Inn,
    Search,
    SubmittedBefore,
    SubmittedIn,
    WithoutWarnings,
    chosen_numbers,
)
from mureg.cli.framework.input.key_prompt import Key, Then, look_through, require_terminal
from mureg.cli.framework.input.prompt import typed_line
from mureg.cli.framework.session import Session, session_of
from mureg.domain.application import Switch, Tier
from mureg.errors import N_, Message, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.reports.cells import Money

with lazy_imports():
    from mureg.cli.views import application_card, application_result
    from mureg.domain import contract as contracts
    from mureg.operations import undo
    from mureg.operations.applications import decisions, quotes
    from mureg.operations.applications import processing as applications
    from mureg.register import register as registers

app = typer.Typer()

_KEYS = (
    Key("p", N_("process it")),
    Key("2", N_("set the tier 2 to 9"), ("2-9",)),
    Key("1", N_("set the tier 10 and more"), ("10", "10+")),
    Key("o", N_("turn the multi-user mode off")),
    Key("r", N_("reject it, and say why")),
)


@app.command(
    "review",
    help=N_("Look through the waiting applications one by one, and decide on each"),
    epilog="mureg application review\nmureg application review --submitted-in 2023-08 --on 2023-08-31",
)
def review(
    ctx: typer.Context,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=N_("The date of decisions (default: today)"))
    ] = None,
    all_new: AllNew = False,
    submitted_before: SubmittedBefore = None,
    submitted_in: SubmittedIn = None,
    inn: Inn = None,
    search: Search = None,
    without_warnings: WithoutWarnings = False,
) -> None:
    """Look through what waits. Every decision is an operation of its own."""
    session = session_of(ctx)
    require_terminal(
        session, "mureg application review", msg("in a script: mureg application process --all-new --dry-run")
    )
    choosing = Choosing(all_new, submitted_before, submitted_in, inn, search, without_warnings)
    day = session.day(on)
    contract = session.settings().contract
    with session.register() as register:
        numbers = chosen_numbers(session, register, choosing)
        if not numbers:
            session.output.note(msg("no waiting application matches"))
            return
        reviewed = _Review(session, ctx, register, numbers, day, contract)
        look_through(
            session, numbers, _KEYS,
            show=reviewed.show, question=reviewed.question, act=reviewed.act, undo=reviewed.undo,
        )  # fmt: skip
        reviewed.print_sum()


class _Done(NamedTuple):
    """Something that was done to an application, with its operation."""

    key: str
    operation: int | None
    payable_kopecks: int = 0


class _Review:
    """The applications that are looked through, and what was done to them."""

    def __init__(
        self,
        session: Session,
        ctx: typer.Context,
        register: "registers.Register",
        numbers: Sequence[str],
        day: date,
        contract: "contracts.SublicenceContract | None",
    ) -> None:
        self._session = session
        self._ctx = ctx
        self._register = register
        self._places = {number: place for place, number in enumerate(numbers, start=1)}
        self._day = day
        self._contract = contract
        self._done: list[_Done] = []

    def show(self, number: str) -> None:
        """The card of an application, with its warnings and what it would cost."""
        output, register = self._session.output, self._register
        card = applications.card(register, number, self._session.today)
        output.line()
        application_card.print_card(
            output, card, quotes.quote_of(register, card.application, self._day, self._contract), with_next=False
        )
        output.line()

    def question(self, number: str) -> Message:
        """What is asked about an application."""
        return msg("{number}, {place} of {count}: what to do?",
                   number=number, place=self._places[number], count=len(self._places))  # fmt: skip

    def act(self, number: str, key: str) -> Then:
        """Do what a key says."""
        match key:
            case "p":
                return self._process(number)
            case "2":
                return self._set(number, key, "on", "2-9")
            case "1":
                return self._set(number, key, "on", "10+")
            case "o":
                return self._set(number, key, "off", None)
        return self._reject(number)

    def undo(self, number: str) -> None:
        """Undo the last thing that was done."""
        last = self._done[-1]
        result = undo.undo(self._register, last.operation, actor=self._session.actor(self._ctx))
        self._done.pop()
        self._session.output.note(
            msg("{number}: operation {operation} was undone", number=number, operation=result.done.operation)
        )

    def _process(self, number: str) -> Then:
        contract = self._contract
        result = decisions.process(
            self._register, [number], self._day, today=self._session.today,
            term_months=contract.term_months if contract else None, without_sale="",
            actor=self._session.actor(self._ctx),
        )  # fmt: skip
        application_result.print_processed(self._session.output, result.done, contract, dry_run=False)
        charge = quotes.charge_of(result.done[0].licence, contract)
        return self._note("p", result, charge.payable_kopecks if charge else 0, then=Then.NEXT)

    def _set(self, number: str, key: str, option: Switch, tier: Tier | None) -> Then:
        actor = self._session.actor(self._ctx)
        result = decisions.set_multiuser(self._register, [number], option, tier, actor=actor)
        if result.operation is None:
            self._session.output.note(msg("already set; nothing was written"))
            return Then.STAY
        return self._note(key, result, then=Then.AGAIN)

    def _reject(self, number: str) -> Then:
        comment = typed_line(self._session, msg("Why? "))
        if comment is None or not comment.strip():
            self._session.output.note(msg("a rejection needs a comment: nothing was written"))
            return Then.STAY
        result = decisions.reject(
            self._register, [number], comment.strip(), self._day, today=self._session.today,
            actor=self._session.actor(self._ctx),
        )  # fmt: skip
        application_result.print_rejected(self._session.output, result.done, dry_run=False)
        return self._note("r", result, then=Then.NEXT)

    def _note(self, key: str, result: Result[Any], payable_kopecks: int = 0, *, then: Then) -> Then:
        self._done.append(_Done(key, result.operation, payable_kopecks))
        self._session.output.note_operation(result, dry_run=False)
        return then

    def print_sum(self) -> None:
        """What was done in all."""
        output = self._session.output
        if not self._done:
            output.note(msg("nothing was written"))
            return
        processed = [done for done in self._done if done.key == "p"]
        rejected = sum(done.key == "r" for done in self._done)
        output.line()
        output.facts(
            [
                (N_("Processed"), len(processed) or None),
                (N_("Payable"), Money(sum(done.payable_kopecks for done in processed)) if processed else None),
                (N_("Rejected"), rejected or None),
                (N_("Options set"), (len(self._done) - len(processed) - rejected) or None),
                (N_("Left waiting"), (len(self._places) - len(processed) - rejected) or None),
            ]
        )
