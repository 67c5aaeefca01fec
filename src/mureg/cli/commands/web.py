"""`mureg web`: the register as a page in the browser."""

import webbrowser
from contextlib import suppress
from typing import Annotated

import typer

from mureg.cli.framework.session import session_of
from mureg.errors import N_, MuregError, msg
from mureg.interrupts import exit_without_waiting
from mureg.lazy_imports import lazy_imports

app = typer.Typer()

with lazy_imports():
    from mureg.cli.framework import crash_report


@app.command("web", help=N_("Open the register as a page in the browser"), epilog="mureg web\nmureg web --read-only")
def web(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help=N_("The port (default: a free one)"))
    ] = 0,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help=N_("The address to listen on: 127.0.0.1 (default) or ::1"))
    ] = "127.0.0.1",
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=N_("Print the address, and open no browser"))
    ] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help=N_("Show everything, and change nothing"))] = False,
) -> None:
    """Serve the page on this computer only, until Ctrl-C."""
    session = session_of(ctx)
    try:
        # Another extra of the installation: it may not be there.
        from mureg.web import server  # noqa: PLC0415
        from mureg.web.office import Office  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MuregError(
            msg("mureg web needs packages that are not installed: {package}", package=str(error.name)),
            msg('install them: pip install "mureg[web]"'),
        ) from None
    with session.register():
        pass  # what is wrong with it is said here, and not in the browser
    office = Office(
        register_url=session.register_url,
        read_settings=session.settings,
        user=session.user,
        internal_error=lambda error: crash_report.internal_error(
            session, error, msg("what was written: mureg history --limit 1")
        ),
        language=session.language.code,
        read_only=read_only,
    )

    def opened(address: str) -> None:
        if session.output.wants_json:
            session.output.json({"address": address})
        else:
            session.output.line(address)
        session.output.finish()
        session.output.note(msg("Ctrl-C stops mureg web"))
        if not no_browser:
            webbrowser.open(address)

    # Ctrl-C is how it ends, and not an error: each page said what it has written.
    with suppress(KeyboardInterrupt):
        server.serve(office, server.listening(host, port), opened)
    exit_without_waiting(0)
