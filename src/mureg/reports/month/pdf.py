"""A month as PDF: the act of reconciliation with lines for both signatures, and the list of licences, on A4.

typst sets it. The texts go to it as JSON, which its template shows and never runs. The same act makes the same bytes on
the same machine: the file tells no time. Letters that typst's own font lacks are taken from the machine's.
"""

import json
from importlib.resources import files

from mureg.errors import Refused, msg
from mureg.reports.month.document import MonthDocument, Words
from mureg.reports.month.layout import month_view


def month_pdf(document: MonthDocument, words: Words) -> bytes:
    """The file. Raises `Refused` where typst is not installed."""
    try:
        # An extra of some 80 MB that only this document needs: mureg[pdf].
        import typst  # noqa: PLC0415
    except ImportError:
        raise Refused(msg("PDF needs an extra package"), msg('install it: pip install "mureg[pdf]"')) from None
    act = month_view(document, words)
    del act["charts"]
    template = files(__package__).joinpath("templates/month.typ").read_bytes()
    return typst.compile(template, format="pdf", sys_inputs={"act": json.dumps(act, ensure_ascii=False)}, timestamp=0)
