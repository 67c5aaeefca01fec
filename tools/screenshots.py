"""The pictures of `mureg web` in the manual: its pages on the example register, in both languages.

python tools/screenshots.py           write docs/pictures (needs Debian's chromium and chromium-l10n, and Playwright)
python tools/screenshots.py --check   fail if a picture is missing, or is one of nothing

They are taken on one day, with examples in place of times, and have few colours, to be small.
"""

import base64
import os
import shutil
import struct
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from readme import PROJECT, in_new_folder, printed_by

from mureg.errors import MuregError
from mureg.settings import reading
from mureg.web import server
from mureg.web.office import Office

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = PROJECT / "docs" / "pictures"
# Of the browser too: it writes the days and the buttons of some fields.
LANGUAGES = {"en": "en_GB", "ru": "ru_RU"}
# In the month after the example's sales.
TODAY = date(2023, 9, 12)
_WIDTH, _NARROW, _HEIGHT = 1280, 360, 400
_COLOURS = 64


First = Callable[["Page"], None]


class Picture(NamedTuple):
    """The picture of a page. `first` is done before it is opened; without a path, on the page that is open."""

    name: str
    path: str = ""
    first: First | None = None
    theme: str = "light"
    width: int = _WIDTH


def _mureg(*lines: str) -> First:
    """Commands."""

    def run(_: "Page") -> None:
        for line in lines:
            printed_by(line, "en")

    return run


def _check(file: str) -> First:
    """Check a file on the page of the import."""

    def choose(page: "Page") -> None:
        page.goto("/import")
        page.locator("main input[type=file]").set_input_files(file)
        _press("main button.main", "#result")(page)

    return choose


def _press(button: str, shown: str) -> First:
    """Press a button; then something is shown."""

    def press(page: "Page") -> None:
        page.locator(button).first.click()
        page.locator(shown).wait_for()

    return press


def _key(key: str) -> First:
    """A key."""

    def press(page: "Page") -> None:
        page.keyboard.press(key)

    return press


_STATEMENT = "examples/statement/operator-2023-08.csv"

# What is decided before the month is closed.
_DECIDED = (
    "application set-multiuser ZV-1042 --tier 10+",
    "application process ZV-1042 --on 2023-08-28",
    "month accept 2023-08 ZV-1032 --reason Письмо",
    "month carry 2023-08 ZV-1045 --reason Сентябрь",
)
_CLOSED = ("month close 2023-08",)
_INVOICED = ("invoice add --month 2023-08 --number 77 --date 2023-09-06 --amount 25200.00",)

# In the order of the work.
PICTURES = (
    Picture("import", "/import"),
    Picture("import-errors", first=_check("examples/faults/wrong.csv")),
    Picture("import-checked", first=_check("examples/applications/feed.jsonl")),
    Picture("import-written", first=_press("main button.main", ".done")),
    Picture("today", "/"),
    Picture("keys", first=_key("?")),
    Picture("today-dark", "/", theme="dark"),
    Picture("today-narrow", "/", width=_NARROW),
    Picture("applications", "/applications"),
    Picture("applications-narrow", "/applications", width=_NARROW),
    Picture("application", "/application?number=ZV-1042"),
    Picture("application-dark", "/application?number=ZV-1042", theme="dark"),
    Picture("application-narrow", "/application?number=ZV-1042", width=_NARROW),
    Picture("application-processed", "/application?number=ZV-1031"),
    Picture("amend", "/application/amend?number=ZV-1031&option=10%2B"),
    Picture("return", "/application/return?number=ZV-1031"),
    Picture("cancel", "/application/cancel?number=ZV-1031"),
    Picture("process-several", "/applications/process?all-new=1"),
    Picture("organizations", "/organizations"),
    Picture("organization", "/organization?inn=7700010303"),
    Picture("erase", "/organization/erase?inn=7700010462"),
    Picture("licences", "/licences"),
    Picture("months", "/months"),
    Picture("month", "/month?month=2023-08", _mureg(f"reconcile --month 2023-08 --statement {_STATEMENT}")),
    Picture("month-dark", "/month?month=2023-08", theme="dark"),
    Picture("charges", "/month/charges?month=2023-08"),
    Picture("closing", "/month/closing?month=2023-08", _mureg(*_DECIDED)),
    Picture("month-closed", "/month?month=2023-08", _mureg(*_CLOSED)),
    Picture("invoices", "/invoices", _mureg(*_INVOICED)),
    Picture("contract", "/contract"),
    Picture("history", "/history"),
    Picture("operation", "/history/operation?number=2"),
)


