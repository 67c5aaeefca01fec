"""A client bank's export in the format 1CClientBankExchange, with payments to the example's operator."""

from pathlib import Path

OPERATOR_INN, PARTNER_INN = "7700900024", "7700005007"
OPERATOR_ACCOUNT = "40702810000000000001"


def document(**changed: str) -> str:
    """A payment of the example's invoice 1518; a key that is changed to nothing is left out."""
    fields = {
        "Номер": "45", "Дата": "12.09.2023", "Сумма": "27000.00", "ДатаСписано": "12.09.2023",
        "ПлательщикСчет": "40702810300000000001", "ПлательщикИНН": PARTNER_INN, "Плательщик": "ООО «Партнёр»",
        "ПолучательСчет": OPERATOR_ACCOUNT, "ПолучательИНН": OPERATOR_INN,
        "НазначениеПлатежа": "Оплата по счету № 1518 от 06.09.2023",
    } | changed  # fmt: skip
    lines = [f"{key}={value}" for key, value in fields.items() if value]
    return "\n".join(["СекцияДокумент=Платежное поручение", *lines, "КонецДокумента"])


def export(*documents: str) -> str:
    """A whole file."""
    head = """\
1CClientBankExchange
ВерсияФормата=1.03
Кодировка=Windows
Отправитель=Банк
ДатаНачала=01.09.2023
ДатаКонца=30.09.2023
РасчСчет=40702810300000000001
СекцияРасчСчет
НачальныйОстаток=100000.00
КонецРасчСчет"""
    return "\n".join([head, *documents, "КонецФайла"]) + "\n"


def write_export(*documents: str, name: str = "bank.txt", encoding: str = "cp1251") -> str:
    """Write a file as a bank does; its name."""
    Path(name).write_text(export(*documents), encoding=encoding, newline="\r\n")
    return name
