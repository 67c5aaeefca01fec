"""Use cases: one function, one transaction, one record of the history.

setup.py             make the settings and the register
example.py           the example partner
application_import/  import applications
applications.py      find and show applications, with their warnings
decisions.py         set the option, process, reject and cancel applications
choice.py            choose new applications instead of their numbers
quotes.py            what processing would sell, and for what price
amendments.py        amend what was processed, or return it to new
dependents.py        what depends on a processed application, and what clears it
licences.py          list licences, with what a renewal needs
organizations.py     list organizations with their licence, and find one by a part of its name
today.py             what needs a person today
months/              settle, reconcile, close and invoice a month
erasure.py           erase personal data
undo.py              undo an operation
transfer.py          backup, restore and copy
check/               the checks of a register
result.py            what every operation returns
"""
