"""axe-core finds nothing on any page, in both languages, light and dark, wide and narrow."""

from typing import TYPE_CHECKING

import pytest

from support.running_page import RunningPage, mureg_in
from support.sample_data import application, owner, write_json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = [
    "/",
    "/applications",
    "/applications/process?number=ZV-1042",
    "/applications/reject?all-new=1",
    "/applications/set-multiuser?number=ZV-1042&option=10%2B",
    "/application?number=ZV-1042",
    "/application?number=ZV-1031",
    "/application?number=none",
    "/application/amend?number=ZV-1031&option=10%2B",
    "/application/return?number=ZV-1031",
    "/application/cancel?number=ZV-1031",
    "/import",
    "/import/job?key=none",
    "/organizations",
    "/organization?inn=7700010303",
    "/organization/erase?inn=7700010303",
    "/licences",
    "/months",
    "/month?month=2023-08",
    "/month/charges?month=2023-08",
    "/month/closing?month=2023-08",
    "/invoices",
    "/contract",
    "/history",
    "/browser",
    "/history/operation?number=2",
]


# The cells of tables that go beyond them sideways.
TOO_WIDE = "[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth + 1).length"


@pytest.mark.parametrize("width", [360, 768, 1024, 1100, 1366])
def test_no_table_of_any_page_scrolls_sideways(
    chromium: "Browser", served: RunningPage, language: str, width: int
) -> None:
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(served.address)
    statement = str(served.folder / "examples" / "statement" / "operator-2023-08.csv")
    assert mureg_in(served.folder, "reconcile", "2023-08", "--statement", statement).code == 6
    for path in PAGES:
        page.goto(served.origin + path)
        assert page.evaluate(TOO_WIDE) == 0, path
    context.close()


@pytest.mark.parametrize("width", [360, 1024, 1280, 1920, 3840])
def test_no_table_of_an_application_scrolls_sideways(
    chromium: "Browser", served: RunningPage, language: str, width: int
) -> None:
    long_email = f"{'very.long.name.of.an.' * 2}employee1@organization.example"
    owners = [
        owner(1, email=long_email, position="Заместитель главного бухгалтера по налогам", certificate="read",
              certificate_until="2024-08-20", phone="+7 (495) 000-00-00, доб. 1234", sender=True),
        owner(2),
    ]  # fmt: skip
    file = write_json(str(served.folder / "long.json"), application("LONG", owners=owners))
    assert mureg_in(served.folder, "application", "import", file).code == 0
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(served.address)
    for number in ("ZV-1042", "LONG"):
        page.goto(f"{served.origin}/application?number={number}")
        assert page.evaluate(TOO_WIDE) == 0, number
        shown = page.locator("section[aria-labelledby=owners]").inner_text()
        assert (long_email in shown) == (number == "LONG")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page(
    chromium: "Browser", served: RunningPage, axe: str, language: str, theme: str, width: int
) -> None:
    context = chromium.new_context(locale=language, viewport={"width": width, "height": 800})
    page = context.new_page()
    found = {}
    # Without a session first.
    for path in ["/", served.address, f"/?theme={theme}", *PAGES]:
        page.goto(path if path == served.address else served.origin + path)
        page.evaluate(axe)
        violations = page.evaluate("axe.run().then(result => result.violations)")
        found[path] = [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in violations]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
    context.close()
    assert {path: violations for path, violations in found.items() if violations} == {}
