"""Makes the files of examples/ out of tools/example_data.toml: python tools/make_examples.py [FOLDER].

The same bytes every time, on every system: dates, serial numbers and the order inside archives are fixed.
`README.md` and `contract/mureg.toml` are written by hand and left alone.
"""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import xlsxwriter
from example_data import AUTHORITIES, Data, Owner, Row
from example_xml import xml_application, xml_with_dtd

from mureg.domain.application import Application, ClientRequest, KeyOwner, Kind, Role, Tier, shown_authorities
from mureg.domain.warnings import warnings_of

ROOT = Path(__file__).parent.parent
TABLE_HEADER = (
    "№ заявления", "Тип заявления", "Дата отправки", "Организация", "ИНН", "КПП", "ОГРН", "Учетная запись",
    "Многопользовательский режим", "Вид расширения", "Количество пользователей", "Акция", "Комментарий",
)  # fmt: skip
STATEMENT_HEADER = (
    "Номер заявления", "ИНН", "КПП", "Организация", "Вид расширения", "Дата подключения", "Цена", "Скидка %",
    "К оплате",
)  # fmt: skip
OTHER_HEADER = (
    "Рег. № обращения", "Поступило", "Налогоплательщик", "Код НП", "Код причины", "Режим МП", "Лицензия",
    "Рабочих мест",
)  # fmt: skip


