"""Modules that load at their first use."""

import sys
from pathlib import Path

import pytest

from mureg.lazy_imports import LazyModule, lazy_imports


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_module.py").write_text("import colorsys\nVALUE = 5\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("slow_module", "colorsys"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.usefixtures("late")
def test_a_module_that_two_places_import_runs_at_the_first_use() -> None:
    with lazy_imports():
        import slow_module  # type: ignore[import-not-found]
    with lazy_imports():
        import slow_module as again
    assert again is slow_module
    assert "colorsys" not in sys.modules
    assert again.VALUE == 5
    assert "colorsys" in sys.modules


@pytest.mark.usefixtures("late")
def test_a_module_runs_at_the_first_use_and_imports_as_ever_then() -> None:
    with lazy_imports():
        import slow_module
    assert type(slow_module) is LazyModule
    assert "colorsys" not in sys.modules
    assert slow_module.VALUE == 5
    assert type(sys.modules["colorsys"]) is not LazyModule
    with lazy_imports():
        import slow_module as again
    assert again is slow_module


def test_a_module_that_is_not_there_is_missed_at_once() -> None:
    before = list(sys.meta_path)
    with pytest.raises(ModuleNotFoundError), lazy_imports():
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    assert sys.meta_path == before
