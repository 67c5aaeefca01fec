"""The pages: each file asks operations, and shows their results in a template.

today.py                what needs attention today
applications.py         the list of applications
application.py          one application, and what is decided about it
application_choice.py   several applications that are decided together
decision_preview.py     what a decision about several does, and its dry run as a table
application_changes.py  amend, return and cancel what was decided
imports.py              import applications
licences.py             the list of licences
organizations.py        organizations, one of them, and the erasing of its personal data
months.py               the list of months
month/                  one month, and what is done with it
invoices.py             the vendor's invoices
contract.py             the sublicence contract on a day
browser.py              an address for another browser
history.py              what was done, and undoing it
errors.py               an error that no other page shows
"""

from collections.abc import Iterator

from mureg.web.pages import (
    application,
    application_changes,
    application_choice,
    applications,
    browser,
    contract,
    history,
    imports,
    invoices,
    licences,
    month,
    months,
    organizations,
    today,
)
from mureg.web.routes import PageRoute

NOUNS = (
    today,
    applications,
    application,
    application_choice,
    application_changes,
    organizations,
    licences,
    months,
    month,
    invoices,
    contract,
    imports,
    browser,
    history,
)


def routes() -> Iterator[PageRoute]:
    """Every page and action."""
    for noun in NOUNS:
        yield from noun.ROUTES
