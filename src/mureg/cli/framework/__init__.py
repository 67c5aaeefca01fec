"""What all commands share.

input/              what comes in: typed values, answers, streams
output/             what goes out: text, tables, lists, files
groups.py           commands and groups that load late, are translated, and share their options
chosen_language.py  the language that the user chose
session.py          one invocation: language, settings, register, user, day
crash_report.py     the file that an internal error leaves
"""
