"""Files that come in. Readers yield batches of rows and report every error with its place.

detect.py           the format of a file of applications, and its reader
applications/       applications: tables, XML, JSON
statements/         statements of the operator: tables, JSON
bank_statement.py   payments in a client bank's export
tables/             what tables of both share, CSV and XLSX
types.py            what readers take and yield
values.py           parsers of values that both share
cell_budget.py      how much of a file may be held in memory
errors.py           errors of a cell, and of a file as a whole
json_stream.py      JSON text as plain values, in a stream
json_validation.py  what the models of JSON share
"""
