"""Whatever happens in whatever order: in the end every sale was settled exactly once, and every month adds up."""

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mureg.domain.contract import Discount, Price, SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.statement import Statement, StatementRow, StatementRows
from mureg.errors import MuregError
from mureg.operations.applications import decisions
from mureg.operations.check.checks import check_register
from mureg.operations.months.closing import close, reopen
from mureg.operations.months.reconciliation import compared_month, keep_statement
from mureg.operations.months.resolutions import resolve
from support.office import ACTOR, TODAY, Office
from support.sample_data import application, inn_of

pytestmark = pytest.mark.slow

NUMBERS = ["A-1", "A-2", "A-3", "A-4", "A-5"]
MONTHS = [Month(2023, 8), Month(2023, 9), Month(2023, 10)]
LAST = Month(2024, 4)
BEGAN, CHANGED = date(2023, 8, 1), date(2023, 9, 10)
CONTRACT = SublicenceContract(
    "С-1", BEGAN, 12,
    prices=(Price(300_001, BEGAN), Price(350_005, CHANGED)), discounts=(Discount(3333, BEGAN), Discount(4150, CHANGED)),
)  # fmt: skip


def payable(day: date) -> int:
    """What one licence costs, reckoned anew."""
    price, rate = (300_001, Fraction(3333, 10_000)) if day < CHANGED else (350_005, Fraction(4150, 10_000))
    return price - int(price * rate + Fraction(1, 2))


# Rows that name only the firm of an application, and its tier.
FIRMS = {f"firm of {number}": inn_of(place) for place, number in enumerate(NUMBERS)}


def row_of(place: int, number: str, amount: int) -> StatementRow:
    if number in FIRMS:
        return StatementRow(place, amount, inn=FIRMS[number], tier="2-9")
    return StatementRow(place, amount, number)


def statement_of(rows: list[tuple[str, int]]) -> Statement:
    made = StatementRows(row_of(place, number, amount) for place, (number, amount) in enumerate(rows, start=2))
    return Statement("a.csv", f"{hash(tuple(rows)) & (1 << 256) - 1:064x}", made)


number = st.sampled_from(NUMBERS)
day = st.sampled_from(["2023-08-03", "2023-08-20", "2023-09-05", "2023-09-15", "2023-10-02"])
month = st.sampled_from(MONTHS)
ROWS = st.lists(
    st.tuples(st.sampled_from([*NUMBERS, "X-9", *FIRMS]), st.sampled_from([payable(BEGAN), payable(CHANGED), 5])),
    max_size=6,
)
STEPS = st.one_of(
    st.tuples(st.just("process"), number, day, st.booleans()),
    st.tuples(st.just("cancel"), number, day),
    st.tuples(st.just("amend"), number, day),
    st.tuples(st.just("return"), number),
    st.tuples(st.just("statement"), month, ROWS),
    st.tuples(st.sampled_from(["accept", "carry"]), month, st.integers(0, 5)),
    st.tuples(st.just("accept all"), month),
    st.tuples(st.just("close"), month),
    st.tuples(st.just("reopen"), month),
    st.tuples(st.just("undo"), st.integers(0, 4)),
)


