"""One request: what was asked, in which language, and the answer."""

import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mureg.domain.dates import Month, parse_date, parse_month
from mureg.errors import N_, Fault, Message, MuregError, WrongUsage, msg
from mureg.operations.result import Result
from mureg.readers.types import Source
from mureg.register.register import Register
from mureg.reports.faults import fault_text
from mureg.web.hints import in_words
from mureg.web.jobs import Jobs
from mureg.web.office import Office
from mureg.web.rendering import THEME_COOKIE, address, language_of_browser, rendered
from mureg.web.sessions import Session, Sessions
from mureg.web.uploads import source_of

_Value = TypeVar("_Value", bound=str)

# Each with the key that opens it after `g`.
SECTIONS = (
    ("/", N_("Today"), "t"),
    ("/applications", N_("Applications"), "a"),
    ("/import", N_("Import"), "i"),
    ("/organizations", N_("Organizations"), "o"),
    ("/licences", N_("Licences and renewals"), "l"),
    ("/months", N_("Months"), "m"),
    ("/invoices", N_("Invoices"), "v"),
    ("/contract", N_("Contract"), "c"),
    ("/history", N_("History"), "h"),
)
THEMES = {"light": N_("Light"), "dark": N_("Dark")}

# What the address of a page says about the operation that brought the user there.
_ABOUT_AN_OPERATION = ("operation", "undid", "result")
# A path of ours, with a query: never another host, as in `//host`.
_IS_OURS = re.compile(r"/(?:[a-z][a-z/-]*)?(?:\?[^\\#\s]*)?")

_STATUS_CODES = {"usage": 400, "not_found": 404, "ambiguous": 404, "rejected": 422, "refused": 409, "differences": 409}


