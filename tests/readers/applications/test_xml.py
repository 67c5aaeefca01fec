"""«Заявление 2.11»."""

from typing import Any

import pytest
from asn1crypto import core

from mureg.domain.application import ClientRequest, KeyOwner
from mureg.errors import Rejected, WrongUsage
from mureg.readers.types import Limits
from support.certificates import IVANOVA, SNILS, SURNAME, certificate
from support.xml_application import ASKED_FOR, OWNER, application

IVANOVA_AS_OWNER = KeyOwner(
    "112-233-445 95", "Иванова Анна Петровна", "Директор", "770012345606",
    ("signing", "encryption", "administration"), ("ФНС", "СФР"), sender=True,
)  # fmt: skip


@pytest.mark.parametrize("codec", ["windows-1251", "utf-8", "utf-16"])
def test_an_application_is_read_whole(read: Any, codec: str) -> None:
    result = read(application(codec=codec), name="folder/ZV-1042.XML")
    assert result.rows == [1]
    assert result.records[0].request == ClientRequest(
        "ZV-1042", "connection", "2023-08-07", "7700123459", "770001001", "1237700000120", "ООО «Ромашка»",
        program_number="800000001", requested="on", authorities="ФНС\nСФР\nРосстат", comment="Срочно",
    )  # fmt: skip
    assert result.records[0].owners == (
        IVANOVA_AS_OWNER,
        KeyOwner("087-654-302 00", roles=("signing",), authorities=("Росстат",), potential=True),
    )
    expected = {"windows-1251": "cp1251"}.get(codec, codec)
    assert result.report == ("folder/ZV-1042.XML", "xml", expected, None, None, None, 1)


def test_contacts_and_the_end_of_the_certificate_are_read(read: Any) -> None:
    text = certificate(IVANOVA, core.UTCTime("240409090000Z").dump())
    person = (
        f"<ВладелецЭЦП><Сертификат>{text}</Сертификат><ТелефонМобильный> +7 900 000-00-01 </ТелефонМобильный>"
        "<ЭлектроннаяПочта>anna@firma.example</ЭлектроннаяПочта></ВладелецЭЦП>"
    )
    extra = (
        "<ТелефонОсновной>+7 495 000-00-01</ТелефонОсновной><ЭлектроннаяПочта>office@firma.example</ЭлектроннаяПочта>"
    )
    (record,) = read(application(person, extra=extra), name="1.xml").records
    assert (record.request.phone, record.request.email) == ("+7 495 000-00-01", "office@firma.example")
    first, *_ = record.owners
    assert (first.phone, first.email) == ("+7 900 000-00-01", "anna@firma.example")
    assert first.certificate_until == "2024-04-09"


def test_an_error_in_a_contact_does_not_repeat_it(read: Any) -> None:
    result = read(application(extra=f"<ТелефонОсновной>{'9' * 11_000}</ТелефонОсновной>"), name="1.xml")
    (fault,) = result.faults
    assert (fault.column, fault.header, fault.value) == ("phone", "ТелефонОсновной", None)
    twice = "<ЭлектроннаяПочта>a@b.example</ЭлектроннаяПочта>" * 2
    (fault,) = read(application(extra=twice), name="1.xml").faults
    assert "a@b" not in str(fault)


@pytest.mark.parametrize(
    ("element", "requested"),
    [
        ("true", "on"),
        ("1", "on"),
        ("Истина", "on"),
        ("false", "off"),
        ("0", "off"),
        (" ЛОЖЬ ", "off"),
        ("", "unstated"),
        (None, "unstated"),
    ],
)
def test_the_mode_has_three_states(read: Any, element: str | None, requested: str) -> None:
    mode = "" if element is None else f"<ЭтоМногопользовательскийРежим>{element}</ЭтоМногопользовательскийРежим>"
    assert read(application(mode=mode), name="1.xml").records[0].request.requested == requested


