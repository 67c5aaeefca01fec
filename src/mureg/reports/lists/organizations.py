"""The list of organizations."""

from collections.abc import Iterable, Iterator
from datetime import date

from mureg.domain.application import TIER_LABELS
from mureg.domain.licence_list import ListedOrganization
from mureg.errors import N_
from mureg.reports.cells import Cell, Column, Label
from mureg.reports.labels import LICENCE_STATE

COLUMNS = (
    Column(N_("ИНН")),
    Column(N_("КПП"), may_go=4, width=11),
    Column(N_("Organization"), may_wrap=True, width=40),
    Column(N_("Applications"), "right", may_go=3, width=11),
    Column(N_("State"), may_go=2),
    Column(N_("Tier"), may_go=1, width=16),
    Column(N_("Until")),
)


def rows(found: Iterable[ListedOrganization], today: date) -> Iterator[tuple[Cell, ...]]:
    """The cells of each organization, with the licence that counts today."""
    for organization, name, applications, licence in found:
        yield (
            organization.inn,
            organization.kpp,
            name,
            applications,
            Label(LICENCE_STATE[licence.state(today)]) if licence else None,
            Label(TIER_LABELS[licence.tier]) if licence else None,
            licence.ends_on if licence else None,
        )
