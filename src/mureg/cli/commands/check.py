"""`mureg check`: every named check of the register."""

import re
from typing import Annotated

import typer

from mureg.cli.framework.output.columns import Column
from mureg.cli.framework.session import session_of
from mureg.command_hints import quoted
from mureg.errors import N_, DifferencesFound, WrongUsage, msg, plural
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.cli.framework.output import progress
    from mureg.operations.check import checks

app = typer.Typer()


@app.command(
    "check",
    help=N_("Check the register; print nothing if all is well"),
    epilog=f"mureg check\nmureg check --json\nmureg check --head {'5f0c' * 16}",
)
def check(
    ctx: typer.Context,
    head: Annotated[
        str | None,
        typer.Option(
            "--head", metavar="HASH", help=N_("A history head that you noted earlier; mureg support shows it")
        ),
    ] = None,
) -> None:
    """Print every failure; exit 6 where there is one."""
    session = session_of(ctx)
    if head is not None and not re.fullmatch("[0-9a-fA-F]{64}", head):
        raise WrongUsage(
            msg("{text} is not a history head, which has 64 digits and letters from a to f", text=head),
            msg("see the current one: mureg support"),
        )
    with session.register() as register, progress.progress(session, N_("Checks done"), checks.CHECKS) as advance:
        failures = checks.check_register(register, advance, head.lower() if head else None)
        failures += checks.check_schema(register)
        modes = checks.check_modes(register, session.config_file)
        failures += modes
        unknown = checks.unknown_access(register, session.config_file)
        later = list(register.history.records_after(head.lower())) if head else []
    for path in unknown:
        session.output.note(
            msg("{path} is outside your profile folder: mureg cannot tell who can read it, the folder's access list "
                "decides; see it: icacls {name}", path=path, name=quoted(path))
        )  # fmt: skip
    for record in later:
        session.output.note(
            msg("after that head: operation {operation}, {at}, {user}: {command}",
                operation=record.operation, at=record.done_at, user=record.done_by, command=record.command)
        )  # fmt: skip
    if session.output.wants_json:
        session.output.json_list(
            ({"check": failure.check, "message": session.language.say(failure.message)} for failure in failures),
            shape={"check": "", "message": ""},
        )
    elif failures:
        session.output.table((Column(N_("Check")), Column(N_("Problem"), may_wrap=True)), failures)
    if failures:
        hint = msg("keep a copy of the register file as it is, and see what was done: mureg history")
        if failures == modes:
            hint = msg("run the commands listed there, then: mureg check")
        raise DifferencesFound(plural("{count} check failed", "{count} checks failed", count=len(failures)), hint)
