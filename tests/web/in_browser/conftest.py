"""A real Chromium on a real `mureg web`. Run by `python tools/browser.py`; CONTRIBUTING.md tells what it needs."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from readme import PROJECT

from support.running_page import RunningPage, mureg_in, running_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REFUSED = r"status of (400|404|409|422) "
AXE = PROJECT / ".browser" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The browser; skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: .[dev]")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which finds what is not accessible."""
    if not AXE.exists():
        pytest.skip("axe-core is not there: python tools/browser.py fetches it")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def served(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPage]:
    """The example partner's register, served."""
    folder = tmp_path / "served"
    folder.mkdir()
    assert mureg_in(folder, "init", "--example").code == 0
    if engine == "postgres":
        from support import postgres_server

        url = postgres_server.emptied(postgres_server.own_database())
        postgres_server.take_over(folder / "mureg.db", url)
        monkeypatch.setenv("MUREG_DB", url)
    with running_page(folder) as page:
        yield page


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the browser."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs JavaScript."""
    return bool(request.param)


@pytest.fixture
def tab(chromium: "Browser", served: RunningPage, language: str, has_scripts: bool) -> "Iterator[Page]":
    """A page of the browser that came with the token. An error of a script, or of the policy, fails the test."""
    context = chromium.new_context(locale=language, java_script_enabled=has_scripts)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    # That something is refused, the browser calls an error too.
    page.on(
        "console",
        lambda line: errors.append(line.text) if line.type == "error" and not re.search(REFUSED, line.text) else None,
    )
    page.goto(served.address)
    yield page
    context.close()
    assert errors == []
