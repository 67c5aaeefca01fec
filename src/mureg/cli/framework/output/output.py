"""Output for people and for programs.

Data goes to stdout, everything else to stderr. A terminal gets tables; a pipe gets the same data without colour,
borders or truncation. What clients wrote is escaped here.
"""

import errno
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, TextIO

from mureg.cli.framework.output.columns import Cell, Column, Typed
from mureg.cli.framework.output.wrapping import width_of, wrapped
from mureg.domain.money import format_money
from mureg.domain.text import printable
from mureg.errors import N_, DifferencesFound, Message, MuregError, OutputUnusable, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.reports.cells import Label, Money, Rate
from mureg.reports.language import Language

if TYPE_CHECKING:
    from mureg.operations.result import Result

with lazy_imports():
    import traceback

    from mureg import system_errors
    from mureg.cli.framework.output import dry_run as labels
    from mureg.cli.framework.output import table as terminal_table
    from mureg.cli.framework.output import text_encoding
    from mureg.reports import faults
    from mureg.reports.json import errors as json_texts


class PipeClosed(Exception):
    """The reader of stdout has closed the pipe."""


class Output:
    """Prints in the user's language to the process's stdout and stderr."""

    def __init__(self, language: Language, *, wants_json: bool) -> None:
        self.language = language
        self.wants_json = wants_json
        self.fields: tuple[str, ...] | None = None
        self.has_printed = False
        self.no_color = bool(os.environ.get("NO_COLOR"))
        for stream in (sys.stdout, sys.stderr):
            # A console may lack a character, as one of cp866 does: it shows a question mark instead of failing.
            encoding = None
            if sys.platform == "win32" or "MUREG_ENCODING" in os.environ:
                encoding = text_encoding.encoding_of(stream, os.environ)
            getattr(stream, "reconfigure", lambda **_: None)(encoding=encoding, errors="replace")

    @property
    def is_terminal(self) -> bool:
        """Whether stdout is a terminal, which `FORCE_COLOR` does not make of a pipe."""
        return sys.stdout.isatty()

    @property
    def width(self) -> int:
        """How many characters a line of the terminal has."""
        return width_of(sys.stdout)

    # --- for programs -------------------------------------------------------------------------------------------

    def json(self, value: dict[str, Any]) -> None:
        """One object, in UTF-8 whatever the console."""
        for chunk in self.json_object(value):
            self.data(chunk)

    def json_object(self, value: dict[str, Any]) -> Iterator[bytes]:
        """One object with the fields of `--fields`, as it is made."""
        yield from json_texts.object_bytes(self._narrowed(value))

    def result_json(self, result: "Result[Any]", **facts: object) -> None:
        """What an operation did, as one object."""
        self.json({"operation": result.operation, "numbers": list(result.numbers), **facts})

    def json_list(self, values: Iterable[dict[str, Any]], *, shape: dict[str, Any]) -> None:
        """An array, an item to a line, written as it is made. `shape` is an item, for the names of fields."""
        for chunk in self.json_array(values, shape=shape):
            self.data(chunk)

    def json_array(self, values: Iterable[dict[str, Any]], *, shape: dict[str, Any]) -> Iterator[bytes]:
        """The same as bytes, made as they are read."""
        self._narrowed(shape)
        yield from json_texts.array_bytes(map(self._narrowed, values))

    def data(self, content: bytes) -> None:
        """Bytes for stdout."""
        self.has_printed = True
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        except OSError as error:
            raise _unwritable(error) from None

    def prints(self, name: str) -> bool:
        """Whether this field of an object is printed."""
        return self.fields is None or any(field.partition(".")[0] == name for field in self.fields)

    def _narrowed(self, value: dict[str, Any]) -> dict[str, Any]:
        if self.fields is None:
            return value
        if not self.fields:
            raise WrongUsage(msg("--fields needs at least one field"), _known_fields(value))
        return {name: _field(value, name) for name in self.fields}

    # --- for people ---------------------------------------------------------------------------------------------

    def line(self, text: str = "") -> None:
        """A line of text that is escaped already."""
        self.has_printed = True
        try:
            print(text)
        except OSError as error:
            raise _unwritable(error) from None

    def sentence(self, text: str, mark: str = "") -> None:
        """A sentence that is escaped already, after a mark; wrapped on a terminal."""
        self.line(mark + self._fitted(mark, text))

    def _fitted(self, before: str, text: str) -> str:
        """A space and the text, wrapped for a terminal, to print after `before`."""
        # `before` is replaced by one long word, which is never wrapped.
        whole = f"{'x' * len(before)} {text}".lstrip()
        if self.is_terminal:
            whole = wrapped(whole, self.width, " " * min(len(before), _INDENT))
        return whole[len(before) :]

    def finish(self) -> None:
        """Flush stdout, while an error can still be shown. Raises `OutputUnusable`."""
        try:
            sys.stdout.flush()
        except OSError as error:
            raise _unwritable(error) from None

    def heading(self, text: str) -> None:
        """A line that names what follows."""
        self.line(f"\x1b[1m{text}\x1b[0m" if self._may_style(sys.stdout) else text)

    def facts(self, pairs: Iterable[tuple[str, Cell]], *, dry_run: bool = False) -> None:
        """Lines of «label: value»; those without a value are left out. A dry run says what would be done."""
        for label, value in pairs:
            if value is None or value == "":
                continue
            shown = labels.CONDITIONAL.get(label, label) if dry_run else label
            name, text = f"{self.language.translate(shown)}:", self.cell(value)
            rest = f" {text}" if isinstance(value, Typed) else self._fitted(name, text)
            self.line(f"\x1b[1m{name}\x1b[0m{rest}" if self._may_style(sys.stdout) else f"{name}{rest}")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, last_is_total: bool = False) -> None:
        """Rows with headings: tab-separated in a pipe; a table, or paragraphs where it does not fit, on a terminal."""
        headings = [self.language.translate(column.heading) for column in columns]
        if not self.is_terminal:
            self.line("\t".join(headings))
            for row in rows:
                self.line("\t".join(self.cell(cell) for cell in row))
            return
        shown = [[self.cell(cell) for cell in row] for row in rows]
        self.has_printed = True
        no_color = not self._may_style(sys.stdout)
        left_out = terminal_table.print_table(columns, headings, shown, last_is_total=last_is_total, no_color=no_color)
        if left_out:
            self.note(msg("not shown, the window is too narrow: {columns}", columns=", ".join(left_out)))

    def cell(self, value: Cell) -> str:  # noqa: PLR0911  one for each kind of cell
        """A value as people read it, escaped."""
        match value:
            case None:
                return ""
            case Money(kopecks):
                return self.money(kopecks)
            case Rate(basis_points):
                return self.money(basis_points)
            case Label(text):
                return self.language.translate(text)
            case Typed(text):
                return printable(text)
            case Message():
                return self.language.say(value, iso_dates=not self.is_terminal)
            case date():
                return self.language.date(value) if self.is_terminal else value.isoformat()
        return printable(str(value))

    def money(self, kopecks: int) -> str:
        """An amount: with spaces and a comma on a Russian terminal, plain elsewhere."""
        return self.language.money(kopecks) if self.is_terminal else format_money(kopecks)

    # --- stderr -------------------------------------------------------------------------------------------------

    def note(self, message: Message) -> None:
        """A remark on stderr; none with JSON."""
        if not self.wants_json:
            # A closed stderr does not change what the command does.
            with suppress(OSError, ValueError):
                self._print_aside(self.language.say(message))

    def note_operation(self, result: "Result[Any]", *, dry_run: bool, applications: int = 1) -> None:
        """How to undo what was written, and to how many applications; or that it was a dry run."""
        self.note_dry_run(dry_run=dry_run)
        if result.operation is not None and applications > 1:
            self.note(
                plural("operation {operation} ({count} application); to undo it: mureg undo {operation}",
                       "operation {operation} ({count} applications); to undo all of it: mureg undo {operation}",
                       operation=result.operation, count=applications)
            )  # fmt: skip
        elif result.operation is not None:
            self.note(msg("operation {operation}; to undo it: mureg undo {operation}", operation=result.operation))

    def note_dry_run(self, *, dry_run: bool) -> None:
        """Note that nothing was written, after `--dry-run`."""
        if dry_run:
            self.note(msg("dry run: nothing was written"))

    def error(self, error: MuregError) -> None:
        """An error: one JSON object, or a sentence, the faults, and a hint."""
        if self.wants_json:
            print(json_texts.as_text(json_texts.error_json(error, self.language.say)), file=_utf8(sys.stderr))
            return
        # What was found in the user's data is no failure of the command.
        is_finding = isinstance(error, DifferencesFound)
        label = self.language.translate(N_("Warning:") if is_finding else N_("Error:"))
        style = f"\x1b[1;{33 if is_finding else 31}m" if self._may_style(sys.stderr) else ""
        self._print_aside(f"{label} {self.language.say(error.message)}", label, style)
        for fault in error.details[:_FAULTS_SHOWN]:
            self._print_aside(f"  {faults.fault_text(fault, self.language)}")
        if len(error.details) > _FAULTS_SHOWN:
            more = msg("… and {count} more: --json shows all", count=len(error.details) - _FAULTS_SHOWN)
            self._print_aside(f"  {self.language.say(more)}")
        if error.hint is not None:
            self._print_aside(self.language.say(error.hint))

    @staticmethod
    def _print_aside(text: str, label: str = "", style: str = "") -> None:
        """A line for stderr, wrapped on a terminal; its label may have a style."""
        if sys.stderr.isatty():
            text = wrapped(text, width_of(sys.stderr), " " * _INDENT if text.startswith(" ") else "")
        print(f"{style}{label}\x1b[0m{text[len(label) :]}" if style else text, file=sys.stderr)

    def _may_style(self, stream: TextIO) -> bool:
        return stream.isatty() and not self.no_color and os.environ.get("TERM") != "dumb"


