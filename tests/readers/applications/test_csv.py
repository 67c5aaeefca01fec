"""CSV of every kind, from titles to damaged bytes."""

import csv
import io
import random
import tracemalloc
from typing import Any

import pytest

from mureg.domain.application import ClientRequest
from mureg.errors import Rejected
from mureg.readers.detect import read_applications
from mureg.readers.types import Limits, Profile, Source

HEADER = "Номер;Тип;Дата;ИНН;КПП;ОГРН;Наименование;Многопользовательский режим;Вид расширения;Пользователей;Акция"
ROW = "ZV-1;На подключение;07.08.2023;7700123459;770001001;1237700000120;ООО «Ромашка»;Включен;от 2 до 9;3;Welcome!"
WORD = ClientRequest(
    "ZV-1", "connection", "2023-08-07", "7700123459", "770001001", "1237700000120", "ООО «Ромашка»",
    requested="on", requested_tier="2-9", users=3, promotion="Welcome!",
)  # fmt: skip
SMALL = "number,submitted_on,inn\n"


@pytest.mark.parametrize(
    ("codec", "reported"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1251", "cp1251"), ("cp866", "cp866")],
)
def test_every_encoding_is_recognised(read: Any, codec: str, reported: str) -> None:
    row = ROW if codec != "cp866" else ROW.replace("«", '""').replace("»", '""').replace("ООО", '"ООО').replace(
        '"";В', '""";В'
    )  # fmt: skip
    result = read(f"{HEADER}\r\n{row}\r\n".encode(codec))
    assert result.report.encoding == reported
    assert result.requests == [WORD._replace(name='ООО "Ромашка"') if codec == "cp866" else WORD]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_every_delimiter_is_recognised(read: Any, delimiter: str) -> None:
    result = read(f"{HEADER}\n{ROW}\n".replace(";", delimiter).encode())
    assert (result.requests, result.report.delimiter) == ([WORD], delimiter)


def test_the_report_says_how_the_file_was_read(read: Any) -> None:
    result = read(f"{HEADER}\n{ROW}\n\n;;;;\n".encode("cp1251"))
    assert result.report == ("a.csv", "csv", "cp1251", ";", None, "%d.%m.%Y", 1)


def test_titles_above_the_header_count_as_rows(read: Any) -> None:
    text = f"Заявления за август\n\nПодготовил: Иванов; отдел продаж\n{HEADER}\n{ROW}\n;;\n{ROW}\n"
    assert read(text.encode("cp1251")).rows == [5, 7]


def test_a_header_may_have_line_breaks_other_case_and_yo(read: Any) -> None:
    text = '"№\nзаявления";"ДАТА  отправки";инн;"Учётная\r\nзапись"\nA1;2023-08-07;7700123459;ABC\n'
    assert read(text.encode()).requests == [
        ClientRequest("A1", "connection", "2023-08-07", "7700123459", account="ABC")
    ]


def test_a_quoted_text_with_line_breaks_is_one_row(read: Any) -> None:
    text = SMALL.strip() + ',comment\nA1,2023-08-07,7700123459,"a\nb"\nA2,2023-08-07,7700123458,c\n'
    result = read(text.encode())
    assert result.requests[0].comment == "a\nb"
    assert [fault.row for fault in result.faults] == [3]


def test_a_lost_leading_zero_comes_back(read: Any) -> None:
    header = "Номер;Дата;ИНН;КПП;ОГРН\n"
    result = read((header + "A1;2023-08-07;101000021;10101001;\n").encode())
    assert (result.requests[0].inn, result.requests[0].kpp) == ("0101000021", "010101001")


def test_an_inn_that_excel_wrote_as_a_number_is_read(read: Any) -> None:
    for written in ("7700123459.0", "7700123459,00", '="7700123459"', "7 700 123 459", "7\u00a0700\u00a0123\u00a0459"):
        content = f"number;submitted_on;inn\nA1;2023-08-07;{written}\n"
        assert read(content.encode()).requests[0].inn == "7700123459"


@pytest.mark.parametrize("text", ["1,000", "1.000", "12,000"])
def test_a_number_of_users_that_may_be_a_thousand_or_one_is_a_fault(read: Any, text: str) -> None:
    result = read(f"Номер;Дата;ИНН;Пользователей\nA-1;2023-08-01;7700123459;{text}\n".encode())
    message = f"{text} can mean a thousand or a fraction: write the number of users without a separator"
    assert [str(fault.message) for fault in result.faults] == [message]


@pytest.mark.parametrize(("text", "users"), [("1 000", 1000), ("12.0", 12), ("12,00", 12)])
def test_a_whole_number_of_users_is_read_as_a_spreadsheet_writes_it(read: Any, text: str, users: int) -> None:
    result = read(f"Номер;Дата;ИНН;Пользователей\nA-1;2023-08-01;7700123459;{text}\n".encode())
    assert result.requests[0].users == users


def test_faults_are_collected_with_their_places(read: Any) -> None:
    bad = "ZV-2;Подарок;31.02.2023;7700123450;77;1;Имя;может быть;11;много;"
    result = read(f"{HEADER}\n{ROW}\n{bad}\n{ROW}\n".encode("cp1251"))
    assert len(result.requests) == 2
    assert [fault[1:] for fault in result.faults] == [
        ("a.csv", None, 3, "type", "Тип", "Подарок"),
        ("a.csv", None, 3, "submitted_on", "Дата", "31.02.2023"),
        ("a.csv", None, 3, "inn", "ИНН", "7700123450"),
        ("a.csv", None, 3, "kpp", "КПП", "77"),
        ("a.csv", None, 3, "ogrn", "ОГРН", "1"),
        ("a.csv", None, 3, "multiuser", "Многопользовательский режим", "может быть"),
        ("a.csv", None, 3, "tier", "Вид расширения", "11"),
        ("a.csv", None, 3, "users", "Пользователей", "много"),
    ]  # fmt: skip
    assert str(result.faults[1].message) == "a date must be an existing day, as in 2023-08-07 or 07.08.2023"
    assert str(result.faults[2].message) == "the check digit of the ИНН is wrong: a digit is mistyped"


def test_empty_required_fields_are_faults(read: Any) -> None:
    result = read((SMALL + " ,2023-08-07,7700123459\nA1,,\n").encode())
    assert [(fault.row, fault.column) for fault in result.faults] == [(2, "number"), (3, "submitted_on"), (3, "inn")]


def test_a_kpp_beside_a_12_digit_inn_is_a_fault(read: Any) -> None:
    result = read(b"number,submitted_on,inn,kpp\nA1,2023-08-07,770012345606,770001001\nA2,2023-08-07,770012345606,\n")
    assert [(fault.row, fault.column) for fault in result.faults] == [(2, "kpp")]
    assert "sole proprietor" in str(result.faults[0].message)


def test_a_row_longer_than_the_header_is_a_fault_and_a_shorter_one_is_not(read: Any) -> None:
    result = read(
        (
            SMALL.strip()
            + ",name\nA1,2023-08-07,7700123459,a,b\nA2,2023-08-07,7700123459\nA3,2023-08-07,7700123459,x,,\n"
        ).encode()
    )
    assert [fault.row for fault in result.faults] == [2]
    assert [(request.number, request.name) for request in result.requests] == [("A2", ""), ("A3", "x")]


def test_a_byte_that_cannot_be_read_is_a_fault_of_its_row(read: Any) -> None:
    header = "Номер;Дата;ИНН;Наименование\n".encode("cp1251")
    rows = b"A1;07.08.2023;7700123459;ab\x98c\nA2;07.08.2023;7700123459;d\n"
    result = read(header + rows, profile=Profile("p", encoding="cp1251"))
    assert [(fault.row, fault.column, fault.value) for fault in result.faults] == [(2, "name", "ab\ufffdc")]
    assert [request.number for request in result.requests] == ["A2"]


def test_one_damaged_byte_does_not_turn_utf8_into_another_encoding(read: Any) -> None:
    content = f"{HEADER}\n{ROW}\n{ROW}\n".encode() + ROW.encode().replace("Ромашка".encode(), b"\xd0\xffx") + b"\n"
    result = read(content)
    assert result.report.encoding == "utf-8"
    assert [(fault.row, fault.column) for fault in result.faults] == [(4, "name")]


def test_utf16_cut_in_the_middle_of_a_character_is_a_fault(read: Any) -> None:
    content = "number,submitted_on,inn,name\nA1,2023-08-07,7700123459,Имя".encode("utf-16")[:-1]
    assert [(fault.row, fault.column) for fault in read(content).faults] == [(2, "name")]


def test_a_nul_is_a_fault(read: Any) -> None:
    result = read(b"number,submitted_on,inn,name\nA1,2023-08-07,7700123459,a\0b\n")
    assert "NUL" in str(result.faults[0].message)


def test_russian_letters_may_come_late(read: Any) -> None:
    rows = "".join(f"A{row},2023-08-07,7700123459,abc\n" for row in range(60_000))
    for codec in ("utf-8", "cp1251"):
        content = (SMALL.strip() + ",name\n" + rows + "Z,2023-08-07,7700123459,Ромашка\n").encode(codec)
        result = read(content)
        assert (result.report.encoding, result.requests[-1].name, len(result.requests)) == (codec, "Ромашка", 60_001)


def test_quotes_that_do_not_match_are_faults_of_their_rows(read: Any) -> None:
    text = (
        SMALL.strip() + ',name\nA1,2023-08-07,7700123459,"Ромашка" ООО\nA2,2023-08-07,7700123459,ООО "Ромашка"\n'
        'A3,2023-08-07,7700123459,"ООО\nA4\n'
    )
    result = read(text.encode())
    assert [fault.row for fault in result.faults] == [2, 4]
    assert "never closed" in str(result.faults[1].message)
    assert [(request.number, request.name) for request in result.requests] == [("A2", 'ООО "Ромашка"')]


def test_a_quote_that_swallows_the_file_is_refused(read: Any) -> None:
    content = (SMALL + '"A1,2023-08-07,7700123459\n' + "A2,2023-08-07,7700123459\n" * 20_000).encode()
    with pytest.raises(Rejected) as caught:
        read(content)
    assert caught.value.details[0].row == 2


def test_excel_errors_are_faults_even_in_free_text(read: Any) -> None:
    result = read((SMALL.strip() + ",name\nA1,2023-08-07,7700123459,#Н/Д\nA2,2023-08-07,7700123459,#1\n").encode())
    assert [(fault.row, fault.column, fault.value) for fault in result.faults] == [(2, "name", "#Н/Д")]
    assert result.requests[0].name == "#1"


@pytest.mark.parametrize(
    ("content", "requests"),
    [
        ("a;b\n1;2\n", "no header found"),
        ("Номер;ИНН;Акция\nA1;7700123459;\n", "columns of the table"),
        ("Номер;Дата;Дата заявления;ИНН\nA1;2023-08-07;2023-08-07;7700123459\n", "columns of the table"),
        ("   \n", "the file is empty"),
        ("", "the file is empty"),
    ],
)
def test_what_is_no_table_of_applications_is_refused(read: Any, content: str, requests: str) -> None:
    with pytest.raises(Rejected, match=requests) as caught:
        read(content.encode())
    assert caught.value.details
    assert all(fault.file == "a.csv" for fault in caught.value.details)


def test_two_columns_of_one_field_are_named(read: Any) -> None:
    with pytest.raises(Rejected) as caught:
        read("Номер;Дата;Дата заявления;ИНН\n".encode())
    assert str(caught.value.details[0].message) == "2 columns could be submitted_on: «Дата», «Дата заявления»"


def test_a_profile_renames_columns_and_fixes_the_rest(read: Any) -> None:
    profile = Profile(
        "p",
        encoding="cp866",
        delimiter=",",
        date_format="%d/%m/%y",
        columns={"number": "Заявка", "submitted_on": "Дата"},
    )
    text = "Дата заявления,Заявка,Дата,ИНН\nx,A1,07/08/23,7700123459\nx,A2,2023-08-07,7700123459\n"
    result = read(text.encode("cp866"), profile=profile)
    assert result.requests == [ClientRequest("A1", "connection", "2023-08-07", "7700123459")]
    assert [(fault.row, fault.column, fault.header) for fault in result.faults] == [(3, "submitted_on", "Дата")]
    assert result.report.date_format == "%d/%m/%y"


@pytest.mark.parametrize(
    "profile",
    [
        Profile("p", kind="statement"),
        Profile("p", encoding="koi8-r"),
        Profile("p", encoding="nonsense"),
        Profile("p", delimiter=";;"),
        Profile("p", date_format="%m.%Y"),
        Profile("p", date_format="%"),
        Profile("p", columns={"number": "Нет такой"}),
        Profile("p", columns={"payable": "Номер"}),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused(read: Any, profile: Profile) -> None:
    with pytest.raises(Rejected):
        read(f"{HEADER}\n{ROW}\n".encode(), profile=profile)


def test_limits_refuse_larger_input(read: Any) -> None:
    content = (SMALL + "A1,2023-08-07,7700123459\n" * 3).encode()
    for limits in (Limits(rows=2), Limits(file_bytes=10)):
        with pytest.raises(Rejected):
            read(content, limits=limits)
    result = read(content.replace(b"A1", b"A" * 30, 1), limits=Limits(field_characters=20))
    assert [(fault.row, fault.column) for fault in result.faults] == [(2, "number")]


def test_a_two_digit_year_is_refused_as_ambiguous(read: Any) -> None:
    result = read((SMALL + "A1,07.08.23,7700123459\n").encode())
    assert str(result.faults[0].message) == "the year must have four digits: 07.08.2023"


@pytest.mark.slow
def test_a_large_file_streams() -> None:
    line = b"A1,2023-08-07,7700123459,some name that takes room\n"
    stream = io.BytesIO((SMALL.strip() + ",name\n").encode() + line * 100_000)
    tracemalloc.start()
    try:
        rows = sum(len(batch.requests) for batch in read_applications(Source("a.csv", stream)).batches())
        assert (rows, tracemalloc.get_traced_memory()[1] < 16 << 20) == (100_000, True)
    finally:
        tracemalloc.stop()


def test_any_field_comes_back_as_it_was_written(read: Any) -> None:
    randomness = random.Random(1)  # noqa: S311  no secret
    alphabet = "аЯё \"\n\r;,\t|'=«»x1"
    names = ["".join(randomness.choices(alphabet, k=12)) for _ in range(300)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["number", "submitted_on", "inn", "name"])
    writer.writerows([f"A{place}", "2023-08-07", "7700123459", name] for place, name in enumerate(names))
    assert [request.name for request in read(text.getvalue().encode()).requests] == [name.strip() for name in names]


@pytest.mark.parametrize(
    "end",
    [
        "Всего 16 заявлений;;;",
        "Итого;;;",
        "Итого:;16;;",
        ";;Всего: 16;",
        "ИТОГО за август;;;\n;;;\nМенеджер: Петров;;;",
    ],
)
def test_a_total_ends_the_table(read: Any, end: str) -> None:
    result = read(f"Номер;Дата;ИНН;Наименование\nA1;2023-08-07;7700123459;А\n{end}\n".encode())
    assert ([request.number for request in result.requests], result.faults, result.report.rows) == (["A1"], [], 1)


def test_applications_below_a_total_are_never_lost_silently(read: Any) -> None:
    rows = "".join(f"A{place};2023-08-07;7700123459;А\n" for place in range(2000))
    text = f"Номер;Дата;ИНН;Наименование\n{rows}Итого;;;\nB1;2023-08-07;7700123459;А\nB2;2023-08-07;7700123459;А\n"
    result = read(text.encode())
    assert [(fault.row, fault.column, str(fault.message)) for fault in result.faults] == [
        (2003, "inn", "there are applications below the total of row 2002: it may be a subtotal")
    ]
    assert len(result.requests) == 2000


def test_a_firm_or_a_number_that_begins_so_is_no_total(read: Any) -> None:
    text = (
        "Наименование;Номер;Дата;ИНН\nВсего хорошего;A1;2023-08-07;7700123459\nИтого;A2;2023-08-07;7700123459\n"
        "Х;Итого 1;2023-08-07;7700123459\n"
    )
    assert [request.number for request in read(text.encode()).requests] == ["A1", "A2", "Итого 1"]
