"""An error that no other page shows."""

from starlette.responses import Response

from mureg.errors import msg
from mureg.web.page import Page


def show(page: Page) -> Response:
    """The error, its faults and its hint."""
    return page.html("error.html", title=msg("Error"), command="")
