"""Use cases: one function, one transaction, one history record."""
