"""SQLite and PostgreSQL. Nothing above this package knows which of them it is."""