_FAULTS_SHOWN = 50
_INDENT = 4


def _field(value: dict[str, Any], name: str) -> Any:
    """A field by its name, also of an inner object: `tier` is `multiuser.tier`."""
    first, _, rest = name.partition(".")
    if first in value:
        found = value[first]
        if rest and isinstance(found, dict):
            return _field(found, rest)
        # What is read as it is written can be read only once: it is printed whole, under one name.
        if not rest or not isinstance(found, (list, Iterator)):
            return found
    for inner in value.values():
        if isinstance(inner, dict) and name in inner:
            return inner[name]
    raise WrongUsage(msg("unknown field {name}", name=name), _known_fields(value))


def _known_fields(value: dict[str, Any]) -> Message:
    known = list(value) + [key for inner in value.values() if isinstance(inner, dict) for key in inner]
    return msg("available: {names}", names=", ".join(dict.fromkeys(known)))


def is_closed_pipe(error: BaseException | None) -> bool:
    """Whether the reader of a pipe has closed it.

    Windows calls it an invalid argument, as it does an invalid name or date: it is one where we or Click were printing.
    """
    if sys.platform == "win32" and isinstance(error, OSError) and error.errno == errno.EINVAL:
        modules = [frame.f_globals.get("__name__") for frame, _ in traceback.walk_tb(error.__traceback__)]
        return modules[-1:] in ([__name__], ["typer._click.utils"])
    return isinstance(error, BrokenPipeError)


def _unwritable(error: OSError) -> Exception:
    if is_closed_pipe(error):
        return PipeClosed()
    return OutputUnusable(msg("cannot write the output: {reason}", reason=system_errors.reason_of(error)))


def _utf8(stream: TextIO) -> TextIO:
    getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    return stream
