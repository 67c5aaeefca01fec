"""The names under which people know a month's states, its discrepancies and how these are resolved."""

from typing import TYPE_CHECKING

from mureg.errors import N_

if TYPE_CHECKING:
    # `month list` needs the states alone, and does not wait for what months are compared by.
    from mureg.domain.reconciliation.exact_matches import DiscrepancyKind

MONTH_STATE = {"open": N_("open"), "closed": N_("closed"), "invoiced": N_("invoiced")}
DISCREPANCY: "dict[DiscrepancyKind, str]" = {
    "missing_in_statement": N_("Not in the statement"),
    "missing_in_register": N_("Not in the register"),
    "tier_differs": N_("Different tier"),
    "price_differs": N_("Different list price"),
    "discount_differs": N_("Different discount"),
    "payable_differs": N_("Different amount payable"),
    "month_differs": N_("Settled in another month"),
    "duplicate_in_statement": N_("Duplicate in the statement"),
    "total_differs": N_("The statement's total is not the sum of its rows"),
}
RESOLUTION = {"accept": N_("the operator's figure"), "carry": N_("carried to the next month")}
# The tables of a month, each a CSV of its own.
PART = {
    "charges": N_("Charges"),
    "totals": N_("Totals"),
    "discrepancies": N_("Discrepancies"),
    "statement": N_("The operator's statement"),
}
