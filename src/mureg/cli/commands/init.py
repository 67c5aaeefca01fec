"""`mureg init` and `mureg demo`: the beginning."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from mureg.cli.framework.groups import DryRun
from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, Interrupted, Message, Refused, RegisterUnusable, Rejected, msg
from mureg.interrupts import postponed
from mureg.register.engines.address import location_of
from mureg.register.register import Register
from mureg.safe_files import make_folder, write_new
from mureg.settings.locate import FILE_NAME, default_register

app = typer.Typer()


@app.command(
    "init",
    help=N_("Make what is missing of the settings and the register; what exists is kept"),
    epilog="mureg init\nmureg init --example\nmureg init --db postgresql://olga@server/base\nmureg init --upgrade",
)
def init(
    ctx: typer.Context,
    example: Annotated[
        bool, typer.Option("--example", help=N_("Put an example partner's settings, register and files here"))
    ] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help=N_("Bring a register on a server to this mureg's version"))
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Make mureg.toml and the register; an existing one is checked, named and kept byte for byte."""
    session = session_of(ctx)
    session.makes_files = not dry_run
    done = _init_example(session, ctx, dry_run=dry_run) if example else _init(session, upgrade=upgrade, dry_run=dry_run)
    if session.output.wants_json:
        facts: dict[str, object] = {"operation": None, "numbers": [], "made": done.made, "kept": done.kept}
        session.output.json(facts | {"upgraded": done.upgraded, "roles": done.roles or None})
        return
    session.output.facts(
        [(N_("Made"), path) for path in done.made]
        + [(N_("Upgraded"), path) for path in done.upgraded]
        + [(N_("Kept"), path) for path in done.kept]
    )
    if done.roles:
        session.output.note(
            msg("for the server's administrator: roles that read and that work, to be granted to the team's users")
        )
        session.output.line(done.roles.rstrip())
    session.output.note_dry_run(dry_run=dry_run)
    if dry_run:
        return
    if example:
        session.output.note(msg("next: mureg application show"))
    elif done.made:
        session.output.note(_next_step(session))


def _next_step(session: Session) -> Message:
    """What to do in a register that is still empty: without prices nothing can be settled."""
    contract = session.settings().contract
    if contract is not None and contract.prices:
        return msg("next: mureg application import FILE")
    return msg("next: put your contract's prices and discounts into {file}, then mureg application import FILE",
               file=str(_config_path(session)))  # fmt: skip


def _config_path(session: Session) -> Path:
    """Where the settings are made, or kept."""
    return Path(session.config or os.environ.get("MUREG_CONFIG") or FILE_NAME)


class _Done(NamedTuple):
    """Places that were made, upgraded and kept, and the SQL for a server's roles."""

    made: list[str]
    upgraded: list[str]
    kept: list[str]
    roles: str


def _init(session: Session, *, upgrade: bool, dry_run: bool) -> _Done:
    # Validation and the template are long: only init pays for them.
    from mureg.settings.reading import read_settings  # noqa: PLC0415
    from mureg.settings.template import TEMPLATE  # noqa: PLC0415

    done = _Done([], [], [], "")
    config = _config_path(session)
    has_settings = config.exists()
    if has_settings:
        read_settings(config)
        done.kept.append(str(config))
        session.config = str(config)
    else:
        done.made.append(str(config))
        # The template names no register.
        session.db = session.db or str(default_register())
    url = session.register_url
    has_register = Register.exists(url)
    if not has_register:
        done.made.append(location_of(url))
    elif upgrade and Register.upgrade(url, session.output.note, dry_run=dry_run):
        done.upgraded.append(location_of(url))
    else:
        (Register.open_to_read(url) if dry_run else Register.open(url, session.output.note)).close()
        done.kept.append(location_of(url))
    # Whatever exists is in order: now what is missing can be made.
    if not dry_run:
        if not has_settings:
            _write_new(config, TEMPLATE)
        if not has_register:
            try:
                Register.create(url).close()
            except BaseException as error:
                if isinstance(error, RegisterUnusable) and Register.exists(url):
                    # Somebody else's init was quicker: what it made is looked at, and kept.
                    Register.open(url, session.output.note).close()
                    done.made.remove(location_of(url))
                    done.kept.append(location_of(url))
                else:
                    # Half an init would leave settings that name no register.
                    if not has_settings:
                        config.unlink(missing_ok=True)
                    raise
    return done._replace(roles=Register.roles(url))


