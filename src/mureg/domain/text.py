"""Text as it is compared and as it is shown."""

import re
from collections.abc import Callable

from mureg.lazy_imports import lazy_imports

with lazy_imports():
    import unicodedata

# C0 and C1 controls, DEL, soft hyphen, zero-width and bidi characters, line and paragraph separators, BOM, lone
# surrogates, tag characters, interlinear annotations: what a terminal obeys or a reader cannot see.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def search_key(text: str) -> str:
    """The text as a search compares it: case folded, ё = е.

    SQLite's `lower()` does not know Cyrillic, so folding is done here on the way in and on the way out.
    """
    return text.casefold().replace("ё", "е")


def is_plain(text: str) -> bool:
    """Whether every character of the text is visible and harmless."""
    return _is_common(text) or re.search(_UNSAFE, text) is None


def printable(text: str) -> str:
    """The text with every invisible or commanding character written out by its code, as in `<U+200B>`."""
    return text if _is_common(text) else escaped(text, _written_out)


def escaped(text: str, write: Callable[[str], str]) -> str:
    """The text with every invisible or commanding character as `write` gives it."""
    return re.sub(_UNSAFE, lambda match: write(match.group()), text)


def _is_common(text: str) -> bool:
    # Latin and Cyrillic text, which is nearly all of it, need not wait for the pattern to be compiled.
    return text.isprintable() and max(text, default="") < "\u0500"


def _written_out(character: str) -> str:
    return f"<U+{ord(character):04X}>"


# Cyrillic letters, and one digit, that look like a Latin letter or a digit.
_LOOK_ALIKES = str.maketrans("авеёзкмнортухо", "abee3kmhoptyxo") | {ord("0"): "o"}


def look_alike_key(text: str) -> str:
    """The text as the eye compares it: «зв – 00903» and «3B-00903» are alike, written in either alphabet."""
    letters = unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKES)
    return "".join(
        "-" if unicodedata.category(one) == "Pd" or one == "−" else one for one in letters if not one.isspace()
    )
