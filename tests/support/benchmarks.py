"""Benchmarks that install nothing: peers that the tests do not need are missing.

`benchmarks/` has to be on the path.
"""

import sys
from pathlib import Path
from typing import Any

from bench import Bench


class WithoutInstalling(Bench):
    """One pair over the fewest rows, with what this environment has."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, pairs=1, scale=0)

    def _environment(self, name: str) -> Path | None:
        if name in ("mureg", "calamine", "postgres"):
            return Path(sys.executable)
        self.missing.append(name)
        return None

    def mureg(self, *arguments: str, **places: Any) -> list[str]:
        """The command line of the mureg that is tested."""
        return [sys.executable, "-m", "mureg", *super().mureg(*arguments, **places)[1:]]