def _write_new(path: Path, text: str) -> None:
    try:
        make_folder(path.parent)
        # Its owner's alone: `db` may come to hold a password.
        write_new(path, text.encode())
    except OSError as error:
        raise Rejected(
            msg("{path} cannot be written: {reason}", path=str(path), reason=error.strerror or str(error)),
            msg("choose another place: --config FILE"),
        ) from None


def _init_example(session: Session, ctx: typer.Context, *, dry_run: bool) -> _Done:
    folder = session.folder
    names = [FILE_NAME, "mureg.db", "examples"]
    present = [name for name in names if (folder / name).exists()]
    if present:
        raise Refused(
            msg("{names} is here already: the example would write over it", names=", ".join(present)),
            msg("go to an empty folder and repeat: mureg init --example"),
        )
    if not dry_run:
        # Only `init --example` imports and processes.
        from mureg.operations.example import make_example  # noqa: PLC0415

        make_example(folder, session.actor(ctx), session.today)
        if session.config or session.db:
            session.output.note(msg("MUREG_DB, MUREG_CONFIG, --db or --config point elsewhere: leave them out here"))
    return _Done(names, [], [], "")


# The demo's commands, as a manager types them.
DEMO = (
    "init --example",
    "application list --status new",
    "application show",
    "application set-multiuser --tier 10+",
    "application process ZV-1042 --on 2023-08-28",
    "organization show 7700123459 --on 2023-08-31",
    "application import examples/applications/partners.xlsx",
    "application list --status new",
    "application check",
    "history ZV-1042",
    "reconcile --month 2023-08 --statement examples/statement/operator-2023-08.csv",
    'month accept 2023-08 ZV-1032 --reason "Письмо оператора"',
    'month carry 2023-08 ZV-1045 --reason "Оператор включит в сентябрь"',
    "month close 2023-08 --leave ZV-1051 --leave ZV-1052 --leave ZV-1053 --leave ZV-1054 --leave ZV-1055",
    "invoice add --month 2023-08 --number 1518 --date 2023-09-06 --amount 25200,00",
    "month list",
    "reconcile --month 2023-09",
    "check",
)


@app.command("demo", help=N_("The whole job on examples, in a new temporary folder"), epilog="mureg demo")
def demo(ctx: typer.Context) -> None:
    """Run the commands of a manager's day for real, each printed before its output."""
    session = session_of(ctx)
    output = session.output
    from tempfile import mkdtemp  # noqa: PLC0415  slow to load

    folder = mkdtemp(prefix="mureg-demo-")
    try:
        steps = _play(session, folder)
    except KeyboardInterrupt:
        # Half a demo is of no use to anybody.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if output.wants_json:
        output.json({"folder": folder, "steps": steps})
    else:
        output.facts([(N_("The demo's folder"), folder)])


def _play(session: Session, folder: str) -> list[dict[str, object]]:
    """Run every command in the folder; which were run, and how they ended."""
    output = session.output
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUREG_")}
    environment |= {"MUREG_LANG": session.language.code, "MUREG_USER": os.environ.get("MUREG_USER", "demo")}
    steps: list[dict[str, object]] = []
    for line in DEMO:
        if not output.wants_json:
            output.heading(f"$ mureg {line}")
        sys.stdout.flush()
        code = _exit_code_of(line, folder, environment, is_silent=output.wants_json)
        steps.append({"command": f"mureg {line}", "exit_code": code})
        if code == Interrupted.exit_code:
            raise KeyboardInterrupt  # the terminal tells both of us, and the command was the quicker
        if code not in EXPECTED:
            raise Rejected(
                msg("the demo stopped at: mureg {line}", line=line), msg("its folder: {folder}", folder=folder)
            )
        if not output.wants_json:
            output.line()
    return steps


def _exit_code_of(line: str, folder: str, environment: dict[str, str], *, is_silent: bool) -> int:
    """Run a command line of mureg; it does not outlive us."""
    place = subprocess.DEVNULL if is_silent else None
    # Begun, it must be known before anything else happens.
    with postponed():
        process = subprocess.Popen(  # noqa: S603  mureg itself, with words of ours
            [sys.executable, "-m", "mureg", *shlex.split(line)],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=place, stderr=place,
        )  # fmt: skip
    try:
        return process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise


# Done, and «differences found», which the statement of the demo has.
EXPECTED = (0, 6)
