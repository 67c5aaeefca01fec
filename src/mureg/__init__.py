"""mureg: applications for the multi-user mode of 1C-Reporting, and the month's settlement.

cli/              the command line: what a user types and sees
web/              the office's page: the same operations in a browser
operations/       the use cases: one function, one transaction, one record of the history
settings/         mureg.toml
register/         the storage: the only place with SQL
readers/          files that come in: applications, and statements of the operator
reports/          what goes out: JSON, and the documents of a month
domain/           the rules: pure functions over immutable values
__main__.py       the entry point
command_hints.py  how a command is quoted in a hint
errors.py         messages, and one class for each kind of error
system_errors.py  why the system refuses a file
interrupts.py     Ctrl-C
lazy_imports.py   modules that load at their first use
safe_files.py     files that are private, and written completely or not at all
"""

__version__ = "0.1.0"
