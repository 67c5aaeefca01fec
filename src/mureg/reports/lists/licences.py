"""The list of licences."""

from collections.abc import Iterable, Iterator

from mureg.domain.application import TIER_LABELS
from mureg.domain.licence_list import ListedLicence
from mureg.errors import N_
from mureg.reports.cells import Cell, Column, Label, Money
from mureg.reports.labels import LICENCE_STATE, RENEWAL

COLUMNS = (
    Column(N_("Application"), width=14),
    Column(N_("ИНН"), may_go=6),
    Column(N_("КПП"), may_go=9, width=11),
    Column(N_("Organization"), may_wrap=True, width=40),
    Column(N_("Tier"), width=16),
    Column(N_("From"), may_go=7),
    Column(N_("Until")),
    Column(N_("Days left"), "right", may_go=1, width=10),
    Column(N_("State"), may_go=8),
    Column(N_("Renewal status"), may_go=2),
    Column(N_("Phone"), may_go=3, width=18),
    Column(N_("E-mail"), may_go=5, width=26),
    Column(N_("Users"), "right", may_go=7, width=8),
    Column(N_("Needed"), may_go=8, width=16),
    Column(N_("Renewal price"), "right", may_go=4, width=13),
)


def rows(found: Iterable[ListedLicence]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each licence."""
    for listed in found:
        licence, organization, price = listed.licence, listed.organization, listed.list_price_kopecks
        yield (
            licence.application,
            licence.organization.inn,
            licence.organization.kpp,
            organization.name,
            Label(TIER_LABELS[licence.tier]),
            licence.starts_on,
            licence.ends_on,
            listed.days_left,
            Label(LICENCE_STATE[listed.state]),
            Label(RENEWAL[listed.renewal]) if listed.renewal else None,
            organization.phone,
            organization.email,
            organization.users,
            Label(TIER_LABELS[listed.needed_tier]) if listed.needed_tier else None,
            None if price is None else Money(price),
        )
