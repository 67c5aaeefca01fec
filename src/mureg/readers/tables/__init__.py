"""What CSV and XLSX share: the encoding, the sheet, and rows as columns of texts.

csv_file.py       CSV in chunks of rows
encoding.py       the encoding of a text file
xlsx_file.py      the cells of a workbook as texts
xlsx_guard.py     what is checked before a workbook is opened
zip_guard.py      what is checked before a ZIP is opened
columns.py        a column, parsed at once
column_checks.py  quick tests of whole columns
"""
