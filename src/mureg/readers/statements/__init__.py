"""The operator's statement of a month: CSV, XLSX, JSON.

statement.py        a statement from a file
fields.py           the fields of a statement: their headers and parsers
rows.py             rows of a table as columns of a statement's rows
discount_column.py  a column of discount rates: 40, 40% or 0,4
json.py             a statement in JSON as a table
spool.py            rows in a temporary file
"""
