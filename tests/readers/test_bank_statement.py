"""Payments in a client bank's export."""

import io
from datetime import date
from typing import Any

import client_bank_1c
import pytest

from mureg.domain.payments.payment import Payment
from mureg.errors import Rejected
from mureg.readers import bank_statement
from mureg.readers.bank_statement import Payee, Payments, read_payments
from mureg.readers.types import Limits, Source
from support.bank_export import OPERATOR_ACCOUNT, OPERATOR_INN, PARTNER_INN, document, export

LIMITS = Limits()
PAYEE = Payee(OPERATOR_INN, OPERATOR_ACCOUNT)
PAYMENT = Payment(11, "45", 2700000, date(2023, 9, 12), PARTNER_INN, "Оплата по счету № 1518 от 06.09.2023")


def read(text: str | bytes, payee: Payee = PAYEE, *, limits: Limits = LIMITS) -> Payments:
    content = text if isinstance(text, bytes) else text.encode("cp1251")
    return read_payments(Source("bank.txt", io.BytesIO(content)), payee, limits)


def fault(text: str | bytes, **limits: int) -> str:
    with pytest.raises(Rejected) as error:
        read(text, limits=Limits(**limits))
    (only,) = error.value.details
    return f"{only.row}: {only.message}"


def test_the_export_of_these_tests_is_one_that_another_parser_reads() -> None:
    read_by_others: Any = client_bank_1c.load(export(document()).encode("cp1251"))
    (found,) = read_by_others.documents
    assert (found["Номер"], found["ДатаСписано"]) == ("45", date(2023, 9, 12))


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8", "utf-8-sig"])
def test_a_payment_is_read_whatever_the_encoding(encoding: str) -> None:
    text = export(document()).replace("«Партнёр»", "Партнер")
    expected = PAYMENT if encoding != "cp866" else PAYMENT._replace(purpose="Оплата по счету N 1518")
    if encoding == "cp866":
        text = text.replace("№ 1518 от 06.09.2023", "N 1518")
    assert read(text.encode(encoding)) == Payments(1, [expected])


def test_the_lines_of_a_purpose_are_joined_where_the_whole_is_left_out() -> None:
    text = export(document(НазначениеПлатежа="", НазначениеПлатежа1="Оплата по счету", НазначениеПлатежа2="№ 1518"))
    assert read(text).to_payee[0].purpose == "Оплата по счету № 1518"


@pytest.mark.parametrize(
    ("changed", "is_paid"),
    [
        ({}, True),
        ({"ПолучательСчет": "40702810000000000002"}, True),  # another account of the operator
        ({"ПолучательИНН": ""}, True),
        ({"ПолучательИНН": "", "ПолучательСчет": "1", "ПолучательРасчСчет": OPERATOR_ACCOUNT}, True),
        ({"ПолучательИНН": "", "ПолучательСчет": "1"}, False),
        ({"ПолучательИНН": "7700123459"}, False),
    ],
)
def test_the_payee_is_known_by_inn_and_without_one_by_account(changed: dict[str, str], *, is_paid: bool) -> None:
    found = read(export(document(**changed)))
    assert (found.documents, len(found.to_payee)) == (1, int(is_paid))


def test_only_the_account_is_compared_where_the_settings_have_no_inn() -> None:
    assert len(read(export(document()), Payee("", OPERATOR_ACCOUNT)).to_payee) == 1
    assert read(export(document(ПолучательИНН="")), Payee(OPERATOR_INN, "")).to_payee == []


def test_documents_to_others_may_be_odd() -> None:
    other = document(ПолучательИНН="7700123459", Сумма="много", ДатаСписано="вчера")
    assert read(export(other, document())).documents == 2


def test_a_payment_that_the_bank_has_not_made_has_no_day() -> None:
    assert read(export(document(ДатаСписано=""))).to_payee[0].debited_on is None


DAMAGED = [
    ("Номер;ИНН\n1;2\n", "None: not an export of a client bank: the first line must be 1CClientBankExchange"),
    ("", "None: not an export of a client bank: the first line must be 1CClientBankExchange"),
    ("1CClientBankExchange\n", "None: the file has no end: it is cut off"),
    (export(document())[:-60], "None: the file has no end: it is cut off"),
    (export(document().replace("КонецДокумента", "")), "None: the file has no end: it is cut off"),
    (export(document().replace("КонецДокумента", ""), document()), "23: a document begins inside another one"),
    (export(document(Сумма="1.5e3")), "11: write the amount as 5400.00 or 5 400,00"),
    (export(document(Сумма="")), "11: write the amount as 5400.00 or 5 400,00"),
    (export(document(ДатаСписано="31.02.2023")),
     "11: a date must be an existing day, as in 2023-08-07 or 07.08.2023"),
    (export(document().replace("Номер=45", "Сумма=1.00\nНомер=45")), "15: Сумма is given twice in one document"),
    (export(document(Номер="4\0005")), "12: the text contains a NUL character: the file may be damaged"),
    (export(document()).encode("cp1251").replace(b"\xcf\xee", b"\x98\x98"),
     "19: the text contains invalid bytes: check the encoding of the file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), DAMAGED)
def test_a_damaged_file_is_refused_with_the_line(text: str | bytes, said: str) -> None:
    assert fault(text) == said


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    two = export(document(), document())
    assert fault(two, file_bytes=100) == "None: the file is larger than 100 bytes"
    assert fault(two, rows=1) == "None: the file has more than 1 rows"
    assert fault(export("НазначениеПлатежа=" + "x" * 200), field_characters=50).endswith("more than 150 characters")
    many = document().replace("КонецДокумента", "Ключ=1\n" * 50 + "КонецДокумента")
    assert fault(export(many), fields=20) == "32: more than 20 columns, or fields of one application"
    monkeypatch.setattr(bank_statement, "MOST_PAYMENTS", 1)
    assert fault(two) == "None: more than 1 payments to the operator: is this the right file?"


def test_a_line_without_an_end_is_not_held_whole() -> None:
    assert fault(export("x" * 5_000_000)) == "11: a line has more than 10100 characters"
