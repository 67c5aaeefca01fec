"""`mureg application`: the clients' applications.

application.py   `application list`, `show`, `check`
amendments.py    `application amend`, `return`
cancellation.py  `application cancel`
decisions.py     `application process`, `reject`
import_files.py  `application import`
multiuser.py     `application set-multiuser`
review.py        `application review`
"""
