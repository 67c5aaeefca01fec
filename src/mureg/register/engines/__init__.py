"""SQLite and PostgreSQL: the only place that knows which one it is."""
