"""`mureg`: its nouns, and the one error boundary."""

import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperOption
from typer.exceptions import TyperException
from typer.main import get_install_completion_arguments

from mureg import __version__
from mureg.cli.framework.chosen_language import chosen_language, language_of
from mureg.cli.framework.groups import HELP_NAMES, ON_COMMANDS, Noun, NounGroup, RootGroup, global_options
from mureg.cli.framework.output.output import PipeClosed, is_closed_pipe
from mureg.cli.framework.session import Session
from mureg.errors import N_, Interrupted, Message, MuregError, OutputUnusable, RetryNeeded, WrongUsage, msg
from mureg.interrupts import is_interrupt, stop_listening
from mureg.lazy_imports import lazy_imports
from mureg.reports.language import LANGUAGES, Language

with lazy_imports():
    from mureg.cli.framework import crash_report
    from mureg.cli.framework.output import text_encoding
    from mureg.register.engines import address


def _in(module: str, *commands: str) -> dict[str, str]:
    return dict.fromkeys(commands, f"mureg.cli.commands.{module}")


NOUNS = {
    "status": Noun(N_("Show what needs attention today"), _in("status", "status")),
    "init": Noun(N_("Create the settings and the register"), _in("init", "init")),
    "demo": Noun(N_("Show the whole workflow on examples"), _in("demo", "demo")),
    "application": Noun(
        N_("Clients' applications: import, show, set, process"),
        _in("application.import_files", "import")
        | _in("application.application", "list", "show", "check")
        | _in("application.multiuser", "set-multiuser")
        | _in("application.decisions", "process", "reject")
        | _in("application.review", "review")
        | _in("application.amendments", "amend", "return")
        | _in("application.cancellation", "cancel"),
    ),
    "organization": Noun(N_("Organizations and their products"), _in("organization", "list", "show", "erase")),
    "licence": Noun(N_("Licences: expiring and renewed"), _in("licence", "list")),
    "reconcile": Noun(
        N_("Compare a month's settlement with the operator's statement"), _in("month.reconcile", "reconcile")
    ),
    "month": Noun(
        N_("Months: resolve, close, reopen"),
        _in("month.month", "list", "show", "accept", "carry")
        | _in("month.resolve", "resolve")
        | _in("month.month", "close", "reopen"),
    ),
    "invoice": Noun(N_("The vendor's invoices"), _in("invoice", "add", "list", "paid", "export")),
    "web": Noun(N_("Open the register as a page in the browser"), _in("web", "web")),
    "contract": Noun(N_("Prices and partner discounts in force"), _in("contract", "show")),
    "history": Noun(N_("Show what was done, by whom and when"), _in("history", "history")),
    "undo": Noun(N_("Undo the last operation"), _in("history", "undo")),
    "check": Noun(N_("Check the register"), _in("check", "check")),
    "backup": Noun(N_("Back up the register to a file"), _in("transfer", "backup")),
    "restore": Noun(N_("Restore a register from a backup"), _in("transfer", "restore")),
    "copy": Noun(N_("Copy a whole register between files and servers"), _in("transfer", "copy")),
    "schema": Noun(N_("JSON Schema of the JSON that mureg reads"), _in("schema", "application", "statement")),
    "support": Noun(N_("Show where to get help, and the files in use"), _in("support", "support")),
}

# How long a command is retried where the server asks for it: as long as it waits for a writer.
_RETRY_SECONDS = 30

# That of file names and of the command line.
_SYSTEM_ENCODING = sys.getfilesystemencoding()


