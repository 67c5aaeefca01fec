"""Certificates: synthetic ones, made here."""

import base64

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from mureg.readers.applications.certificate import Subject, read_subject
from support.certificates import COMMON, FIRM_INN, INN, IVANOVA, SNILS, TITLE, certificate


def test_the_subject_names_the_person_and_the_firm() -> None:
    assert read_subject(certificate(IVANOVA)) == Subject(
        "Иванова Анна Петровна", "Директор", "770012345606", "112-233-445 95", "7700123459", "1237700000120"
    )


@pytest.mark.parametrize(
    ("not_after", "until"),
    [
        (core.UTCTime("240409090000Z").dump(), "2024-04-09"),
        (core.GeneralizedTime("20511231090000Z").dump(), "2051-12-31"),
        (core.UTCTime("240408210000Z").dump(), "2024-04-09"),
        (b"\x17\x0d249909090000Z", ""),
        (b"\x17\x02\xff\xff", ""),
        (core.UTF8String("240409090000Z").dump(), ""),
        (b"", ""),
    ],
)
def test_the_last_day_is_that_of_moscow_and_empty_where_it_cannot_be_read(not_after: bytes, until: str) -> None:
    subject = read_subject(certificate(IVANOVA, not_after))
    assert subject is not None
    assert (subject.name, subject.until) == ("Иванова Анна Петровна", until)


def test_an_older_certificate_has_the_firms_inn_in_place_of_the_persons() -> None:
    names = IVANOVA | {INN: "007700123459"}
    del names[FIRM_INN]
    subject = read_subject(certificate(names))
    assert subject is not None
    assert (subject.inn, subject.firm_inn) == ("", "7700123459")


def test_unknown_attributes_and_string_types_are_read_past() -> None:
    subject = read_subject(certificate({"1.2.643.100.111": "x", "1.3.6.1.4.1.99999.5.5": "y", **IVANOVA}))
    assert subject is not None
    assert subject.name == "Иванова Анна Петровна"


def test_a_certificate_without_a_surname_gives_its_common_name() -> None:
    subject = read_subject(certificate({COMMON: "ООО «Ромашка»"}))
    assert subject == Subject("ООО «Ромашка»")


def test_a_wrong_snils_and_hidden_characters_are_left_out() -> None:
    subject = read_subject(certificate(IVANOVA | {SNILS: "11223344594", TITLE: "Дирек\u202eтор"}))
    assert subject is not None
    assert (subject.snils, subject.position) == ("", "")


@pytest.mark.parametrize("text", ["", "AAAA", "не base64", "MIIB", "=" * 10, "A" * (2 << 20)])
def test_what_is_no_certificate_gives_none(text: str) -> None:
    assert read_subject(text) is None


@given(st.binary(max_size=200))
def test_random_bytes_give_none_or_a_subject(content: bytes) -> None:
    read_subject(base64.b64encode(content).decode())


_DER = base64.b64decode(certificate(IVANOVA))


@given(st.integers(0, len(_DER) - 1), st.integers(0, 255), st.integers(0, len(_DER)))
def test_a_damaged_certificate_gives_none_or_a_subject(place: int, byte: int, end: int) -> None:
    damaged = bytearray(_DER)
    damaged[place] = byte
    for content in (damaged, damaged[:end]):
        read_subject(base64.b64encode(content).decode())


@given(st.text(max_size=60))
def test_random_texts_give_none_or_a_subject(text: str) -> None:
    read_subject(text)