class Page:
    """A request to a page, or a form that was sent. Functions of `pages/` take one and return an answer.

    `error` is why the form of this page was refused: the page is shown again, with the error above it.
    """

    def __init__(self, office: Office, request: Request, form: FormData | None = None) -> None:
        self.office = office
        self.form = form or FormData()
        self.query = request.query_params
        self.language = language_of_browser(request, office.language)
        self.today: date = office.today()
        self.theme = request.cookies.get(THEME_COOKIE, "")
        self.error: MuregError | None = None
        self.keeps_files = False
        """Whether the files of the form are needed after the answer, by something that closes them itself."""
        self._request = request
        self.session: Session = request.scope["mureg.session"]

    # --- what was asked -----------------------------------------------------------------------------------------

    def asked(self, name: str) -> str:
        """A value of the query or of the form; empty where it is missing."""
        value = self.form.get(name, self.query.get(name, ""))
        return value.strip() if isinstance(value, str) else ""

    def all_asked(self, name: str) -> list[str]:
        """Every value of this name."""
        found = self.form.getlist(name) or self.query.getlist(name)
        return [value.strip() for value in found if isinstance(value, str)]

    def needed(self, name: str, label: str) -> str:
        """A value that has to be there. `label` is marked by `N_`. Raises `WrongUsage`."""
        value = self.asked(name)
        if not value:
            raise WrongUsage(msg("fill in the field “{label}”", label=msg(label)))
        return value

    def files(self, name: str) -> list[Source]:
        """The files that were chosen."""
        files = [value for value in self.form.getlist(name) if not isinstance(value, str)]
        return [source_of(each) for each in files if each.filename or each.size]

    def needed_file(self, name: str, label: str) -> Source:
        """The file that has to be chosen. `label` is marked by `N_`. Raises `WrongUsage`."""
        for file in self.files(name):
            return file
        raise WrongUsage(msg("choose a file: {label}", label=msg(label)))

    def number(self, name: str) -> int:
        """A number of a page, 1 where none was asked for. Raises `WrongUsage`."""
        typed = self.asked(name) or "1"
        if not (typed.isascii() and typed.isdigit() and 0 < len(typed) < 10 and int(typed)):
            raise WrongUsage(msg("{text} is not the number of a page", text=typed))
        return int(typed)

    def day(self, name: str) -> date | None:
        """A date that was typed; `None` where there is none. Raises `WrongUsage`."""
        typed = self.asked(name)
        day = parse_date(typed, self.today) if typed else None
        if typed and day is None:
            raise WrongUsage(msg("{text} is not a date", text=typed), msg("write 2023-08-14, 14.08.2023 or today"))
        return day

    def month(self, name: str) -> Month | None:
        """A month that was typed; `None` where there is none. Raises `WrongUsage`."""
        typed = self.asked(name)
        month = parse_month(typed, self.today) if typed else None
        if typed and month is None:
            raise WrongUsage(
                msg("{text} is not a month", text=typed), msg("write 2023-08, 08.2023, “август 2023”, this or last")
            )
        return month

    def needed_month(self, name: str = "month") -> Month:
        """A month that has to be there. Raises `WrongUsage`."""
        self.needed(name, N_("Month"))
        month = self.month(name)
        assert month is not None, "something was typed"
        return month

    def one_of(self, name: str, values: Sequence[_Value]) -> _Value | None:
        """One of these values; `None` where none was asked for. Raises `WrongUsage`."""
        asked = self.asked(name)
        found = next((value for value in values if value == asked), None)
        if asked and found is None:
            raise WrongUsage(msg("{text} is not one of: {values}", text=asked, values=", ".join(values)))
        return found

    def seen(self) -> dict[str, int]:
        """The applications of a form, each with the operation that had changed it last when the form was shown."""
        pairs = (each.rpartition(" ") for each in self.all_asked("seen"))
        return {number: int(operation) for number, _, operation in pairs if operation.isdecimal()}

    def seen_operation(self) -> int:
        """The last operation that had touched what a form shows; -1, which no operation is, where it does not say."""
        operation = self.asked("seen-operation")
        return int(operation) if operation.isdecimal() else -1

    @property
    def form_token(self) -> str:
        """What a form of this session has to bring."""
        return self.session.form_token

    def sent_once(self, act: Callable[[], Response]) -> Response:
        """Do it, unless this very form did it already: then the first answer comes again.

        A form that was filled in otherwise, after going back to it, is another one.
        """
        values = [
            (name, value if isinstance(value, str) else f"{value.filename} {value.size}")
            for name, value in self.form.multi_items()
        ]
        return self.session.sent.once(repr(values), act)

    def new_address(self, seconds: float) -> str:
        """An address that opens a session in another browser, once and for so many seconds."""
        sessions: Sessions = self._request.app.state.sessions
        return f"{self._request.base_url}?token={sessions.new_token(seconds)}"

    @property
    def jobs(self) -> Jobs:
        """What takes longer than a request."""
        jobs: Jobs = self._request.app.state.jobs
        return jobs

    def register(self) -> AbstractContextManager[Register]:
        """The open register."""
        return self.office.register()

    # --- the answer ---------------------------------------------------------------------------------------------

    def html(self, template: str, *, title: Message, command: str, **values: Any) -> Response:
        """A page. `command` is the command that shows the same."""
        text = self.part(template, title=title, command=command, **values)
        return HTMLResponse(text, status_code=_STATUS_CODES.get(self.error.code, 500) if self.error else 200)

    def part(self, template: str, **values: Any) -> str:
        """A template as text."""
        common = {
            "page": self,
            "section": self._section(),
            "sections": SECTIONS,
            "themes": THEMES.items(),
            "error": self.error,
            "form_token": self.form_token,
            "new_form": _new_form,
            "may_write": not self.office.read_only,
        }
        return rendered(template, self.language, common | values)

    def _section(self) -> str:
        """The section that this page belongs to, as `/application` to `/applications`; empty where it has none."""
        path = self._request.url.path
        if path == "/":
            return path
        return next((each for each, *_ in SECTIONS if each.startswith(f"/{path.split('/')[1]}")), "")

    @property
    def written(self) -> str | None:
        """The operation that brought the user here; `none` where nothing was to be written."""
        asked = self.query.get("operation", "")
        return asked if asked == "none" or (asked.isascii() and asked.isdecimal()) else None

    def fault(self, fault: Fault) -> str:
        """A fault of a file with its place, as text."""
        return fault_text(fault._replace(message=in_words(fault.message)), self.language)

    def done(self, path: str, result: Result[Any], **query: object) -> Response:
        """Go to a page after an action: it says which operation was written, and offers to undo it."""
        return self.go(path, operation=result.operation or "none", **query)

    def go(self, path: str, **query: object) -> Response:
        """Go to a page; a reload of it sends no form."""
        return RedirectResponse(address(path, **query), status_code=303)

    def back(self, otherwise: str) -> str:
        """The page of ours that a form names as the one to go back to, without what it said about an operation."""
        asked = self.asked("back")
        if not _IS_OURS.fullmatch(asked):
            return otherwise
        path, _, query = asked.partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name not in _ABOUT_AN_OPERATION]
        return f"{path}?{urlencode(kept)}" if kept else path

    def done_with(self, path: str, operation: int | None, shown: object) -> Response:
        """Go to a page after an action that found something: the page shows it as its `result`."""
        return self.go(path, operation=operation, result=self.session.keep(path.partition("?")[0], shown))

    @property
    def result(self) -> Any:
        """What the action found that brought the user here, or `None`."""
        return self.session.kept(self._request.url.path, self.query.get("result", ""))

    def here(self, **changed: object) -> str:
        """The address of this page with other values in its query."""
        kept = {name: value for name, value in self.query.items() if name not in (*_ABOUT_AN_OPERATION, *changed)}
        return address(self._request.url.path, **kept, **changed)


def _new_form() -> str:
    """The key by which a form that comes twice is recognized."""
    return secrets.token_urlsafe(16)
