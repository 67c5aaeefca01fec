"""The labels of what lists show."""

from mureg.errors import N_

KIND = {"connection": N_("Connection"), "change": N_("Change"), "renewal": N_("Renewal")}
STATUS = {"new": N_("new"), "processed": N_("processed"), "rejected": N_("rejected"), "cancelled": N_("cancelled")}
SWITCH = {"on": N_("On"), "off": N_("Off"), "unstated": N_("not stated")}
LICENCE_STATE = {"on": N_("on"), "ended": N_("ended"), "upcoming": N_("upcoming")}
RENEWAL = {"licensed": N_("renewed"), "waiting": N_("waiting")}
