"""The first page: what needs attention, each with its page, and the charts."""

import re
from datetime import date

import pytest

from mureg.operations import charts
from support.browser import Browser, office
from support.command_line import Mureg
from support.sample_data import application, begin, write_json

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)

AUGUST = date(2023, 9, 2)


def facts(text: str) -> list[str]:
    """The texts of a page, without its tags."""
    return [part.strip() for part in re.sub("<[^>]*>", "\n", text).splitlines() if part.strip()]


def test_every_line_of_status_is_there_with_its_command_and_a_link(example: Mureg) -> None:
    shown = Browser(office(today=AUGUST)).get("/")
    assert shown.status == 200
    assert '<a href="/applications?status=new">1 заявление ждёт обработки, с 07.08.2023</a>' in shown.text
    assert '<a href="/month?month=2023-08">2023-08: месяц закончился, сверьте его с отчётом оператора</a>' in shown.text
    for command in ("mureg application review", "mureg reconcile --month 2023-08 --statement FILE", "mureg status"):
        assert command in shown.text


def test_where_nothing_needs_attention_one_sentence_says_so(mureg: Mureg) -> None:
    begin(mureg)
    shown = Browser(office()).get("/")
    assert "Сегодня ничего не требует внимания." in shown.text
    assert shown.text.count("<rect") == 0


def test_the_chart_of_money_has_the_figures_of_the_month_before_and_after_it_is_closed(
    example: Mureg, mureg: Mureg
) -> None:
    browser = Browser(office(today=AUGUST))
    total = mureg.done("month", "list", "--json").json[0]["ours"]
    shown = facts(browser.get("/").text)
    assert browser.client.get("/").text.count('class="part-1"') >= 1
    amount = f"{float(total):,.2f}".replace(",", "\u00a0").replace(".", ",")
    assert amount in shown
    mureg.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "не прислан")
    assert amount in facts(browser.get("/").text)


def test_a_month_that_an_earlier_mureg_closed_is_added_up(
    example: Mureg, mureg: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    mureg.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "не прислан")
    shown = facts(Browser(office(today=AUGUST)).get("/").text)
    monkeypatch.setattr("mureg.operations.months.settlement.frozen_settlement", lambda record: None)
    assert facts(Browser(office(today=AUGUST)).get("/").text) == shown


def test_waiting_applications_are_counted_by_their_age(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg)
    days = ["2023-09-02", "2023-09-01", "2023-08-31", "2023-08-26", "2023-08-03", "2023-08-02"]
    sent = [application(f"A-{place}", submitted_on=day) for place, day in enumerate(days)]
    mureg.done("application", "import", write_json("a.json", *sent))
    shown = facts(Browser(office(today=AUGUST)).get("/").text)
    for label, count in (
        ("0–1 дней", "2"),
        ("2–3 дней", "1"),
        ("4–7 дней", "1"),
        ("8–30 дней", "1"),
        ("более 30 дней", "1"),
    ):
        assert shown[shown.index(label) + 1] == count
    monkeypatch.setattr(charts, "MOST", 2)
    assert "2 и более" in Browser(office(today=AUGUST)).get("/").text


def test_licences_are_counted_by_the_month_in_which_they_end(example: Mureg, mureg: Mureg) -> None:
    ends = [row["ends_on"] for row in mureg.done("licence", "list", "--json").json]
    month = ends[0][:7]
    today = date.fromisoformat(f"{month}-01")
    shown = facts(Browser(office(today=today)).get("/").text)
    after = shown.index("Окончание лицензий по месяцам")
    assert shown[shown.index(month, after) + 1] == str(sum(end.startswith(month) for end in ends))
