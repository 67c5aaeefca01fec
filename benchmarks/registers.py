"""Registers of a given size, made once and kept in the cache."""

import shutil
from pathlib import Path

from bench import Bench

_HERE = Path(__file__).parent


def register_of(bench: Bench, count: int, months: int) -> Path:
    """A register with so many licences, sold over so many months; see large.py."""
    file = bench.cache / f"register-{count}-{months}.db"
    if not file.exists():
        making = file.with_suffix(".making")
        for left in bench.cache.glob(f"{making.name}*"):
            left.unlink()
        bench.run([str(bench.required("mureg")), str(_HERE / "large.py"), str(making), str(count), str(months)])
        making.rename(file)
    return file


def processed_register_of(bench: Bench, count: int) -> Path:
    """A register with so many licences that operations have made, with their history; see scale.py. Takes minutes."""
    file = bench.cache / f"processed-{count}.db"
    if not file.exists():
        making = bench.cache / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        bench.run([str(bench.required("mureg")), str(_HERE / "scale.py"), str(count), str(making)])
        (making / "scale.db").rename(file)
        making.rmdir()
    return file


def empty_register(bench: Bench) -> Path:
    """An empty register."""
    file = bench.folder / "empty.db"
    file.unlink(missing_ok=True)
    bench.run(bench.mureg("init", db=file))
    return file


def remove(*files: Path) -> None:
    """Delete registers with SQLite's files beside them."""
    for file in files:
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