class Mureg(RootGroup):
    """The root group with the error boundary, which tests in their own process pass through too."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run one command line and exit with its code."""
        arguments = list(sys.argv[1:] if args is None else args)
        extra.pop("standalone_mode", None)
        _open_closed_streams()
        wants_json = any(word == "--json" or word.startswith("--fields") for word in arguments)
        language = Language(chosen_language(arguments, os.environ))
        began = time.monotonic()
        while True:
            session = Session(language, wants_json=wants_json)
            may_retry = time.monotonic() - began < _RETRY_SECONDS
            try:
                code = self._exit_code(session, arguments, extra, may_retry=may_retry)
                stop_listening()
                sys.exit(code)
            except RetryNeeded:
                # A random pause, so that two commands do not collide again.
                time.sleep(0.01 + os.urandom(1)[0] / 1_000)

    def _run(self, session: Session, arguments: list[str], extra: dict[str, Any]) -> Any:
        try:
            return super().main(arguments, "mureg", standalone_mode=False, obj=session, **extra)
        except SystemExit as ended:
            # Click ends so where it prints a help into a closed pipe.
            if is_closed_pipe(ended.__context__):
                raise PipeClosed from None
            raise

    def _exit_code(self, session: Session, arguments: list[str], extra: dict[str, Any], *, may_retry: bool) -> int:
        try:
            _require_text(arguments)
            _require_language(arguments, os.environ)
            _require_encoding(os.environ)
            code = self._run(session, arguments, extra)
            if code == Interrupted.exit_code:
                raise _interrupted(session)
            session.output.finish()
        except MuregError as error:
            if isinstance(error, RetryNeeded) and may_retry and session.is_repeatable:
                raise
            return _report_after_output(session, error)
        except TyperException as error:
            return _report(session, _usage_error(error))
        except (typer.Abort, KeyboardInterrupt):
            return _report(session, _interrupted(session))
        except Exception as error:  # noqa: BLE001  the boundary: no traceback ever reaches a user
            return _end_of(session, error)
        return code if isinstance(code, int) else 0


def _end_of(session: Session, error: Exception) -> int:
    """The exit code of a command that ended by an error which is none of ours."""
    if isinstance(error, PipeClosed) or is_closed_pipe(error):
        _discard_stdout()
        return 0
    if is_interrupt(error):
        return _report(session, _interrupted(session))
    if isinstance(error, UnicodeEncodeError) and error.encoding == _SYSTEM_ENCODING != "utf-8":
        # A path from the settings, from a colleague or with the user's name.
        message = msg("this system's encoding has no letters for a file's name")
        return _report(session, WrongUsage(message, _use_utf_8()))
    return _report(session, crash_report.internal_error(session, error, _what_was_written(session)))


def _open_closed_streams() -> None:
    """Open the null device for a stream that the caller closed: else a file opened later gets its number."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse bytes that the system's encoding cannot decode, which Python keeps as lone surrogates."""
    for argument in arguments:
        if not argument.isascii() and any("\ud800" <= character <= "\udfff" for character in argument):
            raise WrongUsage(
                msg("{argument} is not valid text in the encoding of this system", argument=argument),
                msg("type it again") if _SYSTEM_ENCODING == "utf-8" else _use_utf_8(),
            )


def _use_utf_8() -> Message:
    return msg("the encoding is {encoding}; use UTF-8: export LC_ALL=C.UTF-8", encoding=_SYSTEM_ENCODING)


