"""A month's layout as texts in their places: what HTML and PDF both show.

Every text of a client or of the operator has gone through `printable`; amounts are written as people write them.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from mureg.domain.dates import Month
from mureg.domain.text import printable
from mureg.errors import N_
from mureg.reports.cells import Money
from mureg.reports.language import Language
from mureg.reports.month import act, layout
from mureg.reports.month.discrepancies import (
    NOTHING,
    PAIR_HEADINGS,
    Line,
    PairRow,
    our_lines,
    pair_rows,
    their_lines,
)
from mureg.reports.month.document import Annexed, MonthDocument
from mureg.reports.month.layout import AMOUNT_LABELS, HEADINGS, INN_AND_KPP, ChargeRow, Section, SumRow

_PAIR_COLUMNS = ("id", "name", "row", "ours", "theirs", "difference", "resolution")
_CHARGE_COLUMNS = {
    "place": "place", "number": "number", "processed_on": "day", "inn": "inn", "name": "name", "tier": "tier",
    "list_price": "amount", "discount_rate": "amount", "discount": "amount", "payable": "amount",
}  # fmt: skip


def month_texts(document: MonthDocument, language: Language, annexed: Annexed | None = None) -> dict[str, Any]:
    """The whole document: strings, rows, and for the charts bars with their kopecks.

    The rows of charges are iterators: there may be a hundred thousand. `charges` is `None` where they are annexed.
    """
    return _Texts(language).of(document, annexed or Annexed())


class _Texts:
    def __init__(self, language: Language) -> None:
        self._language = language
        self._word = language.translate
        self.text = language.cell

    def of(self, document: MonthDocument, annexed: Annexed) -> dict[str, Any]:
        word = self._word
        return {
            # The catalogue names its own language, as HTML and typst write it.
            "language": word(N_("en")),
            "title": self.text(act.title(document)),
            "date": self.text(act.dated(document)),
            "subtitle": self.text(act.SUBJECT),
            "state": self.text(layout.state(document)),
            "is_draft": document.agreed_kopecks is None,
            "introduction": self.text(act.introduction(document)),
            "parties": list(map(self._party, act.sides(document))),
            "sums": self._sums(document),
            "sides": self._amounts(document),
            "pairs": self._pairs(document, annexed),
            "charges": None if annexed.charges else self._charges(document),
            "annex": self.text(act.annex(document, annexed)),
            "money_note": self.text(layout.money_note(document)),
            "agreed": [word(N_("Agreed amount")), act.agreed(document, self._language) or NOTHING],
            "labels": {
                "position": self.text(act.POSITION),
                "signature": self.text(act.SIGNATURE),
                "full_name": self.text(act.FULL_NAME),
                "seal": self.text(act.SEAL),
                "date": self.text(act.BLANK_DATE),
            },
            "notes": list(map(self.text, act.notes(document))),
            "page": word(N_("page {page} of {pages}")),
            "charts": self._charts(document),
        }

    def _headings(self, names: Iterable[str]) -> list[str]:
        return [self._word(HEADINGS[name]) for name in names]

    def _party(self, side: act.ActSide) -> dict[str, Any]:
        return {
            "role": self.text(side.role),
            "signer": self.text(side.signer),
            "name": self.text(side.name),
            "details": [(self.text(label), printable(value)) for label, value in side.details],
            "position": printable(side.position),
            "signatory": printable(side.signatory),
        }

    def _sums(self, document: MonthDocument) -> dict[str, Any]:
        headings = self._headings(layout.SUM_COLUMNS)
        rows = [self._sum(row) for row in layout.tier_rows(document)]
        return {"headings": headings, "rows": rows, "total": self._sum(layout.total_row(document))}

    def _sum(self, row: SumRow) -> list[str]:
        return [self.text(row.label), str(row.licences), *map(self.text, (row.list_price, row.discount, row.payable))]

    def _amounts(self, document: MonthDocument) -> list[tuple[str, str]]:
        amounts = layout.amounts(document)._asdict()
        del amounts["agreed"]
        labels = AMOUNT_LABELS | act.FIGURES
        return [(self._word(labels[name]), self.text(cell)) for name, cell in amounts.items() if cell]

    def _pairs(self, document: MonthDocument, annexed: Annexed) -> dict[str, Any]:
        """What differs, and a sentence instead where nothing does or nothing was compared."""
        pairs = [] if annexed.pairs else pair_rows(document)
        return {
            "title": self._word(N_("Discrepancies")),
            "headings": [self._word((PAIR_HEADINGS | act.SIDES)[name]) for name in _PAIR_COLUMNS],
            "legend": self._word(act.LEGEND),
            "rows": list(map(self._pair, pairs)),
            "note": "" if pairs else self.text(act.result(document)),
        }

    def _pair(self, row: PairRow) -> dict[str, Any]:
        """One row. `ours` and `theirs` are lines: the text, and whether it differs."""
        return {
            "id": printable(row.id),
            "kinds": list(map(self.text, row.kinds)),
            "name": printable(row.name),
            "inn": _inn(row.inn, row.kpp),
            "row": self.text(row.row),
            "ours": list(map(_line, our_lines(row, self.text))),
            "theirs": list(map(_line, their_lines(row, self.text))),
            "difference": self.text(row.difference) or NOTHING,
            "resolution": self.text(row.resolution),
        }

    def _charges(self, document: MonthDocument) -> dict[str, Any]:
        """Every charge with the sums. A cell is a list of lines: the main one, then the small ones below it."""
        headings = {name: self._word(HEADINGS[name]) for name in _CHARGE_COLUMNS} | {"inn": self._word(INN_AND_KPP)}
        sections, places = layout.sections(document), count(1)
        return {
            "title": self._word(N_("List of licences")),
            "headings": [{"text": text, "kind": _CHARGE_COLUMNS[name]} for name, text in headings.items()],
            "sections": [self._section(section, places) for section in sections],
            "total": self._charge_sum(layout.charges_total(document)) if len(sections) > 1 else None,
        }

    def _section(self, section: Section, places: Iterator[int]) -> dict[str, Any]:
        return {
            "title": self.text(section.title),
            "rows": map(self._charge, section.rows(), places),
            "total": self._charge_sum(section.total),
        }

    def _charge_sum(self, total: SumRow) -> list[list[str]]:
        return [
            [], [f"{self.text(total.label)}: {total.licences}"], [], [], [], [], [self.text(total.list_price)], [],
            [self.text(total.discount)], [self.text(total.payable)],
        ]  # fmt: skip

    def _charge(self, row: ChargeRow, place: int) -> list[list[str]]:
        correction = ""
        if row.corrects:
            correction = f"{self.text(row.kind)}: {self.text(layout.month_name(Month.parse(row.corrects)))}"
        promotion = f"{self._word(HEADINGS['promotion'])}: {printable(row.promotion)}" if row.promotion else ""
        amounts = (row.list_price, row.discount_rate, row.discount, row.payable)
        return [
            [str(place)], _lines(printable(row.number), correction), [self.text(row.processed_on)],
            _lines(_inn(row.inn, row.kpp)), _lines(printable(row.name), promotion), [self.text(row.tier)],
            *([self.text(amount)] for amount in amounts),
        ]  # fmt: skip

    def _charts(self, document: MonthDocument) -> list[dict[str, Any]]:
        tiers = [(row.label, row.payable) for row in layout.tier_rows(document)]
        months = [(layout.month_name(month), Money(kopecks)) for month, kopecks in document.by_month if kopecks]
        return [
            {
                "title": self._word(title),
                "bars": [(self.text(label), amount.kopecks, self.text(amount)) for label, amount in bars],
            }
            for title, bars in ((N_("Payable by tier"), tiers), (N_("Payable by month"), months))
            # One bar says nothing.
            if len(bars) > 1
        ]


def _inn(inn: str, kpp: str) -> str:
    return printable(f"{inn} / {kpp}" if inn and kpp else inn)


def _line(line: Line) -> dict[str, Any]:
    return {"text": f"≠ {line.text}" if line.differs else line.text, "differs": line.differs}


def _lines(*texts: str) -> list[str]:
    return [text for text in texts if text]