@pytest.mark.parametrize(
    ("kind", "extra", "expected"),
    [
        ("1", "", "connection"),
        ("2", "", "change"),
        ("2", "<ПродлениеЛицензии>true</ПродлениеЛицензии>", "renewal"),
        ("2", "<ПродлениеЛицензии>false</ПродлениеЛицензии>", "change"),
    ],
)
def test_the_type_is_read(read: Any, kind: str, extra: str, expected: str) -> None:
    assert read(application(kind=kind, extra=extra), name="1.xml").records[0].request.kind == expected


def test_an_account_is_read(read: Any) -> None:
    content = application(kind="2", kpp="", extra="<УчетнаяЗапись>1AE-77</УчетнаяЗапись>")
    request = read(content, name="1.xml").records[0].request
    assert (request.account, request.kpp) == ("1AE-77", "")


def test_an_account_longer_than_any_index_takes_is_a_fault(read: Any) -> None:
    content = application(kind="2", kpp="", extra=f"<УчетнаяЗапись>{'я' * 101}</УчетнаяЗапись>")
    (fault,) = read(content, name="1.xml").faults
    assert (fault.column, "at most 100 characters" in str(fault.message)) == ("account", True)


def test_a_certificate_names_its_owner(read: Any) -> None:
    owner = f"<ВладелецЭЦП><Сертификат>{certificate(IVANOVA)}</Сертификат><ИНН>1</ИНН></ВладелецЭЦП>"
    assert read(application(owner), name="1.xml").records[0].owners[0] == KeyOwner(
        "112-233-445 95", "Иванова Анна Петровна", "Директор", "770012345606", certificate="read"
    )


def test_what_the_certificate_lacks_comes_from_the_xml(read: Any) -> None:
    names = {kind: text for kind, text in IVANOVA.items() if kind != SNILS}
    owner = OWNER.replace("<ИНН>", f"<СертификатСУЦ>{certificate(names)}</СертификатСУЦ><ИНН>")
    owner = owner.replace("Иванова", "Петрова")
    read_owner = read(application(owner), name="1.xml").records[0].owners[0]
    assert (read_owner.name, read_owner.snils) == ("Иванова Анна Петровна", "112-233-445 95")
    assert IVANOVA[SURNAME] == "Иванова"


def test_an_unreadable_certificate_is_no_fault(read: Any) -> None:
    owner = OWNER.replace("<ИНН>", "<Сертификат>0000</Сертификат><ИНН>")
    read_owner = read(application(owner), name="1.xml").records[0].owners[0]
    assert (read_owner.certificate, read_owner.name) == ("unreadable", "Иванова Анна Петровна")


def test_an_owner_without_rights_has_no_roles(read: Any) -> None:
    owner = '<ВладелецЭЦП><ФИО Фамилия="Иванов"/><ЭтоРазрегистрация>true</ЭтоРазрегистрация>'
    owner += "<ДоступныеНаправления/></ВладелецЭЦП>"
    assert read(application(owner), name="1.xml").records[0].owners[0] == KeyOwner(name="Иванов", removed=True)


def test_encryption_counts_inside_the_tax_service_only(read: Any) -> None:
    owner = OWNER.replace("ФНС", "ФТС")
    assert read(application(owner), name="1.xml").records[0].owners[0].roles == ("signing", "administration")


def test_namespaces_and_unknown_elements_are_read_past(read: Any) -> None:
    content = application(codec="utf-8").decode().replace("<Заявление ", '<Заявление xmlns="urn:x" x="1" ').replace(
        "<ТипЗаявления>", "<Новое><ИНН>9</ИНН></Новое><!-- ИНН --><ТипЗаявления>"
    )  # fmt: skip
    assert read(content.encode(), name="1.xml").records[0].request.inn == "7700123459"


