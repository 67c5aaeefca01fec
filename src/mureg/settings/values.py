"""What a key of mureg.toml may hold: one function for each kind of value, which raises `Unsuitable` or `NotMoney`.

The functions look at TOML's own type first, so that `true` is not taken for a number, nor `"12"` for an integer.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from mureg.domain.application import Tier, parse_tier
from mureg.domain.identifiers import inn_fault, kpp_fault
from mureg.domain.money import parse_money, parse_rate
from mureg.domain.payments.bank_account import account_fault, bic_fault, has_correspondent_key, has_key
from mureg.domain.text import is_plain, search_key
from mureg.errors import Message, msg
from mureg.settings.locate import register_fault

# The template's placeholder for a value.
PLACEHOLDER = "…"
LONGEST_TERM_MONTHS = 120
# Python's parser of JSON recurses, and a thousand levels exceed its limit.
DEEPEST_NESTING = 500
# More than any machine holds. A larger number would not fit where it is used.
_LARGEST_COUNT = 1 << 50
DELIMITERS = (";", ",", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1251", "cp866")
_ENCODING_ALIASES = {
    "utf8": "utf-8", "utf8sig": "utf-8-sig", "utf8bom": "utf-8-sig", "utf16": "utf-16",
    "cp1251": "cp1251", "windows1251": "cp1251", "win1251": "cp1251", "1251": "cp1251",
    "cp866": "cp866", "ibm866": "cp866", "dos866": "cp866", "866": "cp866",
}  # fmt: skip


class Unsuitable(ValueError):
    """A value does not suit its key. `message` says what would."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def register(value: object) -> str:
    """The path or the address of a register."""
    if fault := register_fault(value):
        raise Unsuitable(fault)
    return str(value)


def text(value: object) -> str:
    """One line that is neither empty nor the placeholder."""
    if not isinstance(value, str):
        raise Unsuitable(msg("must be text in quotes"))
    if value.strip() == PLACEHOLDER:
        raise Unsuitable(msg("replace {placeholder} with a value", placeholder=PLACEHOLDER))
    if not value.strip():
        raise Unsuitable(msg("the text is empty: remove the line, or fill it in"))
    if not is_plain(value):
        raise Unsuitable(msg("must be one line of visible characters"))
    return value.strip()


def _figure(value: object, example: str) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        raise Unsuitable(msg("amounts and rates must be in quotes: {example}", example=example))
    raise Unsuitable(msg("must be an amount or a rate in quotes: {example}", example=example))


def amount(value: object) -> int:
    """Kopecks of a list price."""
    kopecks = parse_money(_figure(value, '"5400.00"'))
    if kopecks < 0:
        raise Unsuitable(msg("a list price cannot be negative"))
    return kopecks


def rate(value: object) -> int:
    """Basis points of a discount."""
    return parse_rate(_figure(value, '"12,5%"'))


def tier(value: object) -> Tier:
    """A tier, written as anywhere in mureg."""
    found = parse_tier(text(value))
    if found is None:
        raise Unsuitable(msg('the tier must be "2-9" or "10+"; without this line the row applies to both'))
    return found


def day(value: object) -> date:
    """A date as TOML has it."""
    if isinstance(value, datetime):
        raise Unsuitable(msg("must be a date without a time: 2023-08-01"))
    if not isinstance(value, date):
        raise Unsuitable(msg("must be a date without quotes: 2023-08-01"))
    return value


def inn(value: object) -> str:
    """An ИНН whose check digit holds."""
    digits = text(value)
    if fault := inn_fault(digits):
        raise Unsuitable(fault)
    return digits


def kpp(value: object) -> str:
    """A КПП."""
    characters = text(value)
    if fault := kpp_fault(characters):
        raise Unsuitable(fault)
    return characters


def bic(value: object) -> str:
    """A БИК."""
    digits = text(value)
    if fault := bic_fault(digits):
        raise Unsuitable(fault)
    return digits


def account(value: object) -> str:
    """The 20 digits of an account; `bank_account` looks at the key in them."""
    digits = text(value)
    if fault := account_fault(digits):
        raise Unsuitable(fault)
    return digits


def bank_account(found: Mapping[str, str]) -> None:
    """Check that the keys of both accounts fit the БИК."""
    if not has_key(found["account"], found["bic"]):
        raise Unsuitable(msg("the key of {account} does not fit the БИК: a digit of either is mistyped",
                             account="account"))  # fmt: skip
    if not has_correspondent_key(found["correspondent_account"], found["bic"]):
        raise Unsuitable(msg("the key of {account} does not fit the БИК: a digit of either is mistyped",
                             account="correspondent_account"))  # fmt: skip


def organization(found: Mapping[str, str]) -> None:
    """Check that a sole proprietor has no КПП."""
    if found.get("kpp") and len(found.get("inn", "")) == 12:
        raise Unsuitable(msg("a sole proprietor (an ИНН of 12 digits) has no КПП: remove the line"))


def count(value: object, most: int = _LARGEST_COUNT) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unsuitable(msg("must be a whole number without quotes"))
    if value < 1:
        raise Unsuitable(msg("must be a number from 1"))
    if value > most:
        raise Unsuitable(msg("must be a number from 1 to {most}", most=most))
    return value


def months(value: object) -> int:
    """The term of a licence."""
    return count(value, LONGEST_TERM_MONTHS)


def nesting(value: object) -> int:
    """How deep XML and JSON may go."""
    return count(value, DEEPEST_NESTING)


def one_of(*choices: str) -> Callable[[object], str]:
    """Make the check of a key that has few values."""

    def check(value: object) -> str:
        if value not in choices:
            raise Unsuitable(msg("must be one of: {choices}", choices=", ".join(choices)))
        return str(value)

    return check


def encoding(value: object) -> str:
    """An encoding by Python's name of it; `windows-1251` and other common names are understood."""
    name = _ENCODING_ALIASES.get(re.sub(r"[-_ ]", "", text(value).lower()))
    if name is None:
        raise Unsuitable(msg("must be one of: {choices}", choices=", ".join(ENCODINGS)))
    return name


def delimiter(value: object) -> str:
    """One character between the fields of a CSV."""
    if value not in DELIMITERS:
        raise Unsuitable(msg("must be one of: {choices}", choices=r'";", ",", "\t", "|"'))
    return str(value)


def date_format(value: object) -> str:
    """A format of strptime that has day, month and year, and no other directive."""
    format_ = text(value)
    directives = sorted(re.findall(r"%(.?)", format_))
    if directives not in (["Y", "d", "m"], ["d", "m", "y"]):
        raise Unsuitable(
            msg("must have the day, the month and the year once each, and nothing else: {example}", example="%d.%m.%Y")
        )
    return format_


def distinct_headers(columns: Mapping[str, str]) -> None:
    """Check that no two fields have the same header."""
    fields: dict[str, str] = {}
    for name, header in columns.items():
        # As the readers of tables compare headers: without case, ё/е and spaces.
        key = re.sub(r"\s+", "", search_key(header))
        first = fields.setdefault(key, name)
        if first != name:
            raise Unsuitable(msg("{first} and {second} have the same header", first=first, second=name))
