"""Hostile exports of client banks, in the format 1CClientBankExchange."""

from collections.abc import Callable
from pathlib import Path

from faults.hostile.case import Case, filled, written

from support.bank_export import document, export

_WHOLE = export(document()).encode("cp1251")
_HEAD, _TAIL = _WHOLE.split("СекцияДокумент".encode("cp1251"))[0], "КонецФайла\n".encode("cp1251")
_OURS = f"{document()}\n".encode("cp1251")
_OTHERS = f"{document(ПолучательИНН='7700123459')}\n".encode("cp1251")


def _repeated(unit: bytes, head: bytes = _HEAD, tail: bytes = _TAIL) -> Callable[[Path, int], Path]:
    return lambda folder, size: filled(folder / "bank.txt", head, unit, size, tail)


def _one(name: str, text: str | bytes, says: str) -> Case:
    content = text if isinstance(text, bytes) else text.encode("cp1251")
    return Case(f"bank export, {name}", written("bank.txt", content), 1, 1, says, command="payments")


_NO_EXPORT = "not an export of a client bank"
_PURPOSE = "НазначениеПлатежа="
_MIB = 1 << 20

CASES = (
    _one("empty", b"", _NO_EXPORT),
    _one("a table", "Номер;Дата;ИНН\n1;2;3\n", _NO_EXPORT),
    _one("a picture", bytes(range(256)) * 100, _NO_EXPORT),
    _one("the signature alone", "1CClientBankExchange\n", "it is cut off"),
    _one("cut in a document", _WHOLE[:-60], "it is cut off"),
    _one("a document in a document", export(document().replace("КонецДокумента", document())), "inside another one"),
    _one("two sums", export(document().replace("Номер=45", "Сумма=1\nНомер=45")), "given twice"),
    _one("an endless number", export(document(Сумма="9" * 9_000)), "write the amount as"),
    _one("a day of no month", export(document(ДатаСписано="99.99.9999")), "an existing day"),
    _one("NUL", export(document(Номер="1\0")), "NUL"),
    _one("half UTF-8", _WHOLE + "Ещё=по-русски\n".encode(), "partly UTF-8"),
    Case("bank export, one line", _repeated(b"x", _HEAD + _PURPOSE.encode("cp1251")), 500 * _MIB, 2 * _MIB,
         "a line has more than", command="payments"),
    Case("bank export, a first line without an end", _repeated(b"x", b""), 500 * _MIB, 2 * _MIB, _NO_EXPORT,
         command="payments"),
    Case("bank export, a document without an end", _repeated("Ключ=1\n".encode("cp1251"), _HEAD + _OURS[:40]),
         100 * _MIB, 2 * _MIB, "columns, or fields", command="payments"),
    Case("bank export, payments to the operator", _repeated(_OURS), 500 * _MIB, 6 * _MIB,
         "payments to the operator: is this the right file", command="payments"),
    Case("bank export, documents to others", _repeated(_OTHERS), 900 * _MIB, 2 * _MIB, "documents read", 0,
         "payments"),
    Case("bank export, too large", _repeated(_OTHERS), 1100 * _MIB, 2 * _MIB, "larger than", command="payments",
         limits="file_bytes = 1000000"),
    Case("bank export, marks of invoices", _repeated("№ сч. № ".encode("cp1251"), _HEAD + _OURS[:-30] + b"\n"),
         500 * _MIB, 2 * _MIB, "a line has more than", command="payments"),
)  # fmt: skip
