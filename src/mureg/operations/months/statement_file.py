"""The operator's statement from its file, read as the settings say."""

from mureg.domain.reconciliation.statement import Statement
from mureg.errors import msg
from mureg.readers.statements.statement import read_statement
from mureg.readers.tables.unfit_columns import UnknownHeader
from mureg.readers.types import Source
from mureg.settings.schema import Settings


def statement_in(source: Source, settings: Settings, profile_name: str | None) -> Statement:
    """The statement; with a profile, if one is named. Raises `WrongUsage`, and `Rejected` with every fault."""
    profile = settings.profile(profile_name)
    try:
        return read_statement(source, profile=profile, limits=settings.limits)
    except UnknownHeader as error:
        names = settings.profiles_for("statement")
        if profile is None and names:
            error.hint = msg("read it with a profile of mureg.toml ({names}): --profile NAME", names=", ".join(names))
        raise
