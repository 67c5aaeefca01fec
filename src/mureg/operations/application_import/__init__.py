"""Import applications from files.

importer.py            reads the files, and hands their applications on
writer.py              writes applications: each is added, changed, skipped or a fault
unchanged_numbers.py   the numbers that an import left as they were
missing_kpp.py         the КПП of changes that state none
repeated_decisions.py  the partner's decisions of mureg's own JSON, made again
stated_licences.py     licences that the JSON states, restored as they were
tally.py               what was counted, and what is wrong
"""
