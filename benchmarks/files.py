"""Input files, the same on every run: applications as CSV, JSON lines and XLSX, and statements."""

import csv
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

HEADER = ("Номер", "Дата", "ИНН", "КПП", "Наименование", "Многопользовательский режим", "Вид расширения",
          "Пользователей", "Акция")  # fmt: skip
_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def inn(serial: int) -> str:
    """A synthetic ИНН of a legal entity, with its check digit."""
    digits = f"77{serial:07d}"
    control = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 % 10
    return f"{digits}{control}"


def applications(count: int) -> Iterator[tuple[str, date, str, str, int, str]]:
    """The number, day, ИНН, name, users and promotion of each application."""
    randomness = random.Random(30781)
    for serial in range(count):
        day = date(2023, randomness.randrange(1, 13), randomness.randrange(1, 29))
        taxpayer = inn(randomness.randrange(10**7))
        promotion = "Welcome!" if serial % 7 == 0 else ""
        yield f"ZV-{serial:07d}", day, taxpayer, f"ООО «Фирма {serial}»", randomness.randrange(2, 30), promotion


def table_rows(count: int) -> Iterator[tuple[str, ...]]:
    """The applications as rows of a table, with values as a Russian Excel shows them."""
    for number, day, taxpayer, name, users, promotion in applications(count):
        tier = "от 2 до 9" if users < 10 else "10 и более"
        yield number, f"{day:%d.%m.%Y}", taxpayer, "770001001", name, "Включен", tier, str(users), promotion


def write_csv(path: Path, count: int) -> None:
    """Write the table as a Russian Excel saves it."""
    with path.open("w", encoding="cp1251", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADER)
        rows.writerows(table_rows(count))


def write_json_lines(path: Path, count: int) -> None:
    """Write the same applications, one object in a line."""
    with path.open("w", encoding="utf-8") as file:
        for number, day, taxpayer, name, users, promotion in applications(count):
            item = {
                "number": number, "type": "connection", "submitted_on": day.isoformat(),
                "organization": {"inn": taxpayer, "kpp": "770001001", "name": name},
                "multiuser": {"requested": "on", "requested_tier": "2-9" if users < 10 else "10+", "users": users},
                "promotion": promotion or None,
            }  # fmt: skip
            file.write(json.dumps(item, ensure_ascii=False) + "\n")


# Run in mureg's environment, which has XlsxWriter.
WRITE_XLSX = """
import sys
sys.path.insert(0, sys.argv[3])
import xlsxwriter
from files import HEADER, table_rows
book = xlsxwriter.Workbook(sys.argv[1], {"constant_memory": True})
sheet = book.add_worksheet()
sheet.write_row(0, 0, HEADER)
for place, row in enumerate(table_rows(int(sys.argv[2])), start=1):
    sheet.write_row(place, 0, row)
book.close()
"""

STATEMENT_HEADER = ("Номер заявления", "ИНН", "КПП", "Организация", "Вид расширения", "Дата подключения", "Цена",
                    "Скидка %", "К оплате")  # fmt: skip
_TIER_LABELS = {"2-9": "от 2 до 9", "10+": "10 и более"}


def write_statements(charges: Iterator[tuple[str, ...]], ours: Path, theirs: Path) -> int:
    """Write our charges as a CSV, and the operator's file with every 200th row changed; how many were changed.

    `charges` are number, ИНН, КПП, name, tier, day and roubles of list price. Of the changed rows a third is missing in
    the operator's file, a third has another amount, and a third another tier with its amount.
    """
    differing = 0
    with ours.open("w", encoding="utf-8", newline="") as mine, theirs.open("w", encoding="utf-8", newline="") as other:
        our_rows, their_rows = csv.writer(mine, delimiter=";"), csv.writer(other, delimiter=";")
        our_rows.writerow(STATEMENT_HEADER)
        their_rows.writerow(STATEMENT_HEADER)
        for serial, (number, taxpayer, kpp, name, tier, day, price) in enumerate(charges):
            row = [number, taxpayer, kpp, name, _TIER_LABELS[tier], day, f"{price}.00", "40", _payable(int(price))]
            our_rows.writerow(row)
            if serial % 200 == 0:
                differing += 1
                if differing % 3 == 0:
                    continue
                if differing % 3 == 1:
                    row[-1] = _payable(int(price) + 100)
                else:
                    other_tier = "10+" if tier == "2-9" else "2-9"
                    other_price = 6000 if other_tier == "10+" else 3000
                    row[4], row[6], row[8] = _TIER_LABELS[other_tier], f"{other_price}.00", _payable(other_price)
            their_rows.writerow(row)
    return differing


def _payable(roubles: int) -> str:
    kopecks = roubles * 60
    return f"{kopecks // 100}.{kopecks % 100:02d}"
