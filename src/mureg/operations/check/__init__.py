"""The checks of a register: what must always hold.

checks.py  the named checks
replay.py  the history replayed, and compared with every row
"""
