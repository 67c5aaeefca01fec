"""«Заявление 2.11»: the application as 1C writes it, one in a file.

The layout is that of 1C:ERP (June 2025). Unknown elements and attributes are skipped, whatever their namespace.
"""

import re
import unicodedata
from collections.abc import Generator, Mapping, Sequence
from typing import Literal
from xml.etree.ElementTree import Element

from mureg.domain.application import FNS, ClientRequest, KeyOwner, Kind, RequestedMode, Role, shown_authorities
from mureg.domain.identifiers import inn_fault, snils_fault, written_snils
from mureg.errors import Fault, Message, WrongUsage, msg
from mureg.readers.applications.certificate import Subject, read_subject
from mureg.readers.applications.fields import FIELD_BY_NAME, parse_field
from mureg.readers.applications.xml_tree import read_tree
from mureg.readers.errors import kpp_of_proprietor, may_show, rejected, shown_value
from mureg.readers.types import Batch, FileReport, Limits, Record, Source

ROOT = "Заявление"

_MOST_OWNERS = 10_000
# Of one application: more are not read by a person.
_MOST_FAULTS = 100
# The elements and attributes that are read, with the names of the fields. Each is there once at most.
_IN_APPLICATION = {
    "ВерсФорм": None, "ДатаВремяФормирования": "submitted_on", "ТипЗаявления": "type", "ПродлениеЛицензии": "type",
    "УчетнаяЗапись": "account", "ИНН": "inn", "КПП": "kpp", "ОГРН": "ogrn", "КраткоеНаименование": "name",
    "НомерОсновнойПоставки1с": "program_number", "Комментарий": "client_comment", "ВладельцыЭЦП": "owners",
    "ТелефонОсновной": "phone", "ЭлектроннаяПочта": "email",
    "ПотенциальныеПользователи": "owners", "Получатели": "authorities", "ЭтоМногопользовательскийРежим": "multiuser",
}  # fmt: skip
_IN_PERSON = {
    "СНИЛС": "owners.snils", "ИНН": "owners.inn", "ФИО": "owners.name", "Должность": "owners.position",
    "ТелефонМобильный": "owners.phone", "ЭлектроннаяПочта": "owners.email", **dict.fromkeys((
        "Сертификат", "СертификатСУЦ", "ЭтоАдмин", "ЭтоОтправительЗаявления", "ЭтоРазрегистрация",
        "ДоступныеНаправления",
    )),
}  # fmt: skip
_IN_NAME = dict.fromkeys(("Фамилия", "Имя", "Отчество"), "owners.name")
_IN_DIRECTION = {"ТипПолучателя": "authorities", "ЭтоШифровальщик": None}
_TRUE, _FALSE = ("true", "1", "истина"), ("false", "0", "ложь")


