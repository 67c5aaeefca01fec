"""What goes out: to a terminal, a pipe, a file or a program.

output.py         output for a terminal, a pipe or a program
output_file.py    where a document goes: the file of -o, or stdout
list_output.py    a list as a table, CSV, a workbook or JSON
formats.py        the format of what is printed or written
columns.py        the columns of tables
table.py          tables on a terminal
text_encoding.py  the encoding of what people read
wrapping.py       sentences broken into lines
progress.py       a progress bar
dry_run.py        how a dry run says what a command would do
"""
