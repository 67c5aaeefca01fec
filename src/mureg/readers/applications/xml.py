"""«Заявление 2.11»: the application as 1C writes it, one in a file.

The layout is that of 1C:ERP (June 2025). Unknown elements and attributes are read past, namespaces are ignored.
"""

import re
import unicodedata
from collections.abc import Generator, Iterator
from typing import Literal
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from mureg.domain.application import FNS, ClientRequest, KeyOwner, Kind, RequestedMode, Role, shown_authorities
from mureg.domain.identifiers import inn_fault, snils_fault, written_snils
from mureg.errors import Fault, Message, WrongUsage, msg
from mureg.readers.applications.certificate import Subject, read_subject
from mureg.readers.applications.fields import FIELD_BY_NAME, parse_field
from mureg.readers.errors import (
    kpp_of_proprietor,
    may_show,
    rejected,
    shown_value,
    too_deep,
    too_large_to_hold,
    too_many_fields,
)
from mureg.readers.types import Batch, FileReport, Limits, Record, Source

ROOT = "Заявление"

_BLOCK_BYTES = 1 << 16
_MOST_OWNERS = 10_000
# Of one application: more than anybody reads.
_MOST_FAULTS = 100
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Python knows codecs more, some of which make something else of a text than letters.
_ENCODINGS = frozenset((
    "utf-8", "utf8", "utf-16", "us-ascii", "windows-1251", "cp1251", "ibm866", "cp866", "koi8-r", "iso-8859-1",
    "iso-8859-5",
))  # fmt: skip
_TRUE, _FALSE = ("true", "1", "истина"), ("false", "0", "ложь")


def read_xml(source: Source, number: str | None, limits: Limits) -> Generator[Batch, None, FileReport]:
    """The one application of an XML file. Raises `Rejected`, and `WrongUsage` where nothing gives its number."""
    if number is None:
        number = _number_of(source.name)
    encoding, root = _root(source, limits)
    reader = _Reader(source.name, limits)
    request = reader.request(root, number)
    owners = reader.owners(root)
    if reader.faults:
        yield Batch(faults=reader.faults)
    else:
        yield Batch(rows=(1,), records=(Record(request, owners),))
    return FileReport(source.name, "xml", encoding, None, None, None, 1)


def _number_of(file: str) -> str:
    """The number that the file's name gives."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", file)[-1])
    stem = name[:-4] if name.lower().endswith(".xml") else name
    # «file» is what browsers and mail call what has no name.
    if stem.lower() in ("", "-", "file", "<stdin>"):
        raise WrongUsage(
            msg(
                "the number of the application is not known: it is not in the XML, and {file} does not name it",
                file=file,
            ),
            msg("give it with --number, as the Web-registrator shows it"),
        )
    return stem


def _root(source: Source, limits: Limits) -> tuple[str, Element]:
    stream = source.stream
    head = stream.read(400)
    if stream.seek(0, 2) > limits.whole_bytes:
        raise too_large_to_hold(source.name, limits)
    stream.seek(0)
    declared = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise rejected(source.name, msg("the XML is in an encoding that cannot be read"))
    parser = ElementTree.XMLParser(target=_BoundedTree(source.name, limits), forbid_dtd=True)
    try:
        attributes = 0
        while block := stream.read(_BLOCK_BYTES):
            # The parser holds an element until it has all of its attributes.
            attributes += block.count(b"=")
            if attributes > limits.fields:
                raise too_many_fields(source.name, limits)
            parser.feed(block)
        root: Element = parser.close()
    except DefusedXmlException:
        raise rejected(
            source.name,
            msg("the XML has a DTD or entities, which an application never has; it was not read"),
            msg("send the file as 1C wrote it"),
        ) from None
    except ParseError as error:
        raise rejected(
            source.name,
            msg(
                "the XML is damaged at line {line}, position {position}",
                line=error.position[0],
                position=error.position[1],
            ),
            msg("send the file as 1C wrote it"),
        ) from None
    except (ValueError, LookupError, AssertionError):
        raise rejected(source.name, msg("the XML is in an encoding that cannot be read")) from None
    if _local(root.tag) != ROOT:
        raise rejected(
            source.name,
            msg(
                "the XML is no application: its root is «{found}», not «{wanted}»",
                found=shown_value(_local(root.tag)),
                wanted=ROOT,
            ),
            msg("import the file that 1C sent to the operator"),
        )
    version = _attribute(root, "ВерсФорм")
    if not re.fullmatch(r"2\.[0-9]+", version):
        raise rejected(
            source.name,
            msg("the application is of format «{version}»; mureg reads 2.11", version=shown_value(version)),
            msg("ask for the file from an up-to-date 1C"),
            header="ВерсФорм",
            value=version,
        )
    return _encoding(head), root


class _BoundedTree:
    """Builds the tree of an XML, and stops where it grows larger or deeper than `[limits]` allows."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._builder = TreeBuilder()
        self.data, self.close = self._builder.data, self._builder.close
        self._file = file
        self._limits = limits
        self._depth = self._fields = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._fields += 1 + len(attributes)
        if self._depth > self._limits.nesting:
            raise rejected(self._file, too_deep(self._limits), msg("send the file as 1C wrote it"))
        if self._fields > self._limits.fields:
            raise too_many_fields(self._file, self._limits)
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)


