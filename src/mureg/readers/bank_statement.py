"""A client bank's export in the format 1CClientBankExchange: the payments to one payee, in a stream.

The file is lines of `key=value` in sections; only the sections of documents are read, of them only the keys that say
who paid whom what. Source: the vendor's description of the format, versions 1.01 to 1.03.
"""

import io
from collections.abc import Iterator
from typing import NamedTuple

from mureg.domain.dates import parse_date
from mureg.domain.money import NotMoney, parse_money
from mureg.domain.payments.payment import Payment
from mureg.errors import Message, Rejected, msg
from mureg.readers.errors import rejected, too_many_bytes, too_many_fields, too_many_rows
from mureg.readers.tables.encoding import open_text, recognise_encoding
from mureg.readers.types import Limits, Source
from mureg.readers.values import unstorable

SIGNATURE = "1CClientBankExchange"
# A payee is paid some times a month: many more are a wrong file.
MOST_PAYMENTS = 10_000
_BEGIN, _END, _END_OF_FILE = "СекцияДокумент", "КонецДокумента", "КонецФайла"
_PURPOSE = ("НазначениеПлатежа", *(f"НазначениеПлатежа{line}" for line in range(1, 7)))
_KEYS = frozenset((
    "Номер", "Сумма", "ДатаСписано", "ПлательщикИНН", "ПолучательИНН", "ПолучательСчет", "ПолучательРасчСчет",
    *_PURPOSE,
))  # fmt: skip
_LONGEST_KEY = 100


class Payee(NamedTuple):
    """Whom a payment must be to: the ИНН, and the account that counts where a document or we have no ИНН."""

    inn: str
    account: str

    def is_paid(self, inn: str, accounts: set[str]) -> bool:
        """Whether a document with this payee is a payment to it."""
        return inn == self.inn if inn and self.inn else self.account != "" and self.account in accounts


class Payments(NamedTuple):
    """What a file shows: all its documents counted, and those to the payee."""

    documents: int
    to_payee: list[Payment]


def read_payments(source: Source, payee: Payee, limits: Limits) -> Payments:
    """The payments to the payee. Raises `Rejected` for a file that is no such export, or is damaged."""
    if source.stream.seek(0, io.SEEK_END) > limits.file_bytes:
        raise too_many_bytes(source.name, limits.file_bytes)
    text = open_text(source.stream, recognise_encoding(source.name, source.stream))
    try:
        documents, found = 0, []
        for row, fields in _documents(source.name, text, limits):
            documents += 1
            if documents > limits.rows:
                raise too_many_rows(source.name, limits)
            accounts = {fields.get("ПолучательСчет", ""), fields.get("ПолучательРасчСчет", "")}
            if payee.is_paid(fields.get("ПолучательИНН", ""), accounts):
                found.append(_payment(source.name, row, fields))
                if len(found) > MOST_PAYMENTS:
                    raise rejected(
                        source.name,
                        msg("more than {most} payments to the operator: is this the right file?", most=MOST_PAYMENTS),
                        msg("export a shorter period"),
                    )
        return Payments(documents, found)
    finally:
        text.detach()


def _documents(file: str, text: io.TextIOWrapper, limits: Limits) -> Iterator[tuple[int, dict[str, str]]]:
    """Each document with the line where it begins."""
    lines = _lines(file, text, limits)
    for row, line in lines:
        key = line.partition("=")[0]
        if key == _BEGIN:
            yield row, _document(file, row, lines, limits)
        elif key == _END_OF_FILE:
            return
    raise _cut_off(file)


def _document(file: str, began: int, lines: Iterator[tuple[int, str]], limits: Limits) -> dict[str, str]:
    """What a document says under the keys that are read."""
    fields: dict[str, str] = {}
    for row, line in lines:
        key, _, value = line.partition("=")
        if key == _END:
            return fields
        if key == _BEGIN:
            raise _damaged(file, row, msg("a document begins inside another one"))
        if row - began > limits.fields:
            raise too_many_fields(file, limits, row)
        if key in fields:
            raise _damaged(file, row, msg("{key} is given twice in one document", key=key))
        if key in _KEYS:
            fields[key] = value.strip()
    raise _cut_off(file)


def _lines(file: str, text: io.TextIOWrapper, limits: Limits) -> Iterator[tuple[int, str]]:
    """The lines below the first one, with their numbers, without empty ones."""
    longest = limits.field_characters + _LONGEST_KEY
    if text.readline(_LONGEST_KEY).strip() != SIGNATURE:
        raise rejected(
            file,
            msg("not an export of a client bank: the first line must be {signature}", signature=SIGNATURE),
            msg("export the account's statement from the client bank in the format “1C”"),
        )
    row = 1
    while line := text.readline(longest + 1):
        row += 1
        if len(line) > longest:
            raise _damaged(file, row, msg("a line has more than {longest} characters", longest=longest))
        if fault := unstorable(line):
            raise _damaged(file, row, fault)
        if line := line.strip():
            yield row, line


def _payment(file: str, row: int, fields: dict[str, str]) -> Payment:
    try:
        amount = parse_money(fields.get("Сумма", ""))
    except NotMoney as error:
        raise rejected(file, error.message, row=row, column="Сумма", value=fields.get("Сумма", "")) from None
    debited = fields.get("ДатаСписано", "")
    day = parse_date(debited)
    if debited and day is None:
        message = msg("a date must be an existing day, as in 2023-08-07 or 07.08.2023")
        raise rejected(file, message, row=row, column="ДатаСписано", value=debited)
    # The first key has the whole text; where a bank leaves it out, the others have its lines.
    first, *parts = (fields.get(key, "") for key in _PURPOSE)
    purpose = first or " ".join(part for part in parts if part)
    return Payment(row, fields.get("Номер", ""), amount, day, fields.get("ПлательщикИНН", ""), purpose)


def _damaged(file: str, row: int | None, message: Message) -> Rejected:
    return rejected(file, message, msg("export it from the client bank again"), row=row)


def _cut_off(file: str) -> Rejected:
    return _damaged(file, None, msg("the file has no end: it is cut off"))
