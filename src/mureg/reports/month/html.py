"""A month as one HTML file: the act of reconciliation and the list of licences, to read, to send, to print.

It needs nothing beside itself and runs nothing: no script, no picture, no font from elsewhere. What clients wrote is
escaped by Jinja2, and a Content-Security-Policy forbids whatever might slip through.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from mureg.reports.language import Language
from mureg.reports.month.document import MonthDocument
from mureg.reports.month.texts import month_texts

# Pieces of the page that are made into bytes together.
_PIECES = 1_000


def month_html(document: MonthDocument, language: Language) -> Iterator[bytes]:
    """The page, UTF-8, as it is made: the charges, perhaps a hundred thousand, are read one by one."""
    act = month_texts(document, language)
    act["charts"] = [_chart(chart) for chart in act["charts"]]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = files(__package__).joinpath("templates/month.html").read_text(encoding="utf-8")
    stream = environment.from_string(template).stream(act=act)
    stream.enable_buffering(_PIECES)
    for text in stream:
        yield text.encode()


def _chart(chart: dict[str, Any]) -> dict[str, Any]:
    """The bars' places in percent of the width. A negative amount, of corrections, goes to the left of zero."""
    amounts = [kopecks for _, kopecks, _ in chart["bars"]]
    lowest, highest = min(0, *amounts), max(0, *amounts)
    span = highest - lowest or 1
    bars = [
        {
            "label": label,
            "amount": amount,
            "start": _percent(min(kopecks, 0) - lowest, span),
            "width": _percent(abs(kopecks), span),
        }
        for label, kopecks, amount in chart["bars"]
    ]
    return {"title": chart["title"], "bars": bars, "zero": _percent(-lowest, span)}


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
