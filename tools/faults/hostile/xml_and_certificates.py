"""Hostile XML, and hostile certificates inside a right one."""

import base64
from itertools import pairwise
from pathlib import Path

from faults.hostile.case import Case, counted, filled, written

from support.sample_data import ROMASHKA, xml

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ROOT = '<Заявление ВерсФорм="2.11" ДатаВремяФормирования="2023-08-20T10:42:00">'
_OPEN, _CLOSE = (_HEAD + _ROOT).encode(), "</Заявление>".encode()
_REFUSED = "the XML has a DTD or entities"


def _with_dtd(definitions: str, text: str) -> bytes:
    return f"{_HEAD}<!DOCTYPE Заявление [{definitions}]>{_ROOT}<Комментарий>{text}</Комментарий></Заявление>".encode()


def _billion_laughs(folder: Path, levels: int) -> Path:
    names = [f"l{level}" for level in range(levels)]
    definitions = '<!ENTITY l0 "смех">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    path = folder / "laughs.xml"
    path.write_bytes(_with_dtd(definitions, f"&{names[-1]};"))
    return path


def _quadratic(folder: Path, size: int) -> Path:
    path = folder / "quadratic.xml"
    path.write_bytes(_with_dtd(f'<!ENTITY a "{"x" * size}">', "&a;" * (size // 3)))
    return path


def _declared(encoding: str, content: str, codec: str) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{_ROOT}{content}</Заявление>'.encode(codec)


def _certified(der: bytes) -> bytes:
    """The XML of an application whose owner has this for a certificate."""
    text = xml(ROMASHKA, kind=1, kpp="770001001").decode("cp1251")
    certificate = base64.b64encode(der).decode()
    return text.replace("</ВладелецЭЦП>", f"<Сертификат>{certificate}</Сертификат></ВладелецЭЦП>").encode("cp1251")


def _der(folder: Path, name: str, der: bytes) -> Path:
    path = folder / f"{name}.xml"
    path.write_bytes(_certified(der))
    return path


def _nested_der(folder: Path, levels: int) -> Path:
    der = b""
    for _ in range(levels):
        size = len(der)
        length = bytes([size]) if size < 128 else b"\x83" + size.to_bytes(3, "big")
        der = b"\x30" + length + der
    return _der(folder, "nested-der", der)


def _wide_der(folder: Path, count: int) -> Path:
    def part(tag: int, content: bytes) -> bytes:
        return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content

    to_be_signed = part(0x30, b"\x02\x00" * 4 + part(0x30, b"\x31\x00" * count))
    return _der(folder, "wide-der", part(0x30, to_be_signed))


def _long_identifier(folder: Path, size: int) -> Path:
    def part(tag: int, content: bytes) -> bytes:
        return bytes([tag, 0x84]) + len(content).to_bytes(4, "big") + content

    attribute = part(0x31, part(0x30, part(6, b"\xff" * size + b"\x01") + b"\x0c\x01x"))
    return _der(folder, "long-identifier", part(0x30, part(0x30, b"\x02\x00" * 4 + part(0x30, attribute))))


def _attributes(folder: Path, count: int) -> Path:
    path = folder / "attributes.xml"
    with path.open("wb") as file:
        file.write(_OPEN + b"<a ")
        file.writelines(b'a%d="" ' % place for place in range(count))
        file.write(b"/>" + _CLOSE)
    return path


# A certificate that cannot be read is a warning of the application, which is imported without it.
_READ = "added: 1"

CASES = (
    Case("XML with a DTD", written("1.xml", _with_dtd("<!ELEMENT Заявление ANY>", "x")), 1, 1, _REFUSED),
    Case(
        "XML with an external entity",
        written("2.xml", _with_dtd('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")), 1, 1, _REFUSED,
    ),
    Case(
        "XML with an external parameter entity",
        written("3.xml", _with_dtd('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;', "x")), 1, 1, _REFUSED,
    ),
    Case(
        "XML with an external DTD",
        written("4.xml", f'<!DOCTYPE Заявление SYSTEM "http://127.0.0.1:9/x">{_ROOT}</Заявление>'.encode()),
        1, 1, _REFUSED,
    ),
    Case("XML, a billion laughs", _billion_laughs, 30, 10, _REFUSED),
    Case("XML, a quadratic entity bomb", _quadratic, 1_000_000, 10_000, _REFUSED),
    Case("XML, an undefined entity", written("5.xml", _OPEN + b"&x;" + _CLOSE), 1, 1, "damaged at line 2"),
    Case(
        "XML, elements inside each other", lambda folder, size: counted(folder / "n.xml", _OPEN, b"<a>", size, b""),
        1_000_000, 1_000_000, "nested more than 100 levels",
    ),
    Case(
        "XML, elements beside each other", lambda folder, size: counted(folder / "s.xml", _OPEN, b"<a/>", size, _CLOSE),
        4_000_000, 200_000, "more than 100000 columns, or fields",
    ),
    Case(
        "XML, an element of so many bytes",
        lambda folder, size: filled(folder / "t.xml", _OPEN + b"<a>", "я".encode(), size, b"</a>" + _CLOSE),
        500 << 20, 1 << 20, "larger than", limits="whole_bytes = 500000",
    ),
    Case(
        "XML, an element as large as may be",
        lambda folder, size: filled(folder / "t.xml", _OPEN + b"<a>", b"x&#10;", size, b"</a>" + _CLOSE),
        (16 << 20) - 1000, 1 << 20, "the field must not be empty",
    ),
    Case(
        "XML, an attribute of so many bytes",
        lambda folder, size: filled(folder / "a.xml", _OPEN + b'<a b="', b"x", size, b'"/>' + _CLOSE),
        500 << 20, 1 << 20, "larger than", limits="whole_bytes = 500000",
    ),
    Case(
        "XML, a comment without an end",
        lambda folder, size: filled(folder / "c.xml", _OPEN + b"<!--", b"x", size, b""), (16 << 20) - 1000, 1 << 20,
        "the XML is damaged",
    ),
    Case(
        "XML, attributes of one element",
        _attributes, 1_000_000, 120_000, "more than 100000 columns, or fields",
    ),
    Case(
        "XML that says UTF-8 and is cp1251",
        written("6.xml", _declared("UTF-8", "<Комментарий>я</Комментарий>", "cp1251")), 1, 1, "damaged at line",
    ),
    Case(
        "XML in an unknown encoding", written("7.xml", _declared("klingon", "", "utf-8")), 1, 1,
        "encoding that cannot be read",
    ),
    Case("XML that says UTF-16 and is UTF-8", written("8.xml", _declared("UTF-16", "", "utf-8")), 1, 1, "damaged"),
    Case("XML in UTF-7", written("9.xml", _declared("utf-7", "", "utf-7")), 1, 1, ""),
    *(
        Case(f"XML that says {name}", written(f"{name}.xml", _declared(name, "", "utf-8")), 1, 1, "")
        for name in ("rot13", "hex", "zlib", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined",
                     "utf-32", "shift_jis", "mbcs", "cp037")
    ),
    Case(
        "XML with controls", written("10.xml", _OPEN + "<Комментарий>\x1b[31m</Комментарий>".encode() + _CLOSE), 1, 1,
        "damaged",
    ),
    Case("a certificate, elements inside each other", _nested_der, 100_000, 2_000, _READ, 0),
    Case("a certificate, elements beside each other", _wide_der, 350_000, 50_000, _READ, 0),
    Case("a certificate with an endless identifier", _long_identifier, 700_000, 10_000, _READ, 0),
    Case("a certificate of a huge length",
         lambda folder, size: _der(folder, "huge", b"\x30\xfe" + b"\xff" * 126 + b"\x00" * size), 10_000, 10, _READ, 0),
    Case("a certificate without a length", lambda folder, size: _der(folder, "endless", b"\x30\x80" * size),
         300_000, 5_000, _READ, 0),
)  # fmt: skip
