"""Tables of applications and of statements, in CSV and XLSX: the header, and chunks of rows read column by column.

csv_file.py       CSV in chunks of rows
encoding.py       the encoding of a text file
xlsx_file.py      the cells of a workbook as texts, in chunks of rows
xlsx_guard.py     what is checked before a workbook is opened
xlsx_order.py     each row and each cell of a sheet once, in order
zip_guard.py      what is checked before a ZIP is opened
header.py         which column is which field
unfit_columns.py  the error of a table whose columns do not fit
rows.py           rows below the header: their fields and faults
total_row.py      the row that ends a table
columns.py        a column, parsed at once
column_checks.py  quick tests of whole columns
"""
