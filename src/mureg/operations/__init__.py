"""Use cases: one function, one transaction, one record of the history.

setup.py               make the settings and the register
example.py             the example partner
application_import.py  import applications
applications.py        show, set, process, reject and cancel applications
erasure.py             erase personal data
settlement.py          the charges and totals of a month
reconciliation.py      a month beside the operator's statement: compare, keep, resolve
accepted_rows.py       rows of the operator that were accepted without a charge of ours
pair_content.py        what a resolution was given to
month_closing.py       close and reopen a month
closed_comparison.py   the comparison that a month was closed with
month_list.py          every month at a glance
month_document.py      what the documents of a month need
invoices.py            the vendor's invoices
history.py             undo
transfer.py            backup, restore and copy
result.py              what every operation returns
check/                 the checks of a register
"""
