"""How a dry run says what a command would do: its labels in the conditional."""

from mureg.errors import N_

CONDITIONAL = {
    "Created": N_("Would be created"),
    "Upgraded": N_("Would be upgraded"),
    "Kept": N_("Would be kept"),
    "Added": N_("Would be added"),
    "Changed": N_("Would be changed"),
    "Processed": N_("Would be processed"),
    "Rejected": N_("Would be rejected"),
    "Set": N_("Would be set"),
    "Undone": N_("Would be undone"),
    "Resolved": N_("Would be resolved"),
    "Paid": N_("Would be paid"),
    "People erased": N_("People who would be erased"),
    "Copied from": N_("Would be copied from"),
    "Copied to": N_("Would be copied to"),
}
"""A label, and what a dry run shows instead."""
