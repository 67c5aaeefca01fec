"""Applications as 1C writes them: «Заявление 2.11» in windows-1251."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from example_certificate import certificate
from example_data import Data, Firm, Owner


def add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Add a new child with its text."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def xml_application(data: Data, entry: dict[str, Any]) -> bytes:
    """Write «Заявление 2.11» in windows-1251."""
    firm, owners, change = data.firm(entry["firm"]), data.owners(entry["owners"]), entry["type"] == 2
    root = ET.Element(
        "Заявление", ВерсФорм="2.11", ДатаВремяФормирования=entry["written_at"], ВерсПрог="1С:БУХГАЛТЕРИЯ 3.0 (пример)"
    )
    add(root, "ТипЗаявления", str(entry["type"]))
    if change:
        add(root, "УчетнаяЗапись", firm.account)
    add(root, "ПризнакЮридическогоЛица", "true" if firm.kpp else "false")
    add(root, "ПризнакОбособленногоПодразделения", "false")
    add(root, "ПризнакФизическогоЛица", "false" if firm.kpp else "true")
    add(root, "ИНН", firm.inn)
    if not change:
        add(root, "КПП", firm.kpp)
        add(root, "ОГРН", firm.ogrn)
    add(root, "НомерОсновнойПоставки1с", "800000001")
    add(root, "КраткоеНаименование", firm.name)
    add(root, "ТелефонОсновной", "+70000000000")
    add(root, "ЭлектроннаяПочта", "office@firma.example")
    if comment := entry.get("comment"):
        add(root, "Комментарий", comment)
    for tag in ("АдресЮридический", "АдресФактический"):
        add(root, tag, Индекс="000000", КодРегиона=firm.inn[:2], Город="Примерск", Улица="Образцовая", Дом="1")
    several = bool(entry["multiuser"])
    add_owners(root, firm, owners, several=several)
    add_recipients(root, firm)
    add(root, "Тариф", "Пример")
    add(root, "ПоддерживаетсяМногопользовательскийРежим", "true")
    if several:
        add(root, "ЭтоМногопользовательскийРежим", "true" if entry["multiuser"] == "on" else "false")
    return xml_bytes(root)


def xml_bytes(root: ET.Element, doctype: str = "") -> bytes:
    """Encode the document with the declaration that 1C writes."""
    ET.indent(root, "\t")
    declaration = '<?xml version="1.0" encoding="windows-1251"?>'
    return f"{declaration}\n{doctype}{ET.tostring(root, encoding='unicode')}\n".encode("cp1251")


def add_owners(root: ET.Element, firm: Firm, owners: Sequence[Owner], *, several: bool) -> None:
    """Add the КЭП owners, then the invited users."""
    parent = add(root, "ВладельцыЭЦП")
    for owner in owners:
        if "invited" not in owner.marks:
            add_owner(parent, firm, owner, several=several)
    if invited := [owner for owner in owners if "invited" in owner.marks]:
        parent = add(root, "ПотенциальныеПользователи")
        for owner in invited:
            user = add(parent, "ПотенциальныйПользователь")
            add(user, "СНИЛС", owner.snils)
            add(user, "ЭтоАдмин", "true" if "admin" in owner.marks else "false")
            add(user, "ЭлектроннаяПочта", "user@firma.example")
            add_directions(user, owner)


def add_owner(parent: ET.Element, firm: Firm, owner: Owner, *, several: bool) -> None:
    """Add one КЭП owner: the name is in the certificate, if there is one."""
    element = add(parent, "ВладелецЭЦП")
    if several:
        element.set("СНИЛС", owner.snils)
    if "certificate" in owner.marks:
        add(element, "Сертификат", b64encode(certificate(owner, firm, int(owner.inn))).decode("ascii"))
    else:
        surname, name, patronymic = owner.name.split()
        add(element, "ФИО", Фамилия=surname, Имя=name, Отчество=patronymic)
        add(element, "ИНН", owner.inn)
        add(element, "Должность", owner.post)
    add(element, "ТелефонМобильный", "+70000000000")
    add(element, "ПолучатьСМСУведомления", "false")
    add(element, "ЭлектроннаяПочта", "user@firma.example")
    if several:
        add(element, "ЭтоАдмин", "true" if "admin" in owner.marks else "false")
        if "removed" in owner.marks:
            add(element, "ЭтоРазрегистрация", "true")
        add_directions(element, owner)
    add(element, "ЭтоОтправительЗаявления", "true" if "sender" in owner.marks else "false")


def add_directions(parent: ET.Element, owner: Owner) -> None:
    """Add the authorities to which the person reports."""
    directions = add(parent, "ДоступныеНаправления")
    for name in owner.authorities:
        direction = add(directions, "Направление")
        add(direction, "ТипПолучателя", name)
        if name == "ФНС":
            add(direction, "ЭтоШифровальщик", "true" if "encrypts" in owner.marks else "false")


def add_recipients(root: ET.Element, firm: Firm) -> None:
    """Add the authorities of the account."""
    recipients = add(root, "Получатели")
    office = firm.inn[:4]
    for name, code in (("ФНС", office), ("ПФР", f"{firm.inn[:2]}0-000"), ("ФСС", f"{firm.inn[:2]}00")):
        recipient = add(recipients, "Получатель")
        add(recipient, "ТипПолучателя", name)
        add(recipient, "КодПолучателя", code)
        if name == "ФНС" and firm.kpp:
            add(add(recipient, "ПереченьКПП"), "КПП", firm.kpp)


def xml_with_dtd(firm: Firm) -> bytes:
    """Write an application with a document type, which 1C never writes and which an attacker would."""
    root = ET.Element("Заявление", ВерсФорм="2.11", ДатаВремяФормирования="2023-08-07T10:42:00")
    add(root, "ТипЗаявления", "1")
    add(root, "ИНН", firm.inn)
    add(root, "КПП", firm.kpp)
    add(root, "КраткоеНаименование", "ENTITY")
    doctype = f'<!DOCTYPE Заявление [<!ENTITY name "{firm.name}">]>\n'
    return xml_bytes(root, doctype).replace(b"ENTITY</", b"&name;</")
