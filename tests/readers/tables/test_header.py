"""Which column is which field: units behind headers, general headers, and profiles."""

import pytest

from mureg.readers.statements.fields import FIELDS
from mureg.readers.tables.header import Header, HeaderFinder
from mureg.readers.types import Profile


def found(*texts: str, columns: dict[str, str] | None = None) -> Header:
    profile = Profile("operator", "statement", columns=columns) if columns else None
    header = HeaderFinder("a.csv", FIELDS, profile, bool).find([texts])
    assert header is not None
    return header


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("К оплате, руб.", "payable"),
        ("К оплате (руб)", "payable"),
        ("К оплате, ₽", "payable"),
        ("К ОПЛАТЕ В РУБЛЯХ", "payable"),
        ("Сумма (руб.)", "payable"),
        ("Сумма, р.", "payable"),
        ("payable, RUB", "payable"),
        ("Цена, рублей", "list_price"),
        ("Скидка, руб.", "discount"),
        ("Скидка, %", "discount_rate"),
        ("Скидка (%)", "discount_rate"),
        ("Скидка, в %", "discount_rate"),
        ("Процент скидки", "discount_rate"),
    ],
)
def test_a_header_may_have_its_unit_behind_it(text: str, field: str) -> None:
    assert found(text).places == {field: [0]}


@pytest.mark.parametrize("text", ["К оплате, тыс. руб.", "К оплате, USD", "К оплате, %", "руб.", "Номер."])
def test_another_unit_makes_another_header(text: str) -> None:
    assert found("ИНН", text).places == {"inn": [0]}


def test_a_sum_is_the_amount_payable_only_if_no_column_is_named_so() -> None:
    assert found("Номер", "Сумма", "К оплате").places == {"number": [0], "payable": [2]}
    assert found("Номер", "Цена", "Скидка", "Сумма").places["payable"] == [3]


def test_two_columns_that_differ_in_their_unit_are_ambiguous_until_a_profile_names_one() -> None:
    texts = ("Номер", "К оплате", "К оплате, руб.")
    assert "payable" in found(*texts).ambiguous()
    assert found(*texts, columns={"payable": "К оплате, руб."}).places["payable"] == [2]


def test_the_row_most_like_a_header_names_the_most_fields() -> None:
    finder = HeaderFinder("a.csv", FIELDS, None, lambda named: False)
    nearest = finder.nearest([["Отчёт", "за", "август", "2023"], ["Номер", "ИНН", "Выплата"], ["1", "2", "ИНН"]])
    assert nearest is not None
    assert nearest.row == 2
    assert finder.nearest([["a", "b"], ["1", "2"]]) is None


def test_a_row_of_data_is_not_taken_for_a_header() -> None:
    finder = HeaderFinder("a.csv", FIELDS, None, lambda named: False)
    assert finder.nearest([["Иванова", "Анна", "Петровна", "112-233-445 95"]]) is None
