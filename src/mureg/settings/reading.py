"""The one function that reads mureg.toml: quickly where it is right, and by pydantic where something is to be told."""

from pathlib import Path

from mureg.settings.quick import quick_settings
from mureg.settings.settings import Settings
from mureg.settings.toml import read_document


def read_settings(file: Path | None) -> Settings:
    """The settings of a file, or the defaults without one. Raises `Rejected` with every fault of the file."""
    if file is None:
        return Settings()
    document = read_document(file)
    settings = quick_settings(document, file)
    if settings is None:
        # It costs more than a whole command that prices a month.
        from mureg.settings.model import checked_settings  # noqa: PLC0415

        return checked_settings(document, file)
    return settings