def test_faults_name_the_element_and_never_the_person(read: Any) -> None:
    owner = (
        OWNER.replace("445 95", "445 94")
        .replace("770012345606", "7700123459")
        .replace(">true</ЭтоАдмин", ">да</ЭтоАдмин")
    )
    result = read(
        application(
            OWNER + owner,
            kind="3",
            inn="7700123450",
            mode="<ЭтоМногопользовательскийРежим>x</ЭтоМногопользовательскийРежим>",
        ),
        name="1.xml",
    )
    assert not result.records
    assert [(fault.row, fault.column, fault.header, fault.value) for fault in result.faults] == [
        (None, "inn", "ИНН", "7700123450"),
        (None, "type", "ТипЗаявления", "3"),
        (None, "multiuser", "ЭтоМногопользовательскийРежим", "x"),
        (None, "owners.snils", "СНИЛС", None),
        (None, "owners.inn", "ИНН", None),
        (None, None, "ЭтоАдмин", "да"),
    ]  # fmt: skip
    said = [str(fault.message) for fault in result.faults[3:]]
    assert said[0] == "КЭП owner 2: the check digits of the СНИЛС are wrong: a digit is mistyped"
    assert not any(secret in " ".join(said) for secret in ("112-233", "Иванова", "7700123459"))


def test_a_kpp_beside_a_12_digit_inn_is_a_fault(read: Any) -> None:
    assert [fault.column for fault in read(application(inn="770012345606"), name="1.xml").faults] == ["kpp"]


def test_a_number_can_be_given(read: Any) -> None:
    for name in ("-", "file", "file.xml", "x.xml"):
        assert read(application(), name=name, number="ZV-7").records[0].request.number == "ZV-7"


