"""A register in a SQLite file.

database.py    reading and writing
migrations.py  making the tables, and upgrading them
file.py        the file of a register, and whether it is still the same one
place.py       where the file may lie
waiting.py     waiting for other programs that use the file
new_file.py    a new file: private, and complete or not there
errors.py      SQLite's errors as ours
sorter.py      sorting more than fits into memory
"""
