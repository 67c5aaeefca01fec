"""Modules that load at their first use, because most commands never use them and every command starts often.

    with lazy_imports():
        from mureg.operations import transfer

The names are whole modules: `from module import name` would load the module at once. mypy, ruff and import-linter see
ordinary imports. A module that an environment may lack (typst, psycopg) is not found at once, as with any import.

`importlib.util.LazyLoader` does the same, but loads a module that is imported a second time, and the package of a
module that is imported.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class LazyModule(ModuleType):
    """A module that has not run yet. It runs when an attribute is asked for that the import has not set."""

    def __getattribute__(self, name: str) -> Any:
        attributes = object.__getattribute__(self, "__dict__")
        if name in attributes:
            return attributes[name]
        if "__path__" in attributes and _LazyFinder in sys.meta_path:
            # `from package import module` asks first whether the package has such a name.
            raise AttributeError(name)
        object.__setattr__(self, "__class__", ModuleType)
        try:
            attributes["__loader__"].exec_module(self)
        except BaseException:
            # An error, or an interrupt: the next use tries again.
            object.__setattr__(self, "__class__", LazyModule)
            raise
        return getattr(self, name)


class _LazyLoader:
    """Makes a module, and leaves its running to the first use."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self.create_module = loader.create_module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None, "the import has just set it"
        module.__loader__ = module.__spec__.loader = self._loader
        object.__setattr__(module, "__class__", LazyModule)


class _LazyFinder:
    """Finds modules as usual, but with a loader that does not run them yet."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        for finder in sys.meta_path:
            if finder is not _LazyFinder:
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    if spec.loader is not None:
                        spec.loader = _LazyLoader(spec.loader)  # type: ignore[assignment]
                    return spec
        return None


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Let the modules that the block imports load at their first use; those that are loaded already are just named."""
    sys.meta_path.insert(0, _LazyFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(_LazyFinder)
