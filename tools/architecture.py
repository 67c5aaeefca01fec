"""The picture of docs/architecture.md: the packages of mureg and their imports, as a Mermaid block.

python tools/architecture.py            write the picture into both documents
python tools/architecture.py --check    fail if it is out of date
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).parent.parent
SOURCE = PROJECT / "src" / "mureg"
DOCUMENTS = (PROJECT / "docs" / "architecture.md", PROJECT / "docs" / "architecture.ru.md")

# What the single files beside the packages are together, and the package itself, whose only content is the version.
_BASE, _ROOT = "base", "mureg"
_PICTURE = re.compile(r"(?<=^```mermaid\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)

Imports = Mapping[str, set[str]]


def package_of(path: Path) -> str:
    """The package that a file belongs to."""
    first, *rest = path.relative_to(SOURCE).parts
    return first if rest else _ROOT if first.startswith("__") else _BASE


def imported_by(path: Path) -> Iterator[str]:
    """The full names of what a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def imports_of_packages() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each package, the other packages that it imports, and the libraries that are not of Python itself."""
    files = sorted(SOURCE.rglob("*.py"))
    packages = {package_of(path) for path in files} - {_ROOT}
    inside: dict[str, set[str]] = {name: set() for name in packages}
    outside: dict[str, set[str]] = {name: set() for name in packages}
    for path in files:
        package = package_of(path)
        if package == _ROOT:
            continue
        for name in imported_by(path):
            top, _, rest = name.partition(".")
            if top == "mureg":
                target = rest.partition(".")[0]
                inside[package].add(target if target in packages else _BASE if _is_file(target) else package)
            elif top not in sys.stdlib_module_names:
                outside[package].add(top)
        inside[package].discard(package)
    return inside, outside


def _is_file(name: str) -> bool:
    return (SOURCE / f"{name}.py").exists()


def reduced(imports: Imports) -> Iterator[tuple[str, str]]:
    """The imports without those that follow from others. Raises `ValueError` if packages import each other."""
    reach = {name: _reached(imports, name) for name in imports}
    if any(name in reach[name] for name in imports):
        raise ValueError("packages import each other")
    for name in imports:
        for target in imports[name]:
            if not any(target in reach[other] for other in imports[name] - {target}):
                yield name, target


def _reached(imports: Imports, name: str) -> set[str]:
    found: set[str] = set()
    waiting = list(imports[name])
    while waiting:
        target = waiting.pop()
        if target not in found:
            found.add(target)
            waiting += imports[target]
    return found


def label_of(package: str, libraries: Iterable[str]) -> str:
    """A package with its folders, or the single files, and with its libraries."""
    if package == _BASE:
        parts = sorted(path.stem for path in SOURCE.glob("*.py") if not path.stem.startswith("__"))
        lines = [", ".join(parts)]
    else:
        folders = sorted(path.parent.name for path in (SOURCE / package).glob("*/__init__.py"))
        lines = [f"<b>{package}</b>", *([", ".join(folders)] if folders else [])]
    return "<br/>".join([*lines, *([f"<i>{', '.join(sorted(libraries))}</i>"] if libraries else [])])


def picture() -> str:
    """The Mermaid text."""
    inside, outside = imports_of_packages()
    nodes = [f'    {name}["{label_of(name, outside[name])}"]\n' for name in sorted(inside)]
    arrows = [f"    {name} --> {target}\n" for name, target in sorted(reduced(inside))]
    return "".join(["flowchart TD\n", *nodes, *arrows])


def main() -> int:
    """Write, or check."""
    wrong = 0
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        real = _PICTURE.sub(lambda _: picture(), text)
        if real == text:
            continue
        if sys.argv[1:] == ["--check"]:
            print(f"{path.relative_to(PROJECT)} is out of date: python tools/architecture.py", file=sys.stderr)
            wrong = 1
        else:
            path.write_text(real, encoding="utf-8", newline="\n")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
