"""The JSON of docs/reference.md.

applications.py    applications, organizations, their products
licences.py        lists of licences
today.py           what needs a person today
settlement.py      the settlement of a month
reconciliation.py  the statement and the discrepancies
errors.py          errors
"""
