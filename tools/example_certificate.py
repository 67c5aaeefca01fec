"""Certificates for the examples, as a Russian УЦ writes them, with a key and a signature that are dummies."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from asn1crypto import algos, core, keys, x509
from example_data import Firm, Owner

# SubjectPublicKeyInfo of a GOST R 34.10-2012 key of 256 bits: OIDs 1.2.643.7.1.1.1.1, 1.2.643.2.2.36.0 and
# 1.2.643.7.1.1.2.2, then a bit string with an octet string of 64 bytes, which here are no point of any curve.
GOST_KEY_HEADER = bytes.fromhex("3066301f06082a85030701010101301306072a85030202240006082a850307010102020343000440")
GOST_SIGNATURE = "1.2.643.7.1.1.3.2"
C, O, CN, SURNAME, GIVEN_NAME, TITLE = "2.5.4.6", "2.5.4.10", "2.5.4.3", "2.5.4.4", "2.5.4.42", "2.5.4.12"  # noqa: E741
INN, INNLE, SNILS, OGRN = "1.2.643.3.131.1.1", "1.2.643.100.4", "1.2.643.100.3", "1.2.643.100.1"


def certificate(owner: Owner, firm: Firm, serial: int) -> bytes:
    """Make the DER of a certificate as a Russian УЦ writes it. The key and the signature are dummies."""
    surname, given_name = owner.name.split(" ", 1)
    subject = [(CN, firm.name), (SURNAME, surname), (GIVEN_NAME, given_name), (C, "RU"), (O, firm.name),
               (TITLE, owner.post), (OGRN, firm.ogrn), (SNILS, "".join(filter(str.isdigit, owner.snils))),
               (INNLE, firm.inn), (INN, owner.inn)]  # fmt: skip
    issuer = [(CN, "Учебный УЦ (не настоящий)"), (O, "ООО «Учебный УЦ»"), (C, "RU")]
    signature = algos.SignedDigestAlgorithm({"algorithm": GOST_SIGNATURE})
    content = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": signature,
            "issuer": distinguished_name(issuer),
            "validity": {
                "not_before": x509.Time({"utc_time": datetime(2023, 1, 9, 9, tzinfo=UTC)}),
                # Whenever the examples are tried, none has expired.
                "not_after": x509.Time({"utc_time": datetime(2049, 4, 9, 9, tzinfo=UTC)}),
            },
            "subject": distinguished_name(subject),
            "subject_public_key_info": keys.PublicKeyInfo.load(GOST_KEY_HEADER + bytes(range(64))),
            "extensions": [{"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature"}}],
        }
    )
    signed = {"tbs_certificate": content, "signature_algorithm": signature, "signature_value": bytes(64)}
    return cast("bytes", x509.Certificate(signed).dump())


def distinguished_name(parts: Iterable[tuple[str, str]]) -> x509.Name:
    """Build a name of OIDs and texts; numbers of people and firms are NumericString, as УЦ write them."""
    relative = []
    for oid, text in parts:
        kind = core.NumericString if text.isdigit() else core.PrintableString if oid == C else core.UTF8String
        relative.append(x509.RelativeDistinguishedName([x509.NameTypeAndValue({"type": oid, "value": kind(text)})]))
    return x509.Name(name="", value=x509.RDNSequence(relative))
