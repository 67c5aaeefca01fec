"""Modules that load at their first use, because most commands never use them and every command starts often.

    with lazy_imports():
        from mureg.operations import transfer

The names are whole modules: `from module import name` would load the module at once. mypy, ruff and import-linter see
ordinary imports. A module that an environment may lack (typst, psycopg) is not found at once, as with any import.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from importlib.abc import Loader


class LazyModule(ModuleType):
    """A module that has not run yet. It runs when anything is asked of it but its `__spec__`.

    For that Python asks where the module is imported a second time; `importlib.util.LazyLoader` would load it then.
    """

    def __getattribute__(self, name: str) -> Any:
        if name == "__spec__":
            return super().__getattribute__(name)
        ModuleType.__setattr__(self, "__class__", ModuleType)
        spec: Any = self.__spec__
        try:
            spec.loader.exec_module(self)
        except BaseException:
            ModuleType.__setattr__(self, "__class__", LazyModule)
            raise
        return getattr(self, name)


class _LazyLoader:
    """Makes a module, and leaves its running to the first use."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None, "the import has just set it"
        module.__spec__.loader = module.__loader__ = self._loader
        ModuleType.__setattr__(module, "__class__", LazyModule)


class _LazyFinder:
    """Finds modules as ever, and puts off running them until an attribute is asked for."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = cast("Loader", _LazyLoader(spec.loader))
        return spec


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Let the modules that the block imports load at their first use; those that are loaded already are just named."""
    sys.meta_path.insert(0, _LazyFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(_LazyFinder)
