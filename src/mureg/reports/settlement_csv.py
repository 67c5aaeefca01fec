"""A month's settlement as CSV that Excel in Russia opens by a double click: UTF-8 with BOM, `;`, decimal comma."""

import csv
import io
from collections.abc import Callable, Iterator

from mureg.domain.money import format_money, format_rate
from mureg.domain.settlement import SettledSale, Settlement
from mureg.domain.text import printable
from mureg.errors import N_

HEADINGS = (
    N_("Number"), N_("Processed"), N_("ИНН"), N_("КПП"), N_("Organisation"), N_("Tier"), N_("List price"),
    N_("Discount %"), N_("Discount"), N_("Payable"), N_("Promotion"), N_("Promotion's discount"),
)  # fmt: skip

TOTAL = N_("Total")

# What Excel takes for a formula at the beginning of a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def settlement_csv(
    settlement: Settlement, charges: Iterator[SettledSale], word: Callable[[str], str], tier_word: Callable[[str], str]
) -> bytes:
    """The charges and the total, with headings in the language of `word`."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(word, HEADINGS))
    for sale, charge, _, _ in charges:
        writer.writerow(
            (
                as_cell(sale.number),
                f"{sale.sold_on:%d.%m.%Y}",
                sale.organization.inn,
                sale.organization.kpp,
                as_cell(sale.name),
                tier_word(sale.tier),
                _comma(format_money(charge.list_price_kopecks)),
                _comma(format_rate(charge.discount_rate)),
                _comma(format_money(charge.discount_kopecks)),
                _comma(format_money(charge.payable_kopecks)),
                as_cell(sale.promotion),
                _comma(format_money(0)),
            )
        )
    total = settlement.total
    writer.writerow(
        (
            word(TOTAL), "", "", "", "", total.count, _comma(format_money(total.list_price_kopecks)), "",
            _comma(format_money(total.discount_kopecks)), _comma(format_money(total.payable_kopecks)), "",
            _comma(format_money(0)),
        )
    )  # fmt: skip
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_cell(text: str) -> str:
    """A client's text as a cell that no spreadsheet computes."""
    shown = printable(text)
    return "'" + shown if shown.startswith(_FORMULA_STARTS) else shown


def _comma(amount: str) -> str:
    return amount.replace(".", ",")
