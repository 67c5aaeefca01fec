"""`mureg organization erase`: the people go for good; money, licences and the history stay."""

import json
import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mureg.domain.application import PERSONAL_FIELDS
from mureg.register.engines import interface as database
from mureg.register.engines.sqlite.database import SQLite
from support import raw_sql
from support.command_line import Ended, Mureg
from support.sample_data import (
    LUTIK,
    ROMASHKA,
    application,
    begin,
    history,
    inn_of,
    owner,
    row,
    shown,
    snils_of,
    sold,
    write_json,
    write_table,
    write_xml,
)  # fmt: skip

pytestmark = pytest.mark.slow

WHY = ("--reason", "письмо клиента")
OF_A_FILE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OF_A_SERVER = pytest.mark.parametrize("engine", ["postgres"], indirect=True)

# Of everyone who was ever named in the applications of Ромашка.
PEOPLE = ("Вишневецк", "Оболенск", "Разумовск", "Кочубе", "Шереметев")
SNILS = [snils_of(serial) for serial in range(101, 105)]
CONTACTS = ("+7 495 000-00-01", "romashka@firma.example", "+7 900 000-00-01", "anna@firma.example")
PERSONAL = (*PEOPLE, *SNILS, *CONTACTS, "Обер-прокурор", "770012345606", "2031-05-06")


def person(place: int, **values: Any) -> dict[str, Any]:
    name = f"{PEOPLE[place]}ий Пётр"
    contacts = {"phone": CONTACTS[2], "email": CONTACTS[3], "certificate": "read", "certificate_until": "2031-05-06"}
    known = {"name": name, "position": "Обер-прокурор", "inn": "770012345606", "sender": place == 0}
    return owner(101 + place, **known, **contacts, **values)


def by_people(*places: int) -> list[dict[str, Any]]:
    return [person(place) for place in places]


@pytest.fixture
def lived(mureg: Mureg) -> Mureg:
    """Ромашка's A-1, whose people and comment were changed, processed in a closed month; Лютик's B-1 beside it."""
    begin(mureg)
    first = application(
        "A-1", owners=by_people(0, 1), client_comment=f"Просим за {PEOPLE[4]}а", organization={"phone": CONTACTS[0]}
    )
    # One person twice: the count of users must not grow when the names go.
    second = application(
        "A-1",
        owners=by_people(0, 2, 3, 3),
        client_comment=f"Просим за {PEOPLE[1]}ого",
        organization={"phone": CONTACTS[0], "email": CONTACTS[1]},
    )
    other = application("B-1", organization={"inn": LUTIK, "name": "ООО «Лютик»"}, owners=[owner(7), owner(8)])
    mureg.done("application", "import", write_json("first.json", first, other))
    mureg.done("application", "import", write_json("second.json", second))
    mureg.done("application", "process", "A-1", "B-1", "--on", "2023-08-14")
    mureg.done("month", "close", "2023-08", "--without-statement", *WHY)
    return mureg


def erase(mureg: Mureg, *options: str) -> dict[str, Any]:
    done: dict[str, Any] = mureg.done("organization", "erase", ROMASHKA, *WHY, *options, "--json").json
    return done


def texts() -> str:
    """Everything that the register holds."""
    return json.dumps(raw_sql.content(), ensure_ascii=False)


def test_people_go_and_everything_else_stays(lived: Mureg) -> None:
    before, money = shown(lived, "A-1"), lived.done("month", "show", "2023-08", "--json").out
    assert all(text in texts() for text in PERSONAL)
    head = lived.done("support", "--json").json["operation"]
    done = erase(lived)
    assert (done["operation"], done["numbers"], done["people"]) == (head + 1, ["A-1"], 3)
    assert not [text for text in PERSONAL if text in texts()]
    after = shown(lived, "A-1")
    for each in before["owners"]:
        each.update(dict.fromkeys(PERSONAL_FIELDS))
    for each, number in zip(before["owners"], (1, 2, 3, 3), strict=True):
        each["erased"] = number
    before["organization"] |= {"phone": None, "email": None}
    assert after == before | {"client_comment": None}
    assert after["multiuser"]["users"] == 3
    assert lived.done("month", "show", "2023-08", "--json").out == money
    assert sold(lived) == ["A-1", "B-1"]
    assert lived("check") == Ended(0, "", "")
    assert shown(lived, "B-1")["owners"][0]["name"] == "Сотрудник 7"


