"""SQLite and PostgreSQL. Nothing above this package depends on which of them it is.

interface.py  what an engine offers
address.py    which engine a path or an address means
schema.py     the tables and migrations, for both
guards.py     the triggers, for both
database.py   what both do alike with an open register
sqlite/       a register in a file
postgres/     a register on a server
transfer.py   a whole register, from one database to another
"""
