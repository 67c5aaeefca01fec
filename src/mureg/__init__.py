"""mureg: applications for the multi-user mode of 1C-Reporting, and the month's settlement."""

__version__ = "0.1.0"
