"""Everything can be done by the keyboard, with a Latin and with a Russian layout; scripts say what they did."""

from typing import TYPE_CHECKING

import pytest

from support.running_page import RunningPage, mureg_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

expect = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: .[dev]").expect

# What a browser says about a key where the layout is Russian: its letter, and the place of the key.
PRESSED = """([key, code, target]) => (target ? document.querySelector(target) : document.activeElement)
    .dispatchEvent(new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true}))"""


@pytest.fixture
def language() -> str:
    """The keys do not depend on it."""
    return "ru"


@pytest.fixture
def has_scripts() -> bool:
    """The keys are a script."""
    return True


def focused(tab: "Page") -> str:
    return str(tab.evaluate("document.activeElement.textContent"))


def test_j_and_k_move_along_the_rows_and_enter_opens_one(tab: "Page", served: RunningPage) -> None:
    tab.goto(f"{served.origin}/applications")
    numbers = tab.locator("main tbody th a").all_inner_texts()

    tab.keyboard.press("j")
    tab.keyboard.press("j")
    assert focused(tab) == numbers[1]
    tab.keyboard.press("k")
    tab.keyboard.press("k")
    assert focused(tab) == numbers[0], "above the first row there is none"
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/application?number={numbers[0]}")


def test_a_slash_goes_to_the_search_where_letters_are_typed(tab: "Page", served: RunningPage) -> None:
    tab.goto(f"{served.origin}/applications")
    search = tab.locator("#search")

    tab.keyboard.press("/")
    expect(search).to_be_focused()
    tab.keyboard.type("gj?/x")
    expect(search).to_have_value("gj?/x")
    expect(tab.locator("#keys")).to_be_hidden()
    expect(tab).to_have_url(f"{served.origin}/applications?search=gj%3F%2Fx&status=&multiuser=&tier=&type=&inn=&"
                            "submitted-in=&month=")  # fmt: skip


def test_g_and_a_letter_open_every_section_of_the_menu(tab: "Page") -> None:
    sections = tab.locator("header nav a").all()
    assert len(sections) == 9
    wanted = [(each.get_attribute("data-section"), each.get_attribute("href")) for each in sections]
    for key, path in wanted:
        tab.keyboard.press("g")
        with tab.expect_navigation(url=f"**{path}"):
            tab.keyboard.press(str(key))


def test_the_keys_are_those_of_the_same_places_with_a_russian_layout(tab: "Page", served: RunningPage) -> None:
    tab.goto(f"{served.origin}/applications")
    first = tab.locator("main tbody th a").first

    tab.evaluate(PRESSED, ["о", "KeyJ", None])
    expect(first).to_be_focused()
    tab.evaluate(PRESSED, [".", "Slash", None])
    expect(tab.locator("#search")).to_be_focused()
    tab.evaluate(PRESSED, [",", "Slash", "body"])
    expect(tab.locator("#keys")).to_be_visible()
    tab.keyboard.press("Escape")
    tab.evaluate(PRESSED, ["п", "KeyG", "body"])
    tab.evaluate(PRESSED, ["р", "KeyH", "body"])
    tab.wait_for_url("**/history")


def test_the_keys_of_the_browser_stay_its_own(tab: "Page", served: RunningPage) -> None:
    tab.goto(f"{served.origin}/applications")
    for modifier in ("Control", "Alt", "Meta"):
        taken = tab.evaluate(
            """modifier => !document.body.dispatchEvent(new KeyboardEvent("keydown",
                {key: "j", code: "KeyJ", bubbles: true, cancelable: true, [modifier]: true}))""",
            {"Control": "ctrlKey", "Alt": "altKey", "Meta": "metaKey"}[modifier],
        )
        assert not taken
    assert tab.evaluate("document.activeElement === document.body")


def test_the_help_gives_the_focus_back(tab: "Page", served: RunningPage) -> None:
    tab.goto(f"{served.origin}/applications")
    tab.keyboard.press("j")
    row = focused(tab)

    tab.keyboard.press("?")
    expect(tab.locator("#keys")).to_be_visible()
    tab.keyboard.press("j")
    tab.keyboard.press("Escape")
    expect(tab.locator("#keys")).to_be_hidden()
    assert focused(tab) == row


