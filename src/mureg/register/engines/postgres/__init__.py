"""A register on a PostgreSQL server.

database.py    reading and writing
address.py     the address, and the schema in it
connection.py  a connection that notices a server that does not answer
parameters.py  statements as psycopg takes them
migrations.py  the tables, made and upgraded
schema.py      tables, triggers and roles in its SQL
errors.py      the server's errors as ours
"""