def _require_language(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Refuse an unknown MUREG_LANG, as an unknown `--lang` is refused; the locale may be any."""
    variable = environment.get("MUREG_LANG", "")
    is_overruled = any(word.partition("=")[0] == "--lang" for word in arguments)
    if variable and not is_overruled and language_of(variable) not in LANGUAGES:
        raise WrongUsage(
            msg("MUREG_LANG: {text} is not a supported language", text=variable),
            msg("use ru or en"),
        )


def _require_encoding(environment: Mapping[str, str]) -> None:
    """Refuse a MUREG_ENCODING that Python does not know."""
    name = environment.get("MUREG_ENCODING", "")
    if name and not text_encoding.is_encoding(name):
        raise WrongUsage(msg("MUREG_ENCODING: {text} is not an encoding", text=name), msg("use utf-8, cp1251 or cp866"))


def _report_after_output(session: Session, error: MuregError) -> int:
    """Report an error of a command that may have printed something before."""
    try:
        session.output.finish()
    except PipeClosed:
        _discard_stdout()
    except OutputUnusable as unusable:
        error = unusable
    return _report(session, error)


def _report(session: Session, error: MuregError) -> int:
    stop_listening()
    error.operation = session.written
    if isinstance(error, OutputUnusable):
        error.hint = _what_was_written(session)
        _discard_stdout()
    elif isinstance(error, WrongUsage) and session.written is not None:
        # An unknown field is found only after the operation, when its result is printed.
        error.hint = msg("{hint}; {written}", hint=error.hint or "", written=_what_was_written(session))
    # With a closed stderr only the exit code reports it.
    with contextlib.suppress(OSError, ValueError):
        session.output.error(error)
    return error.exit_code


def _interrupted(session: Session) -> Interrupted:
    return Interrupted(msg("interrupted"), _what_was_written(session))


def _what_was_written(session: Session) -> Message:
    """What a command that did not reach its end has written, as far as it is known."""
    if session.written is not None:
        return msg("operation {operation} was written; see: mureg history", operation=session.written)
    if session.makes_files:
        return msg("some files may have been written: check them and run the command again")
    return msg("nothing was written")


def _discard_stdout() -> None:
    # Python flushes stdout at its end, and would report the closed pipe.
    with contextlib.suppress(OSError, ValueError):  # a test's stdout has no file number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _usage_error(error: TyperException) -> WrongUsage:
    """Click's error of a wrong command line, translated. Its classes are distinguished by their attributes."""
    ctx = getattr(error, "ctx", None)
    hint: Message = msg("see the help: {path} -h", path=ctx.command_path if ctx else "mureg")
    option = getattr(error, "option_name", None)
    if option is not None:
        # `--dbpostgresql://…` is an unknown option with a password in it.
        option = address.location_of(option)
    if option in ON_COMMANDS and ctx is not None and isinstance(ctx.command, NounGroup):
        hint = msg("put {option} after the command: {path} COMMAND {option}", option=option, path=ctx.command_path)
        return WrongUsage(msg("unknown option {option}", option=option), hint)
    if option is not None and hasattr(error, "possibilities"):
        near = ", ".join(error.possibilities or ())
        return WrongUsage(
            msg("unknown option {option}", option=option), msg("did you mean {near}?", near=near) if near else hint
        )
    if option is not None and "does not take a value" in error.message:
        return WrongUsage(msg("the option {option} takes no value", option=option), hint)
    if option is not None:
        return WrongUsage(msg("the option {option} needs a value", option=option), hint)
    parameter = getattr(error, "param", None)
    if parameter is not None:
        return WrongUsage(msg("invalid {option}: {reason}", option=parameter.opts[0], reason=error.message), hint)
    return WrongUsage(msg("{reason}", reason=error.format_message()), hint)


def _version(ctx: typer.Context, param: Any, value: bool) -> None:  # noqa: FBT001  Click's signature
    if value:
        ctx.find_root().obj.output.line(f"mureg {__version__}")
        raise typer.Exit


def command() -> Mureg:
    """The whole command line."""
    version = TyperOption(
        param_decls=["--version", "version"], is_flag=True, is_eager=True, expose_value=False, default=False,
        callback=_version, help=N_("Show the version"),
    )  # fmt: skip
    install, show = get_install_completion_arguments()
    install.help = N_("Install completion for this shell")  # type: ignore[attr-defined]
    show.help = N_("Print the completion script of this shell")  # type: ignore[attr-defined]
    for parameter in (install, show):
        parameter.expose_value = False
    return Mureg(
        NOUNS,
        help=N_("Applications for the multi-user mode of 1C-Reporting, and the month's settlement."),
        epilog="mureg demo\nmureg application show\nmureg reconcile --month 2023-08",
        context_settings=HELP_NAMES,
        params=[*global_options(), version, install, show],
    )


def main() -> None:
    """Entry point of the console script."""
    command().main()
