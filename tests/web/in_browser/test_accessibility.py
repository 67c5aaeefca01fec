"""axe-core finds nothing on any page, in both languages, light and dark, wide and narrow."""

from typing import TYPE_CHECKING

import pytest

from support.running_page import RunningPage

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
