"""`mureg application import`: reads files, and reports every fault of them."""

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.input.values import one_of
from mureg.cli.framework.session import Session, session_of
from mureg.command_hints import quoted
from mureg.domain.identifiers import kpp_fault
from mureg.errors import N_, Message, NotFound, Rejected, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.reports.json.errors import fault_json
from mureg.safe_files import exists

# An import needs the readers, pydantic and the parsers of five formats; the other commands of this noun do not.
with lazy_imports():
    import glob

    from mureg.cli.framework.input import streams
    from mureg.cli.framework.output import progress
    from mureg.operations.application_import import importer as operations
    from mureg.readers import types
    from mureg.readers.tables import unfit_columns
    from mureg.reports import import_result
    from mureg.settings import schema

app = typer.Typer()

# Which files of a folder are read; a file that is named is read whatever its suffix.
_SUFFIXES = (".xml", ".csv", ".txt", ".xlsx", ".json", ".jsonl")
_MOST_ADVICE = 5


@app.command(
    "import",
    help=N_("Import applications from files: XML from 1C, CSV, XLSX, JSON or JSON Lines"),
    epilog="mureg application import ZV-1042.xml\nmureg application import august.csv partners.xlsx\n"
    "mureg application import - --number ZV-1042",
)
def import_files(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help=N_("Files or folders; - for standard input"))
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help=N_("xml, csv, xlsx, json or jsonl (default: detected)")),
    ] = None,
    number: Annotated[
        str | None,
        typer.Option(
            "--number", metavar="NUMBER", help=N_("The number of the XML application (default: the file's name)")
        ),
    ] = None,
    kpp: Annotated[
        str | None,
        typer.Option("--kpp", metavar="KPP", help=N_("The КПП of an XML application that does not state it")),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="NAME", help=N_("The profile in mureg.toml to read the tables with")),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help=N_("Import the valid rows even if others are not"))
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Read every file, report every fault, and write all rows or none."""
    session = session_of(ctx)
    known_format = one_of("--format", file_format, types.FORMATS) if file_format is not None else None
    _require_kpp(kpp)
    paths = _paths(session, files or [])
    if len(paths) != 1 and (number, kpp) != (None, None):
        raise WrongUsage(
            msg("--number and --kpp can only be used with a single XML file"),
            msg("import the files one by one, or omit the option"),
        )
    settings = session.settings()
    session.has_read_input = "-" in paths
    with (
        _copies(paths, settings.limits) as copies,
        session.register() as register,
        closing(_sources(paths, copies, settings.limits)) as sources,
        progress.progress(session, N_("Rows read")) as advance,
    ):
        result = operations.import_applications(
            register,
            sources,
            operations.HowToRead(known_format, number, kpp, settings.profile(profile), settings.limits),
            actor=session.actor(ctx),
            today=session.today,
            term_months=settings.contract.term_months if settings.contract else None,
            partial=partial,
            dry_run=dry_run,
            progress=advance,
        )
    advice = _advice(result.done, settings if profile is None else None)
    _show(session, result, advice, partial=partial, dry_run=dry_run)


def _require_kpp(kpp: str | None) -> None:
    if kpp is not None and (fault := kpp_fault(kpp)) is not None:
        raise WrongUsage(msg("invalid {option}: {reason}", option="--kpp", reason=fault), msg("for example 770001001"))


def _paths(session: Session, names: list[str]) -> list[str]:
    """The files named, and those of the folders named that look like applications, in order of their names."""
    if not names:
        raise WrongUsage(msg("specify the files to import"), msg("see: mureg application import -h"))
    paths: list[str] = []
    unread = 0
    for name in _expanded(names):
        files = _files_in(name)
        fit = [str(file) for file in files if file.suffix.lower() in _SUFFIXES] if files is not None else [name]
        unread += len(files) - len(fit) if files is not None else 0
        paths += fit
    if not paths:
        where, suffixes = ", ".join(names), ", ".join(_SUFFIXES)
        message = msg("no files in {path}", path=where)
        if unread:
            message = msg("no file in {path} looks like applications ({suffixes})", path=where, suffixes=suffixes)
        raise NotFound(message, msg("specify files, or another folder"))
    if unread:
        session.output.note(
            plural(
                "{count} file was skipped: in a folder only {suffixes} are read",
                "{count} files were skipped: in a folder only {suffixes} are read",
                count=unread, suffixes=", ".join(_SUFFIXES),
            )
        )  # fmt: skip
    return paths


def _files_in(name: str) -> list[Path] | None:
    """The files in a folder, in order of their names; `None` where the name is that of a file, which exists."""
    path = Path(name)
    if name == "-":
        return None
    try:
        if path.is_dir():
            return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        if exists(path):
            return None
    except OSError as error:
        raise streams.unreadable(name, error) from None
    raise NotFound(msg("no such file: {path}", path=name), msg("check the name and the folder"))


def _expanded(names: list[str]) -> list[str]:
    """The names, with patterns such as *.xml replaced by the files that fit: Windows leaves that to the program."""
    if sys.platform == "win32":
        return [file for name in names for file in _files_like(name)]
    return names


def _files_like(name: str) -> list[str]:
    is_pattern = any(character in name for character in "*?[") and not os.path.lexists(name)
    return (sorted(glob.glob(name)) if is_pattern else []) or [name]  # noqa: PTH207  the pattern is a whole path


@contextmanager
def _copies(paths: list[str], limits: "types.Limits") -> "Iterator[dict[str, BinaryIO]]":
    """What can be read only once, read before the register is locked: others must not wait for a keyboard."""
    with ExitStack() as stack:
        copies = {}
        for path in dict.fromkeys(paths):
            if path == "-":
                copies[path] = stack.enter_context(streams.spooled(path, sys.stdin.buffer, limits))
            elif not Path(path).is_file():
                with _opened(path) as stream:
                    copies[path] = stack.enter_context(streams.spooled(path, stream, limits))
        yield copies


def _sources(
    paths: list[str], copies: "dict[str, BinaryIO]", limits: "types.Limits"
) -> "Generator[types.Source, None, None]":
    for path in paths:
        if path in copies:
            copies[path].seek(0)
            yield types.Source(path, copies[path])
            continue
        with _opened(path) as stream, streams.seekable(path, stream, limits) as file:
            yield types.Source(path, file)


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise streams.unreadable(path, error) from None


def _show(
    session: Session, result: Result["operations.Imported"], advice: list[Message], *, partial: bool, dry_run: bool
) -> None:
    output, imported = session.output, result.done
    if imported.faults and (not partial or imported.gave_up):
        # The rows after too many faults were not read.
        if imported.gave_up:
            raise imported.unreadable[-1]
        again = msg("fix the input and import it again, or import only the valid rows: --partial")
        raise _rejected(imported, plural(
            "{count} error in the input; nothing was written", "{count} errors in the input; nothing was written",
            count=len(imported.faults),
        ), [*advice, again])  # fmt: skip
    if output.wants_json:
        erased = {"still_erased": imported.still_erased, "after_erasure": imported.after_erasure}
        output.json(
            {
                "added": imported.added,
                "changed": imported.changed,
                "skipped": imported.skipped,
                "errors": [fault_json(fault, session.language.say) for fault in imported.faults],
                "operation": result.operation,
                "files": [report._asdict() for report in imported.files],
            }
            | {name: numbers for name, numbers in erased.items() if numbers}
        )
    else:
        output.table(import_result.FILE_COLUMNS, [tuple(file) for file in imported.files])
        output.facts(
            [
                (N_("Added"), imported.added),
                (N_("Changed"), imported.changed),
                (N_("Already exists"), imported.skipped),
            ],
            dry_run=dry_run,
        )
        for note in import_result.erased_notes(imported.still_erased, imported.after_erasure):
            output.note(note)
        output.note_operation(result, dry_run=dry_run, applications=imported.added + imported.changed)
    if imported.faults:
        raise _rejected(imported, plural(
            "{count} error in the input; the valid rows were written",
            "{count} errors in the input; the valid rows were written",
            count=len(imported.faults),
        ), [
            *advice, msg("fix the other rows and import the file again; rows already imported are skipped"),
        ])  # fmt: skip


def _rejected(imported: "operations.Imported", message: Message, hints: list[Message]) -> Rejected:
    hint = hints[0]
    for more in hints[1:]:
        hint = msg("{hint}\n{more}", hint=hint, more=more)
    return Rejected(message, hint, imported.faults)


def _advice(imported: "operations.Imported", settings: "schema.Settings | None") -> list[Message]:
    """The hint for files that could not be read at all; `settings` where no profile was named."""
    hints = {str(error.hint): error.hint for error in imported.unreadable if error.hint is not None}
    advice = list(hints.values())[:_MOST_ADVICE]
    tables = [
        error.details[0].file or "" for error in imported.unreadable if isinstance(error, unfit_columns.UnknownHeader)
    ]
    if settings is None or not tables:
        return advice
    profiles = [name for name, profile in settings.profiles.items() if profile.kind == "applications"]
    if not profiles:
        return [*advice, msg("describe the table in mureg.toml as [profile.NAME] and read it with --profile NAME")]
    name = profiles[0] if len(profiles) == 1 else "NAME"
    commands = tuple(f"mureg application import {quoted(name_)} --profile {name}" for name_ in tables[:_MOST_ADVICE])
    return [
        *advice,
        msg("with a profile of mureg.toml ({names}):\n{commands}", names=", ".join(profiles), commands=commands),
    ]
