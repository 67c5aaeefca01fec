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
from importlib.util import LazyLoader
from types import ModuleType


class _LazyFinder:
    """Finds modules as ever, and puts off running them until an attribute is asked for."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Let the modules that the block imports load at their first use; those that are loaded already are just named."""
    sys.meta_path.insert(0, _LazyFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(_LazyFinder)
