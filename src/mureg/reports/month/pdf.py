"""A month as PDF: the act of reconciliation with lines for both signatures, and the list of licences, on A4.

typst sets it. The texts go to it as JSON, which its template shows and never runs. The same act makes the same bytes:
the file contains no time, and its fonts are typst's own. Only a text with characters that those lack
is set with the machine's fonts too, and where these lack them as well, by a font that shows a box.
"""

import json
import re
from importlib.resources import files
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from mureg.errors import Refused, msg
from mureg.reports.language import Language
from mureg.reports.month.document import Annexed, MonthDocument
from mureg.reports.month.fallback_font import fallback_font
from mureg.reports.month.texts import month_texts

# What is not surely in typst's own fonts, regular and bold. Those have Latin, Cyrillic and the signs of ordinary texts.
OTHER_CHARACTERS = re.compile(
    "[^\n -~\u00a0-\u02e4\u0400-\u045f\u0490-\u04c4\u04c7-\u04cc\u04d0-\u04f9\u2010-\u2027\u2030-\u2037\u2039\u203a"
    "\u20ac\u20bd\u2116\u2122\u2190-\u2195\u2212\u2260]"
)


# More charges, or half as many discrepancies, take typst more memory than a document should.
MOST_ROWS = 1_000
_LONG_WORD = re.compile(r"[^\s-]{21}")


def annexed(document: MonthDocument, file: str) -> Annexed:
    """What does not go into the PDF, but into a workbook beside it, whose name is `file`."""
    found = document.reconciliation
    pairs = 2 * len(found.differing) if found else 0
    charges = sum(1 for _ in islice(document.charges(), MOST_ROWS + 1))
    if charges + pairs <= MOST_ROWS:
        return Annexed()
    return Annexed(charges=True, pairs=pairs > MOST_ROWS, file=file)


def month_pdf(document: MonthDocument, language: Language, annexed: Annexed | None = None) -> bytes:
    """The file, without what is annexed. Raises `Refused` where typst is not installed."""
    try:
        import typst  # noqa: PLC0415  an extra of some 80 MB, which may be missing
    except ImportError:
        raise Refused(msg("PDF needs an additional package"), msg('install it: pip install "mureg[pdf]"')) from None
    texts = month_texts(document, language, annexed)
    del texts["charts"]
    # What is read row by row has to be in memory here. The notes have a digest, which is long in every document.
    notes = json.dumps(texts.pop("notes"), ensure_ascii=False)
    act = json.dumps(texts, ensure_ascii=False, default=list)
    inputs = {"act": act, "notes": notes, "has-long-words": "yes" if _LONG_WORD.search(act) else ""}
    template = files(__package__).joinpath("templates/month.typ").read_bytes()
    lacking = set(OTHER_CHARACTERS.findall(act + notes))
    with TemporaryDirectory(prefix="mureg-", ignore_cleanup_errors=True) as folder:
        if lacking:
            Path(folder, "last-resort.ttf").write_bytes(fallback_font(lacking))
        fonts = typst.Fonts(include_system_fonts=bool(lacking), font_paths=[folder])
        return typst.compile(template, format="pdf", sys_inputs=inputs, timestamp=0, font_paths=fonts)
