"""One class for each kind of error: its message, hint and exit code.

A `Message` is an English template and its values. It is translated where it is shown, so that only `cli` needs to know
the user's language.
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple


class Message(NamedTuple):
    """A text that can be translated. `str()` gives it in English.

    `template` is the key in the catalogue. With `plural`, `values["count"]` chooses between the two.
    A value may be a `Message`, which is translated too, or a tuple of texts, which are lines.
    """

    template: str
    values: dict[str, object]
    plural: str | None = None

    def __str__(self) -> str:
        template = self.template
        if self.plural is not None and self.values["count"] != 1:
            template = self.plural
        values = {name: "\n".join(value) if type(value) is tuple else value for name, value in self.values.items()}
        return template.format(**values) if values else template


def msg(template: str, /, **values: object) -> Message:
    """A message. The catalogues are made from the calls of `msg`, `plural` and `N_`."""
    return Message(template, values)


def plural(singular: str, many: str, /, *, count: int, **values: object) -> Message:
    """A message whose template depends on `count`. Both templates may name it."""
    return Message(singular, {"count": count, **values}, many)


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate this later"
    """Mark a constant text for the catalogues and return it unchanged."""
    return text


class Fault(NamedTuple):
    """One fault of an input file. `message` says what is wrong and what would be right.

    `row` counts from 1 with titles and header, as Excel does. `column` is our English name of the field, `header` the
    file's. `value` is `None` where it could be personal data (names, СНИЛС) or a password.
    """

    message: Message
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None


class MuregError(Exception):
    """An error that the error boundary reports with its message, its hint and its exit code."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "bug"

    def __init__(self, message: Message, hint: Message | None = None, details: Iterable[Fault] = ()) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
        self.details = tuple(details)
        self.operation: int | None = None
        """What the command had written before, as a number of the history."""


class WrongUsage(MuregError):
    """The command line is wrong: an unknown option, a value that is not a tier, a date or a month."""

    exit_code = 2
    code = "usage"


class NotFound(MuregError):
    """The object that was named is not in the register."""

    exit_code = 3
    code = "not_found"


class Ambiguous(MuregError):
    """Several objects match what was named."""

    exit_code = 3
    code = "ambiguous"


class Rejected(MuregError):
    """Input or settings have faults. Nothing was written."""

    exit_code = 4
    code = "rejected"


class Refused(MuregError):
    """A rule of the business forbids the operation."""

    exit_code = 5
    code = "refused"


class DifferencesFound(MuregError):
    """The command ran to its end and found differences or problems."""

    exit_code = 6
    code = "differences"


class Interrupted(MuregError):
    """The user pressed Ctrl-C."""

    exit_code = 130
    code = "interrupted"


class OutputUnusable(MuregError):
    """The output could not be written: the disk behind stdout is full."""

    exit_code = 1
    code = "output"


class RegisterUnusable(MuregError):
    """The register cannot be opened, read or written."""

    exit_code = 7
    code = "register_unusable"


class RetryNeeded(RegisterUnusable):
    """The server rolled the transaction back, and the command has to run again (SQLSTATE 40001, 40P01)."""
