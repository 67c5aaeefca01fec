"""The pages: each file asks operations, and shows their results in a template.

today.py         what needs attention today
applications.py  the list of applications
application.py   one application, and what is done with it
history.py       what was done, and undoing it
errors.py        an error that no other page shows
"""

from collections.abc import Iterator

from mureg.web.pages import application, applications, history, today
from mureg.web.routes import PageRoute

NOUNS = (today, applications, application, history)


def routes() -> Iterator[PageRoute]:
    """Every page and action."""
    for noun in NOUNS:
        yield from noun.ROUTES
