"""Templates, the browser's language, and cells as texts."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mureg.errors import Message
from mureg.reports.cells import Cell, Label
from mureg.reports.language import LANGUAGES, Language
from mureg.web import hints

LANGUAGE_COOKIE = "mureg_language"
THEME_COOKIE = "mureg_theme"


@cache
def language(code: str) -> Language:
    """The language with this code; its catalogue is read once."""
    return Language(code)


def language_of_browser(request: Request, fallback: str) -> Language:
    """The language that the user switched to, else the first one of the browser's that mureg has."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return language(chosen)
    wanted = request.headers.get("accept-language", "").split(",")
    codes = (each.partition(";")[0].strip().partition("-")[0].lower() for each in wanted)
    return language(next((code for code in codes if code in LANGUAGES), fallback))


def address(path: str, **query: object) -> str:
    """A path with a query, or with more of it; what is `None` or empty is left out."""
    given = {name: str(value) for name, value in query.items() if value is not None and value != ""}
    return f"{path}{'&' if '?' in path else '?'}{urlencode(given)}" if given else path


# States that a list tints. The words say it too, without a colour.
_TONES = {
    "new": "caution", "waiting": "caution", "rejected": "bad",
    "processed": "good", "on": "good", "renewed": "good", "closed": "good",
}  # fmt: skip


def tone(cell: Cell) -> str:
    """The class of a state's tint; empty where there is none."""
    return _TONES.get(cell.text, "") if isinstance(cell, Label) else ""


@cache
def environment() -> Environment:
    """The templates. Every text is escaped unless a template of ours says otherwise, and none does."""
    made = Environment(
        loader=PackageLoader("mureg.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals["address"] = address
    made.globals["tone"] = tone
    return made


def refusal(language: Language, status: int, reason: Message) -> Response:
    """An answer to a browser that may not see more, or cannot."""
    text = rendered("refusal.html", language, {"status": status, "reason": reason})
    return HTMLResponse(text, status_code=status)


def rendered(template: str, language: Language, values: Mapping[str, Any]) -> str:
    """A template with its values. In it, `_` translates a text of ours, `text` shows a cell, `parts` divides a hint."""

    def text(cell: Cell) -> str:
        return language.cell(hints.in_words(cell) if isinstance(cell, Message) else cell)

    return (
        environment()
        .get_template(template)
        .render(
            values, language=language, _=language.translate, text=text, parts=lambda hint: hints.parts(hint, language)
        )
    )
