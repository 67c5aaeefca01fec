"""mureg.toml: where it is, what it contains, and what is wrong with it.

locate.py        which file is used, and which register it names
reading.py       a file as settings, or as one error with all its faults
schema.py        the tables and keys
values.py        what a key may hold
toml.py          the text as TOML
line_numbers.py  the line of each key
errors.py        the faults of a file
template.py      the file that `mureg init` writes
"""