class Partner(Office):
    """An office with a contract."""

    def accept_all(self, wanted: Month) -> None:
        compared = compared_month(self.register, wanted, CONTRACT)
        for pair in compared.open_pairs:
            is_missing = pair.kinds == ("missing_in_statement",)
            action = "carry" if is_missing and pair.id[-1] in "135" else "accept"
            resolve(self.register, wanted, [pair.id], action, "так", CONTRACT, actor=ACTOR)

    def close_month(self, wanted: Month) -> None:
        known = [number for number in NUMBERS if self.register.applications.find(number)]
        has_statement = self.register.months.record(wanted).statement is not None
        close(
            self.register, wanted, CONTRACT, today=TODAY, leave=known,
            without_statement="" if has_statement else "нет", actor=ACTOR._replace(command="month close"),
        )  # fmt: skip

    def take(self, step: tuple[Any, ...]) -> None:  # noqa: C901  one case for each kind of step
        """One step, as it may be refused."""
        match step:
            case "process", sold, on, late:
                decisions.process(
                    self.register, [sold], date.fromisoformat(on), today=TODAY, term_months=12, without_sale="",
                    late=late, actor=ACTOR,
                )  # fmt: skip
            case "cancel", sold, on:
                self.cancel(sold, on)
            case "amend", sold, on:
                self.amend(sold, on=on)
            case "return", sold:
                self.return_to_new(sold)
            case "statement", wanted, rows:
                theirs = statement_of(rows)
                keep_statement(self.register, wanted, CONTRACT, theirs, actor=ACTOR, dry_run=False)
            case ("accept" | "carry") as action, wanted, place:
                pairs = compared_month(self.register, wanted, CONTRACT).open_pairs
                if place < len(pairs):
                    resolve(self.register, wanted, [pairs[place].id], action, "так", CONTRACT, actor=ACTOR)
            case "accept all", wanted:
                self.accept_all(wanted)
            case "close", wanted:
                self.close_month(wanted)
            case "reopen", wanted:
                reopen(self.register, wanted, "снова", actor=ACTOR._replace(command="month reopen"))
            case "undo", back:
                head, _ = self.register.history.head()
                self.undo(head - back)

    def close_everything(self) -> None:
        """Close every month; where the operator wants what cannot be given, it sends a right statement."""
        wanted = MONTHS[0]
        while wanted <= LAST:
            if not self.register.months.is_past(wanted):
                try:
                    self.accept_all(wanted)
                except MuregError:
                    charges = compared_month(self.register, wanted, CONTRACT).settled.charges()
                    right = [(each.settled.sale.number, each.settled.charge.payable_kopecks) for each in charges]
                    keep_statement(self.register, wanted, CONTRACT, statement_of(right), actor=ACTOR, dry_run=False)
                    self.accept_all(wanted)
                self.close_month(wanted)
            wanted = wanted.next()


@settings(max_examples=300)
@given(st.lists(STEPS, max_size=16))
def test_in_the_end_every_sale_was_settled_once_and_every_month_adds_up(steps: list[tuple[Any, ...]]) -> None:
    partner = Partner()
    try:
        partner.import_json(
            *(application(each, users=3, submitted_on="2023-08-01", organization={"inn": inn_of(place)})
              for place, each in enumerate(NUMBERS))
        )  # fmt: skip
        for step in steps:
            before = partner.dump()
            try:
                partner.take(step)
            except MuregError:
                assert step[0] == "accept all" or partner.dump() == before
            assert check_register(partner.register) == []
        partner.close_everything()
        assert check_register(partner.register) == []
        require_all_settled(partner)
    finally:
        partner.close()


def require_all_settled(partner: Partner) -> None:
    times: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for record in partner.register.months.records():
        compared = compared_month(partner.register, record.month, CONTRACT)
        assert partner.register.months.is_past(record.month)
        if record.state == "open":
            # A later month was closed, which is only possible where this one had nothing to settle.
            assert list(compared.settled.charges()) == []
            continue
        assert compared.unresolved == 0
        ours = compared.settled.settlement.total.payable_kopecks
        # With a statement, everything that differs was accepted or carried: what was agreed is what the operator says.
        assert record.agreed_kopecks == (compared.statement.total_kopecks if compared.statement else ours)
        for frozen in partner.register.charges.of_month(record.month):
            if not frozen.carried:
                sign = -1 if frozen.settled.charge.payable_kopecks < 0 else 1
                times[frozen.settled.sale.number] += sign
                amounts[frozen.settled.sale.number] += frozen.settled.charge.payable_kopecks
    for each in NUMBERS:
        licence = partner.register.licences.made_by(each)
        is_sold = licence is not None and licence.sold_on is not None and licence.cancelled_on is None
        assert times[each] == is_sold, each
        day = licence.sold_on if licence else None
        assert amounts[each] == (payable(day) if is_sold and day else 0), each
