"""What every measure is given: how many pairs, how large, where its files are, and the environments it runs in."""

import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from measuring import Line, Pairs, Ran, in_pairs, run

CHECKOUT = Path(__file__).resolve().parents[1]

# What each environment holds beside pip: peers stand alone, since some slow others down by being there.
PACKAGES = {
    "mureg": [f"{CHECKOUT}"],
    "sqlite-utils": ["sqlite-utils"],
    "duckdb": ["duckdb"],
    "calamine": ["python-calamine"],
    "datacompy": ["datacompy"],
    "csv-diff": ["csv-diff"],
}


class Bench:
    """One run of measures. `cache` keeps environments, files and large registers from run to run."""

    def __init__(self, cache: Path, pairs: int, scale: float) -> None:
        self.cache = cache
        self.pairs = pairs
        self._scale = scale
        self._python: dict[str, Path | None] = {}
        self.missing: list[str] = []
        self.folder = cache / "run"
        self.folder.mkdir(parents=True, exist_ok=True)

    def scaled(self, count: int) -> int:
        """So many rows of the issue's count."""
        return max(int(count * self._scale), 1_000)

    # --- environments -------------------------------------------------------------------------------------------

    def python(self, name: str) -> Path | None:
        """The Python of an environment with a package, made on the first call; `None` where it could not be got."""
        if name not in self._python:
            self._python[name] = self._made(name)
        return self._python[name]

    def _made(self, name: str) -> Path | None:
        folder = self.cache / "environments" / name
        binaries = folder / ("Scripts" if os.name == "nt" else "bin")
        python = binaries / "python"
        if not python.exists():
            venv.create(folder, with_pip=True)
        # The checkout may have changed since; its dependencies are there.
        again = ["--force-reinstall", "--no-deps"] if name == "mureg" and (binaries / "mureg").exists() else []
        install = [str(python), "-m", "pip", "install", "--quiet", *again, *PACKAGES[name]]
        if subprocess.run(install, check=False, capture_output=True).returncode:
            self.missing.append(name)
            return None
        return python

    def needed(self, name: str) -> Path:
        """As `python`, of what nothing can be measured without."""
        python = self.python(name)
        if python is None:
            sys.exit(f"{name} could not be installed: pip install {' '.join(PACKAGES[name])}")
        return python

    def script(self, name: str, command: str | None = None) -> str:
        """The path of a command that a package installed."""
        return str(self.needed(name).parent / (command or name))

    def was_asked(self, name: str) -> bool:
        """Whether a measure wanted the environment."""
        return name in self._python

    def version(self, name: str) -> str:
        """The version of a package that was used."""
        python = self._python.get(name)
        if python is None:
            return "not to be had"
        package = "mureg" if name == "mureg" else PACKAGES[name][0]
        code = f"from importlib.metadata import version; print(version({package!r}))"
        return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    # --- processes ----------------------------------------------------------------------------------------------

    def mureg(self, *requests: str, db: Path | None = None, config: Path | None = None) -> list[str]:
        """A command line of mureg, with settings that are not the user's."""
        chosen = ["--db", str(db)] if db else []
        return [self.script("mureg"), "--config", str(config or self.settings()), "--lang", "en", *chosen, *requests]

    def settings(self) -> Path:
        """A mureg.toml with the example's contract."""
        file = self.cache / "mureg.toml"
        if not file.exists():
            text = (CHECKOUT / "examples" / "contract" / "mureg.toml").read_text(encoding="utf-8")
            file.write_text(text, encoding="utf-8")
        return file

    def bare(self) -> list[str]:
        """The floor of every start: an interpreter that does nothing."""
        return [str(self.needed("mureg")), "-c", "pass"]

    def ran(
        self,
        command: Sequence[str],
        *,
        codes: Sequence[int] = (0,),
        on_terminal: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run one process in the run's folder."""
        return run(command, self.folder, codes=codes, on_terminal=on_terminal, environment=environment)

    def pairs_of(
        self,
        floor: Sequence[str],
        ours: Sequence[str],
        *,
        prepare: Callable[[], None] = lambda: None,
        codes: Sequence[int] = (0,),
        on_terminal: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Pairs:
        """Pairs of two command lines; only mureg's stands on a terminal, where it is asked for."""
        return in_pairs(
            partial(self.ran, floor),
            partial(self.ran, ours, codes=codes, on_terminal=on_terminal, environment=environment),
            self.pairs,
            prepare,
        )

    def file(self, name: str, text: str) -> str:
        """A small file of the run, such as a floor's script."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


Measure = Callable[[Bench], list[Line]]
