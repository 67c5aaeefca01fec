"""Text as it is compared, and as it is shown: without characters that a terminal obeys or a reader cannot see."""

import re
from collections.abc import Callable

from mureg.lazy_imports import lazy_imports

with lazy_imports():
    import unicodedata

# C0 and C1 controls, DEL, soft hyphen, zero-width and bidi characters, line and paragraph separators, BOM, lone
# surrogates, tag characters, interlinear annotations.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def search_key(text: str) -> str:
    """The text as a search compares it: case folded, ё = е.

    SQLite's `lower()` does not know Cyrillic, so both stored texts and the text of a search are folded here.
    """
    return text.casefold().replace("ё", "е")


def is_plain(text: str) -> bool:
    """Whether the text has no unsafe character."""
    return _is_common(text) or re.search(_UNSAFE, text) is None


def printable(text: str) -> str:
    """The text with each unsafe character replaced by its code, as in `<U+200B>`."""
    return text if _is_common(text) else escaped(text, _code_of)


def escaped(text: str, replacement: Callable[[str], str]) -> str:
    """The text with each unsafe character replaced by what `replacement` gives for it."""
    return re.sub(_UNSAFE, lambda match: replacement(match.group()), text)


def _is_common(text: str) -> bool:
    # Nearly all text is Latin and Cyrillic: for that the pattern need not be compiled.
    return text.isprintable() and (text.isascii() or max(text) < "\u0500")


def _code_of(character: str) -> str:
    return f"<U+{ord(character):04X}>"


# Cyrillic letters, and one digit, that look like a Latin letter or a digit.
_LOOK_ALIKES = str.maketrans("авеёзікмнорстух", "abee3ikmhopctyx") | {ord("0"): "o"}


def look_alike_key(text: str) -> str:
    """The text as the eye compares it: «зв – 00903» and «3B-00903» are alike, written in either alphabet."""
    letters = unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKES)
    return "".join(
        "-" if unicodedata.category(one) == "Pd" or one == "−" else one for one in letters if not one.isspace()
    )
