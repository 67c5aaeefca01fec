"""Which invoice a purpose of payment names."""

import pytest

from mureg.domain.payments.payment import names_invoice

NAMED = [
    ("Оплата по счету № 1518 от 06.09.2023 за август 2023 г.", "1518"),
    ("Оплата по счёту №1518", "1518"),
    ("ОПЛАТА ПО СЧЕТУ 1518. НДС не облагается", "1518"),
    ("сч. 1518, НДС нет", "1518"),
    ("по сч.N 1518", "1518"),
    ("Invoice no 1518", "1518"),
    ("по счетам № 1517 и № 1518", "1518"),
    ("счет № ка-15/18 от 06.09.2023", "КА-15/18"),
    ("по счету № 2023 за август 2023 г.", "2023"),
    ("15 штук по счету № 15", "15"),
    ("по счету  №\u00a0КА  15", "КА 15"),
]
NOT_NAMED = [
    ("Оплата по счету № 15180", "1518"),
    ("Оплата по счету № 1518/2", "1518"),
    ("Оплата по счету № 1518-2", "1518"),
    ("по договору № С-15/2023 за август 2023 г.", "15"),
    ("по счету № 1518 за август 2023 г.", "2023"),
    ("по счету № 7 от 06.09.2023", "06"),
    ("Сумма 1518,00", "1518"),
    ("счет 1518,00 руб.", "1518"),
    ("по счету № А1518", "1518"),
    ("бонус 1518", "1518"),
    ("", "1518"),
]


@pytest.mark.parametrize(("purpose", "number"), NAMED)
def test_the_number_after_a_word_for_invoice_names_it(purpose: str, number: str) -> None:
    assert names_invoice(purpose, number)


@pytest.mark.parametrize(("purpose", "number"), NOT_NAMED)
def test_a_number_elsewhere_or_a_part_of_a_longer_one_names_nothing(purpose: str, number: str) -> None:
    assert not names_invoice(purpose, number)
