"""The operator's statement of a month: CSV, XLSX, JSON.

statement.py        a statement from a file
header.py           which column is what
rows.py             what each cell of a row means
row_columns.py      whole chunks of rows at once
discount_column.py  a column of discount rates: 40, 40% or 0,4
json.py             a statement in JSON as a table
spool.py            rows in a temporary file
"""
