"""ИНН, КПП, ОГРН and СНИЛС: their check digits, and the leading zero that a spreadsheet drops.

Source: order of the Federal Tax Service ММВ-7-6/435@ (ИНН, КПП), order of the Ministry of Finance 165н (ОГРН),
resolution of the Pension Fund 122п (СНИЛС). python-stdnum does not do: its `ru.inn` accepts ten zeros, its `ru.ogrn`
refuses about a quarter of the valid ОГРНИП, and it has no СНИЛС.
"""

import re

from mureg.errors import Message, msg

# Compiled at first use: most commands check none of these.
_KPP = r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}"
_SNILS = r"([0-9]{3})-?([0-9]{3})-?([0-9]{3})[ -]?([0-9]{2})"

# СНИЛС up to this number were issued before the control number was introduced.
_LAST_UNCHECKED_SNILS = 1_001_998


def inn_fault(inn: str) -> Message | None:
    """What is wrong with an ИНН (10 digits of a legal entity, 12 of a sole proprietor), or `None`."""
    if not _is_digits(inn) or len(inn) not in (10, 12):
        return msg("an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor)")
    if inn.startswith("00"):
        return msg("an ИНН cannot begin with 00")
    if not is_inn(inn):
        return msg("the check digit of the ИНН is wrong: a digit is mistyped")
    return None


def is_inn(inn: str) -> bool:
    """Whether the text is a valid ИНН. Unrolled for speed: an import checks a million of them."""
    if not _is_digits(inn) or inn.startswith("00"):
        return False
    d = inn.encode()
    # A byte is its digit + 48, so 48 × the sum of the weights is subtracted.
    if len(d) == 10:
        total = 2 * d[0] + 4 * d[1] + 10 * d[2] + 3 * d[3] + 5 * d[4] + 9 * d[5] + 4 * d[6] + 6 * d[7] + 8 * d[8]
        return (total - 48 * 51) % 11 % 10 == d[9] - 48
    if len(d) == 12:
        a, b, c, e, f, g, h, i, j, k, eleventh, twelfth = d
        first = 7 * a + 2 * b + 4 * c + 10 * e + 3 * f + 5 * g + 9 * h + 4 * i + 6 * j + 8 * k
        if (first - 48 * 58) % 11 % 10 != eleventh - 48:
            return False
        second = 3 * a + 7 * b + 2 * c + 4 * e + 10 * f + 3 * g + 5 * h + 9 * i + 4 * j + 6 * k + 8 * eleventh
        return (second - 48 * 61) % 11 % 10 == twelfth - 48
    return False


def kpp_fault(kpp: str) -> Message | None:
    """What is wrong with a КПП, or `None`. It has no check digit."""
    if re.fullmatch(_KPP, kpp):
        return None
    return msg("a КПП has 9 characters: 4 digits, 2 digits or Latin capitals, 3 digits")


def ogrn_fault(ogrn: str) -> Message | None:
    """What is wrong with an ОГРН (13 digits) or ОГРНИП (15 digits), or `None`."""
    if not _is_digits(ogrn) or len(ogrn) not in (13, 15):
        return msg("an ОГРН has 13 digits, an ОГРНИП 15")
    if not is_ogrn(ogrn):
        return msg("the check digit of the ОГРН is wrong: a digit is mistyped")
    return None


def is_ogrn(ogrn: str) -> bool:
    """Whether the text is a valid ОГРН or ОГРНИП."""
    if not _is_digits(ogrn) or len(ogrn) not in (13, 15) or ogrn.strip("0") == "":
        return False
    return int(ogrn[:-1]) % (len(ogrn) - 2) % 10 == int(ogrn[-1])


def snils_fault(snils: str) -> Message | None:
    """What is wrong with a СНИЛС written `999-999-999 99`, or `None`."""
    digits = _snils_digits(snils)
    if digits is None:
        return msg("write the СНИЛС as 999-999-999 99")
    number = int(digits[:9])
    if number == 0:
        return msg("a СНИЛС cannot be all zeros")
    if number > _LAST_UNCHECKED_SNILS and snils_control(number) != digits[9:]:
        return msg("the check digits of the СНИЛС are wrong: a digit is mistyped")
    return None


def snils_control(number: int) -> str:
    """The two control digits of a nine-digit СНИЛС number."""
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), f"{number:09d}", strict=True))
    return f"{total % 101 % 100:02d}"


def written_snils(snils: str) -> str:
    """A СНИЛС written `999-999-999 99`; any other text unchanged."""
    digits = _snils_digits(snils)
    return snils if digits is None else f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def with_leading_zero(kind: str, text: str) -> str:
    """An ИНН, КПП or ОГРН with the leading zero that a spreadsheet dropped; any other text unchanged.

    `kind` is `inn`, `kpp` or `ogrn`. An ИНН or ОГРН gets a zero only where it is valid with it.
    """
    if not _is_digits(text):
        return text
    padded = "0" + text
    if (
        (kind == "inn" and len(text) in (9, 11) and is_inn(padded))
        or (kind == "kpp" and len(text) == 8)
        or (kind == "ogrn" and len(text) in (12, 14) and is_ogrn(padded))
    ):
        return padded
    return text


def _snils_digits(text: str) -> str | None:
    match = re.fullmatch(_SNILS, text)
    return "".join(match.groups()) if match else None


def _is_digits(text: str) -> bool:
    # isdigit alone accepts Arabic-Indic and superscript digits.
    return text.isascii() and text.isdigit()