def test_the_record_has_who_when_and_why_and_no_name_of_the_erased(lived: Mureg) -> None:
    erase(lived)
    record = history(lived, "A-1")[-1]
    assert (record["user"], record["command"], record["numbers"]) == ("tester", "organization erase", ["A-1"])
    facts = {"inn": ROMASHKA, "kpp": "770001001", "people": 3, "reason": "письмо клиента"}
    assert record["after"]["erased"] == facts
    assert record["before"]["application"]["A-1"]["client_comment"] is None
    lines = lived.done("history", "A-1").out.splitlines()
    assert lines[1].endswith("\torganization erase\tA-1\tdata of 3 people erased: письмо клиента")


def test_a_clients_comment_is_restored_by_undo_and_is_in_no_record(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_json("1.json", application("A-1", client_comment="Зовите Кочубея")))
    mureg.done("application", "import", write_json("2.json", application("A-1", client_comment="Зовите Оболенского")))
    assert mureg("check") == Ended(0, "", "")
    records = json.dumps(history(mureg), ensure_ascii=False)
    assert "Кочубе" not in records
    assert "Оболенск" not in records
    mureg.done("undo")
    assert shown(mureg, "A-1")["client_comment"] == "Зовите Кочубея"
    assert mureg("check") == Ended(0, "", "")
    raw_sql.tamper("UPDATE person SET name = 'Зовите всех' WHERE name = 'Зовите Кочубея'")
    assert mureg("check").code == 6


def test_a_second_time_is_0_and_writes_nothing(lived: Mureg) -> None:
    erase(lived)
    before = raw_sql.content()
    assert erase(lived) == {
        "operation": None, "numbers": [], "organization": {"inn": ROMASHKA, "kpp": "770001001"}, "people": 0,
        "not_reached": ["backups", "exports", "source_files", "organization_names", "comments_and_reasons",
                        "file_names"],
    }  # fmt: skip
    ended = lived.done("organization", "erase", ROMASHKA, *WHY)
    assert "there was nothing left to erase" in ended.err
    assert raw_sql.content() == before


def test_a_dry_run_writes_nothing(lived: Mureg) -> None:
    before = raw_sql.content()
    done = erase(lived, "--dry-run")
    assert (done["operation"], done["numbers"], done["people"]) == (None, ["A-1"], 3)
    ended = lived.done("organization", "erase", ROMASHKA, *WHY, "--dry-run", lang="ru")
    assert ended.out.splitlines()[1] == "Будут удалены данные людей: 3"
    assert "ничего не записано" in ended.err
    assert raw_sql.content() == before


def test_with_a_licence_that_runs_it_is_refused(lived: Mureg) -> None:
    before = raw_sql.content()
    renewal = application("A-2", type="renewal", owners=by_people(0, 1))
    lived.done("application", "import", write_json("c.json", renewal))
    refused = lived("organization", "erase", ROMASHKA, *WHY)
    assert (refused.code, refused.out) == (5, "")
    assert refused.err == (
        "Error: A-2 is waiting: its personal data is still needed\n"
        "process or reject it first: mureg application show A-2\n"
    )
    lived.done("application", "process", "A-2", "--without-sale", "--reason", "перенос")
    ended = lived("organization", "erase", ROMASHKA, *WHY, "--json")
    assert (ended.code, ended.out, ended.error["code"]) == (5, "", "refused")
    assert ended.error["message"].startswith(f"{ROMASHKA}/770001001 has a licence until ")
    assert ended.error["hint"].endswith("mureg application cancel A-2 --reason TEXT")
    lived.done("undo")
    lived.done("undo")
    assert raw_sql.content()[0] == before[0]
    assert erase(lived)["people"] == 3


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_up_to_it_can_be_undone_nor_itself(lived: Mureg, lang: str) -> None:
    erase(lived)
    itself, past = "erased personal data", "erased the personal data"
    if lang == "ru":
        itself, past = "удалила персональные данные", "персональные данные удалены"
    before = raw_sql.content()
    for words, sentence in ((["undo"], itself), (["undo", "5"], itself), (["undo", "2"], past), (["undo", "1"], past)):
        refused = lived(*words, lang=lang)
        assert (refused.code, refused.out) == (5, ""), words
        assert sentence in refused.err.splitlines()[0], words
    assert raw_sql.content() == before
    refused = lived("application", "process", "A-1")
    assert "its personal data was erased in operation 5; see: mureg history A-1" in refused.err


