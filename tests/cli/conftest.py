"""The command line on both engines: every test that uses a register runs on a file and on a server."""

import pytest

# Of files, or of what does not depend on where the register is.
_ONE_ENGINE = (
    "test_boundary", "test_init_and_demo", "test_language_and_terminal", "test_passwords", "test_schema",
    "test_server", "test_usage",
)  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses `mureg` twice."""
    chosen = any("engine" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "mureg" in metafunc.fixturenames and not chosen and not metafunc.module.__name__.endswith(_ONE_ENGINE):
        metafunc.parametrize("engine", ["sqlite", "postgres"], indirect=True)
