"""The docstring of each package is its map."""

import ast
import re
from pathlib import Path

import pytest
from readme import PROJECT

SOURCE = PROJECT / "src" / "mureg"
PACKAGES = [path.parent for path in sorted(SOURCE.rglob("__init__.py"))]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.relative_to(SOURCE.parent).as_posix())
def test_the_map_of_a_package_has_a_line_for_each_file_and_folder(package: Path) -> None:
    files = {path.name for path in package.glob("*.py")} - {"__init__.py"}
    folders = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    named = re.findall(r"^([a-z_]+(?:\.py|/)) +\S", docstring, re.MULTILINE)
    assert sorted(named) == sorted(files | folders)
