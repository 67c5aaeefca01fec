"""The subject of a qualified certificate: who its owner is, and the last day of the certificate.

The DER is walked down to the subject and no further. The keys are GOST, which general libraries do not verify:
**no signature is checked here**, and nothing read here may be presented as verified.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import NamedTuple

from asn1crypto import core

from mureg.domain.identifiers import is_inn, snils_fault, written_snils
from mureg.domain.text import is_plain

_COMMON_NAME = "2.5.4.3"
_SURNAME = "2.5.4.4"
_GIVEN_NAME = "2.5.4.42"
_TITLE = "2.5.4.12"
_INN = "1.2.643.3.131.1.1"
_INN_OF_FIRM = "1.2.643.100.4"
_SNILS = "1.2.643.100.3"
_OGRN = "1.2.643.100.1"
_OGRNIP = "1.2.643.100.5"

# UTCTime and GeneralizedTime. Certification authorities of Russia end certificates by the time of Moscow.
_FORMAT_OF_TIME = {23: "%y%m%d%H%M%SZ", 24: "%Y%m%d%H%M%SZ"}
_MOSCOW = timezone(timedelta(hours=3))

_LONGEST_BASE64 = 1 << 20
_LONGEST_IDENTIFIER = 64
_SEQUENCE, _SET, _OBJECT_IDENTIFIER = 16, 17, 6
_UNIVERSAL, _CONTEXT = 0, 2
# The string types of ASN.1. The old ones are ASCII by the standard.
_ENCODING_OF_TAG = {12: "utf-8", 18: "ascii", 19: "ascii", 20: "latin-1", 22: "ascii", 28: "utf-32-be", 30: "utf-16-be"}


class Subject(NamedTuple):
    """The person that a certificate names. What it lacks, or has wrong, is empty."""

    name: str = ""
    position: str = ""
    inn: str = ""
    snils: str = ""
    firm_inn: str = ""
    ogrn: str = ""
    until: str = ""
    """The ISO date in Moscow on which the certificate ends (`notAfter`)."""


def read_subject(text: str) -> Subject | None:
    """The subject of a certificate in base64, or `None` if the text is not a certificate. Never raises."""
    try:
        der = base64.b64decode("".join(text.split()), validate=True) if len(text) <= _LONGEST_BASE64 else b""
        validity, subject = _validity_and_subject(der)
        names = dict(_attributes(subject))
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return None
    return _subject(names)._replace(until=_until(validity)) if names else None


def _subject(names: dict[str, str]) -> Subject:
    person = " ".join(filter(None, (names.get(_SURNAME), names.get(_GIVEN_NAME))))
    snils = written_snils(names.get(_SNILS, ""))
    inn = names.get(_INN, "")
    # Older certificates hold the firm's ИНН here, padded with 00: not the person's.
    firm_inn = names.get(_INN_OF_FIRM) or (inn[2:] if inn.startswith("00") and len(inn) == 12 else "")
    return Subject(
        # A certificate of a firm without a person has the firm's name as its common name.
        name=person or names.get(_COMMON_NAME, ""),
        position=names.get(_TITLE, ""),
        inn=inn if len(inn) == 12 and is_inn(inn) else "",
        snils="" if snils_fault(snils) else snils,
        firm_inn=firm_inn,
        ogrn=names.get(_OGRN) or names.get(_OGRNIP, ""),
    )


def _validity_and_subject(der: bytes) -> "tuple[_Element, _Element]":
    """Two parts of a certificate. Raises `ValueError` for another text."""
    (certificate,) = _elements(der)
    to_be_signed = next(iter(_elements(certificate.content(_SEQUENCE))))
    parts = (part for part in _elements(to_be_signed.content(_SEQUENCE)) if part.cls != _CONTEXT)
    # serial number, algorithm, issuer, validity, subject
    *_, validity, subject = islice(parts, 5)
    return validity, subject


def _until(validity: "_Element") -> str:
    """The last day of the certificate; empty where that cannot be read."""
    try:
        _, not_after = _elements(validity.content(_SEQUENCE))
        pattern = _FORMAT_OF_TIME[not_after.tag]
        ends_at = datetime.strptime(not_after.octets.decode("ascii"), pattern).replace(tzinfo=UTC)
        return ends_at.astimezone(_MOSCOW).date().isoformat()
    except (ValueError, LookupError, OverflowError):
        return ""


def _attributes(subject: "_Element") -> Iterator[tuple[str, str]]:
    """Dotted identifiers of the subject's attributes and their texts. Raises `ValueError` for another text."""
    for names in _elements(subject.content(_SEQUENCE)):
        for attribute in _elements(names.content(_SET)):
            kind, value = islice(_elements(attribute.content(_SEQUENCE)), 2)
            if (kind.tag, kind.cls) != (_OBJECT_IDENTIFIER, _UNIVERSAL) or len(kind.octets) > _LONGEST_IDENTIFIER:
                raise ValueError(kind.tag)
            encoding = _ENCODING_OF_TAG.get(value.tag)
            if encoding is not None and value.cls == _UNIVERSAL:
                text = " ".join(value.octets.decode(encoding).split())
                yield core.ObjectIdentifier.load(kind.whole).dotted, text if is_plain(text) else ""


class _Element(NamedTuple):
    """One element of DER: its class, tag, contents, and itself as a whole."""

    cls: int
    tag: int
    octets: bytes
    whole: bytes

    def content(self, tag: int) -> bytes:
        if self.cls != _UNIVERSAL or self.tag != tag:
            raise ValueError(self.tag)
        return self.octets


def _elements(octets: bytes) -> Iterator[_Element]:
    """The elements of DER, one after another. Raises `ValueError` if it is not DER."""
    start = 0
    while start < len(octets):
        at = start + 2
        first, length = octets[start : start + 2]
        # Nothing that is read here has a tag of more than one byte, and DER has no indefinite length.
        if first & 0x1F == 0x1F or length == 0x80:
            raise ValueError(first)
        if length > 0x80:
            at += length - 0x80
            length = int.from_bytes(octets[start + 2 : at], "big")
        end = at + length
        if end > len(octets):
            raise ValueError(length)
        yield _Element(first >> 6, first & 0x1F, octets[at:end], octets[start:end])
        start = end