def file_of(picture: Picture, language: str) -> Path:
    """Where it is."""
    return FOLDER / f"{picture.name}.{language}.png"


@contextmanager
def _served(language: str) -> Iterator[str]:
    """The example register, served; gives the address."""

    def unexpected(error: Exception) -> MuregError:
        raise AssertionError from error

    with in_new_folder():
        printed_by("init --example", language)
        settings = Path("mureg.toml").absolute()
        office = Office(
            register_url=str(Path("mureg.db").absolute()), read_settings=lambda: reading.read_settings(settings),
            user="olga", internal_error=unexpected, language=language, today=lambda: TODAY,
        )  # fmt: skip
        addresses: list[str] = []
        is_open = threading.Event()

        def opened(address: str) -> None:
            addresses.append(address)
            is_open.set()

        listener = server.listening("127.0.0.1", 0)
        threading.Thread(target=server.serve, args=(office, listener, opened), daemon=True).start()
        is_open.wait()
        yield addresses[0]


# What differs from run to run, and the example that is shown for it.
_EXAMPLES = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replace(/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}/g, "2023-09-12 12:00")
      .replace(/[0-9]{2}\\.[0-9]{2}\\.[0-9]{4} [0-9]{2}:[0-9]{2}/g, "12.09.2023 12:00");
  }
}"""


def _take(language: str) -> Iterator[tuple[Picture, bytes]]:
    """Each picture as a PNG."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  `--check` does without

    with _served(language) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"],
            env={**os.environ, "LC_ALL": f"{LANGUAGES[language]}.UTF-8"},
        )  # fmt: skip
        origin = address.partition("/?")[0]
        page = browser.new_context(base_url=origin, locale=LANGUAGES[language].replace("_", "-")).new_page()
        painter = browser.new_page()
        page.goto(address)
        for picture in PICTURES:
            page.set_viewport_size({"width": picture.width, "height": _HEIGHT})
            if picture.first:
                picture.first(page)
            if picture.path:
                page.goto(f"/?theme={picture.theme}")
                page.goto(picture.path)
            page.evaluate(_EXAMPLES)
            # The whole page is in the window: what sticks to an edge of the window is where it belongs.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": picture.width, "height": height})
            yield picture, _small(painter, page.screenshot(full_page=True))
        browser.close()


# A picture with few colours: those that most of its pixels have; every other one becomes the nearest of them.
_FEW_COLOURS = """async ([content, most]) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + content)).blob());
  const { width, height } = image, paper = new OffscreenCanvas(width, height).getContext("2d");
  paper.drawImage(image, 0, 0);
  const pixels = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer), counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most).map(each => each[0]);
  const parts = pixel => [pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255];
  const distance = (one, other) => parts(one).reduce((sum, part, i) => sum + (part - parts(other)[i]) ** 2, 0);
  const places = new Map();
  for (const pixel of counts.keys()) {
    const nearest = (best, each, i) => distance(each, pixel) < distance(kept[best], pixel) ? i : best;
    places.set(pixel, kept.reduce(nearest, 0));
  }
  const rows = new Uint8Array(pixels.length);
  pixels.forEach((pixel, i) => { rows[i] = places.get(pixel); });
  let bytes = "";
  for (let i = 0; i < rows.length; i += 32768) bytes += String.fromCharCode(...rows.subarray(i, i + 32768));
  return { width, height, colours: kept.flatMap(parts), rows: btoa(bytes) };
}"""


def _small(page: "Page", png: bytes) -> bytes:
    """The same picture with a palette. A page of the browser counts its colours."""
    found = page.evaluate(_FEW_COLOURS, [base64.b64encode(png).decode(), _COLOURS])
    width, rows = found["width"], base64.b64decode(found["rows"])
    # Each row begins with its filter: none.
    lines = b"".join(b"\0" + rows[start : start + width] for start in range(0, len(rows), width))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, found["height"], 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(found["colours"])),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def wrong_files() -> list[str]:
    """The pictures that are missing, and those that are not of a page."""
    known = {file_of(picture, language).name for picture in PICTURES for language in LANGUAGES}
    return sorted(known ^ {path.name for path in FOLDER.iterdir()})


def main() -> int:
    """Take them, or check that they are there."""
    if sys.argv[1:] == ["--check"]:
        wrong = wrong_files()
        for name in wrong:
            print(f"docs/pictures/{name} is missing, or is not of a page: python tools/screenshots.py", file=sys.stderr)
        return bool(wrong)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for language in LANGUAGES:
        for picture, content in _take(language):
            file_of(picture, language).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