def _encoding(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        return "utf-16"
    match = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    name = match[1].decode().lower() if match else "utf-8"
    return {"windows-1251": "cp1251", "utf8": "utf-8", "ibm866": "cp866"}.get(name, name)


class _Reader:
    """Reads the elements of one application and collects what is wrong with them."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._longest = limits.field_characters
        self.faults: list[Fault] = []

    def request(self, root: Element, number: str) -> ClientRequest:
        """What the client asked for."""
        parsed = self._parse("number", number, None), self._day(root)
        inn = self._field("inn", root, "ИНН")
        kpp = self._field("kpp", root, "КПП")
        message = kpp_of_proprietor(inn, kpp)
        if message is not None:
            self._add(message, "kpp", "КПП", kpp)
        return ClientRequest(
            number=parsed[0],
            kind=self._kind(root),
            submitted_on=parsed[1],
            inn=inn,
            kpp=kpp,
            ogrn=self._field("ogrn", root, "ОГРН"),
            name=self._field("name", root, "КраткоеНаименование"),
            account=self._field("account", root, "УчетнаяЗапись"),
            program_number=self._field("program_number", root, "НомерОсновнойПоставки1с"),
            requested=self._requested(root),
            authorities="\n".join(self._authorities(root, "Получатели", "Получатель")),
            comment=self._field("client_comment", root, "Комментарий"),
        )

    def owners(self, root: Element) -> tuple[KeyOwner, ...]:
        """КЭП owners, then invited users."""
        present = list(_descend(root, "ВладельцыЭЦП", "ВладелецЭЦП"))
        invited = list(_descend(root, "ПотенциальныеПользователи", "ПотенциальныйПользователь"))
        if len(present) + len(invited) > _MOST_OWNERS:
            self._add(msg("the application lists more than {most} people", most=_MOST_OWNERS), "owners", "ВладельцыЭЦП")
            return ()
        owners = [self._owner(element, place) for place, element in enumerate(present, 1)]
        return (*owners, *(self._invited(element, place) for place, element in enumerate(invited, 1)))

    def _owner(self, element: Element, place: int) -> KeyOwner:
        who = msg("КЭП owner {place}", place=place)
        certificate, subject = _certificate(element)
        full_name = _child(element, "ФИО")
        name = "" if full_name is None else " ".join(
            filter(None, (_attribute(full_name, part) for part in ("Фамилия", "Имя", "Отчество")))
        )  # fmt: skip
        owner = self._person(
            element,
            who,
            # The certificate goes first: what stands beside it is a copy.
            snils=(subject.snils, _attribute(element, "СНИЛС") or _text(element, "СНИЛС")),
            inn=(subject.inn, _text(element, "ИНН")),
        )
        return owner._replace(
            name=self._personal_text(subject.name or name, who, "owners.name", "ФИО"),
            position=self._personal_text(
                subject.position or _text(element, "Должность"), who, "owners.position", "Должность"
            ),
            sender=self._boolean(element, "ЭтоОтправительЗаявления", who) is True,
            removed=self._boolean(element, "ЭтоРазрегистрация", who) is True,
            certificate=certificate,
        )

    def _invited(self, element: Element, place: int) -> KeyOwner:
        who = msg("invited user {place}", place=place)
        snils = _text(element, "СНИЛС") or _attribute(element, "СНИЛС")
        return self._person(element, who, snils=("", snils), inn=("", ""))._replace(potential=True)

    def _person(self, element: Element, who: Message, snils: tuple[str, str], inn: tuple[str, str]) -> KeyOwner:
        """The identifiers, certified or else written in the XML, and the rights of a person."""
        written, own_inn = snils[0] or written_snils(snils[1]), inn[0] or inn[1]
        if written and (message := snils_fault(written)):
            self._add(_said_of(who, message), "owners.snils", "СНИЛС")
        if own_inn and (message := _person_inn_fault(own_inn)):
            self._add(_said_of(who, message), "owners.inn", "ИНН")
        directions = list(_descend(element, "ДоступныеНаправления", "Направление"))
        encrypts = [
            self._boolean(direction, "ЭтоШифровальщик", who)
            for direction in directions
            if _text(direction, "ТипПолучателя") == FNS
        ]
        rights: tuple[tuple[Role, bool], ...] = (
            ("signing", bool(directions)),
            ("encryption", True in encrypts),
            ("administration", self._boolean(element, "ЭтоАдмин", who) is True),
        )
        return KeyOwner(
            snils=written,
            inn=own_inn,
            roles=tuple(role for role, held in rights if held),
            authorities=self._authorities(element, "ДоступныеНаправления", "Направление"),
        )

    def _kind(self, root: Element) -> Kind:
        text = _text(root, "ТипЗаявления")
        if text == "1":
            return "connection"
        if text != "2":
            self._add(msg("the type is 1 (connection) or 2 (change)"), "type", "ТипЗаявления", text)
        return "renewal" if self._boolean(root, "ПродлениеЛицензии", None, "type") else "change"

    def _requested(self, root: Element) -> RequestedMode:
        # Absent is a single-user application; false is the mode being switched off.
        asked = self._boolean(root, "ЭтоМногопользовательскийРежим", None, "multiuser")
        return "unstated" if asked is None else "on" if asked else "off"

    def _day(self, root: Element) -> str:
        text = _attribute(root, "ДатаВремяФормирования")
        return self._parse("submitted_on", text, "ДатаВремяФормирования")

    def _authorities(self, element: Element, parent: str, child: str) -> tuple[str, ...]:
        names = [_text(found, "ТипПолучателя") for found in _descend(element, parent, child)]
        for name in names:
            if len(name) > 100:
                self._add(msg("no authority has so long a name"), "authorities", "ТипПолучателя", name)
        return shown_authorities(" ".join(name.split()) for name in names if name)

    def _boolean(self, element: Element, name: str, who: Message | None, column: str | None = None) -> bool | None:
        """True, false, or `None` where the element is absent or empty."""
        text = _text(element, name).lower()
        if text in _TRUE:
            return True
        if text and text not in _FALSE:
            message = msg("{element} is true or false", element=name)
            self._add(message if who is None else _said_of(who, message), column, name, text)
        return False if text else None

    def _personal_text(self, text: str, who: Message, column: str, element: str) -> str:
        if len(text) > self._longest:
            message = msg("the text is longer than {longest} characters", longest=self._longest)
            self._add(_said_of(who, message), column, element)
        return text

    def _field(self, name: str, root: Element, element: str) -> str:
        return self._parse(name, _text(root, element), element)

    def _parse(self, name: str, text: str, element: str | None) -> str:
        value = parse_field(FIELD_BY_NAME[name], text, self._longest)
        if isinstance(value, Message):
            self._add(value, name, element, text)
            return ""
        return str(value)

    def _add(self, message: Message, column: str | None, element: str | None, value: str | None = None) -> None:
        if len(self.faults) > _MOST_FAULTS:
            return
        shown = shown_value(value) if value is not None and may_show(column) else None
        self.faults.append(Fault(message, self._file, None, None, column, element, shown))


def _said_of(who: Message, message: Message) -> Message:
    return msg("{who}: {fault}", who=who, fault=message)


def _person_inn_fault(inn: str) -> Message | None:
    return inn_fault(inn) if len(inn) == 12 else msg("the ИНН of a person has 12 digits")


def _certificate(element: Element) -> tuple[Literal["", "read", "unreadable"], Subject]:
    text = _text(element, "Сертификат") or _text(element, "СертификатСУЦ")
    if not text:
        return "", Subject()
    subject = read_subject(text)
    return ("unreadable", Subject()) if subject is None else ("read", subject)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _local(child.tag) == name), None)


def _descend(element: Element, parent: str, child: str) -> Iterator[Element]:
    holder = _child(element, parent)
    if holder is not None:
        yield from (found for found in holder if _local(found.tag) == child)


def _text(element: Element, name: str) -> str:
    child = _child(element, name)
    return "" if child is None or child.text is None else child.text.strip()


def _attribute(element: Element, name: str) -> str:
    return next((value.strip() for key, value in element.attrib.items() if _local(key) == name), "")
