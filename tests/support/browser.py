"""A browser without a screen for the tests of `mureg web`: it follows links and sends forms as they are shown."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import httpx2
from starlette.testclient import TestClient

from mureg.errors import MuregError
from mureg.settings import reading
from mureg.web.office import Office
from mureg.web.server import application
from mureg.web.sessions import Sessions

PORT = 8000
ORIGIN = f"http://127.0.0.1:{PORT}"


class Form(NamedTuple):
    """A form of a page: where it goes, and the values that it would send."""

    method: str
    action: str
    values: dict[str, list[str]]


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("method") or "get", given.get("action") or "", {}))
        elif tag == "select":
            self._select = given.get("name") or ""
        elif self.forms and tag == "option" and self._select and "selected" in given:
            self.forms[-1].values[self._select] = [given.get("value") or ""]
        elif self.forms and tag in ("input", "button") and given.get("name"):
            kind = given.get("type") or "text"
            if (kind not in ("radio", "checkbox", "submit") and tag == "input") or "checked" in given:
                self.forms[-1].values.setdefault(str(given["name"]), []).append(given.get("value") or "")


class Answer(NamedTuple):
    """A page as it came."""

    status: int
    text: str
    address: str

    def form(self, action: str, method: str = "post") -> Form:
        """The form with this action."""
        parser = _Forms()
        parser.feed(self.text)
        return next(form for form in parser.forms if (form.action, form.method) == (action, method))

    def has_form(self, action: str) -> bool:
        """Whether there is one."""
        return f'action="{action}"' in self.text


class Browser:
    """A browser that came with the token."""

    def __init__(self, office: Office, language: str = "ru") -> None:
        sessions = Sessions()
        self.sessions = sessions
        self.client: httpx2.Client = TestClient(
            application(office, sessions, PORT), base_url=ORIGIN, headers={"accept-language": language},
            raise_server_exceptions=True,
        )  # fmt: skip
        assert self.get(f"/?token={sessions.new_token()}").status == 200

    @property
    def origin(self) -> str:
        """What a browser says of where its forms come from."""
        return str(self.client.base_url).rstrip("/")

    def get(self, address: str) -> Answer:
        """Open an address."""
        answer = self.client.get(address)
        return Answer(answer.status_code, answer.text, str(answer.url))

    def send(
        self, shown: Answer, action: str, files: list[tuple[str, tuple[str, bytes]]] | None = None, /,
        **values: str | list[str],
    ) -> Answer:  # fmt: skip
        """Send a form of a page that was shown, with these values filled in, and these files chosen."""
        form = shown.form(action)
        filled = form.values | {name.replace("_", "-"): value for name, value in values.items()}
        answer = self.client.post(action, data=filled, files=files, headers={"origin": self.origin})
        return Answer(answer.status_code, answer.text, str(answer.url))


class _Distant(Browser):
    """A browser of a server that runs in another process."""

    def __init__(self, address: str, client: httpx2.Client) -> None:
        self.client = client
        assert self.get(address).status == 200


@contextmanager
def visiting(address: str) -> Iterator[Browser]:
    """A browser that came to the address which a running `mureg web` printed."""
    origin = address.partition("/?")[0]
    with httpx2.Client(base_url=origin, follow_redirects=True, timeout=60) as client:
        yield _Distant(address, client)


def office(*, language: str = "ru", today: date | None = None, read_only: bool = False) -> Office:
    """The office of the current folder, as the command line makes it."""

    def unexpected(error: Exception) -> MuregError:
        raise AssertionError from error

    file = Path("mureg.toml").absolute()
    return Office(
        register_url=os.environ.get("MUREG_DB", str(Path("mureg.db").absolute())),
        read_settings=lambda: reading.read_settings(file),
        user="tester",
        internal_error=unexpected,
        language=language,
        read_only=read_only,
        today=(lambda: today) if today else date.today,
    )


def opened(made: Office) -> Iterator[Browser]:
    """A browser for a fixture."""
    browser = Browser(made, made.language)
    yield browser
    browser.client.close()
