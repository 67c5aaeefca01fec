"""Importing through the page: files are checked, then written, and what is wrong is shown with its place."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from support.browser import Answer, Browser, office
from support.command_line import Mureg
from support.sample_data import row, write_table
from support.waiting_page import ended

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)


def sent(browser: Browser, *names: str, shown: Answer | None = None, **values: str) -> Answer:
    """Choose files in the form, and wait until they were checked."""
    files = [("files", (name, Path(name).read_bytes())) for name in names]
    return ended(browser, browser.send(shown or browser.get("/import"), "/import/check", files, **values))


def numbers(mureg: Mureg) -> set[str]:
    return {each["number"] for each in mureg.done("application", "list", "--json").json}


def last_operation(mureg: Mureg) -> dict[str, str]:
    last: dict[str, str] = mureg.done("history", "--limit", "1", "--json").json[0]
    return last


def test_files_are_checked_then_written_and_undone(browser: Browser, mureg: Mureg) -> None:
    before = numbers(mureg)
    checked = sent(browser, write_table("new.csv", row("Z-1"), row("Z-2")), write_table("more.csv", row("Z-3")))
    assert checked.status == 200
    assert "mureg application import new.csv more.csv" in checked.text
    assert "Что будет записано" in checked.text
    assert numbers(mureg) == before
    assert "new.csv, more.csv</a>: проверено, не записано" in browser.get("/import").text
    written = ended(browser, browser.send(checked, "/import/write"))
    assert numbers(mureg) == before | {"Z-1", "Z-2", "Z-3"}
    assert last_operation(mureg)["command"] == "application import"
    assert f"operation={last_operation(mureg)['operation']}" in written.address
    assert not written.has_form("/import/write")
    assert "записано, операция" in browser.get("/import").text
    assert "Отменено." in browser.send(written, "/history/undo").text
    assert numbers(mureg) == before


def test_every_fault_is_shown_with_its_place_and_value_and_the_rest_can_be_written(
    browser: Browser, mureg: Mureg
) -> None:
    checked = sent(browser, write_table("bad.csv", row("Z-1"), row("Z-2", inn="123"), row("Z-3", users="many")))
    for text in ("bad.csv", "123", "many", ">3<", ">4<", ">inn<", ">users<"):
        assert text in checked.text
    assert "--partial" in checked.text
    assert "исправьте остальные строки" in checked.text
    before = numbers(mureg)
    ended(browser, browser.send(checked, "/import/write"))
    assert numbers(mureg) == before | {"Z-1"}
    mureg.done("check")


def test_many_faults_are_shown_page_by_page(browser: Browser) -> None:
    checked = sent(browser, write_table("bad.csv", *(row(f"Z-{place}", users="many") for place in range(150))))
    assert checked.text.count(">many<") == 100
    assert browser.get(f"{checked.address}&page=2").text.count(">many<") == 50
    assert browser.get(f"{checked.address}&page=x").status == 400


def test_after_too_many_faults_the_rest_is_not_read_and_nothing_can_be_written(browser: Browser) -> None:
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text("utf-8") + "\n[limits]\nfaults = 5\n", "utf-8")
    checked = sent(
        browser, write_table("bad.csv", row("Z-1"), *(row(f"Z-{place}", users="many") for place in range(9)))
    )
    assert "ошибок больше 5" in checked.text
    assert "[limits]" in checked.text
    assert not checked.has_form("/import/write")


def test_an_import_that_is_not_to_be_written_is_forgotten(browser: Browser, mureg: Mureg) -> None:
    before = numbers(mureg)
    checked = sent(browser, write_table("new.csv", row("Z-1")))
    assert "new.csv" not in browser.send(checked, "/import/forget").text
    assert browser.get(checked.address).status == 404
    assert browser.send(checked, "/import/write").status == 404
    assert numbers(mureg) == before


def test_what_is_written_twice_is_written_once(browser: Browser, mureg: Mureg) -> None:
    checked = sent(browser, write_table("new.csv", row("Z-1")))
    again = browser.get(checked.address)
    first, second = (ended(browser, browser.send(checked, "/import/write")) for _ in range(2))
    assert first.address == second.address
    operation = last_operation(mureg)["operation"]
    refused = browser.send(again, "/import/write")
    assert refused.status == 409
    assert "больше нечего записывать" in refused.text
    assert last_operation(mureg)["operation"] == operation


def test_a_register_that_changed_since_the_check_is_shown_anew_before_anything_is_written(
    browser: Browser, mureg: Mureg
) -> None:
    checked = sent(browser, write_table("new.csv", row("Z-1"), row("Z-2")))
    mureg.done("application", "import", write_table("of-a-colleague.csv", row("Z-1")))
    before = numbers(mureg)
    refused = ended(browser, browser.send(checked, "/import/write"))
    assert refused.status == 409
    assert "реестр изменился" in refused.text
    assert numbers(mureg) == before
    assert "<dt>Уже в реестре</dt><dd>1</dd>" in refused.text
    ended(browser, browser.send(refused, "/import/write"))
    assert numbers(mureg) == before | {"Z-2"}


def test_an_import_belongs_to_the_browser_that_sent_it(browser: Browser, mureg: Mureg) -> None:
    checked = sent(browser, write_table("new.csv", row("Z-1")))
    browser.client.cookies.clear()
    browser.get(f"/?token={browser.sessions.new_token()}")
    assert "new.csv" not in browser.get("/import").text
    other = browser.get(checked.address)
    assert other.status == 404
    assert "new.csv" not in other.text


def test_what_cannot_be_imported_says_why_and_keeps_what_was_typed(browser: Browser) -> None:
    write_table("a.csv", row("Z-1"))
    write_table("b.csv", row("Z-2"))
    assert sent(browser).status == 400
    two = sent(browser, "a.csv", "b.csv", number="Z-9")
    assert two.status == 400
    assert 'value="Z-9"' in two.text
    assert sent(browser, "a.csv", kpp="x").status == 400
    assert sent(browser, "a.csv", format="x").status == 400
    assert sent(browser, "a.csv", profile="x").status == 400
    table = sent(browser, "a.csv", number="Z-9")
    assert table.status == 400
    assert not table.has_form("/import/write")


def test_as_many_files_as_there_are_clients_are_imported_at_once_but_not_any_number(
    browser: Browser, mureg: Mureg
) -> None:
    before = numbers(mureg)
    for place in range(150):
        write_table(f"{place}.csv", row(f"Z-{place}"))
    checked = sent(browser, *(f"{place}.csv" for place in range(150)))
    assert "Импорт: 0.csv, 1.csv, 2.csv … (150)" in checked.text
    assert "mureg application import FOLDER" in checked.text
    ended(browser, browser.send(checked, "/import/write"))
    assert len(numbers(mureg)) == len(before) + 150
    refused = sent(browser, *["0.csv"] * 1001)
    assert refused.status == 422
    assert "1000" in refused.text


def test_more_than_the_limit_is_refused(browser: Browser) -> None:
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text("utf-8") + "\n[limits]\nfile_bytes = 1000000\n", "utf-8")
    for name in ("a.csv", "b.csv", "c.csv"):
        Path(name).write_bytes(b"x" * 999_999)
    together = sent(browser, "a.csv", "b.csv", "c.csv")
    assert together.status == 422
    assert "1000000" in together.text
    assert "file_bytes" in together.text
    Path("a.csv").write_bytes(b"x" * 1_000_001)
    alone = sent(browser, "a.csv")
    assert "file_bytes" in alone.text
    assert not alone.has_form("/import/write")


def test_what_a_hostile_file_has_is_text(browser: Browser) -> None:
    evil = "<script>alert(1)</script>"
    name = write_table("a.csv", row("Z-1", users=evil), row(evil, inn=evil, name=evil), row("Z-3", name=evil))
    files = [("files", ("../../<b>evil</b>.csv", Path(name).read_bytes()))]
    shown = ended(browser, browser.send(browser.get("/import"), "/import/check", files))
    assert "&lt;script&gt;" in shown.text
    assert "b&gt;.csv" in shown.text
    written = ended(browser, browser.send(shown, "/import/write"))
    for text in (shown.text, written.text, browser.get("/import").text, browser.get("/applications").text):
        assert "<script>alert" not in text
        assert "<b>" not in text
        assert "../" not in text


def unpacks_to_half_a_gigabyte() -> bytes:
    """An XLSX of half a megabyte."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in range(5):
            archive.writestr(f"xl/worksheets/sheet{sheet}.xml", b"<" * 100_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        ("bomb.xlsx", unpacks_to_half_a_gigabyte),
        ("entities.xml", lambda: b'<!DOCTYPE a [<!ENTITY a "xx"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>'),
        ("outside.xml", lambda: b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        ("../../mureg.db", lambda: b"SQLite format 3\0" + bytes(4_000)),
        ("nul.csv", lambda: bytes(1_000)),
        ("empty.csv", lambda: b""),
    ],
    ids=lambda file: file[0],
)
def test_a_hostile_file_is_refused_and_leaves_everything_as_it_was(
    browser: Browser, mureg: Mureg, file: tuple[str, Callable[[], bytes]]
) -> None:
    before = numbers(mureg)
    name, content = file
    checked = ended(browser, browser.send(browser.get("/import"), "/import/check", [("files", (name, content()))]))
    assert checked.status in (200, 400, 422)
    assert not checked.has_form("/import/write")
    assert "root:" not in checked.text
    assert "внутренняя ошибка" not in checked.text
    assert numbers(mureg) == before
    mureg.done("check")


def test_a_reader_is_offered_no_import(example: Mureg) -> None:
    assert not Browser(office(read_only=True)).get("/import").has_form("/import/check")