@pytest.mark.parametrize("name", ["-", "file", "file.xml", "dir/FILE.XML", ".xml"])
def test_a_file_name_without_a_number_needs_the_number(read: Any, name: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        read(application(), name=name)
    assert "--number" in str(caught.value.hint)


def test_a_windows_path_gives_the_number_too(read: Any) -> None:
    assert read(application(), name="C:\\вход\\ZV-8.xml").records[0].request.number == "ZV-8"


@pytest.mark.parametrize(
    ("content", "requests"),
    [
        (application().replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n', 1), "DTD"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTD"),
        (b'<!DOCTYPE a [<!ENTITY a "xx"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>', "DTD"),
        (application()[:-20], "damaged"),
        (b"<a>", "damaged"),
        ("<Реестр/>".encode(), "its root is “Реестр”"),
        (application(version="3.00"), "2.11"),
        (application(version=""), "2.11"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "encoding|damaged"),
    ],
)
def test_what_is_no_application_is_refused(read: Any, content: bytes, requests: str) -> None:
    with pytest.raises(Rejected, match=requests) as caught:
        read(content, name="1.xml")
    assert caught.value.details[0].file == "1.xml"


def test_another_2_x_version_is_accepted(read: Any) -> None:
    assert read(application(version="2.10"), name="1.xml").records


def test_long_texts_are_faults_without_their_value(read: Any) -> None:
    result = read(application(OWNER.replace("Директор", "Д" * 200)), name="1.xml", limits=Limits(field_characters=120))
    assert [(fault.column, fault.value) for fault in result.faults] == [("owners.position", None)]


TWICE = "“{}” is given more than once: keep the right one"


@pytest.mark.parametrize(
    ("old", "new", "column", "name"),
    [
        ("<КПП>", "<ИНН>7700123459</ИНН><КПП>", "inn", "ИНН"),
        ("<КПП>", "<КПП>770001001</КПП><КПП>", "kpp", "КПП"),
        (ASKED_FOR, ASKED_FOR + ASKED_FOR.replace("true", "false"), "multiuser", "ЭтоМногопользовательскийРежим"),
        ("<ВладельцыЭЦП>", "<ВладельцыЭЦП/><ВладельцыЭЦП>", "owners", "ВладельцыЭЦП"),
        ("<Получатели>", "<Получатели/><Получатели>", "authorities", "Получатели"),
        ("<КодПолучателя>", "<ТипПолучателя>ПФР</ТипПолучателя><КодПолучателя>", "authorities", "ТипПолучателя"),
    ],
)
def test_an_element_that_is_there_twice_is_a_fault(read: Any, old: str, new: str, column: str, name: str) -> None:
    content = application(codec="utf-8").decode().replace(old, new, 1)
    faults = read(content.encode(), name="1.xml").faults
    assert [(str(fault.message), fault.column, fault.header, fault.value) for fault in faults] == [
        (TWICE.format(name), column, name, None)
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [("ИНН", "owners.inn"), ("Должность", "owners.position"), ("ЭтоАдмин", None), ("ДоступныеНаправления", None)],
)
def test_an_element_of_a_person_that_is_there_twice_is_a_fault(read: Any, name: str, column: str | None) -> None:
    owner = OWNER.replace(f"<{name}>", f"<{name}></{name}><{name}>", 1)
    faults = read(application(OWNER + owner), name="1.xml").faults
    assert [(str(fault.message), fault.column, fault.header) for fault in faults] == [
        ("КЭП owner 2: " + TWICE.format(name), column, name)
    ]


def test_an_element_of_a_direction_that_is_there_twice_is_a_fault(read: Any) -> None:
    owner = OWNER.replace("<ЭтоШифровальщик>", "<ЭтоШифровальщик>false</ЭтоШифровальщик><ЭтоШифровальщик>")
    faults = read(application(owner), name="1.xml").faults
    assert [(str(fault.message), fault.header) for fault in faults] == [
        ("КЭП owner 1: " + TWICE.format("ЭтоШифровальщик"), "ЭтоШифровальщик")
    ]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("<КПП>", "<x:ИНН>7700123459</x:ИНН><КПП>", "ИНН"),
        ("<ИНН>7700123459</ИНН>", "<x:ИНН>7700123459</x:ИНН>", "ИНН"),
        (ASKED_FOR, f"<x:{ASKED_FOR[1:-1].replace('</', '</x:')}>", "ЭтоМногопользовательскийРежим"),
        ("<ВладельцыЭЦП>", "<ВладельцыЭЦП><x:ВладелецЭЦП/>", "ВладелецЭЦП"),
        ("<Должность>", "<x:Должность>Юрист</x:Должность><Должность>", "Должность"),
    ],
)
def test_an_element_of_another_namespace_is_a_fault(read: Any, old: str, new: str, name: str) -> None:
    text = (
        application(codec="utf-8").decode().replace(old, new, 1).replace("<Заявление ", '<Заявление xmlns:x="urn:x" ')
    )
    faults = read(text.encode(), name="1.xml").faults
    assert [str(fault.message).rpartition("КЭП owner 1: ")[2] for fault in faults if fault.header == name] == [
        f"“{name}” is in the namespace urn:x, which applications of 1C do not use"
    ]


def test_an_attribute_of_another_namespace_is_a_fault(read: Any) -> None:
    text = application(codec="utf-8").decode().replace(" СНИЛС=", ' xmlns:x="urn:x" x:СНИЛС=')
    faults = read(text.encode(), name="1.xml").faults
    assert [(str(fault.message), fault.column) for fault in faults] == [
        ("КЭП owner 1: “СНИЛС” is in the namespace urn:x, which applications of 1C do not use", "owners.snils")
    ]


def test_unknown_elements_may_be_of_any_namespace_and_there_twice(read: Any) -> None:
    extra = '<x:Подпись xmlns:x="urn:x"><ИНН>9</ИНН></x:Подпись><Новое/><Новое/>'
    assert read(application(extra=extra), name="1.xml").records[0].request.inn == "7700123459"


def test_the_namespace_may_be_named_on_the_root_alone(read: Any) -> None:
    text = application(codec="utf-8").decode().replace("<Заявление ", '<x:Заявление xmlns:x="urn:x" ')
    content = text.replace("</Заявление>", "</x:Заявление>").encode()
    assert read(content, name="1.xml").records[0].request.inn == "7700123459"
