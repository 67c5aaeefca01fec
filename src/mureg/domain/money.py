"""Money is an `int` of kopecks, a rate an `int` of basis points; never a float. The only rounding is here."""

import re
from functools import lru_cache

from mureg.errors import Message, msg

BASIS_POINTS = 10_000

# Spaces that Excel and people put between thousands: plain, no-break, narrow no-break, thin.
_SPACES = " \u00a0\u202f\u2009"
# Compiled at first use: most commands read no money.
_MONEY = rf"([-\u2212]?)([0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]{{1,15}})(?:[.,]([0-9]{{1,2}}))?"
_RATE = rf"([0-9]{{1,3}})(?:[.,]([0-9]{{1,2}}))?[{_SPACES}]?(%?)"
_LARGEST_DIGITS = 15
# The largest amount that can be written, and so the largest total of a month: its invoice states it as an amount.
LARGEST_KOPECKS = 10 ** (_LARGEST_DIGITS + 2) - 1


class NotMoney(ValueError):
    """The text is not an amount or not a rate. `message` says how one is written."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def parse_money(text: str) -> int:
    """Kopecks of an amount written `5400.00`, `5400,00`, `5 400,00` or `5400`.

    Raises `NotMoney` for everything else: exponents, two separators, more than two decimals, digits other than 0–9.
    """
    match = re.fullmatch(_MONEY, text.strip(_SPACES))
    if match is None:
        raise NotMoney(msg("write the amount as 5400.00 or 5 400,00"))
    sign, roubles, kopecks = match.groups()
    digits = re.sub(rf"[{_SPACES}]", "", roubles)
    if len(digits) > _LARGEST_DIGITS:
        raise NotMoney(msg("an amount can have at most {digits} digits of roubles", digits=_LARGEST_DIGITS))
    value = int(digits) * 100 + int((kopecks or "0").ljust(2, "0"))
    return -value if sign else value


@lru_cache(maxsize=1024)
def format_money(kopecks: int) -> str:
    """`450000` as `4500.00`: for JSON and files. Cached, as the charges of a month have few different amounts."""
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02d}"


class Amount(int):
    """Kopecks as a value of a message, which are shown as its language writes an amount; in English here."""

    def __format__(self, spec: str) -> str:
        return format_money(self)


def parse_rate(text: str) -> int:
    """Basis points of a rate written `40%`, `12,5 %` or `40.00`, at most 100 %.

    Raises `NotMoney` for everything else, and for a number below 1 without a percent sign: 0.4 may mean 40 %.
    """
    match = re.fullmatch(_RATE, text.strip(_SPACES))
    if match is None:
        raise NotMoney(msg("write the rate as 40% or 12,5%"))
    whole, hundredths, sign = match.groups()
    rate = int(whole) * 100 + int((hundredths or "0").ljust(2, "0"))
    if not sign and 0 < rate < 100:
        raise NotMoney(msg("a rate below 1 needs its percent sign: 0.4% or 40%?"))
    if rate > BASIS_POINTS:
        raise NotMoney(msg("a rate cannot be more than 100%"))
    return rate


def format_rate(basis_points: int) -> str:
    """`4000` as `40.00`, in percent."""
    return format_money(basis_points)


def share_kopecks(amount_kopecks: int, rate: int) -> int:
    """`rate` basis points of an amount, rounded half up, away from zero. All rounding in mureg is done here."""
    magnitude = (abs(amount_kopecks) * rate * 2 + BASIS_POINTS) // (2 * BASIS_POINTS)
    return -magnitude if amount_kopecks < 0 else magnitude
