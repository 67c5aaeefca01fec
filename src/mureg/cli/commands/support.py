"""`mureg support`: where to get help, and what is in use."""

import platform
from typing import TYPE_CHECKING

import typer

from mureg import __version__
from mureg.cli.framework import crash_report
from mureg.cli.framework.output.columns import Typed
from mureg.cli.framework.session import session_of
from mureg.errors import N_, MuregError, msg
from mureg.register.engines.address import location_of

if TYPE_CHECKING:
    from mureg.register.queries.history import Head

app = typer.Typer()

# The vendor's page for partners, information release No. 30781.
_INSTRUCTIONS = (
    "Документация → 1С-Отчетность → Методическая документация → Новый функционал → Многопользовательский режим"
)
_PARTNER_LINE = "8-800-500-94-76"


@app.command(
    "support", help=N_("Show where to get help, and the files in use"), epilog="mureg support\nmureg support --json"
)
def support(ctx: typer.Context) -> None:
    """The vendor's help, and this mureg's version, register, settings and history head."""
    session = session_of(ctx)
    config = session.config_file
    url = location_of(session.register_url)
    head: Head | None = None
    problem = None
    try:
        with session.register() as register:
            head = register.history.head()
            url = register.location
    except MuregError as error:
        problem = error.message
    if session.output.wants_json:
        session.output.json(
            {
                "version": __version__,
                "python": platform.python_version(),
                "system": crash_report.system_name(),
                "register": url,
                "settings": str(config) if config else None,
                "operation": head.operation if head else None,
                "head": (head.hash or None) if head else None,
                "partner_line": _PARTNER_LINE,
                "instructions": _INSTRUCTIONS,
                "crash_files": str(crash_report.crash_folder()),
            }
        )
        return
    session.output.facts(
        [
            (N_("Instructions, in the Web-registrator"), _INSTRUCTIONS),
            (N_("The partners' support line"), _PARTNER_LINE),
            (N_("Version"), f"mureg {__version__}, Python {platform.python_version()}, {crash_report.system_name()}"),
            (N_("Register"), url),
            (N_("Settings"), str(config) if config else msg("none; create them: mureg init")),
            (N_("Crash files"), Typed(str(crash_report.crash_folder()))),
            (N_("History head"), f"{head.operation} {head.hash}".strip() if head else problem),
        ]
    )
