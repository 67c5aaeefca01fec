"""The checks of a register: what must always hold.

checks.py            the named checks
months.py            closed months, charges and invoices
closed_months.py     what the history may say of closed months
replay.py            the history replayed, and compared with every row
record_images.py     the rows before and after, as the records of the history have them
recorded_digests.py  the digests of imports and statements that the history has
"""
