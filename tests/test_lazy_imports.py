"""Modules that load at their first use."""

import ast
import builtins
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from readme import PROJECT

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
    before = builtins.__import__
    with pytest.raises(ModuleNotFoundError), lazy_imports():
        import no_such_module  # type: ignore[import-not-found]  # noqa: F401
    assert builtins.__import__ is before


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "slow_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("VALUE = 1\n", encoding="utf-8")
    (folder / "inner.py").write_text("VALUE = 2\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("slow_package", "slow_package.inner"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.usefixtures("package")
def test_a_package_does_not_run_because_a_module_of_it_is_named() -> None:
    with lazy_imports():
        from slow_package import inner  # type: ignore[import-not-found]
    assert type(sys.modules["slow_package"]) is LazyModule
    assert inner.VALUE == 2
    assert type(sys.modules["slow_package"]) is LazyModule
    assert sys.modules["slow_package"].VALUE == 1
    assert sys.modules["slow_package"].inner is inner


@pytest.mark.usefixtures("late")
def test_a_module_that_fails_is_tried_again_at_its_next_use(tmp_path: Path) -> None:
    file = tmp_path / "slow_module.py"
    file.write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    with lazy_imports():
        import slow_module
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            _ = slow_module.VALUE
    file.write_text("VALUE = 7  # another size\n", encoding="utf-8")
    assert slow_module.VALUE == 7


def test_only_whole_modules_are_imported_late() -> None:
    source = PROJECT / "src"
    for path in source.rglob("*.py"):
        blocks = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.With)]
        late = [block for block in blocks if ast.unparse(block.items[0].context_expr) == "lazy_imports()"]
        for line in (line for block in late for line in block.body if isinstance(line, ast.ImportFrom)):
            folder = source / (line.module or "").replace(".", "/")
            for name in line.names:
                is_module = (folder / f"{name.name}.py").exists() or (folder / name.name).is_dir()
                assert is_module, f"{path}:{line.lineno} imports {name.name}"


@pytest.mark.usefixtures("late")
def test_of_several_threads_that_use_a_module_first_each_sees_it_whole(tmp_path: Path) -> None:
    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(0.05)\nVALUE = 5\n", encoding="utf-8")
    with lazy_imports():
        import slow_module
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: slow_module.VALUE, range(8))) == [5] * 8
