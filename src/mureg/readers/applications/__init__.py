"""Clients' applications: tables, 1C's XML, and mureg's own JSON."""
