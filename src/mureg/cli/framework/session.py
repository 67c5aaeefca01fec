"""One invocation of mureg: its options, language, register, settings, user and day."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mureg.cli.framework.output.output import Output
from mureg.command_hints import quoted
from mureg.domain.dates import Month, parse_date, parse_month
from mureg.errors import Message, NotFound, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports.language import Language

if TYPE_CHECKING:
    from mureg.settings.schema import Settings

# `--help` and `--version` need neither settings nor a register, and only writing needs a user.
with lazy_imports():
    import getpass

    from mureg.operations import opening
    from mureg.register import history
    from mureg.register import register as registers
    from mureg.settings import locate, reading


class Session:
    """Made once by the error boundary; commands find it as `ctx.obj`."""

    def __init__(self, language: Language, *, wants_json: bool) -> None:
        self.language = language
        self.output = Output(language, wants_json=wants_json)
        self.db: str | None = os.environ.get("MUREG_DB") or None
        self.config: str | None = None
        self.no_input = False
        self.written: int | None = None
        # The context of the command, once it runs.
        self.context: typer.Context | None = None
        # Whether the command writes files, which the register's history does not name.
        self.makes_files = False
        # Whether an answer or a pipe was read: it cannot be read a second time.
        self.has_read_input = False
        # Notes that were shown: each is shown once, however often its reason is met.
        self._noted: set[str] = set()
        self.today = date.today()  # noqa: DTZ011  the user's day, by the user's clock

    # --- where things are ---------------------------------------------------------------------------------------

    @property
    def config_file(self) -> Path | None:
        """The mureg.toml in use, if there is one."""
        return self._found_config().file

    def _found_config(self) -> "locate.FoundConfig":
        found = locate.find_config(self.config, os.environ, self.folder)
        if found.not_followed is not None:
            self._note_once(
                msg("{file} belongs to another user and is not followed; to follow it: mureg --config {argument}",
                    file=str(found.not_followed), argument=quoted(str(found.not_followed)))
            )  # fmt: skip
        return found

    @property
    def folder(self) -> Path:
        """The folder in which the command was typed. Raises `NotFound` where it was deleted."""
        try:
            return Path.cwd()
        except FileNotFoundError:
            raise NotFound(msg("the current folder no longer exists"), msg("change to another folder: cd")) from None

    @property
    def register_url(self) -> str:
        """`--db`, `MUREG_DB`, `db` of mureg.toml, or the user's data folder."""
        if self.db:
            return self.db
        config = self._found_config()
        named = locate.read_db(config.file) if config.file else None
        if named is not None:
            is_trusted = config.is_the_users or "PGREQUIREAUTH" in os.environ
            return named if is_trusted else locate.without_clear_password(named)
        default = str(locate.default_register())
        self._note_once(msg("no register is named (--db, MUREG_DB or db in mureg.toml): using {path}", path=default))
        return default

    def _note_once(self, message: Message) -> None:
        if str(message) not in self._noted:
            self._noted.add(str(message))
            self.output.note(message)

    @contextmanager
    def register(self, *, to_save: bool = False) -> "Iterator[registers.Register]":
        """The open register. `to_save`: it may be of an older version, and is only read."""
        with opening.opened(self.register_url, self.output.note, to_save=to_save) as register:
            try:
                yield register
            finally:
                self.written = register.written

    def settings(self) -> "Settings":
        """Everything in mureg.toml, checked. Raises `Rejected`."""
        return reading.read_settings(self.config_file)

    def actor(self, ctx: typer.Context) -> "history.Actor":
        """The user and the command, for the history."""
        return history.Actor.acting(self.user, ctx.command_path.partition(" ")[2], datetime.now(UTC))

    @property
    def user(self) -> str:
        """`MUREG_USER`, else the name that the operating system knows."""
        named = os.environ.get("MUREG_USER", "")
        if named:
            return named
        try:
            return getpass.getuser()
        except (KeyError, OSError, ImportError):
            # In a container a user may have a number and no name; Windows knows one without USERNAME too.
            return f"user {os.getuid()}" if sys.platform != "win32" else os.getlogin()

    # --- what is typed ------------------------------------------------------------------------------------------

    def day(self, text: str | None) -> date:
        """A date typed on the command line; today where none is given."""
        if text is None:
            return self.today
        day = parse_date(text, self.today)
        if day is None:
            raise WrongUsage(msg("{text} is not a date", text=text), msg("write 2023-08-14, 14.08.2023 or today"))
        return day

    def month(self, text: str) -> Month:
        """A month typed on the command line."""
        month = parse_month(text, self.today)
        if month is None:
            raise WrongUsage(
                msg("{text} is not a month", text=text), msg("write 2023-08, 08.2023, “август 2023”, this or last")
            )
        return month

    @property
    def is_repeatable(self) -> bool:
        """Whether the command can be run again: nothing was written, read or printed yet."""
        return self.written is None and not self.has_read_input and not self.output.has_printed

    @property
    def may_ask(self) -> bool:
        """Whether there is a terminal to ask a question on."""
        return not self.no_input and not self.output.wants_json and sys.stdin.isatty() and sys.stdout.isatty()


def session_of(ctx: typer.Context) -> Session:
    """The session of the invocation."""
    session = ctx.find_object(Session)
    assert session is not None, "the error boundary made one"
    return session
