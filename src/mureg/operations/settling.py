"""The month's money: the settlement of the sales that the register holds."""

from collections.abc import Iterator
from typing import NamedTuple

from mureg.domain.calendar import SALES_BEGAN_ON, Month
from mureg.domain.contract import SublicenceContract
from mureg.domain.settlement import Charges, SettledSale, Settlement, settle
from mureg.errors import Refused, msg
from mureg.register.register import Register


class SettledMonth(NamedTuple):
    """A month's totals and its charges, one at a time. An open month is a draft."""

    settlement: Settlement
    contract: SublicenceContract
    charges: Iterator[SettledSale]


def settled_month(register: Register, month: Month, contract: SublicenceContract | None) -> SettledMonth:
    """The settlement of a month. Raises `Refused` before the first month of sales, and where a price is missing."""
    if month < Month.of(SALES_BEGAN_ON):
        raise Refused(
            msg("{month} has no settlement: the multi-user mode has been sold since {day}",
                month=month, day=SALES_BEGAN_ON),
            msg("the first month: mureg reconcile --month {month}", month=Month.of(SALES_BEGAN_ON)),
        )  # fmt: skip
    if contract is None:
        raise Refused(
            msg("there is no sublicence contract in mureg.toml: nothing can be priced"),
            msg('add it to mureg.toml, with your own figures:\n\n[contract]\nnumber = "…"\nsigned_on = …\n'
                'term_months = …\n\n[[contract.price]]\ntier = "2-9"\namount = "…"\nfrom = {day}',
                day=month.first_day),
        )  # fmt: skip
    settlement = settle(month, register.sale_counts(month), contract)
    charges = Charges(contract)
    return SettledMonth(settlement, contract, (charges.of(sale) for sale in register.sales(month)))
