"""The files of examples/ are what their script makes, hold no wrong identifier, and are read as they claim."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from python_calamine import load_workbook

from mureg.domain.identifiers import inn_fault, kpp_fault, ogrn_fault, snils_fault, with_leading_zero
from mureg.settings.reading import read_settings

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
SCRIPT = ROOT / "tools" / "make_examples.py"
APPLICATIONS = EXAMPLES / "applications"
MADE_BY_HAND = {"README.md", "contract/mureg.toml"}
XML_FILES = sorted(APPLICATIONS.glob("*.xml"))
FAULT_OF = {"ИНН": inn_fault, "КПП": kpp_fault, "ОГРН": ogrn_fault, "СНИЛС": snils_fault}
FIELDS, KINDS = ("inn", "kpp", "ogrn"), ("ИНН", "КПП", "ОГРН")
ORDER_OF_ELEMENTS = """
    ТипЗаявления УчетнаяЗапись ПродлениеЛицензии ПризнакЮридическогоЛица ПризнакОбособленногоПодразделения
    ПризнакФизическогоЛица ИНН КПП ОГРН НомерОсновнойПоставки1с КраткоеНаименование ТелефонОсновной ЭлектроннаяПочта
    РегНомерПФР РегНомерСФР Комментарий АдресЮридический АдресФактический ВладельцыЭЦП ПотенциальныеПользователи
    Получатели Тариф ПоддерживаетсяМногопользовательскийРежим ЭтоМногопользовательскийРежим
