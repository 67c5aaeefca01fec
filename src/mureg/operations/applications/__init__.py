"""What is done with applications.

amendments.py  amend what was processed, or return it to new
processing.py  find and show applications, with their warnings
choice.py      choose new applications instead of their numbers
decisions.py   set the option, process, reject and cancel applications
licensing.py   what processing makes of applications on one day, each after those before it
refusals.py    why applications cannot be decided on, all reasons together
dependents.py  what depends on a processed application, and what clears it
quotes.py      what processing would sell, and for what price
"""
