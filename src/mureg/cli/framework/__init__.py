"""What all commands share.

groups.py        commands and groups that load late, are translated, and share their options
session.py       one invocation: language, settings, register, user, day
values.py        dates, months, tiers and other values that are typed
choice.py        the options that choose new applications, and the question before
key_prompt.py    look through several things, and answer each with a key
prompt.py        the choice of an application, if no number was typed
completion.py    what Tab completes
tab_finders.py   what Tab finds in the register
language.py      the language of the user, and the translation of messages
dry_run.py       how a dry run says what a command would do
output.py        output for a terminal, a pipe or a program
output_file.py   where a document goes: the file of -o, or stdout
formats.py       the format of what is printed or written
list_output.py   a list as a table, CSV, a workbook or JSON
columns.py       the columns of tables
table.py         tables on a terminal
text_encoding.py the encoding of what people read
wrapping.py      sentences broken into lines
progress.py      a progress bar
streams.py       input that can be read only once
crash_report.py  the file that an internal error leaves
"""
