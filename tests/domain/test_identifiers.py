"""ИНН, КПП, ОГРН, СНИЛС against slow and obvious implementations of their definitions."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.identifiers import (
    inn_fault,
    is_inn,
    is_ogrn,
    kpp_fault,
    ogrn_fault,
    snils_control,
    snils_fault,
    with_leading_zero,
    written_snils,
)
from mureg.errors import Message

_WEIGHTS_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_WEIGHTS_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_WEIGHTS_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

_INN_LENGTH = "an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor)"
_INN_ZEROS = "an ИНН cannot begin with 00"
_INN_DIGIT = "the check digit of the ИНН is wrong: a digit is mistyped"
_OGRN_LENGTH = "an ОГРН has 13 digits, an ОГРНИП 15"
_OGRN_DIGIT = "the check digit of the ОГРН is wrong: a digit is mistyped"


def _with_check_digit(digits: str, weights: tuple[int, ...]) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return digits + str(total % 11 % 10)


def _inn_10(digits: str) -> str:
    return _with_check_digit(digits, _WEIGHTS_10)


def _inn_12(digits: str) -> str:
    return _with_check_digit(_with_check_digit(digits, _WEIGHTS_11), _WEIGHTS_12)


def _ogrn(digits: str) -> str:
    return digits + str(int(digits) % 11 % 10)


def _ogrnip(digits: str) -> str:
    return digits + str(int(digits) % 13 % 10)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def _obvious_is_inn(text: str) -> bool:
    if re.fullmatch("[0-9]+", text) is None or text[:2] == "00":
        return False
    return (len(text) == 10 and _inn_10(text[:9]) == text) or (len(text) == 12 and _inn_12(text[:10]) == text)


INNS_10 = _digits(9).map(_inn_10).filter(lambda inn: not inn.startswith("00"))
INNS_12 = _digits(10).map(_inn_12).filter(lambda inn: not inn.startswith("00"))
INNS = st.one_of(INNS_10, INNS_12)
OGRNS = st.one_of(_digits(12).map(_ogrn), _digits(14).map(_ogrnip)).filter(lambda ogrn: ogrn.strip("0") != "")
KPPS = st.from_regex("[0-9]{4}[0-9A-Z]{2}[0-9]{3}", fullmatch=True)
# Near misses: the right lengths and their neighbours, sometimes with a right check digit.
_NEAR_INNS = st.one_of(INNS, st.text(), st.integers(8, 13).flatmap(_digits), _digits(9).map(_inn_10))


def _sentence(fault: Message | None) -> str | None:
    return None if fault is None else str(fault)


@pytest.mark.parametrize("inn", ["7700123459", "7707083893", "0101000021", "770012345606", "500100732259"])
def test_right_inns_have_no_fault(inn: str) -> None:
    assert is_inn(inn)
    assert inn_fault(inn) is None


@pytest.mark.parametrize(
    ("inn", "fault"),
    [
        ("", _INN_LENGTH),
        ("770012345", _INN_LENGTH),
        ("77001234590", _INN_LENGTH),
        ("7700123459012", _INN_LENGTH),
        ("770012345x", _INN_LENGTH),
        (" 7700123459", _INN_LENGTH),
        ("7700123459\n", _INN_LENGTH),
        ("٧٧٠٠١٢٣٤٥٩", _INN_LENGTH),
        ("770012345²", _INN_LENGTH),
        ("-770012345", _INN_LENGTH),
        ("0000000000", _INN_ZEROS),
        ("000000000000", _INN_ZEROS),
        ("007700123459", _INN_ZEROS),
        ("7700123458", _INN_DIGIT),
        ("770012345616", _INN_DIGIT),  # the eleventh digit
        ("770012345607", _INN_DIGIT),  # the twelfth
    ],
)
def test_a_wrong_inn_is_explained(inn: str, fault: str) -> None:
    assert not is_inn(inn)
    assert _sentence(inn_fault(inn)) == fault


@given(_NEAR_INNS)
def test_an_inn_is_what_the_definition_says(text: str) -> None:
    assert is_inn(text) == _obvious_is_inn(text)
    assert (inn_fault(text) is None) == is_inn(text)


@given(INNS)
def test_generated_inns_are_right(inn: str) -> None:
    assert is_inn(inn)


@given(INNS_10, st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_of_a_legal_entitys_inn_is_detected(inn: str, place: int, shift: int) -> None:
    digit = str((int(inn[place]) + shift) % 10)
    mistyped = inn[:place] + digit + inn[place + 1 :]
    # A remainder of 10 is written 0 like a remainder of 0: the definition itself cannot tell these two apart.
    remainder, other = (
        sum(weight * int(text[i]) for i, weight in enumerate(_WEIGHTS_10)) % 11 for text in (inn, mistyped)
    )
    if {remainder, other} != {0, 10}:
        assert not is_inn(mistyped)


@pytest.mark.parametrize("kpp", ["770001001", "0101AB001", "7700ZZ999", "000000000"])
def test_right_kpps_have_no_fault(kpp: str) -> None:
    assert kpp_fault(kpp) is None


@pytest.mark.parametrize(
    "kpp",
    ["", "77000100", "7700010011", "7700ab001", "7700АВ001", "77A001001", "77000100A", "770001001\n", "٧٧٠٠٠١٠٠١"],
)
def test_a_kpp_has_nine_characters_and_latin_capitals_in_the_middle_at_most(kpp: str) -> None:
    assert _sentence(kpp_fault(kpp)) == "a КПП has 9 characters: 4 digits, 2 digits or Latin capitals, 3 digits"


@pytest.mark.parametrize("ogrn", ["1237700000120", "1027700132195", "304500116000157", "318770000000010"])
def test_right_ogrns_have_no_fault(ogrn: str) -> None:
    assert is_ogrn(ogrn)
    assert ogrn_fault(ogrn) is None


@pytest.mark.parametrize(
    ("ogrn", "fault"),
    [
        ("", _OGRN_LENGTH),
        ("12377000001", _OGRN_LENGTH),
        ("12377000001200", _OGRN_LENGTH),
        ("123770000012x", _OGRN_LENGTH),
        ("١٢٣٧٧٠٠٠٠٠١٢٠", _OGRN_LENGTH),
        ("1237700000121", _OGRN_DIGIT),
        ("304500116000158", _OGRN_DIGIT),
        ("0000000000000", _OGRN_DIGIT),
        ("000000000000000", _OGRN_DIGIT),
    ],
)
def test_a_wrong_ogrn_is_explained(ogrn: str, fault: str) -> None:
    assert not is_ogrn(ogrn)
    assert _sentence(ogrn_fault(ogrn)) == fault


@given(OGRNS)
def test_every_ogrn_and_ogrnip_with_its_check_digit_is_right(ogrn: str) -> None:
    assert ogrn_fault(ogrn) is None


@given(OGRNS, st.integers(1, 9))
def test_an_ogrn_with_another_last_digit_is_wrong(ogrn: str, shift: int) -> None:
    assert not is_ogrn(ogrn[:-1] + str((int(ogrn[-1]) + shift) % 10))


@pytest.mark.parametrize(
    "snils",
    [
        "112-233-445 95",
        "11223344595",
        "112-233-445-95",
        "087-654-302 00",  # the remainder is 100, which two digits cannot hold
        "087-654-303 00",
        "001-001-998 55",  # the last one that was given out without a control number
        "000-000-001 99",
    ],
)
def test_right_snils_have_no_fault(snils: str) -> None:
    assert snils_fault(snils) is None


@pytest.mark.parametrize(
    ("snils", "fault"),
    [
        ("", "write the СНИЛС as 999-999-999 99"),
        ("112-233-445 9", "write the СНИЛС as 999-999-999 99"),
        ("112 233 445 95", "write the СНИЛС as 999-999-999 99"),
        ("112-233-445 95\n", "write the СНИЛС as 999-999-999 99"),
        ("١١٢-٢٣٣-٤٤٥ ٩٥", "write the СНИЛС as 999-999-999 99"),
        ("000-000-000 00", "a СНИЛС cannot be all zeros"),
        ("112-233-445 96", "the check digits of the СНИЛС are wrong: a digit is mistyped"),
        ("001-001-999 55", "the check digits of the СНИЛС are wrong: a digit is mistyped"),
    ],
)
def test_a_wrong_snils_is_explained(snils: str, fault: str) -> None:
    assert _sentence(snils_fault(snils)) == fault


def test_remainders_of_100_and_of_0_are_both_written_00() -> None:
    assert (_weighted(87654302) % 101, _weighted(87654303) % 101) == (100, 0)
    assert snils_control(87654302) == snils_control(87654303) == "00"


def _weighted(number: int) -> int:
    return sum((9 - place) * int(digit) for place, digit in enumerate(f"{number:09d}"))


@given(st.integers(1_001_999, 999_999_999))
def test_exactly_one_control_number_of_a_hundred_is_right(number: int) -> None:
    expected = _weighted(number) % 101
    right = [control for control in range(100) if snils_fault(f"{number:09d}{control:02d}") is None]
    assert right == [0 if expected == 100 else expected]


@given(st.integers(0, 10**11 - 1))
def test_a_snils_is_written_the_one_way_whatever_its_separators(number: int) -> None:
    digits = f"{number:011d}"
    written = f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"
    assert written_snils(digits) == written
    assert written_snils(written) == written
    assert written_snils(written.replace(" ", "-")) == written


@pytest.mark.parametrize("text", ["", "Иванова", "112-233-445", " 11223344595", "112 233 445 95"])
def test_a_text_that_is_not_a_snils_is_unchanged(text: str) -> None:
    assert written_snils(text) == text


@pytest.mark.parametrize(
    ("kind", "text", "whole"),
    [
        ("inn", "101000021", "0101000021"),
        ("inn", "101000022", "101000022"),  # the check digit does not hold
        ("inn", "1010000210", "1010000210"),
        ("kpp", "10101001", "010101001"),
        ("kpp", "1010100", "1010100"),
        ("kpp", "101AB001", "101AB001"),  # no spreadsheet takes it for a number
        ("inn", "", ""),
        ("kpp", "10101٠٠١", "10101٠٠١"),
        ("number", "10101001", "10101001"),
    ],
)
def test_a_lost_leading_zero_comes_back(kind: str, text: str, whole: str) -> None:
    assert with_leading_zero(kind, text) == whole


@given(
    st.one_of(
        st.tuples(st.just("inn"), INNS),
        st.tuples(st.just("kpp"), KPPS),
        st.tuples(st.just("ogrn"), OGRNS),
    )
)
def test_a_complete_identifier_never_gets_a_zero(case: tuple[str, str]) -> None:
    kind, text = case
    assert with_leading_zero(kind, text) == text


@given(
    st.one_of(
        st.tuples(st.just("inn"), _digits(8).map(lambda rest: _inn_10("0" + rest)).filter(is_inn)),
        st.tuples(st.just("inn"), _digits(9).map(lambda rest: _inn_12("0" + rest)).filter(is_inn)),
        st.tuples(st.just("kpp"), _digits(8).map(lambda rest: "0" + rest)),
        st.tuples(st.just("ogrn"), _digits(11).map(lambda rest: _ogrn("0" + rest)).filter(is_ogrn)),
        st.tuples(st.just("ogrn"), _digits(13).map(lambda rest: _ogrnip("0" + rest)).filter(is_ogrn)),
    )
)
def test_the_zero_that_a_spreadsheet_dropped_is_restored(case: tuple[str, str]) -> None:
    kind, whole = case
    assert with_leading_zero(kind, whole[1:]) == whole


@given(st.sampled_from(["inn", "kpp", "ogrn"]), st.one_of(st.text(), st.integers(7, 16).flatmap(_digits)))
def test_a_zero_is_given_only_where_the_identifier_is_right_with_it(kind: str, text: str) -> None:
    checks: dict[str, Callable[[str], bool]] = {
        "inn": is_inn,
        "kpp": lambda kpp: kpp_fault(kpp) is None,
        "ogrn": is_ogrn,
    }
    whole = with_leading_zero(kind, text)
    assert whole == text or (whole == "0" + text and checks[kind](whole))
