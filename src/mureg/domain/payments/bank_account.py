"""Accounts in Russian banks: the БИК, the two accounts of a payment order, and the key in each account.

Source of the key: the Bank of Russia's order of its computation, of 8 September 1997 (№ 515).
"""

from typing import NamedTuple

from mureg.errors import Message, msg

_WEIGHTS = (*(7, 1, 3) * 7, 7, 1)
# The Bank of Russia's own offices, where an account counts as a correspondent account does.
_OFFICES = ("000", "001", "002")


class BankAccount(NamedTuple):
    """An account, and the bank that keeps it. `city` may be empty."""

    account: str
    bic: str
    bank: str
    correspondent_account: str
    city: str = ""


def bic_fault(bic: str) -> Message | None:
    """What is wrong with a БИК, or `None`. It has no check digit."""
    return None if _is_digits(bic, 9) else msg("a БИК has 9 digits")


def account_fault(account: str) -> Message | None:
    """What is wrong with the form of an account, or `None`. Whether its key fits needs the БИК."""
    return None if _is_digits(account, 20) else msg("a bank account has 20 digits")


def has_key(account: str, bic: str) -> bool:
    """Whether the key of a client's account fits the bank. Both have the right form."""
    return _is_sound(_office(bic) if bic[6:] in _OFFICES else bic[6:], account)


def has_correspondent_key(account: str, bic: str) -> bool:
    """Whether the key of a bank's account with the Bank of Russia fits the bank. Both have the right form."""
    return _is_sound(_office(bic), account)


def _office(bic: str) -> str:
    return "0" + bic[4:6]


def _is_sound(prefix: str, account: str) -> bool:
    digits = map(int, prefix + account)
    return sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10 == 0


def _is_digits(text: str, length: int) -> bool:
    # isdigit alone accepts Arabic-Indic digits.
    return len(text) == length and text.isascii() and text.isdigit()
