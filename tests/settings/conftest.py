"""A settings file with a text of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def write_file(text: str) -> Path:
        file = tmp_path / "mureg.toml"
        file.write_bytes(text.encode())
        return file

    return write_file
