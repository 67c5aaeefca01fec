"""The format of what a command prints or writes: that of `--format` or `--json`, else that of the file's ending."""

from collections.abc import Sequence
from pathlib import Path

from mureg.cli.framework.session import Session
from mureg.errors import WrongUsage, msg

# Formats that are not text.
_BINARY = ("xlsx", "pdf")


def chosen_format(
    session: Session, output_format: str | None, file: str | None, formats: Sequence[str], example: str
) -> str:
    """One of the formats, of which the first is for the screen. `example` is a file's name without its ending.

    Raises `WrongUsage`.
    """
    ending = "" if file is None else Path(file).suffix.lower().removeprefix(".")
    chosen = output_format or (ending if ending in formats[1:] else None)
    if chosen is None and file is not None and not session.output.wants_json:
        endings = ", ".join(f".{name}" for name in formats[1:])
        raise WrongUsage(
            msg("the ending of {path} does not say the format", path=file),
            msg("use one of these endings, or add --format: {endings}", endings=endings),
        )
    chosen = chosen or ("json" if session.output.wants_json else formats[0])
    if chosen not in formats:
        raise WrongUsage(
            msg("{option} cannot be {value}", option="--format", value=chosen),
            msg("available: {names}", names=", ".join(formats)),
        )
    if session.output.wants_json and chosen != "json":
        raise WrongUsage(
            msg("--json cannot be combined with --format {format}", format=chosen), msg("use only one of them")
        )
    if file is not None and chosen == formats[0]:
        raise WrongUsage(
            msg("a table can only be shown on the screen"), msg("use --format csv or --format json with -o")
        )
    if chosen in _BINARY and file is None and session.output.is_terminal:
        raise WrongUsage(
            msg("{format} cannot be shown on a terminal", format=chosen),
            msg("specify a file: -o {example}.{format}", example=example, format=chosen),
        )
    return chosen
