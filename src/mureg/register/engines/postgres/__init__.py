"""A register on a PostgreSQL server.

database.py  reading and writing
address.py   the address, and the schema in it
schema.py    tables, triggers and roles in its SQL
errors.py    the server's errors as ours
"""
