"""The settlement of a month, open or closed, from the register and the contract."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Protocol

from mureg.domain.application import TIERS
from mureg.domain.contract import Charge, SublicenceContract
from mureg.domain.dates import SALES_BEGAN_ON, Month
from mureg.domain.reconciliation.exact_matches import ChargeTerms
from mureg.domain.settlement import (
    Cause,
    Pricing,
    SettledSale,
    Settlement,
    Sum,
    settlement_of_charges,
    settlement_of_sales,
    settlement_of_sums,
    terms_of,
)
from mureg.errors import Refused, msg
from mureg.operations.months.pair_content import row_accepted_for
from mureg.register.queries.charges import FrozenCharge
from mureg.register.queries.months import MonthRecord
from mureg.register.register import Register


class SettledMonth(Protocol):
    """A month's totals and its charges, which are read anew each time. An open month is a draft."""

    record: MonthRecord
    settlement: Settlement
    contract: str
    vat_note: str

    def charges(self) -> Iterator[FrozenCharge]:
        """Every charge, by processing date, then number."""

    def terms(self) -> Iterator[tuple[ChargeTerms, Sequence[str]]]:
        """The numbers of the charges by their amounts: most charges are compared by these alone."""

    def charges_with(self, numbers: Collection[str]) -> list[SettledSale]:
        """The charges with these numbers."""

    def corrections(self) -> list[SettledSale]:
        """The charges that correct closed months; a number may have one beside its sale."""


def settled_month(
    register: Register, month: Month, contract: SublicenceContract | None, taken: Collection[str]
) -> SettledMonth:
    """The settlement of a month: of an open one by the contract, of a closed one as it was closed.

    `taken` names the sales and corrections that other months settle by an accepted row of the operator. Raises
    `Refused` before the first month of sales, and where a price is missing.
    """
    if month < Month.of(SALES_BEGAN_ON):
        raise Refused(
            msg("{month} has no settlement: the multi-user mode has been sold since {day}",
                month=month, day=SALES_BEGAN_ON),
            msg("the first month: mureg reconcile --month {month}", month=Month.of(SALES_BEGAN_ON)),
        )  # fmt: skip
    record = register.months.record(month)
    if record.state != "open":
        return _ClosedMonth(register, record)
    return _OpenMonth(register, record, required(contract, month.first_day), taken)


class _OpenMonth:
    """A month computed from the register and the contract as they are now."""

    def __init__(
        self, register: Register, record: MonthRecord, contract: SublicenceContract, taken: Collection[str]
    ) -> None:
        self.record = record
        self.contract = contract.number
        self.vat_note = contract.vat_note
        self._register = register
        self._pricing = Pricing(contract)
        month = record.month
        self._taken = set(taken)
        self._corrections = corrections_in(register, month, self._pricing, self._taken)
        self._counts = register.licences.sale_counts(month, self._taken)
        self.settlement = settlement_of_sales(month, self._counts, contract, self.corrections())

    def charges(self) -> Iterator[FrozenCharge]:
        waiting = self._corrections[::-1]
        for sale in self._register.licences.sales_in(self.record.month, self._taken):
            while waiting and _place_of(waiting[-1]) < (sale.sold_on, sale.number):
                yield waiting.pop()
            yield FrozenCharge(self._pricing.settle(sale), f"sale:{sale.number}", carried=False)
        yield from reversed(waiting)

    def terms(self) -> Iterator[tuple[ChargeTerms, Sequence[str]]]:
        for tier, sold_on, _ in self._counts:
            numbers = self._register.licences.sold_numbers(tier, sold_on)
            terms = terms_of(self._pricing.charge(tier, sold_on))
            yield terms, [number for number in numbers if number not in self._taken] if self._taken else numbers
        yield from ((terms_of(each.charge), [each.sale.number]) for each in self.corrections())

    def charges_with(self, numbers: Collection[str]) -> list[SettledSale]:
        sales = self._register.licences.sales_with(sorted(set(numbers) - self._taken), self.record.month)
        corrections = [each for each in self.corrections() if each.sale.number in numbers]
        return [*map(self._pricing.settle, sales), *corrections]

    def corrections(self) -> list[SettledSale]:
        return [correction.settled for correction in self._corrections]


class _ClosedMonth:
    """A month as it was closed."""

    def __init__(self, register: Register, record: MonthRecord) -> None:
        rules = json.loads(record.contract)
        self.record = record
        self.contract = rules["number"]
        self.vat_note = rules["vat_note"]
        self._register = register
        self.settlement = frozen_settlement(record) or settlement_of_frozen(record, self.charges())

    def charges(self) -> Iterator[FrozenCharge]:
        frozen = self._register.charges.of_month(self.record.month)
        return (charge for charge in frozen if charge.taken_from is None)

    def terms(self) -> Iterator[tuple[ChargeTerms, Sequence[str]]]:
        return ((terms_of(each.settled.charge), [each.settled.sale.number]) for each in self.charges())

    def charges_with(self, numbers: Collection[str]) -> list[SettledSale]:
        return [each.settled for each in self.charges() if each.settled.sale.number in numbers] if numbers else []

    def corrections(self) -> list[SettledSale]:
        return [each.settled for each in self.charges() if each.settled.kind == "correction"]