def read_xml(source: Source, number: str | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """The one application of an XML file. Raises `Rejected`, and `WrongUsage` where nothing gives its number."""
    if number is None:
        number = _number_of(source.name)
    encoding, root = read_tree(source, limits)
    _require_application(source.name, root)
    reader = _ApplicationReader(source.name, limits, root)
    request = reader.request(number)
    owners = reader.owners()
    if reader.faults:
        yield Batch(faults=reader.faults)
    else:
        yield Batch(rows=(1,), records=(Record(request, owners),))
    return FileReport(source.name, "xml", encoding, None, None, None, 1)


def _number_of(file: str) -> str:
    """The number that the file's name gives."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", file)[-1])
    stem = name[:-4] if name.lower().endswith(".xml") else name
    # Browsers and mail programs call a file without a name «file».
    if stem.lower() in ("", "-", "file", "<stdin>"):
        raise WrongUsage(
            msg(
                "the application number is unknown: neither the XML nor the name {file} has it",
                file=file,
            ),
            msg("add --number with the number shown by the Web-registrator"),
        )
    return stem


def _require_application(file: str, root: Element) -> None:
    name = _split(root.tag)[1]
    if name != ROOT:
        raise rejected(
            file,
            msg(
                "the XML is not an application: its root is “{found}”, not “{wanted}”",
                found=shown_value(name),
                wanted=ROOT,
            ),
            msg("import the file that 1C sent to the operator"),
        )
    version = _attribute(root, "ВерсФорм")
    if not re.fullmatch(r"2\.[0-9]+", version):
        raise rejected(
            file,
            msg("the application has format “{version}”; mureg reads 2.11", version=shown_value(version)),
            msg("ask for a file written by a current version of 1C"),
            header="ВерсФорм",
            value=version,
        )


class _ApplicationReader:
    """Reads the elements of one application and collects what is wrong with them."""

    def __init__(self, file: str, limits: Limits, root: Element) -> None:
        self._file = file
        self._longest = limits.field_characters
        self._root = root
        # Where the root alone has a prefix, its elements have no namespace.
        self._namespaces = {"", _split(root.tag)[0]}
        self.faults: list[Fault] = []

    def request(self, number: str) -> ClientRequest:
        """What the client asked for."""
        self._check_names(self._root, _IN_APPLICATION)
        number = self._parse("number", number, None)
        day = _attribute(self._root, "ДатаВремяФормирования")
        submitted_on = self._parse("submitted_on", day, "ДатаВремяФормирования")
        inn = self._field("inn", "ИНН")
        kpp = self._field("kpp", "КПП")
        message = kpp_of_proprietor(inn, kpp)
        if message is not None:
            self._add(message, "kpp", "КПП", kpp)
        return ClientRequest(
            number=number,
            kind=self._kind(),
            submitted_on=submitted_on,
            inn=inn,
            kpp=kpp,
            ogrn=self._field("ogrn", "ОГРН"),
            name=self._field("name", "КраткоеНаименование"),
            account=self._field("account", "УчетнаяЗапись"),
            program_number=self._field("program_number", "НомерОсновнойПоставки1с"),
            requested=self._requested(),
            authorities="\n".join(self._authorities(self._items(self._root, "Получатели", "Получатель"))),
            comment=self._field("client_comment", "Комментарий"),
            phone=self._field("phone", "ТелефонОсновной"),
            email=self._field("email", "ЭлектроннаяПочта"),
        )

    def owners(self) -> tuple[KeyOwner, ...]:
        """КЭП owners, then invited users."""
        present = self._items(self._root, "ВладельцыЭЦП", "ВладелецЭЦП")
        invited = self._items(self._root, "ПотенциальныеПользователи", "ПотенциальныйПользователь")
        if len(present) + len(invited) > _MOST_OWNERS:
            self._add(msg("the application lists more than {most} people", most=_MOST_OWNERS), "owners", "ВладельцыЭЦП")
            return ()
        owners = [
            self._owner(element, msg("КЭП owner {place}", place=place)) for place, element in enumerate(present, 1)
        ]
        for place, element in enumerate(invited, 1):
            owners.append(self._invited(element, msg("invited user {place}", place=place)))
        return tuple(owners)

    def _owner(self, element: Element, person: Message) -> KeyOwner:
        certificate, subject = _certificate(element)
        full_name = _child(element, "ФИО")
        name = ""
        if full_name is not None:
            self._check_names(full_name, _IN_NAME, person)
            name = " ".join(filter(None, (_attribute(full_name, part) for part in _IN_NAME)))
        owner = self._person(
            element,
            person,
            # The certificate goes first: what is beside it is a copy.
            snils=subject.snils or written_snils(_attribute(element, "СНИЛС") or _text(element, "СНИЛС")),
            inn=subject.inn or _text(element, "ИНН"),
        )
        return owner._replace(
            name=self._personal_text(subject.name or name, person, "owners.name", "ФИО"),
            position=self._personal_text(
                subject.position or _text(element, "Должность"), person, "owners.position", "Должность"
            ),
            sender=self._boolean(element, "ЭтоОтправительЗаявления", person) is True,
            removed=self._boolean(element, "ЭтоРазрегистрация", person) is True,
            certificate=certificate,
            certificate_until=subject.until,
        )

    def _invited(self, element: Element, person: Message) -> KeyOwner:
        snils = _text(element, "СНИЛС") or _attribute(element, "СНИЛС")
        return self._person(element, person, snils=written_snils(snils), inn="")._replace(potential=True)

    def _person(self, element: Element, person: Message, snils: str, inn: str) -> KeyOwner:
        """The identifiers and the rights of a person."""
        self._check_names(element, _IN_PERSON, person)
        if snils and (message := snils_fault(snils)):
            self._add(message, "owners.snils", "СНИЛС", person=person)
        if inn and (message := _person_inn_fault(inn)):
            self._add(message, "owners.inn", "ИНН", person=person)
        directions = self._items(element, "ДоступныеНаправления", "Направление", person)
        encrypts = [
            self._boolean(direction, "ЭтоШифровальщик", person)
            for direction in directions
            if _text(direction, "ТипПолучателя") == FNS
        ]
        rights: tuple[tuple[Role, bool], ...] = (
            ("signing", bool(directions)),
            ("encryption", True in encrypts),
            ("administration", self._boolean(element, "ЭтоАдмин", person) is True),
        )
        return KeyOwner(
            snils=snils,
            inn=inn,
            roles=tuple(role for role, held in rights if held),
            authorities=self._authorities(directions, person),
            phone=self._contact(element, "phone", "ТелефонМобильный", person),
            email=self._contact(element, "email", "ЭлектроннаяПочта", person),
        )

    def _kind(self) -> Kind:
        text = _text(self._root, "ТипЗаявления")
        if text == "1":
            return "connection"
        if text != "2":
            self._add(msg("the type must be 1 (connection) or 2 (change)"), "type", "ТипЗаявления", text)
        return "renewal" if self._boolean(self._root, "ПродлениеЛицензии", column="type") else "change"

    def _requested(self) -> RequestedMode:
        # Absent means single-user; false switches the mode off.
        requested = self._boolean(self._root, "ЭтоМногопользовательскийРежим", column="multiuser")
        return "unstated" if requested is None else "on" if requested else "off"

    def _authorities(self, elements: Sequence[Element], person: Message | None = None) -> tuple[str, ...]:
        """The authorities of recipients or of a person's directions."""
        names = []
        for element in elements:
            self._check_names(element, _IN_DIRECTION, person)
            name = _text(element, "ТипПолучателя")
            if len(name) > 100:
                self._add(msg("the name of an authority is too long"), "authorities", "ТипПолучателя", name)
            names.append(" ".join(name.split()))
        return shown_authorities(filter(None, names))

    def _items(self, element: Element, parent: str, name: str, person: Message | None = None) -> list[Element]:
        """The elements of a list, which may be repeated."""
        found = _child(element, parent)
        if found is None:
            return []
        self._check_names(found, {name: _IN_APPLICATION.get(parent)}, person, may_repeat=True)
        return [child for child in found if _split(child.tag)[1] == name]

    def _check_names(
        self,
        element: Element,
        known: Mapping[str, str | None],
        person: Message | None = None,
        *,
        may_repeat: bool = False,
    ) -> None:
        """Refuse a known element that is repeated or has a foreign namespace: to take the first would be a guess."""
        met = set()
        for tag in (*(child.tag for child in element), *element.attrib):
            namespace, name = _split(tag)
            if name not in known:
                continue
            if namespace not in self._namespaces:
                message = msg("“{name}” is in the namespace {namespace}, which applications of 1C do not use",
                              name=name, namespace=shown_value(namespace))  # fmt: skip
                self._add(message, known[name], name, person=person)
            elif name in met and not may_repeat:
                message = msg("“{name}” is given more than once: keep the right one", name=name)
                self._add(message, known[name], name, person=person)
            else:
                met.add(name)

    def _boolean(
        self, element: Element, name: str, person: Message | None = None, *, column: str | None = None
    ) -> bool | None:
        """True, false, or `None` where the element is absent or empty."""
        text = _text(element, name).lower()
        if text in _TRUE:
            return True
        if text and text not in _FALSE:
            self._add(msg("{element} must be true or false", element=name), column, name, text, person)
        return False if text else None

    def _personal_text(self, text: str, person: Message, column: str, element: str) -> str:
        if len(text) > self._longest:
            message = msg("the text is longer than {longest} characters", longest=self._longest)
            self._add(message, column, element, person=person)
        return text

    def _contact(self, element: Element, name: str, tag: str, person: Message) -> str:
        return self._personal_text(_text(element, tag), person, f"owners.{name}", tag)

    def _field(self, name: str, element: str) -> str:
        return self._parse(name, _text(self._root, element), element)

    def _parse(self, name: str, text: str, element: str | None) -> str:
        value = parse_field(FIELD_BY_NAME[name], text, self._longest)
        if isinstance(value, Message):
            self._add(value, name, element, text)
            return ""
        return str(value)

    def _add(
        self,
        message: Message,
        column: str | None,
        element: str | None,
        value: str | None = None,
        person: Message | None = None,
    ) -> None:
        if len(self.faults) > _MOST_FAULTS:
            return
        if person is not None:
            message = msg("{who}: {fault}", who=person, fault=message)
        shown = shown_value(value) if value is not None and may_show(column) else None
        self.faults.append(Fault(message, self._file, None, None, column, element, shown))


def _person_inn_fault(inn: str) -> Message | None:
    return inn_fault(inn) if len(inn) == 12 else msg("the ИНН of a person must have 12 digits")


def _certificate(element: Element) -> tuple[Literal["", "read", "unreadable"], Subject]:
    text = _text(element, "Сертификат") or _text(element, "СертификатСУЦ")
    if not text:
        return "", Subject()
    subject = read_subject(text)
    return ("unreadable", Subject()) if subject is None else ("read", subject)


def _split(name: str) -> tuple[str, str]:
    """The namespace and the local name."""
    namespace, _, local = name.rpartition("}")
    return namespace.removeprefix("{"), local


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _split(child.tag)[1] == name), None)


def _text(element: Element, name: str) -> str:
    child = _child(element, name)
    return "" if child is None or child.text is None else child.text.strip()


def _attribute(element: Element, name: str) -> str:
    return next((value.strip() for key, value in element.attrib.items() if _split(key)[1] == name), "")
