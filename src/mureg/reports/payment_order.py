"""A payment order as 1C and client banks load it: 1CClientBankExchange 1.03, in windows-1251 with CRLF.

The texts are Russian whatever the user's language: a Russian bank reads them.
"""

from datetime import date
from typing import NamedTuple

from mureg.domain.payments.bank_account import BankAccount

_ENCODING = "cp1251"
# A purpose of payment and a name may be so long. Source: the Bank of Russia's regulation 762-П.
LONGEST_PURPOSE = 210
LONGEST_NAME = 160


class Party(NamedTuple):
    """Who pays, or is paid. A sole proprietor has no КПП."""

    name: str
    inn: str
    kpp: str
    bank: BankAccount


class PaymentOrder(NamedTuple):
    """An order to a bank. `number` has up to six digits."""

    number: str
    dated_on: date
    amount_kopecks: int
    payer: Party
    payee: Party
    purpose: str


def lacking(text: str) -> str:
    """The characters of a text that windows-1251 lacks, each once."""
    return "".join(dict.fromkeys(character for character in text if not _is_known(character)))


def _is_known(character: str) -> bool:
    try:
        character.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def order_file(order: PaymentOrder, sender: str) -> bytes:
    """The file. Its texts have been checked with `lacking`."""
    return "".join(f"{line}\r\n" for line in order_lines(order, sender)).encode(_ENCODING)


def order_lines(order: PaymentOrder, sender: str) -> list[str]:
    """The lines of the file. `sender` is the program that wrote it."""
    day = f"{order.dated_on:%d.%m.%Y}"
    return [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        f"Отправитель={sender}",
        "Получатель=",
        f"ДатаСоздания={day}",
        f"ДатаНачала={day}",
        f"ДатаКонца={day}",
        f"РасчСчет={order.payer.bank.account}",
        "Документ=Платежное поручение",
        "СекцияДокумент=Платежное поручение",
        f"Номер={order.number}",
        f"Дата={day}",
        f"Сумма={order.amount_kopecks // 100}.{order.amount_kopecks % 100:02d}",
        *_party("Плательщик", order.payer),
        *_party("Получатель", order.payee),
        # 01 is a payment order; 5 is the place in the queue of every payment that the law does not put before it.
        "ВидОплаты=01",
        "Очередность=5",
        f"НазначениеПлатежа={order.purpose}",
        "КонецДокумента",
        "КонецФайла",
    ]


def _party(side: str, party: Party) -> list[str]:
    values = {
        "Счет": party.bank.account, "": f"ИНН {party.inn} {party.name}", "ИНН": party.inn, "КПП": party.kpp,
        "1": party.name, "РасчСчет": party.bank.account, "Банк1": party.bank.bank, "Банк2": party.bank.city,
        "БИК": party.bank.bic, "Корсчет": party.bank.correspondent_account,
    }  # fmt: skip
    return [f"{side}{key}={value}" for key, value in values.items() if value]
