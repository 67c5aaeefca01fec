"""Modules that load at their first use, because most commands never use them and every command starts often.

    with lazy_imports():
        from mureg.operations import transfer

The names are whole modules: `from module import name` would load the module at once. mypy, ruff and import-linter see
ordinary imports. The file of a module of ours is looked for at the first use. Any other module is looked for at once:
one that the environment lacks is an error, as with any import.

`importlib.util.LazyLoader` costs a start ten times as much for each module: it looks for the file, it loads the package
of a module that is imported, and it loads a module that is imported a second time.
"""

import builtins
import sys
from _thread import RLock
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_RUNNING = "__is_running__"


# Held while a module runs for the first time: of several threads that use it, the others wait.
_locks: dict[str, RLock] = {}


class LazyModule(ModuleType):
    """A module that has not run yet. It runs at the first use of an attribute that the import has not set."""

    def __getattribute__(self, name: str) -> Any:
        attributes = object.__getattribute__(self, "__dict__")
        if name in attributes:
            return attributes[name]
        with _locks.setdefault(attributes["__name__"], RLock()):
            if attributes["__spec__"] is None:
                _find(attributes)
                if name in attributes:
                    return attributes[name]
            if type(self) is LazyModule and _RUNNING not in attributes:
                _run(self, attributes)
            return ModuleType.__getattribute__(self, name)


def _run(module: ModuleType, attributes: dict[str, Any]) -> None:
    attributes[_RUNNING] = True
    try:
        attributes["__loader__"].exec_module(module)
        object.__setattr__(module, "__class__", ModuleType)
    finally:
        # After an error, or an interrupt, the next use tries again.
        del attributes[_RUNNING]


def _find(attributes: dict[str, Any]) -> None:
    """Find a module of ours, and set what every import sets. Raises `ModuleNotFoundError`."""
    _set(attributes, _spec_of(attributes["__name__"]))


def _spec_of(name: str) -> ModuleSpec:
    package, _, _ = name.rpartition(".")
    path = sys.modules[package].__path__ if package else None
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path, None)
        if spec is not None:
            return spec
    raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _set(attributes: dict[str, Any], spec: ModuleSpec) -> None:
    attributes |= {"__spec__": spec, "__loader__": spec.loader, "__package__": spec.parent}
    if spec.has_location:
        attributes |= {"__file__": spec.origin, "__cached__": spec.cached}
    if spec.submodule_search_locations is not None:
        attributes["__path__"] = spec.submodule_search_locations


def _lazy_module(name: str) -> ModuleType:
    """The module of this name: the one that was imported already, or a new one that has not run."""
    module = sys.modules.get(name)
    if module is None:
        package, _, own_name = name.rpartition(".")
        parent = _lazy_module(package) if package else None
        module = LazyModule(name) if name.startswith("mureg.") else _found_module(name)
        sys.modules[name] = module
        if parent is not None:
            setattr(parent, own_name, module)
    return module


def _found_module(name: str) -> ModuleType:
    """A module that is not ours. Its loader makes it: those in C are not made otherwise."""
    spec = _spec_of(name)
    assert spec.loader is not None, "it is no namespace"
    module = spec.loader.create_module(spec) or LazyModule(name)
    _set(object.__getattribute__(module, "__dict__"), spec)
    object.__setattr__(module, "__class__", LazyModule)
    return module


def _import(
    name: str,
    globals: object = None,  # noqa: A002, ARG001
    locals: object = None,  # noqa: A002, ARG001
    fromlist: Sequence[str] | None = (),
    level: int = 0,  # noqa: ARG001  relative imports are not used
) -> ModuleType:
    """`__import__` within the block, for `from package import modules` and `import package.module`."""
    found = _lazy_module(name)
    for module in fromlist or ():
        _lazy_module(f"{name}.{module}")
    # Python takes the module of the second form from its outermost package.
    return found if fromlist else sys.modules[name.partition(".")[0]]


@contextmanager
def lazy_imports() -> Iterator[None]:
    """Make the modules that the block imports load at their first use; those loaded already are only named."""
    ordinary, builtins.__import__ = builtins.__import__, _import
    try:
        yield
    finally:
        builtins.__import__ = ordinary
