"""A short command loads nothing that it does not use: that is most of its time. No timed test: a list of modules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import all_commands

pytestmark = pytest.mark.slow

# Runs one command line, and then prints on stderr which modules were loaded. A lazy module that has not run was not.
_MARK = "modules that were loaded:"
_RUN = f"""
import sys
from mureg.__main__ import main
try:
    main()
finally:
    names = [name for name, module in sys.modules.items() if type(module).__name__ != 'LazyModule']
    sys.stderr.write("\\n{_MARK} " + " ".join(names))
"""

# What costs a short command more than a few thousandths of a second, and what nothing but documents needs.
DOCUMENTS = {"jinja2", "markupsafe", "xlsxwriter", "typst"}
FILES = {"python_calamine", "defusedxml", "asn1crypto", "xml", "zipfile", "csv"}
DATABASES = {"sqlite_utils", "psycopg", "psycopg_binary"}
SLOW = {
    "rich", "pydantic", "pydantic_core", "annotated_types", "hashlib", "_hashlib", "random", "tempfile", "logging",
    "asyncio", "concurrent", "email", "http", "socket", "ssl", "unittest", "importlib.metadata",
}  # fmt: skip
SETTINGS = {"tomli", "tomllib", "decimal", "dataclasses", "platformdirs"}
if sys.version_info >= (3, 14):
    SETTINGS -= {"dataclasses"}  # Python's traceback loads it, and Typer that
HEAVY = DOCUMENTS | FILES | DATABASES | SLOW
READING = HEAVY | SETTINGS
OURS = {
    "mureg.operations.months.reconciliation",
    "mureg.register.queries.months",
    "mureg.readers.detect",
    "mureg.settings.reading",
}


def loaded(folder: Path, *words: str, code: int = 0, **environment: str) -> set[str]:
    """The modules that a command line loads, in a folder with the example."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MUREG_", "_MUREG", "COMP_"))}
    clean |= {"MUREG_CONFIG": str(folder / "mureg.toml"), "MUREG_LANG": "ru", "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", _RUN, *words],
        cwd=folder, env=clean | environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    stderr, found, modules = ended.stderr.rpartition(_MARK)
    assert found, stderr
    assert ended.returncode == code, stderr
    return set(modules.split())


def among(modules: set[str], forbidden: set[str]) -> set[str]:
    """Those of the forbidden that were loaded, themselves or a part of them."""
    return {name for name in forbidden if name in modules or any(one.startswith(name + ".") for one in modules)}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's settings, register and files."""
    folder = tmp_path_factory.mktemp("example")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUREG_")}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    subprocess.run([sys.executable, "-m", "mureg", "init", "--example"], cwd=folder, env=environment, check=True,
                   capture_output=True)  # fmt: skip
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "application show ZV-1042", "application show ZV-1042 --json", "application show", "application list",
        "application list --json", "application list --search ромашка --limit 20", "application list --month 2023-08",
        "organization list", "organization show 7700010303", "history", "history ZV-1042",
    ],
)  # fmt: skip
def test_a_command_that_reads_loads_nothing_slow(example: Path, words: str) -> None:
    assert among(loaded(example, *words.split()), READING | OURS) == set()


@pytest.mark.parametrize("words", ["status", "status --fields waiting,months"])
def test_the_status_loads_what_it_needs_of_months_and_no_settings(example: Path, words: str) -> None:
    assert among(loaded(example, *words.split()), READING | OURS) == {"mureg.register.queries.months"}


@pytest.mark.parametrize("words", ["--version", "--help", "-h", "application", "application --help", ""])
def test_help_loads_neither_settings_nor_a_register(example: Path, words: str) -> None:
    assert among(loaded(example, *words.split()), READING | OURS | {"sqlite3"}) == set()


@pytest.mark.parametrize("command", all_commands(), ids=" ".join)
def test_the_help_of_a_command_loads_nothing_slow(example: Path, command: list[str]) -> None:
    assert among(loaded(example, *command, "--help"), HEAVY | OURS | {"sqlite3"}) == set()


@pytest.mark.parametrize("line", ["mureg ", "mureg application ", "mureg application show ", "mureg reconcile --"])
def test_completion_loads_nothing_slow(example: Path, line: str) -> None:
    place = str(len(line.split()) - (not line.endswith(" ")))
    modules = loaded(example, _MUREG_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=place)
    assert among(modules, HEAVY) == set()


@pytest.mark.parametrize(
    "words",
    [
        "reconcile --month 2023-08", "reconcile --month 2023-08 --json", "reconcile --month 2023-08 --fields total",
        "contract show", "application process ZV-1042 --on 2023-08-25 --dry-run",
    ],
)  # fmt: skip
def test_settings_are_read_without_anything_slow(example: Path, words: str) -> None:
    # Processing writes, and what writes hashes.
    allowed = {"hashlib", "_hashlib"} if "process" in words else set()
    assert among(loaded(example, *words.split()), HEAVY - allowed) == set()


def test_an_import_of_a_table_loads_no_other_format(example: Path) -> None:
    table = example / "examples" / "applications" / "august.csv"
    modules = loaded(example, "application", "import", str(table), "--dry-run")
    assert among(modules, HEAVY - {"csv", "hashlib", "_hashlib", "zipfile"}) == set()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("application import examples/applications/ZV-1042.xml --dry-run", 0),
        ("reconcile --month 2023-08 --statement examples/statement/operator-2023-08.csv --dry-run", 6),
    ],
)
def test_only_json_is_read_with_pydantic(example: Path, words: str, code: int) -> None:
    modules = loaded(example, *words.split(), code=code)
    assert among(modules, {"pydantic", "pydantic_core", "typing_extensions"}) == set()


@pytest.mark.parametrize("name", ["application", "statement"])
def test_a_schema_loads_what_it_prints_and_no_register(example: Path, name: str) -> None:
    modules = loaded(example, "schema", name)
    assert "pydantic" in modules
    assert among(modules, DOCUMENTS | DATABASES | SETTINGS - {"decimal", "dataclasses"} | {"sqlite3", "rich"}) == set()


def test_the_help_of_every_command_is_tested() -> None:
    assert {"application show", "reconcile", "month close", "undo"} <= set(map(" ".join, all_commands()))
