"""How an application and a month are shown.

application_card.py     an application, as the card of the Web-registrator
application_result.py   what a decision did to an application
history.py              the records of the history as rows of a table
month.py                a month, as `reconcile` and `month show` print it
month_discrepancies.py  what differs in a month, with both sides
month_advice.py         what to do about the discrepancies of a month
month_document.py       a month written into a file
month_formats.py        the formats of a month
"""
