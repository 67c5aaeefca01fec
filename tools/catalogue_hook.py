"""Compiles the translations while the package is built: what is generated is not committed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[misc]
    """Writes a .mo beside every .po of src/mureg/locale."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is put together; `artifacts` in pyproject.toml takes the .mo files in."""
        for source in Path(self.root, "src", "mureg", "locale").rglob("*.po"):
            with source.open("rb") as translations, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(translations, locale=source.parents[1].name))
