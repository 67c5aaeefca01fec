"""What a person can do about a discrepancy, besides taking the operator's figure: a command that works as it is."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from mureg.command_hints import quoted
from mureg.domain.application import Application, Tier, tier_holds
from mureg.domain.dates import Month
from mureg.domain.reconciliation.exact_matches import DiscrepancyKind
from mureg.domain.reconciliation.pairs import TOTAL_ID, Pair
from mureg.domain.reconciliation.statement import StatementRow
from mureg.domain.settlement import SettledSale
from mureg.errors import Message, msg
from mureg.operations.months.reconciliation import Compared
from mureg.register.register import Register

RemedyKind = Literal[
    "carry", "amend_tier", "amend_day", "process", "return", "import", "price", "discount", "settled_elsewhere",
    "unclear", "wrong_statement", "ask",
]  # fmt: skip


class Amendment(NamedTuple):
    """What would make an application what the operator has: another tier, or another day."""

    number: str
    tier: Tier | None = None
    on: date | None = None

    @property
    def command(self) -> Message:
        """The command that does it."""
        if self.tier is not None:
            return msg("mureg application amend {number} --tier {tier} --reason TEXT",
                       number=quoted(self.number), tier=self.tier)  # fmt: skip
        return msg("mureg application amend {number} --on {day} --reason TEXT",
                   number=quoted(self.number), day=str(self.on))  # fmt: skip


class Remedy(NamedTuple):
    """What to do about a pair. `commands` are typed one after the other; a pair may be accepted besides."""

    kind: RemedyKind
    pair: str
    commands: tuple[Message, ...] = ()
    may_accept: bool = True
    amendment: Amendment | None = None


def of_total() -> Remedy:
    """What to do about a stated total that contradicts its rows."""
    return Remedy("wrong_statement", TOTAL_ID)


class RemedyFinder:
    """Finds what to do about the discrepancies of one month, of each when it is asked for: there may be many."""

    def __init__(self, register: Register, compared: Compared, today: date) -> None:
        self._register = register
        self._compared = compared
        self._month = compared.settled.record.month
        self._today = today
        self._taken = register.months.taken()
        # Where both sides have a sale of the same taxpayer left over, it is not clear which row means which.
        left = [pair for pair in compared.open_pairs if pair.ours is None or pair.theirs is None]
        ours = {pair.ours.sale.organization.inn for pair in left if pair.ours}
        theirs = {
            pair.theirs.inn for pair in left if pair.theirs and pair.kinds == ("missing_in_register",)
            if not pair.theirs.number and not pair.theirs.tier
        }  # fmt: skip
        self._unclear = ours & theirs

    def first(self, most: int) -> list[Remedy]:
        """What to do about the first open discrepancies of the month, in their order."""
        pairs = self._compared.open_pairs
        found = [self.of_pair(pair) for pair in pairs[:most]]
        return [*found, of_total()] if self._compared.is_total_open and len(pairs) < most else found

    def of_pair(self, pair: Pair) -> Remedy:
        """What to do about a pair; of several kinds that which explains the others."""
        ours, theirs, kinds = pair.ours, pair.theirs, pair.kinds
        if ours is not None and theirs is None:
            if ours.sale.organization.inn in self._unclear:
                return Remedy("unclear", pair.id)
            command = msg("mureg month carry {month} {id} --reason TEXT", month=self._month, id=quoted(pair.id))
            return Remedy("carry", pair.id, (command,))
        assert theirs is not None, "a pair has a side"
        if ours is None:
            return self._without_charge(pair.id, kinds, theirs)
        if "month_differs" in kinds:
            return self._of_another_month(pair, ours, theirs)
        return self._with_other_terms(pair.id, kinds, ours, theirs)

    def _without_charge(self, pair: str, kinds: Sequence[DiscrepancyKind], row: StatementRow) -> Remedy:
        if kinds == ("duplicate_in_statement",):
            return Remedy("wrong_statement", pair)
        if not row.number and not row.tier and row.inn in self._unclear:
            return Remedy("unclear", pair)
        application = self._application_of(row)
        if application is None:
            if row.number and self._register.applications.find(row.number) is not None:
                return Remedy("ask", pair)
            return Remedy("import", pair, (msg("mureg application import FILE"),))
        if application.status == "rejected":
            number = quoted(application.number)
            return Remedy("return", pair, (msg("mureg application return {number} --reason TEXT", number=number),))
        commands = self._to_process(application, row)
        return Remedy("process", pair, commands) if commands else Remedy("ask", pair)

    def _application_of(self, row: StatementRow) -> Application | None:
        """The application that a row without a charge may mean, if something can be done with it."""
        if row.number:
            found = self._register.applications.find(row.number)
            may_return = found is not None and found.status == "rejected" and self._is_open(found.processed_on)
            return found if found is not None and (found.status == "new" or may_return) else None
        waiting = [each for each in self._register.applications.of_inns([row.inn]) if each.status == "new"]
        return waiting[0] if len(waiting) == 1 else None

    def _to_process(self, application: Application, row: StatementRow) -> tuple[Message, ...]:
        """The commands that make a sale of the month of a new application; none where no day of the month is right."""
        wanted = row.processed_on
        day = wanted if wanted is not None and self._month.contains(wanted) else min(self._month.last_day, self._today)
        day = max(day, application.submitted_on)
        if not self._month.contains(day) or day > self._today:
            return ()
        number = quoted(application.number)
        process = msg("mureg application process {number} --on {day}", number=number, day=day.isoformat())
        tier = row.tier or application.tier
        if application.effective == "on" and application.tier is not None and row.tier in ("", application.tier):
            return (process,)
        if tier is None or not tier_holds(tier, application.users):
            return (process,) if application.tier is not None else ()
        return (msg("mureg application set-multiuser {number} --tier {tier}", number=number, tier=tier), process)

    def _of_another_month(self, pair: Pair, ours: SettledSale, row: StatementRow) -> Remedy:
        assert pair.settled_in is not None, "our charge has a month"
        by = self._taken.get(ours.sale.number, self._month)
        if by != self._month or self._register.months.is_past(pair.settled_in):
            return Remedy("settled_elsewhere", pair.id, may_accept=False)
        day = row.processed_on
        sale = ours.sale
        if ours.kind != "sale" or day is None or not self._month.contains(day) or day > self._today:
            return Remedy("ask", pair.id)
        application = self._register.applications.find(sale.number)
        if application is None or application.submitted_on > day:
            return Remedy("ask", pair.id)
        amendment = Amendment(sale.number, on=day)
        return Remedy("amend_day", pair.id, (amendment.command,), amendment=amendment)

    def _with_other_terms(
        self, pair: str, kinds: Sequence[DiscrepancyKind], ours: SettledSale, row: StatementRow
    ) -> Remedy:
        if "tier_differs" in kinds:
            application = self._register.applications.find(ours.sale.number)
            may_amend = ours.kind == "sale" and application is not None and application.status == "processed"
            if may_amend and application is not None and row.tier and tier_holds(row.tier, application.users):
                amendment = Amendment(ours.sale.number, tier=row.tier)
                return Remedy("amend_tier", pair, (amendment.command,), amendment=amendment)
            return Remedy("ask", pair)
        show = msg("mureg contract show --on {day}", day=ours.sale.sold_on.isoformat())
        if "price_differs" in kinds:
            return Remedy("price", pair, (show,))
        if "discount_differs" in kinds:
            return Remedy("discount", pair, (show,))
        return Remedy("ask", pair)

    def _is_open(self, day: date | None) -> bool:
        return day is None or not self._register.months.is_past(Month.of(day))
