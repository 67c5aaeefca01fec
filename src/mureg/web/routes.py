"""How a function of `pages/` becomes a page, or an action behind a form."""

import hmac
import random
import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mureg.errors import MuregError, Refused, RetryNeeded, msg
from mureg.reports.language import LANGUAGES
from mureg.web.office import Office
from mureg.web.page import THEMES, Page
from mureg.web.rendering import LANGUAGE_COOKIE, THEME_COOKIE
from mureg.web.uploads import form_of

# How long an action is retried where the server asks for it, as long as a command.
RETRY_SECONDS = 30
_YEAR = 365 * 24 * 60 * 60

_Answer = TypeVar("_Answer")
Show = Callable[[Page], Response]


class PageRoute(NamedTuple):
    """A page at a path; with `again`, an action: the page that is shown again where the action is refused."""

    path: str
    answer: Show
    again: Show | None = None
    most_files: int = 0


def shows(path: str, show: Show) -> PageRoute:
    """A page, which changes nothing."""
    return PageRoute(path, show)


def does(path: str, act: Show, *, again: Show, most_files: int = 0) -> PageRoute:
    """An action behind a form. It is done once, however often the form is sent."""
    return PageRoute(path, act, again, most_files)


def starlette_route(route: PageRoute, office: Office, show_error: Show) -> Route:
    """The route that answers it. `show_error` is the page of an error that no other page shows."""

    async def answer(request: Request) -> Response:
        if route.again is None:
            return await run_in_threadpool(_shown, Page(office, request), route.answer, show_error)
        page = Page(office, request)
        try:
            file_bytes = (await run_in_threadpool(office.settings)).limits.file_bytes if route.most_files else 0
            page.form = await form_of(request, route.most_files, file_bytes)
        except ClientDisconnect:
            return Response(status_code=400)  # which has no reader any more
        except Exception as error:  # noqa: BLE001  the boundary: no traceback ever reaches a user
            return await run_in_threadpool(_again, page, route.again, error, show_error)
        try:
            return await run_in_threadpool(_acted, page, route, show_error)
        finally:
            if not page.keeps_files:
                await page.form.close()

    return Route(route.path, answer, methods=["GET"] if route.again is None else ["POST"])


def _switched(page: Page) -> Response | None:
    """Remember a language or a theme that was chosen, and show the page in it."""
    chosen = {LANGUAGE_COOKIE: page.query.get("language"), THEME_COOKIE: page.query.get("theme")}
    known = {name: value for name, value in chosen.items() if value in (*LANGUAGES, *THEMES)}
    if not known:
        return None
    answer = page.go(page.here(language=None, theme=None))
    for name, value in known.items():
        answer.set_cookie(name, str(value), max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def _shown(page: Page, show: Show, show_error: Show) -> Response:
    try:
        return _switched(page) or retried(lambda: show(page))
    except Exception as error:  # noqa: BLE001  the boundary: no traceback ever reaches a user
        # The error of a form is the one to show.
        page.error = page.error or _reported(page, error)
        return show_error(page)


def _acted(page: Page, route: PageRoute, show_error: Show) -> Response:
    assert route.again is not None, "it is an action"
    try:
        if not page.asked("form") or not hmac.compare_digest(page.asked("token").encode(), page.form_token.encode()):
            raise Refused(msg("this form is too old: nothing was written"), msg("check it, and send it again"))
        return page.sent_once(lambda: retried(lambda: route.answer(page)))
    except Exception as error:  # noqa: BLE001  see above
        return _again(page, route.again, error, show_error)


def _again(page: Page, again: Show, error: Exception, show_error: Show) -> Response:
    """The page of a form again, with the reason why it did nothing."""
    page.error = _reported(page, error)
    return _shown(page, again, show_error)


def _reported(page: Page, error: Exception) -> MuregError:
    return error if isinstance(error, MuregError) else page.office.internal_error(error)


def retried(act: Callable[[], _Answer]) -> _Answer:
    """Do it again where the server asks for it: nothing of it was written."""
    until = time.monotonic() + RETRY_SECONDS
    while True:
        try:
            return act()
        except RetryNeeded:
            if time.monotonic() > until:
                raise
            time.sleep(0.01 + random.random() / 50)  # noqa: S311  so that two requests do not collide again
