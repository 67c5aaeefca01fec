"""What goes out: JSON for programs, documents for people.

application_card.py  an application, as the card of the Web-registrator
application_result.py  what a decision did to applications
cells.py             typed cells of a table or a document
faults.py            a fault of an input file as one line
labels.py            the labels of statuses, tiers and modes
language.py          the languages, and the translation of messages
contract.py          the sublicence contract on a day
organization_card.py  an organization, as the card of the Web-registrator
csv_table.py         a table as CSV for Excel
import_result.py     what an import found in its files, and did
json/                the JSON of docs/reference.md
lists/               lists as tables and files
month/               the documents of a month
payment_order.py     the order to pay an invoice, for 1C and client banks
today.py             what needs a person today, as sentences
"""