def csv_text(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Write lines as Excel ends them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def august_csv(title: str, rows: Iterable[Row]) -> bytes:
    """Write what Excel in Russia saves as CSV: cp1251, semicolons, a title above the header."""
    empty = [""] * (len(TABLE_HEADER) - 1)
    cells = [
        [row.number, row.kind, f"{row.submitted_on:%d.%m.%Y}", row.firm.name, row.firm.inn, row.firm.kpp,
         row.firm.ogrn, row.firm.account, row.multiuser, row.tier, str(row.users or ""), row.promotion, row.comment]
        for row in rows
    ]  # fmt: skip
    return csv_text([[title, *empty], TABLE_HEADER, *cells], ";").encode("cp1251")


def statement_csv(data: Data) -> bytes:
    """Write the operator's report of August: what it counts as sold, with its own total; illustrative figures."""
    report = data.raw["statement"]
    price = {"от 2 до 9": ("3 000,00", "1 800,00"), "10 и более": ("6 000,00", "3 600,00")}
    cells = [
        [number, firm.inn, firm.kpp, firm.name, tier, day, price[tier][0], "40", price[tier][1]]
        for number, key, tier, day in report["rows"]
        for firm in [data.firm(key)]
    ]
    total = ["Итого", *[""] * 7, report["total"]]
    return csv_text([[report["title"], *[""] * 8], STATEMENT_HEADER, *cells, total], ";").encode("cp1251")


def bank_export() -> bytes:
    """A client bank's export of September: the payment of the operator's invoice, and one to others."""
    head = [
        "1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", "Отправитель=Банк «Пример»",
        "Получатель=Бухгалтерия предприятия, редакция 3.0", "ДатаНачала=01.09.2023", "ДатаКонца=30.09.2023",
        "РасчСчет=40702810300000000001", "СекцияРасчСчет", "ДатаНачала=01.09.2023", "ДатаКонца=30.09.2023",
        "РасчСчет=40702810300000000001", "НачальныйОстаток=250000.00", "ВсегоПоступило=0", "ВсегоСписано=35200.00",
        "КонечныйОстаток=214800.00", "КонецРасчСчет",
    ]  # fmt: skip
    payments = [
        ("87", "11.09.2023", "10000.00", "ООО «Арендодатель»", "7700900017", "40702810600000000005",
         "Аренда за сентябрь 2023 г. по счету № 77"),
        ("88", "12.09.2023", "25200.00", "АО «ОПЕРАТОР-ПРИМЕР»", "7700900024", "40702810000000000001",
         "Оплата по счету № 1518 от 06.09.2023 за август 2023 г. НДС не облагается"),
    ]  # fmt: skip
    lines = list(head)
    for number, day, amount, name, inn, account, purpose in payments:
        lines += [
            "СекцияДокумент=Платежное поручение", f"Номер={number}", f"Дата={day}", f"Сумма={amount}",
            "ПлательщикСчет=40702810300000000001", f"ДатаСписано={day}", "Плательщик=ООО «Партнёр»",
            "ПлательщикИНН=7700005007", f"ПолучательСчет={account}", f"Получатель={name}", f"ПолучательИНН={inn}",
            "ВидОплаты=01", "Очередность=5", f"НазначениеПлатежа={purpose}", "КонецДокумента",
        ]  # fmt: skip
    return "".join(f"{line}\r\n" for line in [*lines, "КонецФайла"]).encode("cp1251")


def other_columns_csv(rows: Iterable[Row]) -> bytes:
    """Write a table that mureg does not know without a profile: own headers, commas, dates with slashes."""
    cells = [
        [row.number, f"{row.submitted_on:%d/%m/%Y}", row.firm.name, row.firm.inn, row.firm.kpp, row.multiuser,
         row.tier, str(row.users or "")]
        for row in rows
    ]  # fmt: skip
    return csv_text([OTHER_HEADER, *cells], ",").encode("utf-8-sig")


def partners_xlsx(title: str, sheet_name: str, rows: Iterable[Row]) -> bytes:
    """Write a workbook as people make it: ИНН, КПП and ОГРН are numbers, so a leading zero is lost."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title, "author": "mureg", "created": datetime(2023, 9, 4, 9, tzinfo=UTC)})
        heading = book.add_format({"bold": True, "font_size": 14})
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center"})
        digits, day = book.add_format({"num_format": "0"}), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet(sheet_name)
        sheet.merge_range(0, 0, 0, len(TABLE_HEADER) - 1, title, heading)
        for column, name in enumerate(TABLE_HEADER):
            sheet.write_string(2, column, name.replace("Многопользовательский ", "Многопользовательский\n"), bold)
        for index, row in enumerate(rows, start=3):
            texts = {0: row.number, 1: row.kind, 3: row.firm.name, 8: row.multiuser, 9: row.tier, 11: row.promotion}
            for column, text in texts.items():
                if text:
                    sheet.write_string(index, column, text)
            sheet.write_datetime(index, 2, datetime.combine(row.submitted_on, datetime.min.time()), day)
            numbers = {4: row.firm.inn, 5: row.firm.kpp, 6: row.firm.ogrn, 10: str(row.users or "")}
            for column, number in numbers.items():
                if number:
                    sheet.write_number(index, column, int(number), digits)
        for column, width in enumerate((13, 17, 14, 34, 15, 12, 18, 15, 24, 16, 16, 20, 20)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 0)
    return repacked(stream.getvalue())


def repacked(archive: bytes) -> bytes:
    """Pack the archive again with fixed times and without compression, which differs from one zlib to another."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2023, 9, 4, 9, 0, 0))
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return stream.getvalue()


def json_application(data: Data, entry: dict[str, Any]) -> dict[str, Any]:
    """Make what `application show --json` prints of a new application."""
    firm, owners = data.firm(entry["firm"]), [key_owner(owner) for owner in data.owners(entry["owners"])]
    word = ClientRequest(
        number=entry["number"], kind=cast("Kind", entry["type"]), submitted_on=str(entry["submitted_on"]),
        inn=firm.inn, kpp=firm.kpp, ogrn=firm.ogrn, name=firm.name, program_number="800000001",
        account=firm.account if entry["type"] != "connection" else "", requested="on",
        requested_tier=cast("Tier", entry.get("requested_tier", "")), users=entry.get("users"),
        authorities="\n".join(shown_authorities(AUTHORITIES.values())), promotion=entry.get("promotion", ""),
    )  # fmt: skip
    application = Application(word, tuple(owners))
    return {
        "number": word.number, "type": word.kind, "submitted_on": word.submitted_on, "status": application.status,
        "processed_on": None, "comment": None, "client_comment": None,
        "organization": {"inn": word.inn, "kpp": word.kpp or None, "ogrn": word.ogrn, "name": word.name,
                         "account": word.account or None, "program_number": word.program_number},
        "multiuser": {"requested": word.requested, "requested_tier": word.requested_tier or None, "set": None,
                      "set_by": None, "effective": application.effective, "tier": application.tier,
                      "suggested_tier": application.suggested_tier, "users": application.users},
        "owners": [
            {"snils": owner.snils, "name": owner.name or None, "position": owner.position or None,
             "inn": owner.inn or None, "roles": owner.roles, "authorities": owner.authorities,
             "sender": owner.sender, "removed": owner.removed, "potential": owner.potential}
            for owner in application.owners
        ],
        "authorities": application.authorities, "promotion": word.promotion or None,
        "source": {"file": entry.get("file", f"{word.number}.xml"), "imported_at": entry["imported_at"]},
        "warnings": [{"code": code, "level": level, "message": str(message)}
                     for code, level, message in warnings_of(application, date(2023, 9, 4))],
    }  # fmt: skip


def key_owner(owner: Owner) -> KeyOwner:
    """Give the person as mureg shows it; of an invited user the application has only the СНИЛС."""
    roles: list[Role] = ["signing"] if owner.authorities else []
    roles += ["encryption"] if "encrypts" in owner.marks else []
    roles += ["administration"] if "admin" in owner.marks else []
    potential = "invited" in owner.marks
    return KeyOwner(
        snils=owner.snils, name="" if potential else owner.name, position=owner.post,
        inn="" if potential else owner.inn, roles=tuple(roles), authorities=shown_authorities(owner.authorities),
        sender="sender" in owner.marks, removed="removed" in owner.marks, potential=potential,
    )  # fmt: skip


def files(data: Data) -> dict[str, bytes]:
    """Make every file: path inside examples/ → content."""
    raw = data.raw
    renewals = [json_application(data, entry) for entry in raw["renewals"]]
    feed = [json_application(data, entry) for entry in raw["feed"]]
    made = {f"applications/{entry['number']}.xml": xml_application(data, entry) for entry in raw["xml"]}
    made["applications/august.csv"] = august_csv(raw["august"]["title"], data.rows("august"))
    made["applications/other_columns.csv"] = other_columns_csv(data.rows("other_columns"))
    partners = raw["partners"]
    made["applications/partners.xlsx"] = partners_xlsx(partners["title"], partners["sheet"], data.rows("partners"))
    made["applications/renewals.json"] = (json.dumps(renewals, ensure_ascii=False, indent=2) + "\n").encode()
    made["applications/feed.jsonl"] = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in feed).encode()
    made["statement/operator-2023-08.csv"] = statement_csv(data)
    made["statement/bank-2023-09.txt"] = bank_export()
    made["faults/wrong.csv"] = csv_text([raw["faults"]["header"], *raw["faults"]["rows"]], ";").encode("cp1251")
    made["faults/dtd.xml"] = xml_with_dtd(data.firm("1042"))
    return made


def main() -> None:
    """Write the files into the folder named, else into examples/."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples"
    for name, content in files(Data(ROOT / "tools" / "example_data.toml")).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path)


if __name__ == "__main__":
    main()
