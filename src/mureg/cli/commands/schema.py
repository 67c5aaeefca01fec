"""`mureg schema`: JSON Schema of the JSON that mureg reads."""

import typer

from mureg.cli.framework.session import session_of
from mureg.errors import N_
from mureg.lazy_imports import lazy_imports

with lazy_imports():
    from mureg.readers.applications import json_model
    from mureg.readers.statements import json as statement_json

app = typer.Typer()


@app.command(
    "application",
    help=N_("JSON Schema of the applications that import reads"),
    epilog="mureg schema application > application.schema.json",
)
def application(ctx: typer.Context) -> None:
    """For one application, an array of them, and each line of JSON lines."""
    session_of(ctx).output.json(json_model.application_schema())


@app.command(
    "statement",
    help=N_("JSON Schema of the statement that reconcile reads"),
    epilog="mureg schema statement > statement.schema.json",
)
def statement(ctx: typer.Context) -> None:
    """For an array of rows, and for an object with the rows and their total."""
    session_of(ctx).output.json(statement_json.statement_schema())
