"""Phone and e-mail of an organisation and its people: imported, shown, kept apart from everything that stays."""

import json
from pathlib import Path
from typing import Any

from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import application, begin, history, owner, shown, write_json

HEADER = "Номер;Дата;ИНН;КПП;Телефон;Эл. почта"
PHONE, EMAIL = "+7 495 000-00-01", "romashka@firma.example"


def write_csv(name: str, *contacts: tuple[str, str, str]) -> str:
    rows = (f"{number};07.08.2023;7700123459;770001001;{phone};{email}" for number, phone, email in contacts)
    Path(name).write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    return name


def contacts_of(mureg: Mureg, number: str) -> tuple[Any, Any]:
    organization = shown(mureg, number)["organization"]
    return organization["phone"], organization["email"]


def nowhere_but_with_people(*texts: str) -> None:
    """Assert that the history, and every table but that of people, holds none of the texts."""
    for table in ("application", "licence", "history", "history_subject"):
        rows = json.dumps(raw_sql.rows(f"SELECT * FROM {table}"), ensure_ascii=False, default=str)
        assert not [text for text in texts if text in rows], table


def test_a_table_brings_contacts_and_the_same_one_again_is_skipped(mureg: Mureg) -> None:
    begin(mureg)
    file = write_csv("a.csv", ("A-1", PHONE, EMAIL), ("A-2", "", ""), ("A-3", PHONE, ""))
    assert mureg.done("application", "import", file, "--json").json["added"] == 3
    assert contacts_of(mureg, "A-1") == (PHONE, EMAIL)
    assert contacts_of(mureg, "A-2") == (None, None)
    assert contacts_of(mureg, "A-3") == (PHONE, None)
    again = mureg.done("application", "import", file, "--json").json
    assert (again["added"], again["changed"], again["skipped"]) == (0, 0, 3)
    nowhere_but_with_people(PHONE, EMAIL)
    assert mureg("check") == Ended(0, "", "")


def test_changed_contacts_are_a_change_that_undo_takes_back(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_csv("a.csv", ("A-1", PHONE, EMAIL), ("A-2", "", "")))
    file = write_csv("b.csv", ("A-1", "+7 495 000-00-02", EMAIL), ("A-2", PHONE, ""), ("A-3", PHONE, EMAIL))
    done = mureg.done("application", "import", file, "--json").json
    assert (done["added"], done["changed"], done["skipped"]) == (1, 2, 0)
    assert contacts_of(mureg, "A-1") == ("+7 495 000-00-02", EMAIL)
    assert contacts_of(mureg, "A-2") == (PHONE, None)
    assert mureg("check") == Ended(0, "", "")
    nowhere_but_with_people(PHONE, EMAIL, "000-00-02")
    assert PHONE not in json.dumps(history(mureg), ensure_ascii=False)
    mureg.done("undo")
    assert contacts_of(mureg, "A-1") == (PHONE, EMAIL)
    assert contacts_of(mureg, "A-2") == (None, None)
    assert "000-00-02" not in json.dumps(raw_sql.content(), ensure_ascii=False)
    assert mureg("check") == Ended(0, "", "")
    mureg.done("undo", "1")
    assert raw_sql.rows("SELECT count(*) FROM person") == [(0,)]


def test_contacts_and_certificates_of_json_come_back_the_same(mureg: Mureg) -> None:
    begin(mureg)
    person = owner(1, phone="+7 900 000-00-01", email="anna@firma.example", certificate="read")
    person["certificate_until"] = "2031-05-06"
    first = application("A-1", owners=[person, owner(2)], organization={"phone": PHONE, "email": EMAIL})
    mureg.done("application", "import", write_json("a.json", first))
    found = shown(mureg, "A-1")
    assert {name: found["owners"][0][name] for name in person} == person
    Path("back.json").write_text(json.dumps([found], ensure_ascii=False), encoding="utf-8")
    assert mureg.done("application", "import", "back.json", "--json").json["skipped"] == 1
    card = mureg.done("application", "show", "A-1").out
    assert f"Phone: {PHONE}\nE-mail: {EMAIL}\n" in card
    assert "+7 900 000-00-01\tanna@firma.example\t2031-05-06\t" in card
    nowhere_but_with_people(PHONE, EMAIL, "+7 900", "anna@", "2031-05-06")


def test_an_error_in_a_contact_does_not_repeat_it(mureg: Mureg) -> None:
    begin(mureg)
    ended = mureg("application", "import", write_csv("a.csv", ("A-1", "9" * 10_001, EMAIL)))
    assert ended.code == 4
    assert "Телефон" in ended.err
    assert "999" not in ended.err
    wrong = application("A-1", organization={"phone": 79001234567})
    ended = mureg("application", "import", write_json("a.json", wrong), "--json")
    assert ended.code == 4
    assert "79001234567" not in ended.err


def test_a_contact_that_was_edited_outside_mureg_is_reported(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_csv("a.csv", ("A-1", PHONE, EMAIL), ("A-2", "+7 495 000-00-02", "")))
    raw_sql.tamper("UPDATE person SET phone = '112' WHERE application = 'A-1'")
    assert "the personal data of A-1 does not match its digest" in mureg("check").out
    raw_sql.tamper(f"UPDATE person SET phone = '{PHONE}' WHERE application = 'A-1'")
    assert mureg("check").code == 0
    raw_sql.tamper("UPDATE application SET contact = '' WHERE number = 'A-1'")
    assert "imported by operation 1" in mureg("check").out


def test_an_application_with_a_wrong_date_warns(mureg: Mureg) -> None:
    begin(mureg)
    early = application("A-1", submitted_on="2023-07-31")
    late = application("A-2", submitted_on="9999-01-01")
    mureg.done("application", "import", write_json("a.json", early, late))
    codes = [[each["code"] for each in shown(mureg, number)["warnings"]] for number in ("A-1", "A-2")]
    assert codes == [["submitted_before_sales"], ["submitted_in_future"]]
