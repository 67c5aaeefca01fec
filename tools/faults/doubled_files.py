"""Files that readers take, of any size: a row, an owner or a document repeated as often as asked for."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from faults.hostile.case import Case
from support import bank_export, xml_application
from support.certificates import IVANOVA, certificate
from support.sample_data import EXAMPLES, HEADER, application, inn_of, owner, row, snils_of

_ROWS = 20_000


def _csv(folder: Path, count: int) -> Path:
    return _text(folder / "a.csv", [HEADER, *(row(f"A-{serial}", inn=inn_of(serial)) for serial in range(count))])


def _changes(folder: Path, count: int) -> Path:
    """Changes of one organization, none of which says its КПП."""
    rows = (row(f"A-{serial}", type="change", kpp="") for serial in range(count))
    return _text(folder / "changes.csv", [HEADER, row("B-1"), *rows])


def _xlsx(folder: Path, count: int) -> Path:
    rows = [HEADER, *(row(f"A-{serial}", inn=inn_of(serial)) for serial in range(count))]
    return _workbook(folder / "a.xlsx", rows)


def _workbook(path: Path, rows: list[str]) -> Path:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate(rows):
            sheet.write_row(place, 0, line.split(";"))
    return path


def _xml(owner_of: Callable[[int], str]) -> Callable[[Path, int], Path]:
    def make(folder: Path, count: int) -> Path:
        path = folder / "A-1.xml"
        path.write_bytes(xml_application.application(owners="".join(map(owner_of, range(1, count + 1)))))
        return path

    return make


def _owner(serial: int) -> str:
    return xml_application.OWNER.replace("112-233-445 95", snils_of(serial))


def _certified_owner(serial: int) -> str:
    return _owner(serial).replace("</ВладелецЭЦП>", f"<Сертификат>{_CERTIFICATE}</Сертификат></ВладелецЭЦП>")


_CERTIFICATE = base64.b64encode(base64.b64decode(certificate(IVANOVA))).decode()


def _json(folder: Path, count: int) -> Path:
    path = folder / "a.json"
    path.write_text(json.dumps([application(f"A-{serial}") for serial in range(count)]), encoding="utf-8")
    return path


def _people(folder: Path, count: int) -> Path:
    path = folder / "people.json"
    people = [owner(serial) for serial in range(1, count + 1)]
    path.write_text(json.dumps([application("A-1", owners=people)]), encoding="utf-8")
    return path


def _json_lines(folder: Path, count: int) -> Path:
    return _text(folder / "a.jsonl", [json.dumps(application(f"A-{serial}")) for serial in range(count)])


_STATEMENT = "Номер;ИНН;Вид расширения;Цена;Скидка %;Скидка;К оплате"


def _statement_rows(count: int) -> list[str]:
    return [_STATEMENT, *(f"A-{serial};{inn_of(serial)};2-9;3000,00;40;1200,00;1800,00" for serial in range(count))]


def _statement_json(folder: Path, count: int) -> Path:
    rows = [{"number": f"A-{serial}", "inn": inn_of(serial), "tier": "2-9", "payable": "1800.00"}
            for serial in range(count)]  # fmt: skip
    path = folder / "s.json"
    path.write_text(json.dumps({"rows": rows}), encoding="utf-8")
    return path


def _documents(folder: Path, count: int) -> Path:
    path = folder / "bank.txt"
    documents = (bank_export.document(Номер=str(serial)) for serial in range(count))
    path.write_text(bank_export.export(*documents), encoding="cp1251")
    return path


def _prices(folder: Path, count: int) -> Path:
    settings = (EXAMPLES / "contract" / "mureg.toml").read_text(encoding="utf-8")
    days = [f"{2024 + serial // 336}-{serial // 28 % 12 + 1:02d}-{serial % 28 + 1:02d}" for serial in range(count)]
    tables = [f'[[contract.price]]\ntier = "2-9"\namount = "3000.00"\nfrom = {day}' for day in days]
    return _text(folder / "mureg.toml", [settings, *tables])


def _text(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


CASES = (
    Case("CSV of applications", _csv, 100_000, _ROWS, ""),
    Case("CSV of changes without КПП", _changes, 20_000, 10_000, ""),
    Case("XLSX of applications", _xlsx, 50_000, 4_000, ""),
    Case("XML of key owners", _xml(_owner), 4_000, 4_000, ""),
    Case("XML of certificates", _xml(_certified_owner), 1_000, 1_000, ""),
    Case("JSON of applications", _json, 10_000, 2_000, ""),
    Case("JSON of key owners", _people, 5_000, 4_000, ""),
    Case("JSON lines of applications", _json_lines, 10_000, 2_000, ""),
    Case("statement CSV of rows", lambda folder, count: _text(folder / "s.csv", _statement_rows(count)), 100_000, _ROWS,
         "", command="statement"),
    Case("statement XLSX of rows", lambda folder, count: _workbook(folder / "s.xlsx", _statement_rows(count)), 50_000,
         4_000, "", command="statement"),
    Case("statement JSON of rows", _statement_json, 50_000, _ROWS, "", command="statement"),
    Case("bank export of documents", _documents, 9_000, 8_000, "", command="payments"),
    Case("TOML of prices", _prices, 2_000, 2_000, "", command="settings"),
)  # fmt: skip
