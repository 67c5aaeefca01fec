"""`mureg application import`: files in, every fault told."""

import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.output import Column
from mureg.cli.framework.session import Session, session_of
from mureg.command_hints import quoted
from mureg.domain.identifiers import kpp_fault
from mureg.errors import N_, Message, NotFound, Rejected, WrongUsage, msg, plural
from mureg.reports.json.errors import fault_json

if TYPE_CHECKING:
    from mureg.operations.application_import import Imported
    from mureg.operations.result import Result
    from mureg.readers.types import FileReport, Limits, Profile, Source
    from mureg.settings.schema import Settings

# What of a folder looks like applications; a file that is named is read whatever its name is.
_SUFFIXES = (".xml", ".csv", ".txt", ".xlsx", ".json", ".jsonl")
_MOST_ADVICE = 5


def import_files(
    ctx: typer.Context,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help=N_("Files or folders; - is standard input"))
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help=N_("xml, csv, xlsx, json or jsonl; recognised if not given")),
    ] = None,
    number: Annotated[
        str | None,
        typer.Option("--number", metavar="NUMBER", help=N_("The number of the one XML; else its file's name")),
    ] = None,
    kpp: Annotated[
        str | None, typer.Option("--kpp", metavar="KPP", help=N_("The КПП of the one XML that does not state it"))
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help=N_("How to read the tables, from mureg.toml"))
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help=N_("Write the good rows, whatever the others are"))
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Read every file, tell every fault, and write all rows or none."""
    # Readers and settings bring pydantic and the parsers of five formats: only an import pays for them.
    from mureg.cli.framework.progress import progress  # noqa: PLC0415
    from mureg.operations.application_import import HowToRead, import_applications  # noqa: PLC0415
    from mureg.readers.types import FORMATS  # noqa: PLC0415

    session = session_of(ctx)
    if not files:
        raise WrongUsage(msg("name the files to import"), msg("see: mureg application import -h"))
    if file_format is not None and file_format not in FORMATS:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--format", value=file_format),
            msg("there are: {names}", names=", ".join(FORMATS)),
        )
    if kpp is not None and (fault := kpp_fault(kpp)) is not None:
        raise WrongUsage(msg("{option} is wrong: {reason}", option="--kpp", reason=fault), msg("as in 770001001"))
    paths = _paths(session, files)
    if (number is not None or kpp is not None) and len(paths) != 1:
        raise WrongUsage(
            msg("--number and --kpp go with one XML only"), msg("import the files one by one, or leave the option out")
        )
    settings = session.settings()
    session.has_read_input = "-" in paths
    with (
        session.register() as register,
        closing(_sources(paths, settings.limits)) as sources,
        progress(session, N_("Rows read")) as told,
    ):
        result = import_applications(
            register,
            sources,
            HowToRead(file_format, number, kpp, _profile(settings, profile), settings.limits),
            actor=session.actor(ctx),
            today=session.today,
            term_months=settings.contract.term_months if settings.contract else None,
            partial=partial,
            dry_run=dry_run,
            progress=told,
        )
    advice = _advice(result.done, settings if profile is None else None)
    _report(session, result, advice, partial=partial, dry_run=dry_run)


def _paths(session: Session, names: list[str]) -> list[str]:
    """The files named, and those of the folders named that look like applications, in order of their names."""
    paths: list[str] = []
    passed_over = 0
    for name in names:
        path = Path(name)
        if name != "-" and path.is_dir():
            files = [file for file in path.iterdir() if file.is_file() and not file.name.startswith(".")]
            fit = sorted(str(file) for file in files if file.suffix.lower() in _SUFFIXES)
            passed_over += len(files) - len(fit)
            paths += fit
        elif name != "-" and not path.exists():
            raise NotFound(msg("there is no file {path}", path=name), msg("check the name and the folder"))
        else:
            paths.append(name)
    if not paths:
        where, suffixes = ", ".join(names), ", ".join(_SUFFIXES)
        message = msg("there are no files in {path}", path=where)
        if passed_over:
            message = msg("no file in {path} looks like applications ({suffixes})", path=where, suffixes=suffixes)
        raise NotFound(message, msg("name files, or another folder"))
    if passed_over:
        session.output.note(
            plural(
                "{count} file was passed over: of a folder only {suffixes} are read",
                "{count} files were passed over: of a folder only {suffixes} are read",
                count=passed_over, suffixes=", ".join(_SUFFIXES),
            )
        )  # fmt: skip
    return paths


def _sources(paths: list[str], limits: "Limits") -> "Generator[Source, None, None]":
    from mureg.cli.framework.streams import spooled, whole  # noqa: PLC0415
    from mureg.readers.types import Source  # noqa: PLC0415  with the readers, see above

    for path in paths:
        if path == "-":
            with spooled("-", sys.stdin.buffer, limits) as spool:
                yield Source("-", spool)
            continue
        try:
            stream = Path(path).open("rb")  # noqa: SIM115  closed below; only opening may fail here
        except OSError as error:
            raise Rejected(
                msg("{path} cannot be read: {reason}", path=path, reason=error.strerror or str(error)),
                msg("check that you may read the file, and that no other program holds it"),
            ) from None
        with stream, whole(path, stream, limits) as file:
            yield Source(path, file)


def _profile(settings: "Settings", name: str | None) -> "Profile | None":
    if name is None:
        return None
    if name not in settings.profiles:
        known = ", ".join(settings.profiles) or "—"
        raise WrongUsage(
            msg("there is no profile {name}", name=name), msg("mureg.toml has these: {names}", names=known)
        )
    return settings.profiles[name]


def _report(
    session: Session, outcome: "Result[Imported]", advice: list[Message], *, partial: bool, dry_run: bool
) -> None:
    output, result = session.output, outcome.done
    if result.faults and (not partial or result.gave_up):
        # With more faults than are told, the good rows are not known.
        if result.gave_up:
            raise result.unreadable[-1]
        again = msg("mend the input and import it again, or write the good rows only: --partial")
        raise _rejected(result, plural(
            "{count} fault in the input: nothing was written", "{count} faults in the input: nothing was written",
            count=len(result.faults),
        ), [*advice, again])  # fmt: skip
    if output.wants_json:
        of_erased = {"still_erased": result.still_erased, "after_erasure": result.after_erasure}
        output.json(
            {
                "added": result.added,
                "changed": result.changed,
                "skipped": result.skipped,
                "errors": [fault_json(fault, session.language.say) for fault in result.faults],
                "operation": outcome.operation,
                "files": [report._asdict() for report in result.files],
            }
            | {name: numbers for name, numbers in of_erased.items() if numbers}
        )
    else:
        _print_files(session, result.files)
        output.facts(
            [(N_("Added"), result.added), (N_("Changed"), result.changed), (N_("Already there"), result.skipped)]
        )
        _note_erased(session, result)
        output.note_operation(outcome, dry_run=dry_run)
    if result.faults:
        raise _rejected(result, plural(
            "{count} fault in the input: the good rows were written",
            "{count} faults in the input: the good rows were written",
            count=len(result.faults),
        ), [*advice, msg("mend the other rows and import the file again: what is there is skipped")])  # fmt: skip


def _note_erased(session: Session, result: "Imported") -> None:
    """Say what of erased people stands in the input, and whether it came in."""
    if result.still_erased:
        session.output.note(
            msg("personal data that was erased from the register stays erased: {numbers}",
                numbers=_some(result.still_erased))
        )  # fmt: skip
    if result.after_erasure:
        numbers = _some(result.after_erasure)
        session.output.note(msg("new people of an organisation whose people were erased: {numbers}", numbers=numbers))


def _some(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:_MOST_ADVICE])
    return shown if len(numbers) <= _MOST_ADVICE else f"{shown} … ({len(numbers)})"


def _print_files(session: Session, files: "list[FileReport]") -> None:
    columns = (
        Column(N_("File"), may_wrap=True), Column(N_("Format")), Column(N_("Encoding")), Column(N_("Delimiter")),
        Column(N_("Sheet")), Column(N_("Dates")), Column(N_("Rows"), "right"),
    )  # fmt: skip
    session.output.table(
        columns,
        [
            (
                report.file,
                report.format,
                report.encoding,
                report.delimiter,
                report.sheet,
                report.date_format,
                report.rows,
            )
            for report in files
        ],
    )


def _rejected(result: "Imported", message: Message, hints: list[Message]) -> Rejected:
    hint = hints[0]
    for more in hints[1:]:
        hint = msg("{hint}\n{more}", hint=hint, more=more)
    return Rejected(message, hint, result.faults)


def _advice(result: "Imported", settings: "Settings | None") -> list[Message]:
    """What to do about the files that could not be read at all; `settings` where no profile was named."""
    from mureg.readers.applications.table import UnknownHeader  # noqa: PLC0415  with the readers, see above

    hints = {str(error.hint): error.hint for error in result.unreadable if error.hint is not None}
    advice = list(hints.values())[:_MOST_ADVICE]
    tables = [error.details[0].file or "" for error in result.unreadable if isinstance(error, UnknownHeader)]
    if settings is None or not tables:
        return advice
    profiles = [name for name, profile in settings.profiles.items() if profile.kind == "applications"]
    if not profiles:
        return [*advice, msg("describe such a table in mureg.toml as [profile.NAME], and read it with --profile NAME")]
    name = profiles[0] if len(profiles) == 1 else "NAME"
    commands = tuple(f"mureg application import {quoted(table)} --profile {name}" for table in tables[:_MOST_ADVICE])
    return [
        *advice,
        msg("with a profile of mureg.toml ({names}):\n{commands}", names=", ".join(profiles), commands=commands),
    ]
