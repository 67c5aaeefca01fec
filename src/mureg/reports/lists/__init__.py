"""Lists as tables and files: each declares its columns once, and makes the cells of its rows.

applications.py   applications
licences.py       licences
organizations.py  organizations
months.py         months
invoices.py       invoices
history.py        the records of the history
xlsx.py           a list as an Excel workbook
"""
