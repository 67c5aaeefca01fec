"""Synthetic certificates in DER, with no key in them."""

import base64

from asn1crypto import core

SURNAME, GIVEN, TITLE, COMMON = "2.5.4.4", "2.5.4.42", "2.5.4.12", "2.5.4.3"
INN, FIRM_INN, SNILS, OGRN = "1.2.643.3.131.1.1", "1.2.643.100.4", "1.2.643.100.3", "1.2.643.100.1"
IVANOVA = {
    COMMON: "Иванова Анна Петровна", SURNAME: "Иванова", GIVEN: "Анна Петровна", TITLE: "Директор",
    INN: "770012345606", FIRM_INN: "7700123459", SNILS: "11223344595", OGRN: "1237700000120",
}  # fmt: skip
_NUMERIC = (INN, FIRM_INN, SNILS, OGRN)


def _wrapped(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def certificate(names: dict[str, str], not_after: bytes = b"") -> str:
    """A certificate with this subject and end in base64, with line breaks; its other parts are empty."""
    attributes = [
        _wrapped(
            0x31,
            _wrapped(
                0x30,
                core.ObjectIdentifier(kind).dump(),
                core.NumericString(text).dump() if kind in _NUMERIC else core.UTF8String(text).dump(),
            ),
        )
        for kind, text in names.items()
    ]
    empty = _wrapped(0x30)
    validity = _wrapped(0x30, core.UTCTime("230109090000Z").dump() if not_after else b"", not_after)
    version = _wrapped(0xA0, core.Integer(2).dump())
    to_be_signed = _wrapped(
        0x30, version, core.Integer(7).dump(), empty, empty, validity, _wrapped(0x30, *attributes), empty
    )
    der = _wrapped(0x30, to_be_signed, empty, core.BitString((1, 0, 1)).dump())
    return base64.encodebytes(der).decode()
