"""Who may ask, and the headers of every answer.

The server listens on the loopback only. What else could reach it is a page of another site in the same browser, by
a name that leads to the loopback (Host), by a form (Origin, SameSite, the token of the form), or another user of the
computer (the session).
"""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Event

from mureg.errors import Message, msg
from mureg.web.office import Office
from mureg.web.rendering import language_of_browser, refusal
from mureg.web.sessions import Sessions

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_SAFE_METHODS = ("GET", "HEAD")
# Forms that change no register.
_WRITES_NOTHING = ("/browser/add",)

HEADERS = {
    # No script and no style of anybody else, none inside the page, and no other page around it.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # A browser that sends no referrer to itself sends no Origin with a form either.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # People's data stays in no cache.
    "cache-control": "no-store",
}


def cookie_name(port: int) -> str:
    """Browsers do not tell cookies of different ports apart."""
    return f"mureg_{port}"


class Guard:
    """Lets a request through, or answers 403: a wrong Host, no session, a form from elsewhere, a form while reading."""

    def __init__(self, app: ASGIApp, office: Office, sessions: Sessions, port: int) -> None:
        self._app = app
        self._office = office
        self._sessions = sessions
        self._cookie = cookie_name(port)
        self._hosts = {f"{name}:{port}" for name in LOOPBACK}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        answer = self._answer(Request(scope))
        await (answer or self._app)(scope, receive, _with_headers(send))

    def _answer(self, request: Request) -> Response | None:
        """The answer to what may not be asked, or to the token; `None` lets the request through."""
        host, is_reading = request.headers.get("host", "").lower(), request.method in _SAFE_METHODS
        if host not in self._hosts:
            return self._refusal(
                request, msg("this page is served to this computer only, at the address that mureg web printed")
            )
        if not is_reading and request.headers.get("origin") != f"http://{host}":
            return self._refusal(request, msg("this form does not come from a page of mureg"))
        if self._office.read_only and not is_reading and request.url.path not in _WRITES_NOTHING:
            return self._refusal(request, msg("mureg web was started with --read-only: nothing can be changed"))
        session = self._sessions.find(request.cookies.get(self._cookie, ""))
        token = request.query_params.get("token")
        if token and request.url.path == "/" and request.method == "GET":
            # The address of a browser that has its session already may be opened again.
            key = self._sessions.open(token) if session is None else None
            if session is not None or key is not None:
                return self._opened(key)
        if session is None:
            return self._refusal(
                request,
                msg("open the address that mureg web printed; it works once, and the open page gives another one"),
            )
        request.scope["mureg.session"] = session
        return None

    def _opened(self, key: str | None) -> Response:
        answer = RedirectResponse("/", status_code=303)
        if key is not None:
            answer.set_cookie(self._cookie, key, httponly=True, samesite="strict", path="/")
        return answer

    def _refusal(self, request: Request, reason: Message) -> Response:
        return refusal(language_of_browser(request, self._office.language), 403, reason)


def _with_headers(send: Send) -> Send:
    async def sending(event: Event) -> None:
        if event["type"] == "http.response.start":
            headers = MutableHeaders(scope=event)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(event)

    return sending
