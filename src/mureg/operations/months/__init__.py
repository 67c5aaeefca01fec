"""A month: what it charges, the operator's statement, and the closing.

settlement.py         the charges and totals of a month
reconciliation.py     a month beside the operator's statement: compare, keep
statement_file.py     the operator's statement from its file
statement_month.py    refuse a statement of another month
other_months.py       charges of other months that rows of a statement may mean
remedies.py           what to do about a discrepancy
advice.py             what to do about those of a kind together, as sentences
resolutions.py        resolve what differs
pair_content.py       the content of a pair, to which its resolution belongs
accepted_rows.py      rows of the operator that were accepted without a charge of ours
closing.py            close and reopen a month
closed_comparison.py  the comparison that a month was closed with
total_changes.py      how much the cancelling of a sale changes
overview.py           every month at a glance
document.py           what the documents of a month need, and the bytes of each
seen.py               refuse to change a month that somebody else changed meanwhile
notes.py              what is said about a month besides its tables
"""
