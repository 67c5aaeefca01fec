"""A month as CSV that Excel in Russia opens by a double click: UTF-8 with BOM, `;`, decimal comma.

The list of licences comes first, with its totals; then, after an empty line, what the act of reconciliation says.
"""

import csv
import io
from collections.abc import Iterator

from mureg.domain.money import format_money, format_rate
from mureg.domain.reconciliation import TOTAL_ID, Pair, Reconciliation
from mureg.domain.settlement import SettledSale, Sum
from mureg.domain.statement import Statement
from mureg.domain.text import printable
from mureg.errors import N_
from mureg.reports.month.document import TIER, MonthDocument, Words, kind_texts, resolution_text

_HEADINGS = (
    N_("Number"), N_("Processed"), N_("ИНН"), N_("КПП"), N_("Organisation"), N_("Tier"), N_("List price"),
    N_("Discount %"), N_("Discount"), N_("Payable"), N_("Promotion"), N_("Promotion's discount"), N_("Corrects"),
)  # fmt: skip

_DISCREPANCY_HEADINGS = (
    N_("Discrepancy"), N_("What differs"), N_("ИНН"), N_("КПП"), N_("Organisation"), N_("Ours"), N_("Theirs"),
    N_("Difference"), N_("Resolution"),
)  # fmt: skip

# What Excel takes for a formula at the beginning of a cell.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

_Cells = tuple[object, ...]


def month_csv(document: MonthDocument, words: Words) -> bytes:
    """The list, its totals by tier and in all, and the act."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(words.word, _HEADINGS))
    writer.writerows(_charge(settled, words) for settled in document.charges)
    writer.writerows(_totals(document, words))
    writer.writerow(())
    writer.writerows(_facts(document, words))
    if document.reconciliation is not None and document.statement is not None:
        writer.writerows(_discrepancies(document, document.reconciliation, document.statement, words))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_cell(text: str) -> str:
    """A client's text as a cell that no spreadsheet computes."""
    shown = printable(text)
    return "'" + shown if shown.startswith(_FORMULA_STARTS) else shown


def _charge(settled: SettledSale, words: Words) -> _Cells:
    sale, charge, _, corrects = settled
    return (
        as_cell(sale.number), f"{sale.sold_on:%d.%m.%Y}", sale.organization.inn, sale.organization.kpp,
        as_cell(sale.name), words.word(TIER[sale.tier]), _amount(charge.list_price_kopecks),
        _comma(format_rate(charge.discount_rate)), _amount(charge.discount_kopecks), _amount(charge.payable_kopecks),
        as_cell(sale.promotion), _amount(0), corrects or "",
    )  # fmt: skip


def _totals(document: MonthDocument, words: Words) -> Iterator[_Cells]:
    settlement = document.settlement
    for tier, part in settlement.tiers:
        yield _sum(words.word(TIER[tier]), part)
    rounding = settlement.rounding_difference_kopecks
    if rounding:
        label = words.word(N_("Rounding difference"))
        yield (label, *("",) * 7, _amount(-rounding), _amount(rounding), "", "", "")
    yield _sum(words.word(N_("Total")), settlement.total)


def _sum(label: str, part: Sum) -> _Cells:
    return (
        label, "", "", "", "", part.count, _amount(part.list_price_kopecks), "", _amount(part.discount_kopecks),
        _amount(part.payable_kopecks), "", _amount(0), "",
    )  # fmt: skip


def _facts(document: MonthDocument, words: Words) -> Iterator[_Cells]:
    statement = document.statement
    facts: list[tuple[str, str]] = [
        (N_("State"), document.state), (N_("Partner"), document.partner), (N_("Contract"), document.contract)
    ]  # fmt: skip
    if statement is not None:
        ours = document.settlement.total.payable_kopecks
        facts += [
            (N_("Statement"), statement.file), ("SHA-256", statement.sha256), (N_("Ours"), _amount(ours)),
            (N_("Theirs"), _amount(statement.total_kopecks)),
            (N_("Difference"), _amount(statement.total_kopecks - ours)),
        ]  # fmt: skip
    if document.without_statement:
        facts.append((N_("Closed without a statement"), document.without_statement))
    if document.agreed_kopecks is not None:
        facts.append((N_("Agreed"), _amount(document.agreed_kopecks)))
    amounts = (N_("Ours"), N_("Theirs"), N_("Difference"), N_("Agreed"))
    for label, text in facts:
        if text:
            yield words.word(label), text if label in amounts else as_cell(text)
    if document.vat_note:
        yield (as_cell(document.vat_note),)


def _discrepancies(
    document: MonthDocument, found: Reconciliation, statement: Statement, words: Words
) -> Iterator[_Cells]:
    differing = found.differing
    if not differing and not found.total_differs:
        return
    yield ()
    yield tuple(map(words.word, _DISCREPANCY_HEADINGS))
    for pair in differing:
        done = resolution_text(document.resolutions.get(pair.id), words)
        yield (*_pair(pair, words), _amount(pair.difference_kopecks), as_cell(done))
    if found.total_differs and statement.stated_total_kopecks is not None:
        done = resolution_text(document.resolutions.get(TOTAL_ID), words)
        kind = words.word(words.kinds["total_differs"])
        yield (TOTAL_ID, kind, "", "", "", "", _amount(statement.stated_total_kopecks), "", as_cell(done))


def _pair(pair: Pair, words: Words) -> _Cells:
    inn = kpp = name = ours = theirs = ""
    if pair.theirs is not None:
        inn, kpp, name = pair.theirs.inn, pair.theirs.kpp, pair.theirs.name
        theirs = _amount(pair.theirs.payable_kopecks)
    if pair.ours is not None:
        (inn, kpp), name = pair.ours.sale.organization, pair.ours.sale.name
        # What another month settles is no part of ours here.
        ours = "" if pair.settled_in else _amount(pair.ours.charge.payable_kopecks)
    return as_cell(pair.id), ", ".join(kind_texts(pair, words)), inn, kpp, as_cell(name), ours, theirs


def _amount(kopecks: int) -> str:
    return _comma(format_money(kopecks))


def _comma(amount: str) -> str:
    return amount.replace(".", ",")
