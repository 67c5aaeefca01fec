"""Use cases: one function, one transaction, one record of the history.

invoices/            invoices, payment orders and payments
applications/        applications: process, reject, amend, choose many
opening.py           open a register for one command or page
setup.py             make the settings and the register
example.py           the example partner
application_import/  import applications
licences.py          list licences, with what a renewal needs
organizations.py     list organizations with their licence, and find one by a part of its name
today.py             what needs a person today
charts.py            the figures behind the charts of the page
months/              settle, reconcile and close a month
erasure.py           erase personal data
history.py           what was done, as people read it
undo.py              undo an operation
unchanged.py         refuse to change what somebody else changed meanwhile
transfer.py          backup, restore and copy
check/               the checks of a register
result.py            what every operation returns
"""
