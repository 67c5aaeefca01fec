"""Applications as JSON, CSV and XML, and what the commands print of them."""

import json
import shutil
from pathlib import Path
from typing import Any

from mureg.domain.identifiers import is_inn, snils_control
from support.command_line import Mureg

EXAMPLES = Path(__file__).parents[2] / "examples"

HEADER = "number;type;submitted_on;inn;kpp;name;multiuser;tier;users;promotion;comment;account"

# Three invented organisations with correct check digits.
ROMASHKA, LUTIK, VASILEK = "7700123459", "7700010303", "7800010314"


def begin(mureg: Mureg) -> Mureg:
    """Make an empty register in the current folder, with the example's contract."""
    shutil.copy(EXAMPLES / "contract" / "mureg.toml", "mureg.toml")
    mureg.done("init")
    return mureg


def shown(mureg: Mureg, number: str, *options: str) -> dict[str, Any]:
    """What `application show --json` prints."""
    item: dict[str, Any] = mureg.done("application", "show", number, "--json", *options).json
    return item


def listed(mureg: Mureg, *options: str) -> list[str]:
    """The numbers that `application list` prints."""
    return [item["number"] for item in mureg.done("application", "list", "--json", *options).json]


def history(mureg: Mureg, *arguments: str) -> list[dict[str, Any]]:
    """What `history --json` prints."""
    records: list[dict[str, Any]] = mureg.done("history", *arguments, "--reverse", "--json").json
    return records


def licences(mureg: Mureg, inn: str = ROMASHKA, on: str = "2023-08-31") -> list[tuple[str, str, str, str, str]]:
    """The products of an organisation's card: application, state, tier, first and last day."""
    products = mureg.done("organization", "show", inn, "--on", on, "--json").json["products"]
    assert all(product["product"] == "multiuser" for product in products)
    names = ("application", "state", "tier", "starts_on", "ends_on")
    return [tuple(product[name] for name in names) for product in products]


def sold(mureg: Mureg, month: str = "2023-08") -> list[str]:
    """The numbers that a month's settlement charges."""
    charges = mureg.done("reconcile", "--month", month, "--json").json["charges"]
    return [charge["number"] for charge in charges]


def inn_of(serial: int) -> str:
    """The ИНН of a legal entity with this serial number."""
    head = f"77{serial:07d}"
    return next(f"{head}{digit}" for digit in range(10) if is_inn(f"{head}{digit}"))


def snils_of(serial: int) -> str:
    """The СНИЛС of a person with this serial number."""
    number = 900_000_000 + serial
    text = f"{number:09d}"
    return f"{text[:3]}-{text[3:6]}-{text[6:]} {snils_control(number)}"


def row(number: str, **values: str) -> str:
    """One row of a table under `HEADER`: a connection of Ромашка with the mode on and three users by default."""
    known = {
        "type": "connection", "submitted_on": "2023-08-01", "inn": ROMASHKA, "kpp": "770001001",
        "name": "ООО «Ромашка»", "multiuser": "on", "tier": "", "users": "3", "promotion": "", "comment": "",
        "account": "",
    } | values  # fmt: skip
    return ";".join([number, *(known[name] for name in HEADER.split(";")[1:])])


def write_table(name: str, *rows: str) -> str:
    """Write a CSV into the current folder; gives its name."""
    Path(name).write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return name


def table(*rows: str) -> str:
    """The same CSV as text, for standard input."""
    return "\n".join([HEADER, *rows]) + "\n"


def owner(serial: int, **values: Any) -> dict[str, Any]:
    """A КЭП owner as JSON has it."""
    return {
        "snils": snils_of(serial), "name": f"Сотрудник {serial}", "position": "Бухгалтер", "inn": None,
        "roles": ["signing", "encryption", "administration"], "authorities": ["ФНС"], "sender": serial == 1,
        "removed": False, "potential": False,
    } | values  # fmt: skip


def application(number: str, *, users: int = 2, **values: Any) -> dict[str, Any]:
    """An application as JSON has it; `multiuser` and `organization` may be given in part."""
    organization = {"inn": ROMASHKA, "kpp": "770001001", "ogrn": None, "name": "ООО «Ромашка»", "account": None}
    multiuser = {"requested": "on"}
    whole = {
        "number": number, "type": "connection", "submitted_on": "2023-08-01", "status": "new", "processed_on": None,
        "owners": [owner(serial) for serial in range(1, users + 1)], "authorities": ["ФНС"],
    } | values  # fmt: skip
    whole["organization"] = organization | values.get("organization", {})
    whole["multiuser"] = multiuser | values.get("multiuser", {})
    return whole


def write_json(name: str, *applications: dict[str, Any]) -> str:
    """Write applications into the current folder as JSON; gives the file's name."""
    Path(name).write_text(json.dumps(applications, ensure_ascii=False), encoding="utf-8")
    return name


def xml(inn: str, *, kind: int = 2, kpp: str = "", account: str = "", mode: str = "true") -> bytes:
    """A small XML of 1C: one owner, who sends it."""
    account = f"<УчетнаяЗапись>{account}</УчетнаяЗапись>" if account else ""
    kpp = f"<КПП>{kpp}</КПП>" if kpp else ""
    text = f"""<?xml version="1.0" encoding="windows-1251"?>
<Заявление ВерсФорм="2.11" ДатаВремяФормирования="2023-08-20T10:42:00"><ТипЗаявления>{kind}</ТипЗаявления>{account}
<ПризнакЮридическогоЛица>true</ПризнакЮридическогоЛица><ИНН>{inn}</ИНН>{kpp}
<КраткоеНаименование>ООО «Ромашка»</КраткоеНаименование><ВладельцыЭЦП><ВладелецЭЦП СНИЛС="{snils_of(1)}">
<ФИО Фамилия="Иванова" Имя="Анна" Отчество="Петровна"/><Должность>Директор</Должность><ЭтоАдмин>true</ЭтоАдмин>
<ДоступныеНаправления><Направление><ТипПолучателя>ФНС</ТипПолучателя><ЭтоШифровальщик>true</ЭтоШифровальщик>
</Направление></ДоступныеНаправления><ЭтоОтправительЗаявления>true</ЭтоОтправительЗаявления></ВладелецЭЦП>
</ВладельцыЭЦП><ЭтоМногопользовательскийРежим>{mode}</ЭтоМногопользовательскийРежим></Заявление>"""
    return text.encode("cp1251")


def write_xml(name: str, inn: str, **values: Any) -> str:
    """Write a small XML into the current folder; gives its name."""
    Path(name).write_bytes(xml(inn, **values))
    return name