def required(contract: SublicenceContract | None, from_on: date) -> SublicenceContract:
    """The contract. Raises `Refused` with the lines to add where there is none."""
    if contract is not None:
        return contract
    raise Refused(
        msg("mureg.toml has no sublicence contract, so nothing can be priced"),
        msg('add it to mureg.toml, with your own figures:\n\n[contract]\nnumber = "…"\nsigned_on = …\n'
            'term_months = …\n\n[[contract.price]]\ntier = "2-9"\namount = "…"\nfrom = {day}',
            day=from_on.isoformat()),
    )  # fmt: skip


def first_open_month(register: Register) -> Month | None:
    """The month in which corrections of closed months are settled; `None` while no month is closed."""
    closed = register.months.last_closed()
    return closed.next() if closed else None


def has_corrections(register: Register) -> bool:
    """Whether closed months left a correction to the first open one."""
    return bool(register.charges.carried() or register.licences.late_sales() or _refunds(register))


def corrections_in(register: Register, month: Month, pricing: Pricing, taken: Collection[str]) -> list[FrozenCharge]:
    """Corrections of closed months in this one: carried charges, late sales, cancelled sales; by day, then number.

    `taken` are those that another month settles: late sales by their number, others by their cause.
    """
    if month != first_open_month(register):
        return []
    found = [
        _correction(frozen.settled, closed_in, "carried", f"carried:{closed_in}:{frozen.place}")
        for closed_in, frozen in register.charges.carried()
    ]
    found += [
        _correction(pricing.settle(sale), Month.of(sale.sold_on), "late", f"late:{sale.number}")
        for sale in register.licences.late_sales()
        if sale.number not in taken
    ]
    found += _refunds(register)
    return sorted((each for each in found if each.cause not in taken), key=_place_of)


def _refunds(register: Register) -> list[FrozenCharge]:
    """Refunds of cancelled sales of closed months: the amount that its month settled for each.

    That is our charge, or the operator's figure where that was accepted. What was settled with nothing, because it was
    accepted that the statement lacks it, is not taken back.
    """
    found = []
    for closed_in, frozen in register.charges.called_off():
        charge = _settled_charge(register, closed_in, frozen.settled)
        if charge is not None:
            refund = frozen.settled._replace(charge=charge.negative())
            found.append(_correction(refund, closed_in, "cancelled", f"cancelled:{closed_in}:{frozen.place}"))
    return found


def _settled_charge(register: Register, month: Month, settled_sale: SettledSale) -> Charge | None:
    """What a closed month settled for a sale; `None` where that was nothing."""
    for resolution in register.months.resolutions(month).values():
        if resolution.action != "accept" or not resolution.content.startswith("["):
            continue
        is_accepted, row = row_accepted_for(resolution.content, settled_sale)
        if is_accepted and row is None:
            return None
        if is_accepted and row is not None:
            ours = settled_sale.charge
            list_price = ours.list_price_kopecks if row.list_price_kopecks is None else row.list_price_kopecks
            return Charge(ours.tier, list_price, ours.discount_rate, list_price - row.payable_kopecks)
    return settled_sale.charge


def rules_of(contract: SublicenceContract, settlement: Settlement, comparison: dict[str, object] | None) -> str:
    """The contract's rules, and the comparison with the statement, as a closed month keeps them: JSON."""
    rules: dict[str, object] = {
        "number": contract.number,
        "rounding": contract.rounding,
        "vat_note": contract.vat_note,
        "rounding_difference_kopecks": settlement.rounding_difference_kopecks,
        "totals": {tier: asdict(part) for tier, part in settlement.tiers},
        "corrections": asdict(settlement.corrections) if settlement.corrections else None,
        "prices": [[price.tier, price.from_on.isoformat(), price.amount_kopecks] for price in contract.prices],
        "discounts": [[row.tier, row.from_on.isoformat(), row.rate] for row in contract.discounts],
    }
    if comparison is not None:
        rules["comparison"] = comparison
    return json.dumps(rules, ensure_ascii=False, sort_keys=True)


def frozen_rounding_difference(record: MonthRecord) -> int:
    """The rounding difference that a month was closed with."""
    difference: int = json.loads(record.contract)["rounding_difference_kopecks"]
    return difference


def frozen_settlement(record: MonthRecord) -> Settlement | None:
    """The totals that a month was closed with; `None` where an earlier mureg closed it, which did not keep them."""
    rules = json.loads(record.contract)
    if "totals" not in rules:
        return None
    tiers = {tier: Sum(**rules["totals"][tier]) for tier in TIERS}
    corrections = Sum(**rules["corrections"]) if rules["corrections"] else None
    return settlement_of_sums(record.month, tiers, rules["rounding_difference_kopecks"], corrections)


def settlement_of_frozen(record: MonthRecord, charges: Iterable[FrozenCharge]) -> Settlement:
    """The totals of a closed month from its charges, those apart that it took from other months."""
    own = (charge.settled for charge in charges if charge.taken_from is None)
    return settlement_of_charges(record.month, own, frozen_rounding_difference(record))


def _place_of(frozen: FrozenCharge) -> tuple[date, str]:
    return frozen.settled.sale.sold_on, frozen.settled.sale.number


def _correction(settled_sale: SettledSale, closed_in: Month, cause: Cause, settles: str) -> FrozenCharge:
    corrected = settled_sale._replace(kind="correction", corrects=settled_sale.corrects or closed_in, cause=cause)
    return FrozenCharge(corrected, settles, carried=False)
