"""How results reach people and programs.

Data goes to stdout, everything else to stderr. On a terminal people get tables; in a pipe the same data comes without
colour, borders or truncation. What came from clients is escaped here, on its way out.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from textwrap import wrap
from typing import Any, Literal, NamedTuple, TextIO

from mureg.cli.framework.language import Language
from mureg.domain.money import format_money
from mureg.domain.text import printable
from mureg.errors import N_, Message, MuregError, OutputUnusable, WrongUsage, msg
from mureg.operations.result import Result
from mureg.reports import cells
from mureg.reports.cells import Label, Money, Rate
from mureg.reports.json.errors import as_text, error_json


class Typed(NamedTuple):
    """What a person may type or copy: it stays in one piece, however narrow the terminal is."""

    text: str


Cell = cells.Cell | Typed


class Column(NamedTuple):
    """A column of a table: its heading, marked by `N_`, and where its cells lean.

    `may_wrap`: its cells are texts that may break. `may_go`: it is left out where a terminal is too narrow for all.
    """

    heading: str
    align: Literal["left", "right"] = "left"
    may_wrap: bool = False
    may_go: bool = False


class PipeClosed(Exception):
    """Whoever read our output has had enough."""


class Output:
    """Prints in the user's language to the process's stdout and stderr."""

    def __init__(self, language: Language, *, wants_json: bool) -> None:
        self.language = language
        self.wants_json = wants_json
        self.fields: tuple[str, ...] | None = None
        self.has_printed = False
        self.no_color = bool(os.environ.get("NO_COLOR"))
        for stream in (sys.stdout, sys.stderr):
            # A console of cp866 cannot show every character: a question mark is better than a crash.
            getattr(stream, "reconfigure", lambda **_: None)(errors="replace")

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at stdout. `FORCE_COLOR` does not make a pipe a terminal."""
        return sys.stdout.isatty()

    # --- for programs -------------------------------------------------------------------------------------------

    def json(self, value: dict[str, Any]) -> None:
        """One object, as UTF-8 whatever the console."""
        self.data(self.json_bytes(value))

    def json_bytes(self, value: dict[str, Any]) -> bytes:
        """One object as it is printed, narrowed to the fields asked for."""
        return as_text(self._narrowed(value)).encode() + b"\n"

    def result_json(self, result: Result[Any], **facts: object) -> None:
        """What an operation did, as one object."""
        self.json({"operation": result.operation, "numbers": list(result.numbers), **facts})

    def json_list(self, values: Iterable[dict[str, Any]], *, shape: dict[str, Any]) -> None:
        """An array, one item to a line, written while it is made. `shape` is an item, for the names of its fields."""
        self._narrowed(shape)
        separator = b"[\n"
        for value in values:
            self.data(separator + as_text(self._narrowed(value)).encode())
            separator = b",\n"
        self.data(b"[]\n" if separator == b"[\n" else b"\n]\n")

    def data(self, content: bytes) -> None:
        """Bytes for stdout."""
        self.has_printed = True
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        except OSError as error:
            raise _unwritable(error) from None

    def prints(self, name: str) -> bool:
        """Whether the fields asked for need this one of an object."""
        return self.fields is None or any(asked.partition(".")[0] == name for asked in self.fields)

    def _narrowed(self, value: dict[str, Any]) -> dict[str, Any]:
        if self.fields is None:
            return value
        if not self.fields:
            raise WrongUsage(msg("--fields names no field"), _known_fields(value))
        return {name: _field(value, name) for name in self.fields}

    # --- for people ---------------------------------------------------------------------------------------------

    def line(self, text: str = "") -> None:
        """A line of text that is harmless already."""
        self.has_printed = True
        try:
            print(text)
        except OSError as error:
            raise _unwritable(error) from None

    def sentence(self, text: str, mark: str = "") -> None:
        """A sentence that is harmless already, after a mark; a terminal gets it broken between words."""
        self.line(mark + self._fitted(mark, text))

    def _fitted(self, before: str, text: str) -> str:
        """What is to be printed after `before`: a space and the text, in lines that a terminal need not break."""
        # Whatever stands before counts as one word, which nothing breaks.
        whole = f"{'x' * len(before)} {text}".lstrip()
        if self.is_terminal:
            width = shutil.get_terminal_size().columns
            indent = " " * min(len(before), _INDENT)
            lines = wrap(whole, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
            whole = "\n".join(lines)
        return whole[len(before) :]

    def finish(self) -> None:
        """Write what is still held back, while there is somebody to tell that it cannot be written."""
        try:
            sys.stdout.flush()
        except OSError as error:
            raise _unwritable(error) from None

    def heading(self, text: str) -> None:
        """A line that names what follows."""
        self.line(f"\x1b[1m{text}\x1b[0m" if self._may_style(sys.stdout) else text)

    def facts(self, pairs: Iterable[tuple[str, Cell]]) -> None:
        """Lines of «label: value»; those without a value are left out."""
        for label, value in pairs:
            if value is None or value == "":
                continue
            name, text = f"{self.language.translate(label)}:", self.cell(value)
            rest = f" {text}" if isinstance(value, Typed) else self._fitted(name, text)
            self.line(f"\x1b[1m{name}\x1b[0m{rest}" if self._may_style(sys.stdout) else f"{name}{rest}")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, last_is_total: bool = False) -> None:
        """Rows with headings: tab-separated in a pipe; on a terminal a table, or paragraphs where it would not fit."""
        headings = [self.language.translate(column.heading) for column in columns]
        if not self.is_terminal:
            self.line("\t".join(headings))
            for row in rows:
                self.line("\t".join(self.cell(cell) for cell in row))
            return
        # Rich is slow to load, and a pipe has no use for it.
        from mureg.cli.framework.table import print_table  # noqa: PLC0415

        shown = [[self.cell(cell) for cell in row] for row in rows]
        self.has_printed = True
        print_table(columns, headings, shown, last_is_total=last_is_total, no_color=not self._may_style(sys.stdout))

    def cell(self, value: Cell) -> str:  # noqa: PLR0911  one for each kind of cell
        """A value as people read it, harmless."""
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

    # --- beside the data ----------------------------------------------------------------------------------------

    def note(self, message: Message) -> None:
        """Something to know, on stderr; a program that asked for JSON is not disturbed."""
        if not self.wants_json:
            # Where nobody listens it is no reason to do anything otherwise.
            with suppress(OSError, ValueError):
                print(self.language.say(message), file=sys.stderr)

    def note_operation(self, result: Result[Any], *, dry_run: bool) -> None:
        """How to undo what was written; or that it was a dry run."""
        self.note_dry_run(dry_run=dry_run)
        if result.operation is not None:
            self.note(msg("operation {operation}; take it back: mureg undo {operation}", operation=result.operation))

    def note_dry_run(self, *, dry_run: bool) -> None:
        """That nothing was written, where that was asked for."""
        if dry_run:
            self.note(msg("a dry run: nothing was written"))

    def error(self, error: MuregError) -> None:
        """An error: one JSON object, or a sentence, every fault, and what to do."""
        if self.wants_json:
            print(as_text(error_json(error, self.language.say)), file=_utf8(sys.stderr))
            return
        label = self.language.translate(N_("Error"))
        if self._may_style(sys.stderr):
            label = f"\x1b[1;31m{label}\x1b[0m"
        print(f"{label}: {self.language.say(error.message)}", file=sys.stderr)
        for fault in error.details[:_FAULTS_SHOWN]:
            print(f"  {self._fault(fault)}", file=sys.stderr)
        if len(error.details) > _FAULTS_SHOWN:
            more = msg("… and {count} more: --json shows all", count=len(error.details) - _FAULTS_SHOWN)
            print(f"  {self.language.say(more)}", file=sys.stderr)
        if error.hint is not None:
            print(self.language.say(error.hint), file=sys.stderr)

    def _fault(self, fault: Any) -> str:
        say, places = self.language.say, []
        if fault.file is not None:
            places.append(printable(fault.file))
        if fault.sheet is not None:
            places.append(say(msg("sheet {sheet}", sheet=fault.sheet)))
        if fault.row is not None:
            places.append(say(msg("row {row}", row=fault.row)))
        if fault.header or fault.column:
            places.append(printable(fault.header or fault.column))
        value = "" if fault.value is None else f" «{printable(str(fault.value))}» —"
        return f"{', '.join(places)}:{value} {say(fault.message)}" if places else say(fault.message)

    def _may_style(self, stream: TextIO) -> bool:
        return stream.isatty() and not self.no_color and os.environ.get("TERM") != "dumb"


_FAULTS_SHOWN = 50
_INDENT = 4


def _field(value: dict[str, Any], name: str) -> Any:
    """A field by its name, also where it stands one object deeper: `tier` is `multiuser.tier`."""
    first, _, rest = name.partition(".")
    if first in value:
        return _field(value[first], rest) if rest and isinstance(value[first], dict) else value[first]
    for inner in value.values():
        if isinstance(inner, dict) and name in inner:
            return inner[name]
    raise WrongUsage(msg("there is no field {name}", name=name), _known_fields(value))


def _known_fields(value: dict[str, Any]) -> Message:
    known = list(value) + [key for inner in value.values() if isinstance(inner, dict) for key in inner]
    return msg("there are: {names}", names=", ".join(dict.fromkeys(known)))


def _unwritable(error: OSError) -> Exception:
    if isinstance(error, BrokenPipeError):
        return PipeClosed()
    return OutputUnusable(msg("the output cannot be written: {reason}", reason=error.strerror or str(error)))


def _utf8(stream: TextIO) -> TextIO:
    getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8")
    return stream
