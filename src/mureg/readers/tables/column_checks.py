"""Quick tests of whole columns: whether every text in them is its own value.

“No” means only that the parser has to read cell by cell. Check digits are computed for all rows at once: one byte of a
long integer for each row, which no sum of the remainders overflows.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

ColumnTest = Callable[[Sequence[str]], bool]

# No test takes a longer identifier.
LONGEST_PLAIN = 100

# What Excel shows in a cell whose formula failed, in both languages.
CELL_ERRORS = frozenset(("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#CALC!"))
CELL_ERRORS |= {"#Н/Д", "#ДЕЛ/0!", "#ССЫЛКА!", "#ИМЯ?", "#ЗНАЧ!", "#ЧИСЛО!", "#ПУСТО!"}


def matches_all(pattern: str) -> ColumnTest:
    """A test that every text matches the whole of a pattern that takes no line breaks."""
    lines = re.compile(rf"(?:(?:{pattern})\n)*")

    def test(texts: Sequence[str]) -> bool:
        joined = "\n".join(texts) + "\n"
        return joined.count("\n") == len(texts) and lines.fullmatch(joined) is not None

    return test


def all_free_texts(texts: Sequence[str], longest: int) -> bool:
    """Whether free texts are short enough, without NUL characters, unreadable bytes and spreadsheets' errors."""
    if max(map(len, texts), default=0) > longest:
        return False
    joined = "".join(texts)
    try:
        joined.encode()
    except UnicodeEncodeError:  # a lone surrogate: that is how such a byte comes
        return False
    # A number sign may begin a spreadsheet's #N/A.
    return "\0" not in joined and "#" not in joined


def all_inns(texts: Sequence[str]) -> bool:
    """Whether every text is an ИНН. The rule is `is_inn`'s."""
    tens = [text for text in texts if len(text) == 10]
    twelves = [text for text in texts if len(text) == 12] if len(tens) < len(texts) else []
    if len(tens) + len(twelves) < len(texts):
        return False
    return (
        _hold(tens, 10, (2, 4, 10, 3, 5, 9, 4, 6, 8), 11)
        and _hold(twelves, 12, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 11)
        and _hold(twelves, 12, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 11)
        and not _any_begins_with_two_zeros(tens)
        and not _any_begins_with_two_zeros(twelves)
    )


def all_ogrns(texts: Sequence[str]) -> bool:
    """Whether every text is an ОГРН, an ОГРНИП, or empty. The rule is `is_ogrn`'s."""
    texts = list(filter(None, texts))
    legal = [text for text in texts if len(text) == 13]
    proprietors = [text for text in texts if len(text) == 15] if len(legal) < len(texts) else []
    if len(legal) + len(proprietors) < len(texts):
        return False
    return (
        _hold(legal, 13, [10**power % 11 for power in range(11, -1, -1)], 11)
        and _hold(proprietors, 15, [10**power % 13 for power in range(13, -1, -1)], 13)
        and not _any_begins_with_two_zeros(legal)
        and not _any_begins_with_two_zeros(proprietors)
    )


def _hold(texts: Sequence[str], length: int, weights: Sequence[int], modulus: int) -> bool:
    """Whether the digit after the weighted ones is their sum, modulo `modulus`, modulo 10, in every text."""
    joined = "".join(texts)
    if not joined:
        return True
    if not (joined.isascii() and joined.isdigit()):
        return False
    digits = joined.encode()
    total = 0
    for place, weight in enumerate(weights):
        total += int.from_bytes(digits[place::length].translate(_remainders(weight, modulus)), "little")
    sums = total.to_bytes(len(texts), "little")
    return sums.translate(_last_digits(modulus)) == digits[len(weights) :: length]


def _any_begins_with_two_zeros(texts: Sequence[str]) -> bool:
    return any(text.startswith("00") for text in texts if text[0] == "0")


@cache
def _remainders(weight: int, modulus: int) -> bytes:
    """For the byte of a digit, weight × digit modulo `modulus`. At most 14 × 12 are added up: less than 256."""
    return bytes((byte - 48) * weight % modulus if 48 <= byte <= 57 else 0 for byte in range(256))


@cache
def _last_digits(modulus: int) -> bytes:
    """For a sum, the byte of the check digit."""
    return bytes(48 + total % modulus % 10 for total in range(256))
