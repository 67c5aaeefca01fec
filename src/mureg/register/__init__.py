"""The register: the only place with SQL.

register.py       how it is opened, queried and changed
transaction.py    one operation: it writes rows, and ends as one record of the history
changes.py        writes rows, and remembers their columns before and after
row_images.py     changed rows as a record of the history keeps them
typed_texts.py    what a comment, a reason or a user's name may be
persons.py        people's data, written and deleted
undo.py           the rows as they were before an operation
history.py        the records of the history, and their chain of hashes
bulk_insert.py    many new applications at once
import_digest.py  the SHA-256 of the rows of an import
sale_counts.py    how many licences of each tier were sold on each day
columns.py        the values of the domain as rows, and back
queries/          what is read, one file for each noun
engines/          SQLite and PostgreSQL
"""
