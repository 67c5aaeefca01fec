"""The operator's statement, and how its rows are matched with charges.

assignment.py       the cheapest assignment of two groups to each other
exact_matches.py    rows and charges with the same number and no difference
matching.py         which row means which charge
statement.py        the operator's report of a month
statement_month.py  which month a statement clearly belongs to
pairs.py            the pairs of a month, their discrepancies and differences
"""
