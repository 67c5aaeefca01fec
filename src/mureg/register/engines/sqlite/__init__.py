"""A register in a SQLite file."""
