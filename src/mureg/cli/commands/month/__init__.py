"""`mureg month` and `mureg reconcile`.

month.py      `month list`, `show`, `accept`, `carry`, `close`, `reopen`
resolve.py    `month resolve`
reconcile.py  `reconcile`
"""