def test_the_help_is_there_without_scripts(chromium: "Browser", served: RunningPage) -> None:
    context = chromium.new_context(locale="ru", java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address)
    keys = page.locator("#keys")

    expect(keys).to_be_hidden()
    page.click("a[href='#keys']")
    expect(keys).to_be_visible()
    expect(keys.get_by_role("link", name="Заявления")).to_have_attribute("href", "/applications")
    keys.get_by_role("link", name="Закрыть").click()
    expect(keys).to_be_hidden()
    context.close()


def test_the_focus_goes_to_the_reason_of_a_refused_form(chromium: "Browser", served: RunningPage) -> None:
    context = chromium.new_context(locale="ru")
    page = context.new_page()
    page.goto(served.address)
    page.goto(f"{served.origin}/month?month=2023-08")
    page.set_input_files("#statement", {"name": "empty.csv", "mimeType": "text/csv", "buffer": b""})
    page.click("button[value=compare]")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Ошибка: ")
    context.close()


def test_a_copied_command_is_said(chromium: "Browser", served: RunningPage) -> None:
    context = chromium.new_context(locale="ru", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(served.address)
    page.goto(f"{served.origin}/history")
    page.click("footer .copy")
    expect(page.locator("#said")).to_have_text("Скопировано")
    assert page.evaluate("navigator.clipboard.readText()") == "mureg history"
    context.close()


def test_a_search_says_that_the_server_does_not_answer(chromium: "Browser", served: RunningPage) -> None:
    context = chromium.new_context(locale="ru")
    page = context.new_page()
    page.goto(served.address)
    page.goto(f"{served.origin}/applications")
    context.set_offline(True)
    page.fill("#search", "ромашка")
    expect(page.locator("#said")).to_contain_text("mureg web не отвечает")
    context.set_offline(False)
    page.fill("#search", "Ромашка")
    expect(page.locator("#said")).to_have_text("Показано строк: 1")
    context.close()


def test_what_is_under_way_says_that_the_server_does_not_answer(chromium: "Browser", served: RunningPage) -> None:
    def under_way(route: "Route") -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main ", "<main data-refresh='/gone' "))

    context = chromium.new_context(locale="ru")
    page = context.new_page()
    page.goto(served.address)
    page.route("**/contract", under_way)
    page.route("**/gone", lambda route: route.abort())
    page.goto(f"{served.origin}/contract")
    expect(page.locator("#said")).to_contain_text("mureg web не отвечает")
    context.close()


def test_a_search_says_why_a_filter_is_refused_when_it_is_typed(chromium: "Browser", served: RunningPage) -> None:
    context = chromium.new_context(locale="ru", viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(served.address)
    page.goto(f"{served.origin}/applications")
    page.locator("#submitted-in").press_sequentially("август")
    expect(page.locator("#said")).to_be_empty()
    page.locator("#submitted-in").press_sequentially("ы")
    page.keyboard.press("Tab")
    expect(page.locator("#said")).to_contain_text("августы — не месяц")
    page.goto(f"{served.origin}/history")
    expect(page.locator("nav [aria-current]")).to_be_in_viewport(ratio=1)
    context.close()


def test_x_chooses_the_row_and_enter_in_a_field_presses_no_button(tab: "Page", served: RunningPage) -> None:
    compared = mureg_in(served.folder, "reconcile", "2023-08", "--statement", "examples/statement/operator-2023-08.csv")
    assert compared.code == 6
    tab.goto(f"{served.origin}/month?month=2023-08")
    rows = tab.locator("tbody tr:has([data-choose])")
    assert rows.count() == 3

    tab.keyboard.press("j")
    tab.keyboard.press("x")
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    tab.keyboard.press("x")
    assert [box.is_checked() for box in tab.locator("[data-choose]").all()] == [True, False, False]
    tab.fill("#reason", "так договорились")
    tab.keyboard.press("Enter")
    tab.locator("[data-choose]").first.press("Enter")
    assert mureg_in(served.folder, "reconcile", "2023-08").code == 6, "nothing was resolved"
    expect(tab.locator("#reason")).to_have_value("так договорились")
    tab.click("button[value=accept]")
    expect(tab.locator(".done")).to_be_visible()
