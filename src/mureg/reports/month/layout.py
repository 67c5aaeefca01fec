"""A month's document as texts in their places: what HTML and PDF both show.

Every text of a client or of the operator has gone through `printable`; amounts are written as the words' `money` does.
"""

from collections.abc import Iterable
from typing import Any

from mureg.domain.contract import Charge
from mureg.domain.reconciliation import TOTAL_ID, Pair, Reconciliation
from mureg.domain.settlement import SettledSale
from mureg.domain.statement import Statement
from mureg.domain.text import printable
from mureg.errors import N_
from mureg.reports.month.document import OPERATOR, TIER, MonthDocument, Words, kind_texts, month_name, resolution_text

_NONE = "—"


def month_view(document: MonthDocument, words: Words) -> dict[str, Any]:
    """The whole document: strings, lists of rows, and for the charts bars with their kopecks."""
    word = words.word
    return {
        # The catalogue names its own language, as HTML and typst write it.
        "language": word(N_("en")),
        "title": f"{word(N_('Act of reconciliation'))}: {month_name(document.month, words)}",
        "subtitle": word(N_("Multi-user mode of 1C-Reporting")),
        "state": printable(document.state),
        "is_draft": document.agreed_kopecks is None,
        "facts": _facts(document, words),
        "sums": _sums(document, words),
        "sides": _sides(document, words),
        "pairs": _pairs(document, words),
        "charges": _charges(document.charges, words),
        "vat_note": printable(document.vat_note),
        "currency": word(N_("Amounts are in roubles")),
        "signature": word(N_("signature, name, date")),
        "signers": [
            [word(N_("The partner")), printable(document.partner)],
            [word(N_("The operator")), word(OPERATOR)],
        ],
        "page": word(N_("page {page} of {pages}")),
        "charts": _charts(document, words),
    }


def _facts(document: MonthDocument, words: Words) -> list[tuple[str, str]]:
    word, statement = words.word, document.statement
    facts = [
        (N_("Partner"), document.partner),
        (N_("Operator"), word(OPERATOR)),
        (N_("Contract"), document.contract),
        (N_("Month"), month_name(document.month, words)),
        (N_("State"), document.state),
        (N_("Statement"), statement.file if statement else _NONE),
    ]
    if statement:
        facts.append(("SHA-256", statement.sha256))
    if document.without_statement:
        facts.append((N_("Closed without a statement"), document.without_statement))
    return [(word(label), printable(text)) for label, text in facts]


def _sums(document: MonthDocument, words: Words) -> dict[str, Any]:
    word, money, settlement = words.word, words.money, document.settlement
    parts = [(word(TIER[tier]), part) for tier, part in settlement.tiers]
    rows = [
        [label, str(part.count), *map(money, (part.list_price_kopecks, part.discount_kopecks, part.payable_kopecks))]
        for label, part in [*parts, (word(N_("Total")), settlement.total)]
    ]
    headings = (N_("Tier"), N_("Licences"), N_("List price"), N_("Discount"), N_("Payable"))
    return {"headings": [word(heading) for heading in headings], "rows": rows[:-1], "total": rows[-1]}


def _sides(document: MonthDocument, words: Words) -> list[tuple[str, str]]:
    money, settlement, found = words.money, document.settlement, document.reconciliation
    ours = settlement.total.payable_kopecks
    lines = [(N_("Ours"), money(ours))]
    if settlement.rounding_difference_kopecks:
        lines.insert(0, (N_("Rounding difference"), money(settlement.rounding_difference_kopecks)))
    if found is not None:
        theirs = found.theirs_total_kopecks
        lines += [(N_("Theirs"), money(theirs)), (N_("Difference"), money(theirs - ours))]
    lines.append((N_("Agreed"), _NONE if document.agreed_kopecks is None else money(document.agreed_kopecks)))
    return [(words.word(label), amount) for label, amount in lines]


def _pairs(document: MonthDocument, words: Words) -> dict[str, Any]:
    """What differs, and a sentence instead where nothing does or nothing was compared."""
    word, found, statement = words.word, document.reconciliation, document.statement
    rows = []
    if found is None or statement is None:
        note = N_("No statement of the operator was compared")
    else:
        note = N_("Both sides agree")
        rows = [_pair(pair, document, words) for pair in found.differing]
        if found.total_differs:
            rows.append(_total(found, statement, document, words))
    headings = (N_("Discrepancy"), N_("Organisation"), N_("Ours"), N_("Theirs"), N_("Difference"), N_("Resolution"))
    return {
        "title": word(N_("Discrepancies")),
        "headings": [word(heading) for heading in headings],
        "rows": rows,
        "note": "" if rows else word(note),
    }


