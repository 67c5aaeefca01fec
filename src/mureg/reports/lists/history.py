"""The list of what was done."""

from mureg.errors import N_
from mureg.reports.cells import Column

COLUMNS = (
    Column(N_("No."), "right", width=8),
    Column(N_("When"), width=17),
    Column(N_("Who"), may_go=1),
    Column(N_("Command"), may_wrap=True, width=24),
    Column(N_("Applications"), may_wrap=True, may_go=2, width=30),
    Column(N_("What changed"), may_wrap=True, width=60),
)