"""


class Identifier(NamedTuple):
    """Its place, its kind, and the text."""

    file: str
    kind: str
    text: str


def made_by_the_script(folder: Path) -> dict[str, bytes]:
    """The script is a process of its own, as its user starts it."""
    run = subprocess.run([sys.executable, SCRIPT, folder], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return files_in(folder)


def files_in(folder: Path) -> dict[str, bytes]:
    # Not a list of git's: the examples are in the source distribution too.
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".xml", ".csv", ".xlsx", ".json", ".jsonl", ".toml", ".md"}
    }


def xml_root(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())  # noqa: S314  our own file


def csv_rows(name: str, encoding: str, delimiter: str, header: int = 0) -> list[dict[str, str]]:
    text = (APPLICATIONS / name).read_bytes().decode(encoding)
    head, *rows = list(csv.reader(text.splitlines(), delimiter=delimiter))[header:]
    return [dict(zip(head, row, strict=True)) for row in rows]


def xlsx_rows() -> list[dict[str, Any]]:
    with load_workbook(str(APPLICATIONS / "partners.xlsx")) as book:
        _title, _empty, header, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    names = [" ".join(str(name).split()) for name in header]
    return [dict(zip(names, row, strict=True)) for row in rows]


def json_items() -> list[dict[str, Any]]:
    lines = (APPLICATIONS / "feed.jsonl").read_text("utf-8").splitlines()
    return [*json.loads((APPLICATIONS / "renewals.json").read_text("utf-8")), *map(json.loads, lines)]


def table_rows() -> list[dict[str, str]]:
    return csv_rows("august.csv", "cp1251", ";", header=1)


def office_rows() -> list[dict[str, str]]:
    """The table with other headers, under the names that its profile gives."""
    columns = read_settings(EXAMPLES / "contract" / "mureg.toml").profiles["office"].columns
    return [
        {field: row[header] for field, header in columns.items()}
        for row in csv_rows("other_columns.csv", "utf-8-sig", ",")
    ]


def identifiers() -> list[Identifier]:
    return [*identifiers_of_xml(), *identifiers_of_tables(), *identifiers_of_json()]


def identifiers_of_xml() -> Iterator[Identifier]:
    for path in XML_FILES:
        for element in xml_root(path).iter():
            if element.tag in FAULT_OF:
                yield Identifier(path.name, element.tag, element.text or "")
            if snils := element.get("СНИЛС"):
                yield Identifier(path.name, "СНИЛС", snils)


def identifiers_of_tables() -> Iterator[Identifier]:
    for row in table_rows():
        yield from (Identifier("august.csv", kind, row[kind]) for kind in KINDS if row[kind])
    for row in xlsx_rows():
        for field, kind in zip(FIELDS, KINDS, strict=True):
            if row[kind] != "":
                yield Identifier("partners.xlsx", kind, with_leading_zero(field, str(int(row[kind]))))
    for row in office_rows():
        yield Identifier("other_columns.csv", "ИНН", row["inn"])
        yield Identifier("other_columns.csv", "КПП", row["kpp"])


def identifiers_of_json() -> Iterator[Identifier]:
    for item in json_items():
        for field, kind in zip(FIELDS, KINDS, strict=True):
            yield Identifier("JSON", kind, item["organization"][field])
        for owner in item["owners"]:
            yield Identifier("JSON", "СНИЛС", owner["snils"])
            yield from (Identifier("JSON", "ИНН", inn) for inn in [owner["inn"]] if inn)


def numbers() -> list[str]:
    return [
        *(path.stem for path in XML_FILES),
        *(row["№ заявления"] for row in table_rows()),
        *(str(row["№ заявления"]) for row in xlsx_rows()),
        *(row["number"] for row in office_rows()),
        *(item["number"] for item in json_items()),
    ]


def test_the_script_makes_the_committed_files(tmp_path: Path) -> None:
    made = made_by_the_script(tmp_path)
    committed = files_in(EXAMPLES)
    assert made.keys() | MADE_BY_HAND == committed.keys()
    for name, content in made.items():
        if name.endswith(".xlsx"):
            continue  # another XlsxWriter may write other bytes: the cells are compared below
        assert content == committed[name], f"{name}: run python tools/make_examples.py"
    workbooks = [load_workbook(str(folder / "applications" / "partners.xlsx")) for folder in (tmp_path, EXAMPLES)]
    first, second = (book.get_sheet_by_index(0).to_python() for book in workbooks)
    assert first == second


def test_the_script_makes_the_same_bytes_twice(tmp_path: Path) -> None:
    assert made_by_the_script(tmp_path / "one") == made_by_the_script(tmp_path / "two")


def test_every_identifier_holds() -> None:
    found = identifiers()
    assert len(found) > 100
    wrong = [(item, str(fault)) for item in found if (fault := FAULT_OF[item.kind](item.text)) is not None]
    assert wrong == []


def test_every_number_is_used_once() -> None:
    found = numbers()
    assert len(found) == 30
    assert len(set(found)) == len(found)


def test_changes_and_renewals_name_an_organisation_that_the_table_connected() -> None:
    connected = {row["Учетная запись"]: row["ИНН"] for row in table_rows()}
    changes = {
        root.findtext("УчетнаяЗапись"): root.findtext("ИНН")
        for root in map(xml_root, XML_FILES)
        if root.findtext("ТипЗаявления") == "2"
    }
    renewals = {
        item["organization"]["account"]: item["organization"]["inn"]
        for item in json_items()
        if item["type"] == "renewal"
    }
    assert len(changes) == 3
    assert len(renewals) == 2
    assert (changes | renewals).items() <= connected.items()


def test_xml_is_windows_1251_and_its_elements_stand_in_the_documented_order() -> None:
    order = ORDER_OF_ELEMENTS.split()
    assert len(XML_FILES) == 5
    for path in XML_FILES:
        assert path.read_bytes().startswith(b'<?xml version="1.0" encoding="windows-1251"?>\n')
        assert "Заявление" in path.read_bytes().decode("cp1251")
        places = [order.index(child.tag) for child in xml_root(path)]
        assert places == sorted(places)


def test_a_single_user_application_has_none_of_the_elements_of_the_mode() -> None:
    text = (APPLICATIONS / "ZV-1046.xml").read_bytes().decode("cp1251")
    for name in ("ЭтоМногопользовательскийРежим", "СНИЛС", "ЭтоАдмин", "ДоступныеНаправления"):
        assert name not in text


def test_the_table_is_what_excel_in_russia_writes() -> None:
    content = (APPLICATIONS / "august.csv").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") == 14
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    rows = table_rows()
    assert all(re.fullmatch(r"[0-9]{2}\.08\.2023", row["Дата отправки"]) for row in rows)
    assert {"Welcome!", "Добро пожаловать!"} <= {row["Акция"] for row in rows}
    assert [len(row["ИНН"]) for row in rows if not row["КПП"]] == [12]
    assert any(";" in row["Организация"] and '"' in row["Организация"] for row in rows)


def test_the_workbook_lost_leading_zeros_and_keeps_dates_as_dates() -> None:
    rows = xlsx_rows()
    assert all(isinstance(row["Дата отправки"], date) and isinstance(row["ИНН"], float) for row in rows)
    assert sorted(len(str(int(row["ИНН"]))) for row in rows) == [9, 10, 10, 10, 10, 11]


def test_the_other_table_begins_with_a_bom() -> None:
    assert (APPLICATIONS / "other_columns.csv").read_bytes().startswith("\ufeffРег. №".encode())


def test_the_contract_says_loudly_that_its_figures_are_illustrative() -> None:
    file = EXAMPLES / "contract" / "mureg.toml"
    text = file.read_text("utf-8")
    assert "EVERY FIGURE HERE IS ILLUSTRATIVE" in text
    assert "ВСЕ ЦИФРЫ ЗДЕСЬ УСЛОВНЫЕ" in text
    for line in text.splitlines():
        if line.startswith(("amount", "rate", "term_months")):
            assert "ILLUSTRATIVE" in line
    contract = read_settings(file).contract
    assert contract is not None
    charge = contract.charge("2-9", date(2023, 8, 14))
    assert (charge.list_price_kopecks, charge.discount_kopecks) == (300_000, 120_000)


def test_the_readme_names_every_file() -> None:
    text = (EXAMPLES / "README.md").read_text("utf-8")
    assert [name for name in files_in(EXAMPLES) if f"`{name}`" not in text and name != "README.md"] == []
