"""Charges of other months that rows of a month's statement may mean."""

from collections.abc import Collection, Mapping, Sequence

from mureg.domain.contract import SublicenceContract
from mureg.domain.dates import Month
from mureg.domain.reconciliation.pairs import Pair
from mureg.domain.reconciliation.statement import StatementRow
from mureg.domain.sale import Sale
from mureg.domain.settlement import Pricing, SettledSale
from mureg.domain.text import look_alike_key
from mureg.operations.months.settlement import corrections_in, first_open_month
from mureg.register.queries.charges import FrozenCharge
from mureg.register.register import Register

_YEAR = 12  # months


def charges_of_other_months(
    register: Register,
    month: Month,
    contract: SublicenceContract | None,
    ours: Sequence[SettledSale],
    rows: Sequence[StatementRow],
    taken: Mapping[str, Month],
) -> list[tuple[Month, SettledSale]]:
    """Our charges of other months that may belong to rows of the statement: sales, and corrections of closed months.

    `taken` are those that a month settles by an accepted row.
    """
    known = {charge.sale.number for charge in ours}
    numbers = sorted({row.number for row in rows if row.number} - known)
    inns = {row.inn for row in rows if not row.number and row.inn}
    found: list[tuple[Month, SettledSale]] = []
    wanted = {sale.number: sale for sale in register.licences.sales_with(numbers)}
    for sale in register.licences.sales_to(sorted(inns)):
        # A row with an ИНН alone is not compared with a sale of a year ago: that licence has ended, and may be renewed.
        if sale.number not in known and abs(month.months_since(Month.of(sale.sold_on))) < _YEAR:
            wanted[sale.number] = sale
    wanted |= _looking_alike(register, month, [row for row in rows if row.number and row.number not in wanted], known)
    first_open = first_open_month(register)
    waiting = {name: by for name, by in taken.items() if by != month}
    if first_open is not None:
        waiting = {sale.number: first_open for sale in register.licences.late_sales()} | waiting
    corrections = corrections_to_take(register, contract) if first_open != month else []
    pricing = Pricing(contract) if contract is not None else None
    # A carried charge is settled by its correction, not by the month that it was carried from.
    frozen = {number: register.charges.of_number(number) for number in sorted({*wanted, *numbers})}
    for number, charges in frozen.items():
        found += [
            # A charge that this same month took keeps the month that it was taken from.
            ((charge.taken_from if where == month else None) or where, charge.settled)
            for where, charge in charges
            if not charge.carried
        ]
        if not charges and number in wanted and pricing is not None:
            sale = wanted[number]
            found.append((waiting.get(number, Month.of(sale.sold_on)), pricing.settle(sale)))
    for correction in corrections:
        sale = correction.settled.sale
        is_meant = sale.number in numbers or sale.organization.inn in inns
        if first_open is not None and is_meant and correction.settled.cause != "late":
            found.append((waiting.get(correction.cause, first_open), correction.settled))
    return found


def _looking_alike(
    register: Register, month: Month, rows: Sequence[StatementRow], known: Collection[str]
) -> dict[str, Sale]:
    """Sales of other months whose ИНН is that of a row, and whose number looks like the row's."""
    keys = {(row.inn, look_alike_key(row.number)) for row in rows if row.inn}
    return {
        sale.number: sale
        for sale in register.licences.sales_to(sorted({inn for inn, _ in keys}))
        if (sale.organization.inn, look_alike_key(sale.number)) in keys
        if sale.number not in known and not month.contains(sale.sold_on)
    }


def corrections_to_take(register: Register, contract: SublicenceContract | None) -> list[FrozenCharge]:
    """The corrections of the first open month, which a row of another month may mean."""
    first_open = first_open_month(register)
    if first_open is None or contract is None:
        return []
    return corrections_in(register, first_open, Pricing(contract), taken=())


def name_taken(pair: Pair, corrections: Sequence[FrozenCharge]) -> str:
    """What an accepted pair takes from another month: the number of a sale, the cause of a correction."""
    if "month_differs" not in pair.kinds or pair.ours is None:
        return ""
    return next((each.cause for each in corrections if _is_taken_by_cause(each, pair.ours)), pair.ours.sale.number)


def _is_taken_by_cause(correction: FrozenCharge, ours: SettledSale) -> bool:
    return correction.settled == ours and ours.cause != "late"
