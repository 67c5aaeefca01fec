"""A hostile file: how it is made, of what size, and what mureg has to answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

BLOCK = 1 << 20


class Case(NamedTuple):
    """A kind of hostile file.

    `make` writes one of a size into a folder and gives its path; `heavy` and `light` are the sizes of the script and of
    the tests, in the unit that `make` counts in. `says` are English words of the error; `limits` lines of `[limits]`
    for the light one, so that it meets the bound that the heavy one does.
    """

    name: str
    make: Callable[[Path, int], Path]
    heavy: int
    light: int
    says: str
    code: int = 4
    command: Literal["import", "statement", "payments", "settings"] = "import"
    limits: str = ""


def filled(path: Path, head: bytes, unit: bytes, size: int, tail: bytes) -> Path:
    """A file of about `size` bytes that repeats a unit between two ends; written in blocks, never held."""
    block = unit * max(1, BLOCK // len(unit))
    with path.open("wb") as file:
        file.write(head)
        written = 0
        while written < size:
            part = block if size - written >= len(block) else unit * max(1, (size - written) // len(unit))
            file.write(part)
            written += len(part)
        file.write(tail)
    return path


def counted(path: Path, head: bytes, unit: bytes, count: int, tail: bytes) -> Path:
    """A file that repeats a unit so many times between two ends."""
    return filled(path, head, unit, count * len(unit), tail)


def written(name: str, content: bytes) -> Callable[[Path, int], Path]:
    """A file that has one size only."""

    def make(folder: Path, _: int) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make
