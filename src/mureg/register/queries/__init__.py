"""What is read from the register, one file for each noun.

applications.py   applications and lists of them
position.py       a place in a sorted list
imports.py        what an import compares with
organizations.py  organizations: what their applications say
licences.py       licences and sales
licence_list.py   lists of licences
months.py         months, resolutions, invoices
charges.py        frozen charges of closed months
statements.py     statements of the operator
history.py        records of the history
integrity.py      what only `mureg check` asks
"""
