"""One file for each noun, or for a large command of one: parse the arguments, call one operation, show the result.

application.py               `application list`, `show`, `check`
application_amendments.py    `application amend`, `return`
application_cancellation.py  `application cancel`
application_decisions.py     `application process`, `reject`
application_import.py        `application import`
application_multiuser.py     `application set-multiuser`
application_review.py        `application review`
check.py                     `check`
contract.py                  `contract show`
demo.py                      `demo`
history.py                   `history`, `undo`
init.py                      `init`
invoice.py                   `invoice add`, `list`, `paid`
licence.py                   `licence list`
month.py                     `month list`, `show`, `accept`, `carry`, `close`, `reopen`
month_resolve.py             `month resolve`
organization.py              `organization list`, `show`, `erase`
reconcile.py                 `reconcile`
schema.py                    `schema`
status.py                    `status`
support.py                   `support`
transfer.py                  `backup`, `restore`, `copy`
"""
