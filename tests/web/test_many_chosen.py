"""Some thousand applications that are decided together on the page."""

import re
from html import unescape

import pytest

from support.browser import Answer, Browser
from support.command_line import Mureg
from support.sample_data import inn_of, row, write_table

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True),
]

_ALONE, _TOGETHER, _OFF = 1_200, 1_200, 600
_PATH = "/applications/process"
_ASKED = f"{_PATH}?all-new=1&search=M-&on=2023-08-31"


@pytest.fixture
def waiting(browser: Browser, mureg: Mureg) -> Browser:
    """New applications: some of an organization each, many of one organization, and some that ask for no mode."""
    alone = [row(f"M-A{place:05}", inn=inn_of(place + 1), tier="2-9") for place in range(_ALONE)]
    # The first is the connection: it makes the one licence of the others.
    kinds = ["connection", *["change"] * (_TOGETHER - 1)]
    together = [
        row(f"M-B{place:05}", inn=inn_of(90_000), type=kind, tier="10+", users="") for place, kind in enumerate(kinds)
    ]
    off = [row(f"M-C{place:05}", inn=inn_of(90_001 + place % 3), multiuser="off") for place in range(_OFF)]
    mureg.done("application", "import", write_table("many.csv", *alone, *together, *off))
    return browser


def said(answer: Answer) -> str:
    """What a page says, without its tags; amounts with plain spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def decided(mureg: Mureg) -> dict[str, int]:
    """How many of them have each status."""
    statuses = [each["status"] for each in mureg.done("application", "list", "--search", "M-", "--json").json]
    return {status: statuses.count(status) for status in set(statuses)}


def test_thousands_are_processed_after_a_look_at_all_of_them(waiting: Browser, mureg: Mureg) -> None:
    count = _ALONE + _TOGETHER + _OFF
    payable = _payable(mureg)
    shown = waiting.get(_ASKED)
    text = said(shown)
    assert shown.status == 200
    assert f"Будет обработано {count}" in text.replace(" 000", "000")
    assert f"Не показано, но учтено в итогах: {count - 50}" in text
    assert f"Пользователи неизвестны: {_TOGETHER} заявлений" in text
    assert f"Не показано: {_TOGETHER - 10}" in text
    done = waiting.send(shown, _PATH)
    assert done.status == 200
    assert decided(mureg) == {"processed": count}
    # What was shown is what the month charges now.
    (total,) = re.findall(r"Итого ([0-9 ]+,[0-9]{2}) ([0-9 ]+,[0-9]{2}) ([0-9 ]+,[0-9]{2})", text)
    assert total[2].replace(" ", "").replace(",", "") == str(_payable(mureg) - payable)
    waiting.send(done, "/history/undo")
    assert decided(mureg) == {"new": count}
    mureg.done("check")


def test_what_came_meanwhile_among_thousands_is_named(waiting: Browser, mureg: Mureg) -> None:
    shown = waiting.get(_ASKED)
    came = [row(f"M-D{place:02}", inn=inn_of(95_000)) for place in range(60)]
    mureg.done("application", "import", write_table("more.csv", *came))
    mureg.done("application", "set-multiuser", "M-A00100", "--off")
    refused = waiting.send(shown, _PATH)
    text = said(refused)
    assert refused.status == 409
    assert "M-A00100: изменено" in text
    assert "M-D00 теперь тоже подходит" in text
    assert "Не показано: 11" in text
    assert set(decided(mureg)) == {"new"}
    assert waiting.send(refused, _PATH).status == 200
    assert set(decided(mureg)) == {"processed"}


def _payable(mureg: Mureg) -> int:
    """What August charges, in kopecks."""
    payable: str = mureg.done("reconcile", "--month", "2023-08", "--json").json["total"]["payable"]
    return int(payable.replace(".", ""))
