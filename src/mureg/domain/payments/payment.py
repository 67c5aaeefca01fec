"""A payment as a bank shows it, and which invoice it names. Numbers are compared without regard to case and ё/е."""

import re
from datetime import date
from typing import NamedTuple

from mureg.domain.text import search_key

# What precedes the number of an invoice: «счету № 1518», «сч. 1518», «№1518», «N 1518».
_MARK = re.compile(r"(?:№|#|(?<![a-zа-я])(?:no|n|счет[а-я]{0,3}|сч))[ .:№#]{0,4}")
_LONGEST_MARK = 16
# Between two of these a number goes on: «С-15/2023» does not name invoice 15, nor does «1518,00» name 1518.
_JOINTS = "-/.,_"


class Payment(NamedTuple):
    """A document of a client bank's export. `row` is its first line in the file.

    `debited_on` is the day on which the bank took the money from the payer: `None` while it has not.
    """

    row: int
    number: str
    amount_kopecks: int
    debited_on: date | None
    payer_inn: str
    purpose: str


def names_invoice(purpose: str, number: str) -> bool:
    """Whether a purpose of payment names the invoice: its number after «счёт», «№» or the like, and nothing joined."""
    text, wanted = (search_key(" ".join(each.split())) for each in (purpose, number))
    at = text.find(wanted)
    while at >= 0:
        if not _goes_on(text, at + len(wanted)) and _is_marked(text[max(0, at - _LONGEST_MARK) : at]):
            return True
        at = text.find(wanted, at + 1)
    return False


def _is_marked(before: str) -> bool:
    return any(match.end() == len(before) for match in _MARK.finditer(before))


def _goes_on(text: str, at: int) -> bool:
    following = text[at : at + 2]
    if following[:1].isalnum():
        return True
    return len(following) == 2 and following[0] in _JOINTS and following[1].isalnum()
