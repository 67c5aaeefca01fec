"""An address for another browser of the same person: the one that `mureg web` printed works once."""

from starlette.responses import Response

from mureg.errors import msg
from mureg.web.page import Page
from mureg.web.routes import does, shows

MINUTES = 10


def show(page: Page) -> Response:
    """What it is for, and the address that was just made."""
    return page.html(
        "browser.html", title=msg("Open in another browser"), command="mureg web", made=page.result, minutes=MINUTES
    )


def add(page: Page) -> Response:
    """Make an address."""
    return page.done_with("/browser", None, page.new_address(MINUTES * 60))


ROUTES = [shows("/browser", show), does("/browser/add", add, again=show)]
