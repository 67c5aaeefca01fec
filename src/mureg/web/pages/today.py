"""What needs attention today."""

from starlette.responses import Response

from mureg.errors import msg
from mureg.operations import today
from mureg.web.page import Page
from mureg.web.routes import shows


def show(page: Page) -> Response:
    """What waits, runs out and has to be done, as `mureg status` says it."""
    with page.register() as register:
        waiting = today.waiting(register, page.today)
    return page.html("today.html", title=msg("Today"), command="mureg status", waiting=waiting)


ROUTES = [shows("/", show)]
