"""What goes out: JSON for programs, documents for people.

cells.py          typed cells of a table or a document
csv_table.py      a table as CSV for Excel
json/             the JSON of docs/reference.md
lists/            lists as tables and files
month/            the documents of a month
payment_order.py  the order to pay an invoice, for 1C and client banks
"""
