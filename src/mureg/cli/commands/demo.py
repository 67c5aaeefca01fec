"""`mureg demo`: the whole job on examples."""

import os
import shlex
import shutil
import subprocess
import sys

import typer

from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, Interrupted, Rejected, msg
from mureg.interrupts import postponed
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    import tempfile

app = typer.Typer()

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


# Else the demo's reasons cannot be passed to a command (PYTHONUTF8=0 with LC_ALL=C): it is told to expect UTF-8.
_IS_UTF_8 = sys.getfilesystemencoding() == "utf-8"

# Success, or differences found: the demo's statement has some.
EXPECTED_EXIT_CODES = (0, 6)


@app.command("demo", help=N_("Run the whole workflow on examples, in a new temporary folder"), epilog="mureg demo")
def demo(ctx: typer.Context) -> None:
    """Run the commands of a manager's day for real, each printed before its output."""
    session = session_of(ctx)
    output = session.output
    folder = tempfile.mkdtemp(prefix="mureg-demo-")
    try:
        steps = _run_commands(session, folder)
    except KeyboardInterrupt:
        # A demo that did not reach its end is deleted.
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if output.wants_json:
        output.json({"folder": folder, "steps": steps})
    else:
        output.facts([(N_("The demo's folder"), folder)])


def _run_commands(session: Session, folder: str) -> list[dict[str, object]]:
    """Run every command in the folder; returns them with their exit codes."""
    output = session.output
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("MUREG_") or name == "MUREG_ENCODING"
    }
    environment |= {"MUREG_LANG": session.language.code, "MUREG_USER": os.environ.get("MUREG_USER", "demo")}
    if not _IS_UTF_8:
        environment |= {"PYTHONUTF8": "1", "PYTHONIOENCODING": sys.stdout.encoding}
    steps: list[dict[str, object]] = []
    for line in DEMO:
        if not output.wants_json:
            output.heading(f"$ mureg {line}")
        sys.stdout.flush()
        code = _exit_code_of(line, folder, environment, is_silent=output.wants_json)
        steps.append({"command": f"mureg {line}", "exit_code": code})
        if code == Interrupted.exit_code:
            raise KeyboardInterrupt  # Ctrl-C goes to both processes, and the command has ended first
        if code not in EXPECTED_EXIT_CODES:
            raise Rejected(msg("the demo stopped at: mureg {line}", line=line), msg("folder: {folder}", folder=folder))
        if not output.wants_json:
            output.line()
    return steps


# In a bundle the program is mureg itself, not Python.
_MUREG = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mureg"]


def _exit_code_of(line: str, folder: str, environment: dict[str, str], *, is_silent: bool) -> int:
    """Run a command line of mureg, and kill it on an interrupt."""
    place = subprocess.DEVNULL if is_silent else None
    words: list[str] | list[bytes] = shlex.split(line)
    if not _IS_UTF_8:
        words = [word.encode() for word in shlex.split(line)]
    # An interrupt between the start and the assignment would leave it running.
    with postponed():
        process = subprocess.Popen(  # noqa: S603  mureg itself, with a command line of ours
            [*_MUREG, *words],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=place, stderr=place,
        )  # fmt: skip
    try:
        return process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
