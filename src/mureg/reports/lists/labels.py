"""The labels of a licence's state and of its renewal."""

from mureg.errors import N_

LICENCE_STATE = {"on": N_("on"), "ended": N_("ended"), "upcoming": N_("upcoming")}
RENEWAL = {"licensed": N_("renewed"), "waiting": N_("waiting")}