def _pair(pair: Pair, document: MonthDocument, words: Words) -> dict[str, Any]:
    """One row. `ours` and `theirs` are lines: the tier, the amount."""
    word, money = words.word, words.money
    ours: list[str] = []
    theirs: list[str] = []
    inn = kpp = name = ""
    if pair.theirs is not None:
        row = pair.theirs
        inn, kpp, name = row.inn, row.kpp, row.name
        theirs = _lines(word(TIER[row.tier]), money(row.payable_kopecks))
    if pair.ours is not None:
        sale = pair.ours.sale
        (inn, kpp), name = sale.organization, sale.name
        # What another month settles is no part of ours here.
        if not pair.settled_in:
            ours = _lines(word(TIER[sale.tier]), money(pair.ours.charge.payable_kopecks))
    return {
        "id": printable(pair.id),
        "kinds": kind_texts(pair, words),
        "name": printable(name),
        "inn": _inn(inn, kpp),
        "ours": ours,
        "theirs": theirs,
        "difference": money(pair.difference_kopecks),
        "resolution": printable(resolution_text(document.resolutions.get(pair.id), words)),
    }


def _total(found: Reconciliation, statement: Statement, document: MonthDocument, words: Words) -> dict[str, Any]:
    """The statement against itself: the sum of its rows, and the total that it states."""
    stated = statement.stated_total_kopecks
    assert stated is not None, "what differs was stated"
    word, money = words.word, words.money
    return {
        "id": TOTAL_ID,
        "kinds": [word(words.kinds["total_differs"])],
        "name": f"{word(N_('sum of the rows'))} {money(found.theirs_total_kopecks)}",
        "inn": "",
        "ours": [],
        "theirs": [money(stated)],
        # It is no part of theirs − ours, which counts rows.
        "difference": _NONE,
        "resolution": printable(resolution_text(document.resolutions.get(TOTAL_ID), words)),
    }


def _charges(charges: Iterable[SettledSale], words: Words) -> dict[str, Any]:
    """Every charge with the sums. A cell is its lines: the main one, then what stands small below it."""
    charges, word, money = list(charges), words.word, words.money
    headings = (
        (N_("Number"), "number"), (N_("Processed"), "day"), (N_("ИНН / КПП"), "inn"), (N_("Organisation"), "name"),
        (N_("Tier"), "tier"),
        (N_("List price"), "amount"), (N_("Discount %"), "amount"), (N_("Discount"), "amount"),
        (N_("Payable"), "amount"),
    )  # fmt: skip
    rows = []
    for sale, charge, _, corrects in charges:
        correction = f"{word(N_('Corrects'))} {corrects}" if corrects else ""
        promotion = f"{word(N_('Promotion'))}: {printable(sale.promotion)}" if sale.promotion else ""
        list_price, discount, payable = map(money, _amounts(charge))
        rows.append(
            [
                _lines(printable(sale.number), correction), [f"{sale.sold_on:%d.%m.%Y}"],
                [_inn(*sale.organization)], _lines(printable(sale.name), promotion),
                [word(TIER[sale.tier])], [list_price], [_rate(charge.discount_rate, words)], [discount], [payable],
            ]
        )  # fmt: skip
    sums = [sum(amounts) for amounts in zip(*(_amounts(each.charge) for each in charges), strict=True)] or [0, 0, 0]
    list_price, discount, payable = map(money, sums)
    label = f"{word(N_('Total'))}: {len(charges)}"
    return {
        "title": word(N_("List of licences")),
        "headings": [{"text": word(text), "kind": kind} for text, kind in headings],
        "rows": rows,
        "total": [[label], [], [], [], [], [list_price], [], [discount], [payable]],
    }


def _amounts(charge: Charge) -> tuple[int, int, int]:
    return charge.list_price_kopecks, charge.discount_kopecks, charge.payable_kopecks


def _charts(document: MonthDocument, words: Words) -> list[dict[str, Any]]:
    word = words.word
    tiers = [(word(TIER[tier]), part.payable_kopecks) for tier, part in document.settlement.tiers]
    months = [(month_name(month, words), kopecks) for month, kopecks in document.by_month]
    return [
        {"title": word(title), "bars": [(label, kopecks, words.money(kopecks)) for label, kopecks in bars]}
        for title, bars in ((N_("Payable by tier"), tiers), (N_("Payable by month"), months))
        if bars
    ]


def _inn(inn: str, kpp: str) -> str:
    return printable(f"{inn} / {kpp}" if inn and kpp else inn)


def _lines(*texts: str) -> list[str]:
    return [text for text in texts if text]


def _rate(rate: int, words: Words) -> str:
    """The rate in the reader's decimals: hundredths of a percent are written as kopecks are; `40` where it is whole."""
    return f"{rate // 100 if rate % 100 == 0 else words.money(rate)} %".replace(" ", "\u00a0")
