"""One file for each noun, or for a large command of one: parse the arguments, call one operation, show the result.

month/                       months: reconcile, resolve, close
application/                 applications: import, list, show, set, process, amend, review
check.py                     `check`
contract.py                  `contract show`
demo.py                      `demo`
history.py                   `history`, `undo`
init.py                      `init`
invoice.py                   `invoice add`, `list`, `paid`
licence.py                   `licence list`
organization.py              `organization list`, `show`, `erase`
schema.py                    `schema`
status.py                    `status`
support.py                   `support`
web.py                       `web`
transfer.py                  `backup`, `restore`, `copy`
"""
