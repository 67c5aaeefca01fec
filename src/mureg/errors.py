"""One class per kind of error: its sentence, hint and exit code.

A sentence is a `Message`: an English template with its values beside it. It is translated where it is shown, so that
nothing below the command line needs to know the user's language.
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple


class Message(NamedTuple):
    """A sentence that can be translated. `str()` gives it in English.

    `template` is the key in the catalogue. With `plural`, `values["count"]` chooses between the two.
    A value may be a `Message` itself; it is translated with the whole.
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
    """A sentence with its values. The catalogues are made from the calls of `msg`, `plural` and `N_`."""
    return Message(template, values)


def plural(singular: str, many: str, /, *, count: int, **values: object) -> Message:
    """A sentence that depends on `count`, which both templates may name."""
    return Message(singular, {"count": count, **values}, many)


def N_(text: str) -> str:  # noqa: N802  gettext's own name for "translate this later"
    """Mark a constant text for the catalogues and return it as it is."""
    return text


class Fault(NamedTuple):
    """One thing wrong in somebody's input. `row` is as Excel numbers it: titles and header counted, from 1.

    `column` is our English name of the field, `header` the file's own. `value` is `None` where it would repeat
    personal data (names, СНИЛС). `message` says what is wrong and what would be right.
    """

    message: Message
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None
    value: str | None = None


class MuregError(Exception):
    """What the one error boundary turns into a sentence, a hint and an exit code."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "bug"

    def __init__(self, message: Message, hint: Message | None = None, details: Iterable[Fault] = ()) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
        self.details = tuple(details)


class WrongUsage(MuregError):
    """The command line itself is wrong: an unknown option, a value that is no tier, date or month."""

    exit_code = 2
    code = "usage"


class NotFound(MuregError):
    """What was named is not in the register."""

    exit_code = 3
    code = "not_found"


class Ambiguous(MuregError):
    """Several things answer to what was named."""

    exit_code = 3
    code = "ambiguous"


class Rejected(MuregError):
    """Input or settings have faults; nothing was written."""

    exit_code = 4
    code = "rejected"


class Refused(MuregError):
    """A rule of the business forbids it."""

    exit_code = 5
    code = "refused"


class DifferencesFound(MuregError):
    """The command did its work and found something for a person to look at."""

    exit_code = 6
    code = "differences"


class Interrupted(MuregError):
    """Somebody pressed Ctrl-C."""

    exit_code = 130
    code = "interrupted"


class OutputUnusable(MuregError):
    """What was printed could not be written: a full disk behind stdout."""

    exit_code = 1
    code = "output"


class RegisterUnusable(MuregError):
    """The register cannot be opened, read or written."""

    exit_code = 7
    code = "register_unusable"


class RepeatAsked(RegisterUnusable):
    """The server undid the transaction, wrote nothing, and asks to be asked once more."""
