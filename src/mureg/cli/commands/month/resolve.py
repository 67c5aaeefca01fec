"""`mureg month resolve`: the discrepancies of a month one at a time, each answered with a key."""

from typing import Annotated

import typer

from mureg.cli.framework.input.key_prompt import Key, Then, look_through, require_terminal
from mureg.cli.framework.input.prompt import typed_line
from mureg.cli.framework.input.values import needed
from mureg.cli.framework.session import Session, session_of
from mureg.domain.dates import Month
from mureg.domain.money import Amount
from mureg.domain.reconciliation.pairs import TOTAL_ID, Pair
from mureg.errors import N_, Message, Refused, msg, plural
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.cli.views import month_discrepancies
    from mureg.operations import undo
    from mureg.operations.applications import amendments
    from mureg.operations.months import document as documents
    from mureg.operations.months import reconciliation, remedies, resolutions
    from mureg.register import register as registers
    from mureg.reports.month import discrepancies
    from mureg.settings import schema

app = typer.Typer()

_ACCEPT = Key("a", N_("accept the operator's figure"))
_CARRY = Key("c", N_("carry our charge to the next month"))
_AMEND = Key("m", N_("amend the application as the operator has it"))


@app.command(
    "resolve",
    help=N_("Look through the discrepancies of a month one by one, and decide on each"),
    epilog="mureg month resolve 2023-08\nmureg month resolve last",
)
def resolve(
    ctx: typer.Context,
    month: Annotated[
        str | None, typer.Argument(metavar="MONTH", help=N_("For example 2023-08, 08.2023, this, last"))
    ] = None,
) -> None:
    """Look through what is open. Every decision is an operation of its own."""
    session = session_of(ctx)
    wanted = session.month(needed(month, "MONTH"))
    require_terminal(
        session,
        "mureg month resolve",
        msg("in a script: mureg month accept {month} ID --reason TEXT, or mureg month carry {month} ID --reason TEXT",
            month=wanted),
    )  # fmt: skip
    settings = session.settings()
    with session.register() as register:
        resolutions.require_open(register, wanted)
        resolving = _Resolving(session, ctx, register, settings, wanted)
        if resolving.pairs:
            look_through(
                session, resolving.pairs, resolving.keys,
                show=resolving.show, question=resolving.question, act=resolving.act, undo=resolving.undo,
            )  # fmt: skip
        resolving.print_end()


class _Resolving:
    """The discrepancies that are looked through, as ids of pairs, and the operations that were done.

    The month is compared anew after each of them: one may change what the others are.
    """

    def __init__(
        self,
        session: Session,
        ctx: typer.Context,
        register: "registers.Register",
        settings: "schema.Settings",
        month: Month,
    ) -> None:
        self._session = session
        self._ctx = ctx
        self._register = register
        self._settings = settings
        self._month = month
        self._reason = ""
        self._operations: list[int | None] = []
        self._compare()
        if self._compared.statement is None:
            raise resolutions.no_statement(month)
        self.pairs = list(self._open)
        self._places = {pair: place for place, pair in enumerate(self.pairs, start=1)}

    def _compare(self) -> None:
        register, contract = self._register, self._settings.contract
        self._compared = reconciliation.compared_month(register, self._month, contract)
        self._finder = remedies.RemedyFinder(register, self._compared, self._session.today)
        self._open: dict[str, Pair | None] = {pair.id: pair for pair in self._compared.open_pairs}
        if self._compared.is_total_open:
            self._open[TOTAL_ID] = None

    def _remedy(self, pair: str) -> "remedies.Remedy":
        found = self._open[pair]
        return self._finder.of_pair(found) if found is not None else remedies.of_total()

    def keys(self, pair: str) -> list[Key]:
        """What can be done about a discrepancy."""
        remedy, found = self._remedy(pair), self._open[pair]
        keys = [_ACCEPT] if remedy.may_accept else []
        keys += [_CARRY] if found is not None and found.kinds == ("missing_in_statement",) else []
        return keys + ([_AMEND] if remedy.kind in ("amend_tier", "amend_day") else [])

    def show(self, pair: str) -> None:
        """Both sides of a discrepancy. Raises `Refused` where there is none any more."""
        if pair not in self._open:
            raise Refused(msg("{pair} is no longer an open discrepancy", pair=pair))
        rows = discrepancies.pair_rows(documents.month_document(self._compared, self._settings, None))
        output = self._session.output
        output.line()
        month_discrepancies.print_pairs(output, [row for row in rows if row.id == pair])
        # What a key does need not be typed.
        remedy = self._remedy(pair)
        if remedy.kind != "carry" and remedy.amendment is None:
            for command in remedy.commands:
                output.line(f"  {output.cell(command)}")

    def question(self, pair: str) -> Message:
        """What is asked about a discrepancy."""
        return msg("{pair}, {place} of {count}: what to do?",
                   pair=pair, place=self._places[pair], count=len(self.pairs))  # fmt: skip

    def act(self, pair: str, key: str) -> Then:
        """Do what a key says, as an operation of its own."""
        reason = self._asked_reason()
        if not reason:
            self._session.output.note(msg("a reason is needed: nothing was written"))
            return Then.STAY
        if key == _AMEND.name:
            operation = self._amend(pair, reason)
        else:
            action = "accept" if key == _ACCEPT.name else "carry"
            operation = resolutions.resolve(
                self._register, self._month, [pair], action, reason, self._settings.contract,
                actor=self._session.actor(self._ctx),
            ).operation  # fmt: skip
        self._operations.append(operation)
        self._compare()
        self._session.output.note(self._left())
        return Then.NEXT

    def _amend(self, pair: str, reason: str) -> int | None:
        amendment = self._remedy(pair).amendment
        assert amendment is not None, "there is no such key without one"
        contract = self._settings.contract
        return amendments.amend(
            self._register, amendment.number, reason, tier=amendment.tier, on=amendment.on, reset=False,
            today=self._session.today, term_months=contract.term_months if contract else None,
            actor=self._session.actor(self._ctx),
        ).operation  # fmt: skip

    def undo(self, pair: str) -> None:
        """Undo the last operation that was done here."""
        actor = self._session.actor(self._ctx)
        result = undo.undo(self._register, self._operations[-1], actor=actor)
        self._operations.pop()
        self._compare()
        output = self._session.output
        output.note(msg("{pair}: operation {operation} was undone", pair=pair, operation=result.done.operation))
        output.note(self._left())

    def _asked_reason(self) -> str:
        """The reason that is typed; an empty line repeats the one before."""
        prompt = msg("Why? [{reason}] ", reason=self._reason) if self._reason else msg("Why? ")
        line = typed_line(self._session, prompt)
        if line is None:
            return ""
        self._reason = line.strip() or self._reason
        return self._reason

    def _left(self) -> Message:
        agreed = Amount(self._compared.agreed_kopecks)
        return plural(
            "{count} left; agreed now {agreed}", "{count} left; agreed now {agreed}",
            count=self._compared.unresolved, agreed=agreed,
        )  # fmt: skip

    def print_end(self) -> None:
        """What is left, and what comes next."""
        output = self._session.output
        if not self._compared.unresolved:
            output.note(msg("no discrepancies are left; next: mureg month close {month}", month=self._month))
        elif not self._operations:
            output.note(msg("nothing was written"))
