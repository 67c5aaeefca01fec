"""The list of applications."""

from collections.abc import Iterable, Iterator, Sequence

from mureg.domain.application import TIER_LABELS, Application
from mureg.domain.warnings import ApplicationWarning
from mureg.errors import N_
from mureg.reports.cells import Cell, Column, Label
from mureg.reports.labels import KIND, STATUS, SWITCH

COLUMNS = (
    Column(N_("Number")),
    Column(N_("Type"), may_go=6),
    Column(N_("Submitted"), may_go=1),
    Column(N_("ИНН"), may_go=5),
    Column(N_("Organization"), may_wrap=True, width=40),
    Column(N_("Mode"), may_go=3, width=12),
    Column(N_("Tier"), may_go=2, width=16),
    Column(N_("Users"), "right", may_go=7, width=8),
    Column(N_("Status")),
    Column(N_("Warnings"), "right", may_go=4, width=10),
)


def rows(found: Iterable[tuple[Application, Sequence[ApplicationWarning]]]) -> Iterator[tuple[Cell, ...]]:
    """The cells of each application: `Warnings` counts those that are more than notes."""
    for application, warnings in found:
        request, tier = application.request, application.tier
        yield (
            request.number,
            Label(KIND[request.kind]),
            application.submitted_on,
            request.inn,
            request.name,
            Label(SWITCH[application.effective]),
            Label(TIER_LABELS[tier]) if tier else None,
            application.users,
            Label(STATUS[application.status]),
            sum(warning.level == "warning" for warning in warnings) or None,
        )
