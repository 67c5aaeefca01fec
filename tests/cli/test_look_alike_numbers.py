"""Numbers of the statement that only look like ours are matched, and a note says so."""

from pathlib import Path
from typing import Any

from support.command_line import Ended, Mureg
from support.sample_data import LUTIK, ROMASHKA, begin, row, write_table

HEADER = "Номер;ИНН;К оплате\n"
NOTE = "1 number of the statement is written differently, and was matched by its look: зв – 00903 = 3B-00903\n"


def sell(mureg: Mureg, number: str, day: str, inn: str = ROMASHKA) -> None:
    kpp = "770001001"
    mureg.done("application", "import", write_table("a.csv", row(number, inn=inn, kpp=kpp)))
    mureg.done("application", "process", number, "--on", day)


def reconciled(mureg: Mureg, *rows: str, month: str = "2023-08", lang: str = "en") -> Ended:
    Path("st.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return mureg("reconcile", "--month", month, "--statement", "st.csv", lang=lang)


def look_alikes(mureg: Mureg, month: str = "2023-08") -> Any:
    return mureg("month", "show", month, "--json").json["statement"]["look_alikes"]


def test_the_note_names_both_numbers_in_text_and_json_also_when_the_month_is_closed(mureg: Mureg) -> None:
    sell(begin(mureg), "3B-00903", "2023-08-05")
    ended = reconciled(mureg, f"зв – 00903;{ROMASHKA};1800")
    assert (ended.code, NOTE in ended.err) == (0, True)
    alike = [{"number": "3B-00903", "theirs": "зв – 00903", "row": 2}]
    assert look_alikes(mureg) == alike
    mureg.done("month", "close", "2023-08")
    assert NOTE in mureg.done("month", "show", "2023-08").err
    assert look_alikes(mureg) == alike


def test_the_note_is_russian_for_russians(mureg: Mureg) -> None:
    sell(begin(mureg), "3B-00903", "2023-08-05")
    err = reconciled(mureg, f"зв – 00903;{ROMASHKA};1800", lang="ru").err
    assert "1 номер отчёта записан иначе и сопоставлен по виду: зв – 00903 = 3B-00903" in err


def test_an_exact_number_or_another_taxpayer_is_not_noted(mureg: Mureg) -> None:
    sell(begin(mureg), "3B-00903", "2023-08-05")
    assert "by its look" not in reconciled(mureg, f"3B-00903;{ROMASHKA};1800").err
    assert look_alikes(mureg) == []
    other = reconciled(mureg, f"зв-00903;{LUTIK};1800")
    assert (other.code, "by its look" in other.err) == (6, False)


def test_a_sale_of_another_month_is_found_by_the_look_of_its_number(mureg: Mureg) -> None:
    sell(begin(mureg), "3B-00903", "2023-09-05")
    assert reconciled(mureg, f"зв-00903;{ROMASHKA};1800").code == 6
    (found,) = mureg("month", "show", "2023-08", "--json").json["discrepancies"]
    assert (found["id"], found["kind"], found["settled_in"]) == ("3B-00903", "month_differs", "2023-09")