def test_what_was_done_to_others_can_still_be_undone(lived: Mureg) -> None:
    lived.done("application", "import", write_json("c.json", application("B-2", organization={"inn": LUTIK})))
    erase(lived)
    lived.done("undo", "5")
    assert lived("check") == Ended(0, "", "")


def test_the_same_files_do_not_bring_the_people_back(lived: Mureg) -> None:
    Path("exported.json").write_text(lived.done("application", "list", "--json").out, encoding="utf-8")
    erase(lived)
    before = raw_sql.content()
    ended = lived.done("application", "import", "exported.json", "--json").json
    assert (ended["skipped"], ended["operation"], ended["still_erased"]) == (2, None, ["A-1"])
    again = lived.done("application", "import", "second.json")
    assert "personal data that was erased from the register stays erased: A-1" in again.err
    ended = lived.done("application", "import", "second.json", "--json").json
    assert (ended["skipped"], ended["operation"], ended["still_erased"]) == (1, None, ["A-1"])
    assert raw_sql.content() == before
    # With other content it is what it would be without an erasing.
    refused = lived("application", "import", "first.json")
    assert refused.code == 4
    assert raw_sql.content() == before


def test_a_table_does_not_bring_a_comment_back(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("A-1", comment="Звонить Кочубею")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    assert erase(mureg)["numbers"] == ["A-1"]
    assert "Кочубе" not in texts()
    ended = mureg.done("application", "import", "a.csv", "--json").json
    assert (ended["skipped"], ended["still_erased"]) == (1, ["A-1"])
    assert "Кочубе" not in texts()


def test_a_new_application_brings_new_people_with_a_note(lived: Mureg) -> None:
    erase(lived)
    write_xml("A-7.xml", ROMASHKA, kpp="770001001", kind=1)
    ended = lived.done("application", "import", "A-7.xml")
    assert "new personal data of an organization whose personal data was erased: A-7" in ended.err
    assert shown(lived, "A-7")["owners"][0]["name"] == "Иванова Анна Петровна"
    lived.done("application", "reject", "A-7", "--comment", "нет")
    assert erase(lived)["numbers"] == ["A-7"]
    assert lived("check") == Ended(0, "", "")


def test_what_is_shown_of_the_erased_goes_round_through_json(lived: Mureg) -> None:
    erase(lived)
    Path("all.json").write_text(lived.done("application", "list", "--json").out, encoding="utf-8")
    assert lived.done("application", "import", "all.json", "--json").json["skipped"] == 2
    lived.done("init", "--db", "second.db")
    lived.done("application", "import", "all.json", "--db", "second.db")
    assert lived("check", "--db", "second.db") == Ended(0, "", "")
    ours, theirs = (shown(lived, "A-1", *where) for where in ((), ("--db", "second.db")))
    for name in ("source", "warnings"):
        ours.pop(name), theirs.pop(name)
    assert ours == theirs
    card = lived.done("application", "show", "A-1", lang="ru").out
    assert card.count("данные удалены") == 4


def test_a_person_of_json_is_erased_or_named(mureg: Mureg) -> None:
    begin(mureg)
    for values, sentence in (
        ({"erased": 1}, "КЭП owner 1: a person whose data was erased cannot have a name, СНИЛС, position or ИНН"),
        ({"erased": 0}, "КЭП owner 1: must be a whole number from 1 to 10000, or null"),
        ({"erased": True}, "КЭП owner 1: must be a whole number from 1 to 10000, or null"),
    ):
        owners = [owner(1, **values)]
        refused = mureg("application", "import", write_json("a.json", application("A-1", owners=owners)))
        assert refused.code == 4
        assert sentence in refused.err
        assert "Сотрудник" not in refused.err


def test_several_organisations_of_one_inn_ask_for_the_kpp(lived: Mureg) -> None:
    inn = inn_of(4711)
    some = [application(f"C-{kpp[3]}", organization={"inn": inn, "kpp": kpp}) for kpp in ("770001001", "770101001")]
    lived.done("application", "import", write_json("c.json", *some))
    for each in some:
        lived.done("application", "reject", each["number"], "--comment", "нет")
    ended = lived("organization", "erase", inn, *WHY)
    assert (ended.code, ended.out) == (3, "")
    assert f"mureg organization erase {inn} --kpp 770101001 --reason TEXT" in ended.err
    done = lived.done("organization", "erase", inn, "--kpp", "770101001", *WHY, "--json").json
    assert done["numbers"] == ["C-1"]
    assert shown(lived, "C-0")["owners"][0]["name"] == "Сотрудник 1"
    assert lived("organization", "erase", "7800010314", *WHY).code == 3
    assert lived("organization", "erase", inn, "--kpp", "770101001").code == 2


def test_backups_and_copies_of_an_erased_register_are_whole_and_hold_nothing_of_it(lived: Mureg) -> None:
    erase(lived)
    lived.done("backup", "saved.db")
    lived.done("restore", "saved.db", "--db", "restored.db")
    lived.done("copy", os.environ.get("MUREG_DB", "mureg.db"), "copied.db")
    for file in ("restored.db", "copied.db"):
        assert lived("check", "--db", file) == Ended(0, "", "")
        assert raw_sql.content(file) == raw_sql.content()
    for path in Path().glob("*.db*"):
        assert not [text for text in PERSONAL if text.encode() in path.read_bytes()], path


@OF_A_FILE
def test_nothing_of_the_erased_is_left_in_the_bytes_of_the_file(lived: Mureg) -> None:
    before = b"".join(file.read_bytes() for file in Path().glob("mureg.db*"))
    assert all(text.encode() in before for text in PERSONAL)
    # While another process has the register open, its log is not emptied.
    with closing(sqlite3.connect("mureg.db")) as onlooker:
        onlooker.execute("SELECT count(*) FROM person").fetchall()
        erase(lived)
        files = sorted(Path().glob("mureg.db*"))
        assert [file.name for file in files] == ["mureg.db", "mureg.db-shm", "mureg.db-wal"]
        for file in files:
            assert not [text for text in PERSONAL if text.encode() in file.read_bytes()], file
        assert Path("mureg.db-wal").stat().st_size == 0


@OF_A_FILE
def test_what_was_deleted_long_before_goes_with_it(mureg: Mureg) -> None:
    begin(mureg)
    with closing(sqlite3.connect("mureg.db", isolation_level=None)) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        for number in range(200):
            values = (f"{number}", f"A-{number}", "", SNILS[0], PEOPLE[0], "Обер-прокурор", "", "", "", "")
            careless.execute(f"INSERT INTO person VALUES ({', '.join('?' * 10)})", values)
        careless.execute("DELETE FROM person")
    assert PEOPLE[0].encode() in Path("mureg.db").read_bytes()
    mureg.done("application", "import", write_table("a.csv", row("B-1")))
    mureg.done("application", "reject", "B-1", "--comment", "нет")
    assert erase(mureg)["operation"] is None
    assert not [text for text in PERSONAL if text.encode() in Path("mureg.db").read_bytes()]


@OF_A_FILE
def test_a_reader_that_holds_the_old_bytes_is_waited_for(lived: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "REPORT_AFTER_SECONDS", 0.1)
    reader = sqlite3.connect("mureg.db", isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM person").fetchall()
    threading.Timer(0.5, reader.close).start()
    began = time.monotonic()
    ended = lived.done("organization", "erase", ROMASHKA, *WHY)
    assert time.monotonic() - began > 0.4
    assert "waiting: another command" in ended.err
    for file in Path().glob("mureg.db*"):
        assert not [text for text in PERSONAL if text.encode() in file.read_bytes()], file


@OF_A_FILE
def test_a_reader_that_does_not_end_is_reported_and_the_repeated_command_finishes(
    lived: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.3)
    with closing(sqlite3.connect("mureg.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM person").fetchall()
        ended = lived("organization", "erase", ROMASHKA, *WHY)
    assert (ended.code, ended.out) == (7, "")
    file = Path("mureg.db").resolve()
    assert f"the erased data can still be read in the file {file}: another program is using it" in ended.err
    assert "fix this and run the command again; nothing is erased twice" in ended.err
    assert erase(lived)["operation"] is None
    assert not [text for text in PERSONAL if text.encode() in Path("mureg.db").read_bytes()]


@OF_A_FILE
def test_a_full_disk_at_the_end_reports_that_the_people_are_erased_and_their_bytes_are_not(
    lived: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SQLite) -> bool:
        self._connection.execute("PRAGMA max_page_count = 1")
        return bool(self._connection.execute("CREATE TABLE more AS SELECT zeroblob(10000000)"))

    with monkeypatch.context() as patched:
        patched.setattr(SQLite, "_has_vacuumed", full)
        ended = lived("organization", "erase", ROMASHKA, *WHY)
    assert (ended.code, ended.out) == (7, "")
    assert "mureg.db: the disk of " in ended.err
    assert "nothing was written" not in ended.err
    assert not [text for text in PERSONAL if text in texts()]
    assert erase(lived)["operation"] is None
    assert not [text for text in PERSONAL if text.encode() in Path("mureg.db").read_bytes()]


@OF_A_SERVER
@pytest.mark.skipif(sys.platform == "win32", reason="the server's files are looked into")
def test_on_a_server_the_tables_are_written_anew(lived: Mureg) -> None:
    from support import postgres_server

    def files() -> list[bytes]:
        with postgres_server.admin(os.environ["MUREG_DB"]) as connection:
            connection.execute("CHECKPOINT")
            paths = connection.execute("""
                SELECT current_setting('data_directory') || '/' || pg_relation_filepath(c.oid) FROM pg_class c
                WHERE c.relkind IN ('r', 't', 'i') AND pg_relation_filepath(c.oid) IS NOT NULL
                  AND relnamespace IN ('mureg'::regnamespace, 'pg_toast'::regnamespace)
            """).fetchall()
        return [Path(path).read_bytes() for (path,) in paths]

    assert all(any(text.encode() in content for content in files()) for text in PERSONAL)
    for _ in range(20):
        is_skipped = "server_files" in erase(lived)["not_reached"]
        left = [text for text in PERSONAL if any(text.encode() in content for content in files())]
        if not is_skipped and not left:
            break
        # The server itself may be counting the rows: it then has a lock on a table, and sees the deleted rows.
        time.sleep(0.5)
    assert not is_skipped
    assert not left


@OF_A_SERVER
def test_a_user_who_does_not_own_the_tables_gets_the_command_for_the_owner(lived: Mureg) -> None:
    from support import postgres_server

    url = os.environ["MUREG_DB"]
    with postgres_server.admin(url) as connection:
        connection.execute("""
            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'eraser') THEN
            CREATE ROLE eraser LOGIN; END IF; END $$;
            GRANT USAGE ON SCHEMA mureg TO eraser;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA mureg TO eraser;
        """)
    ended = lived.done("organization", "erase", ROMASHKA, *WHY, "--db", postgres_server.address_of(url, "eraser"))
    assert 'VACUUM FULL "mureg".person, "mureg".application' in ended.err
    assert not [text for text in PERSONAL if text in texts()]
    ended = lived.done(
        "organization", "erase", ROMASHKA, *WHY, "--json", "--db", postgres_server.address_of(url, "eraser")
    )
    assert ended.json["not_reached"][-1] == "server_files"
