"""Modules that load at their first use, because most commands never use them and every command starts often.

    with lazy_imports():
        from mureg.operations import transfer

The names are whole modules: `from module import name` would load the module at once. mypy, ruff and import-linter see
ordinary imports. A module that an environment may lack (typst, psycopg) is not found at once, as with any import.

`importlib.util.LazyLoader` costs a start three times as much for each module: it looks for the file, it loads the
package of a module that is imported, and it loads a module that is imported a second time.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class LazyModule(ModuleType):
    """A module that has not run yet. It runs at the first use of an attribute that the import has not set."""

    def __getattribute__(self, name: str) -> Any:
        attributes = object.__getattribute__(self, "__dict__")
        if name in attributes:
            return attributes[name]
        if type(attributes["__loader__"]) is _Unfound:
            _find(attributes)
            if name in attributes:
                return attributes[name]
        if "__path__" in attributes and _LazyFinder in sys.meta_path:
            # `from package import module` first checks whether the package has such a name.
            raise AttributeError(name)
        object.__setattr__(self, "__class__", ModuleType)
        try:
            attributes["__loader__"].exec_module(self)
        except BaseException:
            # An error, or an interrupt: the next use tries again.
            object.__setattr__(self, "__class__", LazyModule)
            raise
        return getattr(self, name)


class _Unfound:
    """The loader of a module of ours: it makes an empty module, whose file is looked for at its first use."""

    def __init__(self, path: Sequence[str] | None) -> None:
        self.path = path

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return ModuleType(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        object.__setattr__(module, "__class__", LazyModule)


class _Found:
    """The loader of any other module: the module's own, which runs it at its first use."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self.create_module = loader.create_module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None, "the import has just set it"
        module.__loader__ = module.__spec__.loader = self._loader
        object.__setattr__(module, "__class__", LazyModule)


class _LazyFinder:
    """Finds modules as usual, but makes them lazy."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _: ModuleType | None = None) -> ModuleSpec | None:
        if name.startswith("mureg."):
            return ModuleSpec(name, _Unfound(path))  # type: ignore[arg-type]
        spec = _spec_of(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _Found(spec.loader)  # type: ignore[assignment]
        return spec


def _spec_of(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    for finder in sys.meta_path:
        if finder is not _LazyFinder:
            spec = finder.find_spec(name, path, None)
            if spec is not None:
                return spec
    return None


def _find(attributes: dict[str, Any]) -> None:
    """Find a module's file, and set what every import sets. Raises `ModuleNotFoundError`."""
    name = attributes["__name__"]
    spec = _spec_of(name, attributes["__loader__"].path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    attributes |= {"__spec__": spec, "__loader__": spec.loader, "__package__": spec.parent}
    if spec.has_location:
        attributes |= {"__file__": spec.origin, "__cached__": spec.cached}
    if spec.submodule_search_locations is not None:
        attributes["__path__"] = spec.submodule_search_locations


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Make the modules that the block imports load at their first use; those loaded already are only named."""
    sys.meta_path.insert(0, _LazyFinder)
    try:
        yield
    finally:
        sys.meta_path.remove(_LazyFinder)
