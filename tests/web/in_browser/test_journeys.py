"""The manager's day and the accountant's month of README, in a browser: both languages, with and without scripts."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from support.running_page import RunningPage, mureg_in

if TYPE_CHECKING:
    from playwright.sync_api import Page


def shown(served: RunningPage, *words: str) -> Any:
    """What a command prints with `--json`."""
    ended = mureg_in(served.folder, *words, "--json")
    assert ended.code in (0, 6), ended
    return json.loads(ended.out)


def application(served: RunningPage, number: str) -> Any:
    return shown(served, "application", "show", number)


def written(tab: "Page", press: str) -> None:
    """Press a button, and wait for the page that names the operation."""
    tab.click(press)
    tab.wait_for_selector(".notice.done a[href^='/history/operation']")


def import_file(tab: "Page", served: RunningPage, file: str) -> None:
    """Import a file of the example: it is checked, then written."""
    tab.click("header a[href='/import']")
    tab.set_input_files("#files", served.folder / "examples" / "applications" / file)
    tab.click("form[action='/import/check'] button")
    tab.wait_for_selector("form[action='/import/write'] button")
    tab.click("form[action='/import/write'] button")
    tab.wait_for_url(re.compile("operation="))


def process_romashka(tab: "Page") -> None:
    """Set the higher tier of ZV-1042, and process it, as README does."""
    tab.click("header a[href='/applications']")
    tab.fill("#search", "ромашка")
    tab.press("#search", "Enter")
    tab.wait_for_selector("tbody tr:only-child")
    tab.click("tbody th a")
    tab.check("form[action='/application/set-multiuser'] [value='10+']")
    written(tab, "form[action='/application/set-multiuser'] button")
    tab.fill("form[action='/application/process'] [name=on]", "2023-08-28")
    written(tab, "form[action='/application/process'] button")


def test_the_managers_day(tab: "Page", served: RunningPage, language: str) -> None:
    assert tab.locator("html").get_attribute("lang") == language
    assert "07.08.2023" in tab.locator(".todo").inner_text() or "2023-08-07" in tab.locator(".todo").inner_text()
    import_file(tab, served, "feed.jsonl")
    waiting = sorted(each["number"] for each in shown(served, "application", "list", "--status", "new"))
    assert len(waiting) == 3

    process_romashka(tab)
    found = application(served, "ZV-1042")
    assert (found["status"], found["processed_on"], found["multiuser"]["tier"]) == ("processed", "2023-08-28", "10+")
    tab.click("main a[href^='/organization?inn=7700123459']")
    products = tab.locator("section[aria-labelledby=products]").inner_text()
    assert {"ru": "10 и более", "en": "10 and more"}[language] in products

    refused = next(number for number in waiting if number != "ZV-1042")
    tab.click("header a[href='/applications']")
    tab.click(f"tbody th a:text-is('{refused}')")
    tab.fill("form[action='/application/reject'] [name=comment]", "Клиент передумал")
    written(tab, "form[action='/application/reject'] button")
    assert (application(served, refused)["status"], application(served, refused)["comment"]) == (
        "rejected", "Клиент передумал"
    )  # fmt: skip
    tab.click(".notice.done form[action='/history/undo'] button")
    tab.wait_for_url(re.compile("undid="))
    assert application(served, refused)["status"] == "new"
    assert [each["command"] for each in shown(served, "history")][:3] == [
        "undo", "application reject", "application process"
    ]  # fmt: skip
    assert mureg_in(served.folder, "check").code == 0


def test_the_accountants_month(tab: "Page", served: RunningPage, language: str) -> None:
    process_romashka(tab)
    tab.goto(f"{served.origin}/months")
    tab.click("tbody th a:text('2023')")
    tab.set_input_files("#statement", served.folder / "examples" / "statement" / "operator-2023-08.csv")
    tab.click("button[value=keep]")
    tab.wait_for_selector("form[action='/month/resolve']")
    differing = list(dict.fromkeys(each["id"] for each in shown(served, "month", "show", "2023-08")["discrepancies"]))
    assert tab.locator("tbody [name=pair]").evaluate_all("boxes => boxes.map(box => box.value)") == differing

    for number, action in (("ZV-1032", "accept"), ("ZV-1045", "carry")):
        tab.check(f"[name=pair][value='{number}']")
        tab.fill("#reason", "Письмо оператора")
        written(tab, f"button[name=action][value={action}]")
    actions = {
        each["id"]: each["resolution"]["action"] for each in shown(served, "month", "show", "2023-08")["discrepancies"]
    }
    assert actions == {"ZV-1032": "accept", "ZV-1045": "carry"}

    tab.click("main a[href^='/month/closing']")
    written(tab, "form[action='/month/close'] button.main")
    assert ("2023-08", "closed") in [(each["month"], each["state"]) for each in shown(served, "month", "list")]

    with tab.expect_download() as downloading:
        tab.click("a[href*='format=xlsx']")
    assert downloading.value.suggested_filename == "act-2023-08.xlsx"
    book = openpyxl.load_workbook(BytesIO(Path(downloading.value.path()).read_bytes()))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("ZV-1042" in cell for cell in cells)
    links = [link.get_attribute("href") or "" for link in tab.locator("[aria-labelledby=documents] a").all()]
    files = {link: tab.context.request.get(f"{served.origin}{link}") for link in links}
    assert {answer.status for answer in files.values()} == {200}
    assert [answer.body()[:4] for link, answer in files.items() if "format=pdf" in link] == [b"%PDF"]
    assert any(b"ZV-1042" in answer.body() for link, answer in files.items() if "format=csv" in link)

    agreed = "25200.00"
    tab.click("main a[href^='/invoices']")
    for name, value in (("number", "1518"), ("date", "06.09.2023"), ("amount", agreed)):
        tab.fill(f"form[action='/invoices/add'] [name={name}]", value)
    written(tab, "form[action='/invoices/add'] button")
    order = tab.context.request.get(f"{served.origin}/invoices/order?number=1518").body().decode("cp1251")
    assert order.startswith("1CClientBankExchange")
    assert agreed in order
    tab.fill("form[action='/invoices/pay'] [name=on]", "12.09.2023")
    written(tab, "form[action='/invoices/pay'] button")
    (invoice,) = shown(served, "invoice", "list")
    assert (invoice["number"], invoice["amount"], invoice["paid"]) == ("1518", agreed, "2023-09-12")
    assert mureg_in(served.folder, "check").code == 0


def test_a_closed_month_is_opened_again_amended_and_closed(tab: "Page", served: RunningPage, language: str) -> None:
    august = ("month", "show", "2023-08")
    processed = mureg_in(served.folder, "application", "process", "ZV-1042", "--on", "2023-08-28")
    closed = mureg_in(served.folder, "month", "close", "2023-08", "--without-statement", "--reason", "Отчёта нет")
    assert (processed.code, closed.code) == (0, 0)
    assert shown(served, *august)["total"]["agreed"] == "28800.00"
    tab.goto(f"{served.origin}/month?month=2023-08")
    state = {"ru": ("закрыт", "черновик"), "en": ("closed", "draft")}[language]
    assert state[0] in tab.locator("main > p").first.inner_text().lower()

    # The form is not sent without a reason.
    tab.click("form[action='/month/reopen'] button")
    assert shown(served, *august)["state"] == "closed"
    tab.fill("#reopen-reason", "Клиент уточнил число пользователей")
    written(tab, "form[action='/month/reopen'] button")
    assert shown(served, *august)["state"] == "open"
    assert state[1] in tab.locator("main > p").first.inner_text().lower()
    (reopened, *_) = shown(served, "history", "--limit", "1")
    assert (reopened["command"], reopened["after"]["reason"]) == (
        "month reopen", "Клиент уточнил число пользователей"
    )  # fmt: skip

    tab.goto(f"{served.origin}/application?number=ZV-1042")
    tab.select_option("#amended-option", "10+")
    tab.click("form[action='/application/amend'] button")
    assert re.search("28.800.*30.600", tab.locator("main").inner_text()), "the totals now and then"
    tab.fill("[name=reason]", "Клиент уточнил число пользователей")
    written(tab, "form[action='/application/amend'] button")
    assert application(served, "ZV-1042")["multiuser"]["tier"] == "10+"

    tab.goto(f"{served.origin}/month/closing?month=2023-08")
    tab.check("[name=without-statement]")
    tab.fill("#reason", "Отчёта нет")
    written(tab, "form[action='/month/close'] button.main")
    found = shown(served, *august)
    assert (found["state"], found["total"]["agreed"]) == ("closed", "30600.00")
    assert mureg_in(served.folder, "check").code == 0


def test_an_application_is_amended_as_the_operator_has_it(tab: "Page", served: RunningPage, language: str) -> None:
    assert mureg_in(served.folder, "application", "process", "ZV-1042", "--on", "2023-08-28").code == 0
    tab.goto(f"{served.origin}/month?month=2023-08")
    tab.set_input_files("#statement", served.folder / "examples" / "statement" / "operator-2023-08.csv")
    written(tab, "button[value=keep]")
    unresolved = {"ru": "не урегулировано", "en": "unresolved"}[language]
    assert f"{unresolved}: 3" in tab.locator("#discrepancies").inner_text()
    assert application(served, "ZV-1042")["multiuser"]["tier"] == "2-9"
    tab.fill("#reason", "Сверили с клиентом")
    tab.click("button[name=amend][value='ZV-1042']")
    tab.wait_for_selector("button[name=amend][value='ZV-1042']", state="detached")
    assert f"{unresolved}: 2" in tab.locator("#discrepancies").inner_text()
    assert application(served, "ZV-1042")["multiuser"]["tier"] == "10+"
    differing = {each["id"] for each in shown(served, "month", "show", "2023-08")["discrepancies"]}
    assert differing == {"ZV-1032", "ZV-1045"}
    (amended, *_) = shown(served, "history", "--limit", "1")
    assert (amended["command"], amended["after"]["reason"]) == ("application amend", "Сверили с клиентом")
    assert mureg_in(served.folder, "check").code == 0
