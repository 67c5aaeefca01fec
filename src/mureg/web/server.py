"""The application of Starlette, and how it is served on the loopback."""

import errno
import logging
import socket
import sys
import warnings
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from mureg.errors import NotFound, Refused, msg
from mureg.web import pages
from mureg.web.jobs import Jobs
from mureg.web.office import Office
from mureg.web.page import Page
from mureg.web.pages import errors
from mureg.web.rendering import language_of_browser, refusal
from mureg.web.routes import starlette_route
from mureg.web.security import LOOPBACK, Guard
from mureg.web.sessions import Sessions

# How long a request under way may go on after Ctrl-C.
_SECONDS_TO_END = 2


def application(office: Office, sessions: Sessions, port: int) -> Starlette:
    """Everything that answers requests. `port` is the one that browsers use."""

    async def not_found(request: Request, _: Exception) -> Response:
        page = Page(office, request)
        page.error = NotFound(msg("there is no such page"))
        return errors.show(page)

    async def failed(request: Request, error: Exception) -> Response:
        language = language_of_browser(request, office.language)
        return refusal(language, 500, office.internal_error(error).message)

    made = Starlette(
        routes=[
            *(starlette_route(route, office, errors.show) for route in pages.routes()),
            Mount("/static", StaticFiles(packages=[("mureg.web", "static")])),
        ],
        middleware=[Middleware(Guard, office=office, sessions=sessions, port=port)],
        exception_handlers={404: not_found, 405: not_found, Exception: failed},
    )
    made.state.sessions = sessions
    made.state.jobs = Jobs(office.internal_error)
    return made


def listening(host: str, port: int) -> socket.socket:
    """A socket on the loopback; port 0 takes a free one. Raises `Refused`."""
    if f"[{host}]" not in LOOPBACK and host not in LOOPBACK:
        raise Refused(
            msg("mureg web listens on this computer only, and not on {host}: it has no passwords", host=host),
            msg("leave --host out; a colleague starts mureg web on their own computer, on the team's register"),
        )
    # asyncio sets TCP_NODELAY on what was made as TCP by name: without it each answer waits for 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform == "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        # A port that has just been left can be taken again.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        free = msg("leave --port out: mureg web takes a free one")
        if error.errno == errno.EADDRINUSE:
            raise Refused(msg("the port {port} is in use", port=port), free) from None
        reason = error.strerror or str(error)
        raise Refused(
            msg("cannot listen on {host}, port {port}: {reason}", host=host, port=port, reason=reason), free
        ) from None
    return listener


def serve(office: Office, listener: socket.socket, opened: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. `opened` gets the address with its token, as soon as the page answers there."""
    # The libraries log nothing: the text of an error may hold personal data.
    logging.getLogger().addHandler(logging.NullHandler())
    host, port = listener.getsockname()[:2]
    sessions = Sessions()
    config = uvicorn.Config(
        application(office, sessions, port), log_config=None, access_log=False, server_header=False, date_header=False,
        lifespan="off", timeout_graceful_shutdown=_SECONDS_TO_END, ws="none",
    )  # fmt: skip
    listener.listen()
    name = f"[{host}]" if ":" in host else host
    opened(f"http://{name}:{port}/?token={sessions.new_token()}")
    # Python warns of a server that Ctrl-C ends before its first step.
    warnings.simplefilter("ignore", RuntimeWarning)
    uvicorn.Server(config).run(sockets=[listener])
