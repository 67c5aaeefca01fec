"""A payment order, read back by parsers that others wrote."""

from datetime import date
from decimal import Decimal
from typing import Any

import client_bank_1c
import client_bank_exchange_1c as exchange
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.payments.bank_account import BankAccount
from mureg.reports.payment_order import Party, PaymentOrder, lacking, order_file

PARTNER_BANK = BankAccount("40702810300000000001", "040000888", "БАНК «ПРИМЕР»", "30101810200000000888", "Г. МОСКВА")
OPERATOR_BANK = BankAccount("40702810000000000001", "040000777", "БАНК «ОБРАЗЕЦ»", "30101810900000000777")
PURPOSE = "Оплата по счету № 1518 от 06.09.2023 за август 2023 г. НДС не облагается"
ORDER = PaymentOrder(
    "1518", date(2023, 9, 7), 2520005,
    Party("ООО «Партнёр»", "7700005007", "770001001", PARTNER_BANK),
    Party("ИП Иванова А. П.", "770012345606", "", OPERATOR_BANK),
    PURPOSE,
)  # fmt: skip


def test_the_file_is_windows_1251_with_crlf() -> None:
    content = order_file(ORDER, "mureg")
    lines = content.decode("cp1251").split("\r\n")
    assert (lines[0], lines[1], lines[-2], lines[-1]) == (
        "1CClientBankExchange", "ВерсияФормата=1.03", "КонецФайла", "",
    )  # fmt: skip
    assert content.count(b"\n") == content.count(b"\r\n")


def test_client_bank_1c_reads_it_back() -> None:
    found: Any = client_bank_1c.load(order_file(ORDER, "mureg"))
    assert found.info["Кодировка"] == "Windows"
    assert found.info["РасчСчет"] == [PARTNER_BANK.account]
    (document,) = found.documents
    assert document == {
        "ВидДокумента": "Платежное поручение",
        "Номер": "1518", "Дата": date(2023, 9, 7), "Сумма": Decimal("25200.05"),
        "ПлательщикСчет": PARTNER_BANK.account, "Плательщик": "ИНН 7700005007 ООО «Партнёр»",
        "ПлательщикИНН": "7700005007", "ПлательщикКПП": "770001001", "Плательщик1": "ООО «Партнёр»",
        "ПлательщикРасчСчет": PARTNER_BANK.account, "ПлательщикБанк1": "БАНК «ПРИМЕР»",
        "ПлательщикБанк2": "Г. МОСКВА", "ПлательщикБИК": "040000888",
        "ПлательщикКорсчет": PARTNER_BANK.correspondent_account,
        "ПолучательСчет": OPERATOR_BANK.account, "Получатель": "ИНН 770012345606 ИП Иванова А. П.",
        "ПолучательИНН": "770012345606", "Получатель1": "ИП Иванова А. П.",
        "ПолучательРасчСчет": OPERATOR_BANK.account, "ПолучательБанк1": "БАНК «ОБРАЗЕЦ»",
        "ПолучательБИК": "040000777", "ПолучательКорсчет": OPERATOR_BANK.correspondent_account,
        "ВидОплаты": "01", "Очередность": "5", "НазначениеПлатежа": PURPOSE,
    }  # fmt: skip


def test_client_bank_exchange_1c_reads_it_back() -> None:
    text = order_file(ORDER, "mureg").decode("cp1251").replace("\r\n", "\n")
    header = exchange.Header.from_text(text)
    assert (header.format_version, header.encoding, header.sender) == ("1.03", "Windows", "mureg")
    assert (header.filter_date_since, header.filter_account_numbers) == (date(2023, 9, 7), PARTNER_BANK.account)
    (document,) = exchange.Document.from_text(text)
    assert (document.document_type, document.number, document.date) == ("Платежное поручение", "1518", date(2023, 9, 7))
    assert document.amount == Decimal("25200.05")
    assert (document.payer.inn, document.payer.account, document.payer.bank_bic) == (
        "7700005007", PARTNER_BANK.account, "040000888",
    )  # fmt: skip
    assert (document.receiver.inn, document.receiver.l1_name, document.receiver.bank_corr_account) == (
        "770012345606", "ИП Иванова А. П.", OPERATOR_BANK.correspondent_account,
    )  # fmt: skip
    assert (document.payment.operation_type, document.special.priority) == ("01", "5")
    assert document.payment.purpose == PURPOSE


@given(st.text())
def test_what_windows_1251_lacks_is_named_and_the_rest_can_be_written(text: str) -> None:
    missing = lacking(text)
    "".join(character for character in text if character not in missing).encode("cp1251")
    assert all(character.encode("cp1251", "ignore") == b"" for character in missing)


def test_letters_of_other_alphabets_are_named_once() -> None:
    assert lacking("«Ғалым» № 1 — Ғ ₽") == "Ғ₽"
