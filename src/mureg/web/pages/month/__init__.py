"""One month: its settlement and the operator's statement, and what is done with it.

month.py      the page of a month
pairs.py      its discrepancies, in pages
charges.py    its charges, in pages
statement.py  the operator's statement: kept, or only compared
resolving.py  what is done about discrepancies
closing.py    close and reopen
documents.py  documents to download
"""

from mureg.web.pages.month import charges, closing, documents, month, resolving, statement

ROUTES = [route for part in (month, charges, statement, resolving, closing, documents) for route in part.ROUTES]
