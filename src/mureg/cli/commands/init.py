"""`mureg init`: the settings and the register."""

import os
from pathlib import Path
from typing import Annotated

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.session import Session, session_of
from mureg.command_hints import quoted
from mureg.errors import N_, Message, Refused, msg
from mureg.lazy_imports import lazy_imports
from mureg.operations.result import Result
from mureg.safe_files import exists

with lazy_imports():
    from mureg.operations import example as examples
    from mureg.operations import setup
    from mureg.register.engines import address
    from mureg.settings import locate, reading

app = typer.Typer()


@app.command(
    "init",
    help=N_("Create the settings and the register if they are missing; existing files are kept"),
    epilog="mureg init\nmureg init --example\nmureg init --db postgresql://olga@server/base\nmureg init --upgrade",
)
def init(
    ctx: typer.Context,
    example: Annotated[
        bool, typer.Option("--example", help=N_("Create an example partner's settings, register and files here"))
    ] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help=N_("Upgrade a register on a server to this version of mureg"))
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Make mureg.toml and the register; an existing one is checked, named and kept byte for byte."""
    session = session_of(ctx)
    output = session.output
    session.makes_files = not dry_run
    if example:
        result = examples.set_up_example(session.folder, session.actor(ctx), session.today, dry_run=dry_run)
        if not dry_run and (session.config or session.db):
            output.note(msg("MUREG_DB, MUREG_CONFIG, --db or --config point elsewhere: do not use them here"))
    else:
        result = _set_up(session, upgrade=upgrade, dry_run=dry_run)
    done = result.done
    if output.wants_json:
        output.result_json(result, made=done.made, kept=done.kept, upgraded=done.upgraded, roles=done.roles or None)
        return
    output.facts(
        [(N_("Created"), path) for path in done.made]
        + [(N_("Upgraded"), path) for path in done.upgraded]
        + [(N_("Kept"), path) for path in done.kept],
        dry_run=dry_run,
    )
    if done.roles:
        output.note(
            msg("for the server's administrator: a role for reading and a role for working, to be granted to the team")
        )
        output.line(done.roles.rstrip())
    if dry_run:
        output.note_dry_run(dry_run=dry_run)
    elif example:
        output.note(msg("next: mureg application show"))
    elif done.made:
        output.note(_next_step(session))


def _set_up(session: Session, *, upgrade: bool, dry_run: bool) -> Result["setup.SetUp"]:
    config = _config_path(session)
    address.require_name(str(config))
    if exists(config):
        if not session.config and not os.environ.get("MUREG_CONFIG") and locate.is_foreign(config):
            raise Refused(
                msg("{file} belongs to another user and is not followed", file=str(config)),
                msg("to follow it: mureg init --config {file}", file=quoted(str(config))),
            )
        reading.read_settings(config)
    else:
        # The new file names the register beside it.
        session.db = session.db or str(config.parent / locate.REGISTER_NAME)
    return setup.set_up(config, session.register_url, report=session.output.note, upgrade=upgrade, dry_run=dry_run)


def _next_step(session: Session) -> Message:
    """The next step with an empty register: without prices no month can be settled."""
    contract = session.settings().contract
    if contract is not None and contract.prices:
        return msg("next: mureg application import FILE")
    return msg("next: enter your contract's prices and discounts in {file}, then run mureg application "
               "import FILE",
               file=str(_config_path(session)))  # fmt: skip


def _config_path(session: Session) -> Path:
    """Where the settings are made, or kept."""
    return Path(session.config or os.environ.get("MUREG_CONFIG") or locate.FILE_NAME)
