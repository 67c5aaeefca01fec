"""What an operation's message says on a page: in the words of the page, and its commands apart, each with its page."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from mureg.errors import N_, Message
from mureg.reports.language import Language

# For each message that names an option of the command line, what it says on a page.
WORDS = {
    "--kpp can only be used with an XML application; {file} is {format}": N_(
        "a КПП can only be given with an XML application; {file} is {format}"
    ),
    "--number can only be used with an XML application; {file} is {format}": N_(
        "a number can only be given with an XML application; {file} is {format}"
    ),
    "add --number with the number shown by the Web-registrator": N_(
        "fill in the number that the Web-registrator shows"
    ),
    "found in row {row}: {headers}\nname the right ones in mureg.toml, and read the file with --profile {name}:"
    "\n\n{lines}": N_(
        "found in row {row}: {headers}\nname the right ones in mureg.toml, and choose the profile {name}:\n\n{lines}"
    ),
    "nothing was written; free some space and run the command again": N_(
        "nothing was written; free some space and send the form again"
    ),
    "nothing was written; free some space, check the disk quota, and run the command again": N_(
        "nothing was written; free some space, check the disk quota, and send the form again"
    ),
    "nothing was written; run the command again": N_("nothing was written; send the form again"),
    "nothing was written; run the command again when the server is available": N_(
        "nothing was written; send the form again when the server is available"
    ),
    "omit --kpp: a table has a column for it": N_("leave the КПП empty: a table has a column for it"),
    "omit --number: a table contains the numbers": N_("leave the number empty: a table contains the numbers"),
    "omit --on: today is {day}": N_("today is {day}"),
    "process it without the option --without-sale": N_("untick “Without a sale”"),
    "read it with a profile of mureg.toml ({names}): --profile NAME": N_("choose a profile of mureg.toml: {names}"),
    "reconcile: mureg reconcile --month {month} --statement FILE; or close it without: --without-statement "
    "--reason TEXT": N_("reconcile the operator's statement; or close the month without it, with a reason"),
    "run the command again, and look at what it shows": N_("look at what would be done now, and decide again"),
    "run the original command again; see: mureg history": N_("do it once more; see: mureg history"),
    "use --format csv": N_("download it as CSV"),
    "use a later day, or charge it in the first open month: --on {day} --late": N_("use a later day, or tick “Late”"),
    "use a later day: --on DATE": N_("use a later day"),
    "use a later day: --on DATE; or, if the licence was sold elsewhere: --without-sale --reason TEXT": N_(
        "use a later day; or, if the licence was sold elsewhere, tick “Without a sale” and give a reason"
    ),
    "use the date on the invoice: --date DATE": N_("use the date on the invoice"),
    "write it as it is on the invoice: --number N": N_("write it as it is on the invoice"),
    "{number}: processing it makes no sale, so --without-sale does not apply": N_(
        "{number}: processing it makes no sale, so “Without a sale” does not apply"
    ),
}

# A command ends with its sentence. In its values are quotes; it has none of its own.
COMMAND = re.compile(r"((?:(?<=: )|(?<=\()|(?<=\n))mureg(?: (?:,(?=\S)|[^\s;),—])+)+)")
_FIELD = re.compile(r"(\{\w+\})")

_NUMBER, _MONTH, _OPTIONS = r"(?P<number>(?!NUMBER)[^\s\"'-][^\s\"']*)", "(?P<month>[0-9]{4}-[0-9]{2})", "(?: --.*)?"
# The pages of commands; the groups of a pattern are the query.
_PAGES = (
    (f"application (?:show|set-multiuser|process|amend) {_NUMBER}{_OPTIONS}", "/application"),
    (f"application return {_NUMBER}{_OPTIONS}", "/application/return"),
    (f"application cancel {_NUMBER}{_OPTIONS}", "/application/cancel"),
    (r"application list(?: --status (?P<status>\w+))?", "/applications"),
    ("organization list", "/organizations"),
    (f"history{_OPTIONS}", "/history"),
    (f"history {_NUMBER}", "/history"),
    ("undo (?P<number>[0-9]+)", "/history/operation"),
    ("month list", "/months"),
    (f"month close {_MONTH}{_OPTIONS}", "/month/closing"),
    (f"(?:month [a-z]+|reconcile --month) {_MONTH}.*", "/month"),
    ("invoice [a-z]+.*", "/invoices"),
    ("contract show --on (?P<on>[0-9-]+)", "/contract"),
)


class Part(NamedTuple):
    """A part of a hint; of a command also the page that does the same, if there is one."""

    text: str
    is_command: bool = False
    page: str | None = None


def in_words(message: Message) -> Message:
    """The message in the words of the page."""
    return message._replace(template=WORDS.get(message.template, message.template))


def parts(message: Message, language: Language) -> Iterator[Part]:
    """A hint, with each of its commands apart. A value is no command, unless it is lines of commands."""
    message = in_words(message)
    for place, piece in enumerate(COMMAND.split(language.template(message))):
        if place % 2:
            yield _command(language.filled(piece, message.values))
            continue
        for text in filter(None, _FIELD.split(piece)):
            value = message.values.get(text[1:-1])
            if isinstance(value, Message):
                yield from parts(value, language)
            elif isinstance(value, tuple) and all(str(line).startswith("mureg ") for line in value):
                for number, line in enumerate(value):
                    yield from [Part("\n")] * (number > 0)
                    yield _command(str(line))
            else:
                yield Part(language.filled(text, message.values))


def _command(text: str) -> Part:
    return Part(text, is_command=True, page=page_of(text))


def page_of(command: str) -> str | None:
    """The page that does the same as a command; `None` where there is none, or where something is to be filled in."""
    for pattern, path in _PAGES:
        if match := re.fullmatch(f"mureg {pattern}", command):
            query = urlencode(match.groupdict())
            return f"{path}?{query}" if query else path
    return None
