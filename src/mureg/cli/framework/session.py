"""What one invocation of mureg knows: its options, language, register, settings, user and day."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mureg.cli.framework.language import Language
from mureg.cli.framework.output import Output
from mureg.domain.dates import Month, parse_date, parse_month
from mureg.errors import NotFound, WrongUsage, msg

if TYPE_CHECKING:
    from mureg.register.history import Actor
    from mureg.register.register import Register
    from mureg.settings.schema import Settings


# What comes of reading something else than a date, a number or a JSON text: the register may be damaged.
_OF_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, RecursionError)


class Session:
    """Made once by the error boundary; commands find it as `ctx.obj`."""

    def __init__(self, language: Language, *, wants_json: bool) -> None:
        self.language = language
        self.output = Output(language, wants_json=wants_json)
        self.db: str | None = os.environ.get("MUREG_DB") or None
        self.config: str | None = None
        self.no_input = False
        self.written: int | None = None
        # Of the command that runs, once it is known.
        self.context: typer.Context | None = None
        # `init` makes files, of which the register's history knows nothing.
        self.makes_files = False
        # An answer that a person typed, or input that came through a pipe, does not come a second time.
        self.has_read_input = False
        self.today = date.today()  # noqa: DTZ011  the user's day, by the user's clock

    # --- where things are ---------------------------------------------------------------------------------------

    @property
    def config_file(self) -> Path | None:
        """The mureg.toml in use, if there is one."""
        # `--help` and `--version` ask neither for settings nor for the register, and do not wait for their modules.
        from mureg.settings.locate import find_config  # noqa: PLC0415

        return find_config(self.config, os.environ, self.folder)

    @property
    def folder(self) -> Path:
        """The folder in which the command was typed. Raises `NotFound` where that was deleted since."""
        try:
            return Path.cwd()
        except FileNotFoundError:
            raise NotFound(
                msg("the folder in which the command was typed is not there any more"), msg("go to another one: cd")
            ) from None

    @property
    def register_url(self) -> str:
        """`--db`, `MUREG_DB`, `db` of mureg.toml, or the user's data folder."""
        from mureg.settings.locate import default_register, read_db  # noqa: PLC0415  see config_file

        if self.db:
            return self.db
        config = self.config_file
        return (read_db(config) if config else None) or str(default_register())

    @contextmanager
    def register(self, *, to_save: bool = False) -> "Iterator[Register]":
        """The register, for as long as the command needs it; one that is to be saved may be of an older mureg."""
        from mureg.register.register import Register  # noqa: PLC0415  see config_file

        url = self.register_url
        register = Register.open_to_save(url) if to_save else Register.open(url, self.output.note)
        try:
            yield register
        except _OF_DAMAGE as error:
            from mureg.operations.check.checks import damage_of  # noqa: PLC0415  only a fault needs it

            damage = damage_of(register)
            if damage is not None:
                raise damage from error
            raise
        finally:
            self.written = register.written
            register.close()

    def settings(self) -> "Settings":
        """Everything that mureg.toml says, checked. Raises `Rejected`."""
        file = self.config_file
        if file is None:
            from mureg.settings.schema import Settings  # noqa: PLC0415  see config_file

            return Settings()
        from mureg.settings.reading import read_settings  # noqa: PLC0415

        return read_settings(file)

    def actor(self, ctx: typer.Context) -> "Actor":
        """Who does it, for the history."""
        import getpass  # noqa: PLC0415  only what writes needs a user

        from mureg.register.history import Actor  # noqa: PLC0415  see config_file

        command = ctx.command_path.partition(" ")[2]
        user = os.environ.get("MUREG_USER", "")
        if not user:
            try:
                user = getpass.getuser()
            except (KeyError, OSError):
                # A container's user may have a number and no name.
                user = f"user {os.getuid()}" if sys.platform != "win32" else "?"
        return Actor(user, command, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    # --- what people type ---------------------------------------------------------------------------------------

    def day(self, text: str | None) -> date:
        """A day from the command line; today where none is given."""
        if text is None:
            return self.today
        day = parse_date(text, self.today)
        if day is None:
            raise WrongUsage(msg("{text} is no date", text=text), msg("write 2023-08-14, 14.08.2023 or today"))
        return day

    def month(self, text: str) -> Month:
        """A month from the command line."""
        month = parse_month(text, self.today)
        if month is None:
            raise WrongUsage(
                msg("{text} is no month", text=text), msg("write 2023-08, 08.2023, «август 2023», this or last")
            )
        return month

    @property
    def is_repeatable(self) -> bool:
        """Whether nobody would notice if the command began anew."""
        return self.written is None and not self.has_read_input and not self.output.has_printed

    @property
    def may_ask(self) -> bool:
        """Whether a person is there to answer."""
        return not self.no_input and not self.output.wants_json and sys.stdin.isatty() and sys.stdout.isatty()


def session_of(ctx: typer.Context) -> Session:
    """The session of the invocation."""
    session = ctx.find_object(Session)
    assert session is not None, "the error boundary made one"
    return session


def needed(value: str | None, name: str) -> str:
    """An option that the command cannot do without."""
    if value is None or not value.strip():
        raise WrongUsage(msg("{name} is needed", name=name), msg("see the command's help: add -h"))
    return value.strip()
