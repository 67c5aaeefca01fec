"""Several applications that are decided together on the page: chosen, looked at, confirmed once."""

import re
from html import unescape
from pathlib import Path

import pytest

from support.browser import Answer, Browser, office, opened
from support.command_line import Mureg
from support.sample_data import listed, row, write_table

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

NUMBERS = ("N-1", "N-2", "N-3")
CHOSEN = "number=N-1&number=N-2&number=N-3"


@pytest.fixture
def waiting(browser: Browser, mureg: Mureg) -> Browser:
    """Three new applications of a second client beside that of the example; the last one switches the mode off."""
    rows = [row("N-1", tier="2-9"), row("N-2", inn="7800010378", tier="10+", users="12"), row("N-3", multiuser="off")]
    mureg.done("application", "import", write_table("new.csv", *rows))
    return browser


def status_of(mureg: Mureg, *numbers: str) -> dict[str, str]:
    """The statuses of these applications in the register."""
    every = mureg.done("application", "list", "--json").json
    return {each["number"]: each["status"] for each in every if each["number"] in (numbers or NUMBERS)}


def operations(mureg: Mureg) -> list[str]:
    """The commands of the history, the newest first."""
    return [each["command"] for each in mureg.done("history", "--json").json]


def text_of(answer: Answer) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_only_new_applications_can_be_chosen_in_the_list(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get("/applications")
    boxes = re.findall(r'type="checkbox" name="number" value="([^"]+)"', shown.text)
    assert sorted(boxes) == sorted(listed(mureg, "--status", "new"))
    assert 'aria-label="Выбрать N-1"' in shown.text
    assert "data-choose" not in waiting.get("/applications?status=processed").text


def test_several_are_processed_after_a_look_at_licences_and_money(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(f"/applications/process?{CHOSEN}&on=2023-08-31")
    assert (shown.status, "Обработать 3 заявления" in shown.text) == (200, True)
    said = text_of(shown)
    assert "N-1" in said
    assert "3 000,00" in said
    assert re.search(r"Итого 9 000,00 3 600,00 5 400,00", said)
    assert "mureg application process N-1 N-2 N-3 --on 2023-08-31" in said
    assert set(status_of(mureg).values()) == {"new"}
    done = waiting.send(shown, "/applications/process")
    assert status_of(mureg) == dict.fromkeys(NUMBERS, "processed")
    assert operations(mureg)[0] == "application process"
    assert "записана" in done.text
    assert {each["application"] for each in mureg.done("licence", "list", "--json", "--on", "2023-09-01").json} >= {
        "N-1", "N-2"
    }  # fmt: skip
    waiting.send(done, "/history/undo")
    assert status_of(mureg) == dict.fromkeys(NUMBERS, "new")


def test_a_form_that_is_sent_twice_is_done_once(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(f"/applications/process?{CHOSEN}&on=2023-08-31")
    waiting.send(shown, "/applications/process")
    before = operations(mureg)
    assert waiting.send(shown, "/applications/process").status == 200
    assert operations(mureg) == before


def test_what_another_user_changed_meanwhile_is_said_and_asked_again(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(f"/applications/process?{CHOSEN}&on=2023-08-31")
    mureg.done("application", "set-multiuser", "N-1", "--tier", "10+")
    refused = waiting.send(shown, "/applications/process")
    assert refused.status == 409
    assert "N-1" in text_of(refused)
    assert status_of(mureg) == dict.fromkeys(NUMBERS, "new")
    # The page shows what would be done now, and that can be confirmed.
    waiting.send(refused, "/applications/process")
    assert status_of(mureg) == dict.fromkeys(NUMBERS, "processed")
    assert mureg.done("application", "show", "N-1", "--json").json["multiuser"]["tier"] == "10+"


def test_a_licence_that_came_meanwhile_is_noticed_though_no_chosen_application_changed(
    waiting: Browser, mureg: Mureg
) -> None:
    shown = waiting.get("/applications/process?number=N-1&on=2023-08-31")
    mureg.done("application", "import", write_table("more.csv", row("M-1", tier="2-9")))
    mureg.done("application", "process", "M-1", "--on", "2023-08-30")
    refused = waiting.send(shown, "/applications/process")
    assert refused.status == 409
    assert "N-1: теперь результат был бы другим" in text_of(refused)
    assert status_of(mureg, "N-1") == {"N-1": "new"}


def test_all_waiting_ones_that_match_are_processed_without_naming_each(waiting: Browser, mureg: Mureg) -> None:
    rows = [row(f"A-{place:03}", inn="7700010303", multiuser="off") for place in range(1, 61)]
    mureg.done("application", "import", write_table("many.csv", *rows))
    shown = waiting.get("/applications/process?all-new=1&inn=7700010303&on=2023-08-31")
    said = text_of(shown)
    assert "Обработать 60 заявлений" in said
    assert "Не показано, но учтено в итогах: 10" in said
    assert "mureg application process --all-new --inn 7700010303 --on 2023-08-31" in said
    assert 'name="seen"' not in shown.text
    waiting.send(shown, "/applications/process")
    assert set(status_of(mureg, *(f"A-{place:03}" for place in range(1, 61))).values()) == {"processed"}
    assert set(status_of(mureg).values()) == {"new"}


def test_of_all_that_match_one_that_came_meanwhile_is_not_processed_unseen(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get("/applications/process?all-new=1&on=2023-08-31")
    mureg.done("application", "import", write_table("more.csv", row("M-1", inn="7700010303")))
    refused = waiting.send(shown, "/applications/process")
    assert refused.status == 409
    assert "M-1 теперь тоже подходит; tester: операция" in text_of(refused)
    assert set(status_of(mureg, *NUMBERS, "M-1").values()) == {"new"}
    # The page shows the new choice, which can be confirmed.
    waiting.send(refused, "/applications/process")
    assert set(status_of(mureg, *NUMBERS, "M-1").values()) == {"processed"}


@pytest.mark.parametrize("verb", ["process", "reject", "set-multiuser"])
def test_of_all_that_match_each_that_came_went_or_changed_is_named(waiting: Browser, mureg: Mureg, verb: str) -> None:
    path = f"/applications/{verb}"
    shown = waiting.get(f"{path}?all-new=1&search=N-&on=2023-08-31&option=10%2B")
    mureg.done("application", "import", write_table("more.csv", row("N-4", inn="7700010303")))
    mureg.done("application", "reject", "N-1", "--comment", "нет", "--on", "2023-08-31")
    mureg.done("application", "set-multiuser", "N-2", "--off")
    refused = waiting.send(shown, path, comment="нет")
    said = text_of(refused)
    assert refused.status == 409
    assert re.search(r"N-1: изменено пользователем tester, операция \d+, application reject", said), said
    assert re.search(r"N-2: изменено пользователем tester, операция \d+, application set-multiuser", said), said
    assert re.search(r"N-4 теперь тоже подходит; tester: операция \d+, application import", said), said
    assert "N-3 " not in said.partition("Что изменится")[0]
    assert status_of(mureg, *NUMBERS, "N-4") == {"N-1": "rejected", "N-2": "new", "N-3": "new", "N-4": "new"}
    waiting.send(refused, path, comment="нет")
    assert operations(mureg)[0] == f"application {verb}"


def test_where_all_that_matched_are_decided_meanwhile_each_is_named(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get("/applications/process?all-new=1&search=N-&on=2023-08-31")
    mureg.done("application", "process", *NUMBERS, "--on", "2023-08-31")
    before = operations(mureg)
    refused = waiting.send(shown, "/applications/process")
    said = text_of(refused)
    assert refused.status == 409
    assert all(f"{each}: изменено пользователем tester" in said for each in NUMBERS)
    assert "Подходящих новых заявлений нет" in said
    assert operations(mureg) == before


def test_one_that_no_longer_matches_though_it_did_not_change_is_named(waiting: Browser, mureg: Mureg) -> None:
    asked = "/applications/process?all-new=1&search=N-&without-warnings=1&on=2023-08-31"
    shown = waiting.get(asked)
    assert "N-1" in text_of(shown)
    # Its number looks like N-1: a warning for both.
    mureg.done("application", "import", write_table("more.csv", row("N—1")))
    refused = waiting.send(shown, "/applications/process")
    assert refused.status == 409
    assert "N-1 больше не подходит" in text_of(refused)
    assert set(status_of(mureg).values()) == {"new"}


def test_the_list_leads_to_all_that_match_where_its_filters_are_those_of_the_command(waiting: Browser) -> None:
    link = "/applications/process?all-new=1&amp;search=N-"
    assert link in waiting.get("/applications?search=N-").text
    assert link in waiting.get("/applications?search=N-&status=new").text
    for other in ("&tier=2-9", "&multiuser=on", "&type=connection", "&warnings=1", "&status=processed"):
        assert "all-new=1" not in waiting.get(f"/applications?search=N-{other}").text


def test_several_are_rejected_with_one_comment(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(f"/applications/reject?{CHOSEN}&on=2023-08-31")
    assert "Отклонить 3 заявления" in shown.text
    assert waiting.send(shown, "/applications/reject", comment=" ").status == 400
    assert set(status_of(mureg).values()) == {"new"}
    waiting.send(shown, "/applications/reject", comment="Клиент передумал")
    assert status_of(mureg) == dict.fromkeys(NUMBERS, "rejected")
    assert mureg.done("application", "show", "N-2", "--json").json["comment"] == "Клиент передумал"


def test_several_are_not_rejected_where_one_was_changed_meanwhile(waiting: Browser, mureg: Mureg) -> None:
    for address in (f"/applications/reject?{CHOSEN}&on=2023-08-31", "/applications/reject?all-new=1&on=2023-08-31"):
        shown = waiting.get(address)
        mureg.done("application", "set-multiuser", "N-2", "--off")
        assert waiting.send(shown, "/applications/reject", comment="нет").status == 409
        mureg.done("undo")
        assert set(status_of(mureg).values()) == {"new"}


def test_the_option_of_several_is_set_after_a_look(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get("/applications/set-multiuser?number=N-1&number=N-3")
    assert not shown.text.count('/applications/set-multiuser" class="filters">\n<input type="hidden" name="token"')
    shown = waiting.get("/applications/set-multiuser?number=N-1&number=N-3&option=10%2B")
    assert "mureg application set-multiuser N-1 N-3 --tier 10+" in text_of(shown)
    waiting.send(shown, "/applications/set-multiuser")
    items = [mureg.done("application", "show", number, "--json").json["multiuser"] for number in ("N-1", "N-3")]
    assert [(item["effective"], item["tier"]) for item in items] == [("on", "10+"), ("on", "10+")]


def test_a_tier_below_the_users_of_one_refuses_all_and_shows_why(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(f"/applications/set-multiuser?{CHOSEN}&option=2-9")
    assert shown.status == 409
    assert "N-2" in text_of(shown)
    assert not shown.text.count('name="expected"')
    assert operations(mureg)[0] == "application import"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/applications/process", 400),
        ("/applications/process?number=NO-1", 404),
        ("/applications/process?number=N-1&on=2999-01-01", 409),
        ("/applications/process?number=N-1&on=2020-01-01", 409),
        ("/applications/process?number=N-1&on=yesterday-ish", 400),
        ("/applications/process?number=ZV-1030", 409),
        ("/applications/reject?number=N-1&number=ZV-1030", 409),
        ("/applications/set-multiuser?number=N-1&option=11", 400),
        ("/applications/process?all-new=1&submitted-in=13", 400),
        ("/applications/process?all-new=1&search=нет-такого", 200),
    ],
)
def test_what_cannot_be_decided_says_why_and_offers_no_confirmation(
    waiting: Browser, mureg: Mureg, address: str, status: int
) -> None:
    shown = waiting.get(address)
    assert shown.status == status
    assert 'name="expected"' not in shown.text
    assert operations(mureg)[0] == "application import"


def test_a_warning_of_a_chosen_application_is_shown(waiting: Browser, mureg: Mureg) -> None:
    mureg.done("application", "import", write_table("more.csv", row("W-1", inn="7800010378", tier="10+", users="2")))
    warned = {
        each["message"] for each in mureg.done("--lang", "ru", "application", "show", "W-1", "--json").json["warnings"]
    }
    assert warned
    assert any(f"W-1 : {message}" in text_of(waiting.get("/applications/process?number=W-1")) for message in warned)


def test_the_warnings_of_all_are_counted_also_of_those_that_are_not_listed(waiting: Browser, mureg: Mureg) -> None:
    rows = [row(f"A-{place:03}", inn="7700010303", multiuser="off") for place in range(1, 51)]
    warned = [row(f"W-{place:03}", inn="7700010303", tier="2-9", users="") for place in range(1, 14)]
    mureg.done("application", "import", write_table("many.csv", *rows, *warned))
    said = text_of(waiting.get("/applications/process?all-new=1&inn=7700010303&on=2023-08-31"))
    assert "Показаны первые 50. Не показано, но учтено в итогах: 13" in said
    assert "Пользователи неизвестны: 13 заявлений W-001 :" in said
    assert "W-010 :" in said
    assert "W-011" not in said
    assert "Не показано: 3. Показать их в списке заявлений" in said
    link = "/applications?status=new&amp;warnings=1&amp;inn=7700010303"
    shown = waiting.get("/applications/process?all-new=1&inn=7700010303&on=2023-08-31")
    assert f'href="{link}"' in shown.text
    listed_there = text_of(waiting.get(link.replace("&amp;", "&")))
    assert "W-013" in listed_there
    assert "A-001" not in listed_there


def test_a_preview_names_the_inn_beside_number_and_name(waiting: Browser) -> None:
    for verb in ("process", "reject", "set-multiuser"):
        said = text_of(waiting.get(f"/applications/{verb}?{CHOSEN}&option=10%2B&on=2023-08-31"))
        assert re.search(r"Номер ИНН Организация", said), said
        assert re.search(r"N-2 7800010378 ООО «Ромашка»", said), said


@pytest.mark.parametrize(("verb", "more"), [("process", ""), ("reject", ""), ("set-multiuser", "&option=off")])
def test_every_application_at_fault_is_named_with_its_reason(
    waiting: Browser, mureg: Mureg, verb: str, more: str
) -> None:
    chosen = "number=N-1&number=ZV-1030&number=NO-1&number=ZV-1031"
    shown = waiting.get(f"/applications/{verb}?{chosen}{more}")
    said = text_of(shown)
    assert shown.status == 409
    assert "невозможно для части заявлений (3 из 4); ничего не записано" in said
    assert re.search(r"ZV-1030 \w+ 08\.08\.2023", said), said
    assert re.search(r"ZV-1031 \w+ 08\.08\.2023", said), said
    assert "заявления NO-1 нет" in said or "нет заявления NO-1" in said, said
    assert 'name="expected"' not in shown.text
    assert operations(mureg)[0] == "application import"


def test_of_very_many_at_fault_the_page_says_how_many_it_does_not_list(waiting: Browser, mureg: Mureg) -> None:
    numbers = [f"A-{place:03}" for place in range(1, 61)]
    mureg.done("application", "import", write_table("many.csv", *(row(each, multiuser="off") for each in numbers)))
    mureg.done("application", "process", *numbers, "--on", "2023-08-31")
    said = text_of(waiting.get("/applications/process?" + "&".join(f"number={each}" for each in numbers)))
    assert "A-050" in said
    assert "Не показано: 10" in said


def test_a_page_for_reading_shows_and_confirms_nothing(example: Mureg) -> None:
    Path("new.csv").write_text("", encoding="utf-8")
    for reader in opened(office(read_only=True)):
        assert "data-choose" not in reader.get("/applications").text
        shown = reader.get("/applications/process?number=ZV-1042")
        assert shown.status == 200
        assert 'name="expected"' not in shown.text
        sent = reader.client.post(
            "/applications/process", data={"number": "ZV-1042"}, headers={"origin": reader.origin}
        )
        assert sent.status_code == 403
