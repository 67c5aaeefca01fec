"""Ctrl-C at random instants over the whole life of commands: 130, no traceback, nothing half written.

    python tools/faults interrupt_commands --interrupts 1000
    python tools/faults interrupt_commands --interrupts 200 --only import --engine postgres

Every trial starts from the same register, lets a command run for a random part of the time that it takes, sends SIGINT
to it and looks at what it left: its exit code, what it printed, the register by `mureg check`, its files.
"""

import argparse
import json
import os
import pty
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mureg.operations.check.checks import check_register
from mureg.register.register import Register

_ROWS = 3_000
_HANGS_SECONDS = 20

# While Python itself is starting, mureg cannot handle a signal yet: this reports when it has begun to load the rest.
_STARTED = """
import os, sys
from mureg.__main__ import main
class Begun:
    def find_spec(self, name, *others):
        if name == "mureg.cli":
            sys.meta_path.remove(self)
            os.write({number}, b"!")
sys.meta_path.insert(0, Begun())
main()
"""


class Wrong(Exception):
    """A trial left what it must not leave."""


class Scenario(NamedTuple):
    """A command line, the file that it makes, what that must be, and the exit codes of an undisturbed run."""

    name: str
    words: tuple[str, ...]
    makes: str = ""
    is_whole: Callable[[Path], bool] = Path.exists
    codes: tuple[int, ...] = (0,)
    prompts: bool = False
    on_a_server: bool = True


class Ended(NamedTuple):
    """How a trial ended."""

    code: int
    out: bytes
    err: bytes


def _is_register(path: Path) -> bool:
    register = Register.open_to_read(str(path))
    try:
        return not check_register(register)
    finally:
        register.close()


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None


def _ends_with(ending: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().rstrip().endswith(ending)


_STATEMENT = "examples/statement/operator-2023-08.csv"
_CLOSE = ("month", "close", "2023-08", "--without-statement", "--reason", "x", "--leave", "ZV-1042")

SCENARIOS = (
    Scenario("init", ("init", "--db", "new/new.db", "--config", "new/mureg.toml"), "new/new.db", _is_register,
             on_a_server=False),
    Scenario("init --example", ("init", "--example"), "mureg.db", _is_register, on_a_server=False),
    Scenario("import a table", ("application", "import", "many.csv")),
    Scenario("import XML", ("application", "import", "ZV-1.xml", "--json")),
    Scenario("process", ("application", "process", "ZV-1042", "--on", "2023-08-28", "--json")),
    Scenario("set-multiuser", ("application", "set-multiuser", "ZV-1042", "--tier", "10+")),
    Scenario("cancel", ("application", "cancel", "ZV-1045", "--reason", "x", "--on", "2023-08-25")),
    Scenario("undo", ("undo",)),
    Scenario("show", ("application", "show", "ZV-1042", "--json")),
    Scenario("list to a pipe", ("application", "list")),
    Scenario("history", ("history", "--json")),
    Scenario("check", ("check",)),
    Scenario("reconcile", ("reconcile", "--month", "2023-08", "--statement", _STATEMENT), codes=(6,)),
    Scenario("close", _CLOSE),
    Scenario("erase", ("organization", "erase", "7700010303", "--reason", "x", "--json")),
    Scenario("backup", ("backup", "saved.db", "--json"), "saved.db", _is_register),
    Scenario("restore", ("restore", "template.db", "--db", "restored.db"), "restored.db", _is_register),
    Scenario("copy", ("copy", "template.db", "copied.db", "--json"), "copied.db", _is_register),
    Scenario("demo", ("demo",), on_a_server=False),
    Scenario("export xlsx", ("reconcile", "--month", "2023-08", "--format", "xlsx", "-o", "m.xlsx"), "m.xlsx",
             _is_workbook),
    Scenario("export pdf", ("reconcile", "--month", "2023-08", "--format", "pdf", "-o", "m.pdf"), "m.pdf",
             _ends_with(b"%%EOF")),
    Scenario("export html", ("reconcile", "--month", "2023-08", "--format", "html", "-o", "m.html"), "m.html",
             _ends_with(b"</html>")),
    Scenario("a question", ("application", "set-multiuser", "--tier", "10+"), prompts=True),
)  # fmt: skip


class Place:
    """A folder with the example's register, files to import, and a copy of the register to begin anew from."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self.folder = folder
        self._server = server
        self._template = folder.with_name("template")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MUREG_")},
            "MUREG_LANG": "en", "MUREG_USER": "tester", "XDG_STATE_HOME": str(folder.with_name("state")),
            "TMPDIR": str(folder.with_name("temporary")),
        }  # fmt: skip
        for made in (self._template, folder.with_name("temporary")):
            made.mkdir()
        self._undisturbed("init", "--example", folder=self._template)
        rows = (f"M-{number};2023-08-01;7700123459;on;3" for number in range(_ROWS))
        text = "\n".join(["number;submitted_on;inn;multiuser;users", *rows])
        (self._template / "many.csv").write_text(text, encoding="utf-8")
        shutil.copy(self._template / "examples" / "applications" / "ZV-1042.xml", self._template / "ZV-1.xml")
        shutil.copy(self._template / "mureg.db", self._template / "template.db")
        if server:
            self._environment["MUREG_DB"] = server

    def begin(self, scenario: Scenario) -> int:
        """Put everything as it was; how many operations the register holds."""
        for old in (self.folder, *self.folder.with_name("temporary").iterdir()):
            shutil.rmtree(old, ignore_errors=True)
        if scenario.name == "init --example":
            self.folder.mkdir()
            return 0
        shutil.copytree(self._template, self.folder)
        if self._server:
            self._refill()
        if scenario.prompts:
            # Of two that wait, one is asked for.
            self._undisturbed("application", "import", "ZV-1.xml")
        return self.operations(scenario)

    def run(self, scenario: Scenario, after_seconds: float | None) -> Ended:
        """Run the command; interrupt it so long after it has begun to load."""
        reading, writing = os.pipe()
        code = _STARTED.format(number=writing)
        primary, secondary = pty.openpty() if scenario.prompts else (-1, -1)
        process = subprocess.Popen(
            [sys.executable, "-c", code, *scenario.words], cwd=self.folder, env=self._environment,
            stdin=secondary if scenario.prompts else subprocess.DEVNULL,
            stdout=secondary if scenario.prompts else subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[writing],
        )  # fmt: skip
        os.close(writing)
        os.read(reading, 1)
        os.close(reading)
        try:
            if after_seconds is not None:
                time.sleep(after_seconds)
                process.send_signal(signal.SIGINT)
            elif scenario.prompts:
                os.write(primary, b"1\n")
            out, err = process.communicate(timeout=_HANGS_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Wrong("it does not end") from None
        finally:
            for number in {primary, secondary} - {-1}:
                os.close(number)
        return Ended(process.returncode, out or b"", err)

    def operations(self, scenario: Scenario) -> int:
        """How many operations the register holds; it must be whole."""
        url = self._server or str(self.folder / "mureg.db")
        if not self._server and not Path(url).exists():
            return 0
        register = Register.open_to_read(url)
        try:
            failures = check_register(register)
            if failures:
                raise Wrong(f"mureg check: {failures[0].check}: {failures[0].message}")
            return register.history.head()[0]
        finally:
            register.close()

    def leftovers(self) -> list[str]:
        """Temporary files that the command left behind."""
        temporary = [*self.folder.rglob(".*"), *self.folder.with_name("temporary").iterdir()]
        return [str(path) for path in temporary]

    def _undisturbed(self, *words: str, folder: Path | None = None) -> None:
        command = [sys.executable, "-m", "mureg", *words]
        subprocess.run(command, cwd=folder or self.folder, env=self._environment, check=True, capture_output=True)

    def _refill(self) -> None:
        from support import postgres_server

        source = Register.open_to_read(str(self.folder / "mureg.db"))
        target = Register.open(postgres_server.emptied(self._server))
        with target.filling():
            target.fill_from(source)
        target.close()
        source.close()


def examine(place: Place, scenario: Scenario, before: int, ended: Ended) -> str:
    """What became of a trial: done or interrupted. Raises `Wrong`."""
    written = place.operations(scenario) - before
    made = place.folder / scenario.makes
    if scenario.makes and made.exists() and not scenario.is_whole(made):
        raise Wrong(f"{scenario.makes} is not whole")
    is_demo_done = scenario.name == "demo" and ended.code == 0
    if not is_demo_done and (leftovers := place.leftovers()):
        raise Wrong(f"left behind: {leftovers}")
    if scenario.name != "init --example" and written not in (0, 1):
        raise Wrong(f"{written} operations were written")
    if ended.code not in (*scenario.codes, 130):
        raise Wrong(f"exit code {ended.code}: {ended.err.decode()}")
    _examine_words(scenario, ended, written)
    return "interrupted" if ended.code == 130 else "done"


def _examine_words(scenario: Scenario, ended: Ended, written: int) -> None:
    err = ended.err.decode()
    for word in ("Traceback", "Exception ignored", "of mureg itself"):
        if word in err or word in ended.out.decode(errors="replace"):
            raise Wrong(f"{word}: {err}")
    if "--json" in scenario.words and ended.code == 130 and json.loads(err)["error"]["code"] != "interrupted":
        raise Wrong(f"another error: {err}")
    if "nothing was written" in err and written:
        raise Wrong(f"it reported that nothing was written: {written} operations were")
    if re.search(r"operation \d+ was written", err) and not written:
        raise Wrong(f"it reported that an operation was written: {err}")


@contextmanager
def _register_on(engine: str) -> Iterator[str]:
    if engine == "sqlite":
        yield ""
        return
    from support import postgres_server

    url = postgres_server.new_database()
    yield postgres_server.emptied(url)
    postgres_server.drop_database(url)


def interrupt_commands(
    trials: int,
    *,
    seed: int,
    engine: str = "sqlite",
    only: str = "",
    without: Collection[str] = (),
    report: Callable[[str], None] = lambda line: None,
    has_ended: Callable[[], bool] = lambda: False,
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Try as often as asked for, scenario after scenario; how the trials ended, and what was wrong."""
    # A process in the background of a shell ignores SIGINT, and so do its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chance, counted = random.Random(seed), Counter[tuple[str, str]]()  # noqa: S311  instants, no secrets
    wrong: list[str] = []
    chosen = [each for each in SCENARIOS if only in each.name and (engine == "sqlite" or each.on_a_server)]
    chosen = [each for each in chosen if each.name not in without]
    chance.shuffle(chosen)
    with tempfile.TemporaryDirectory() as name, _register_on(engine) as server:
        place = Place(Path(name) / "office", server)
        takes: dict[str, float] = {}
        for trial in range(trials):
            if has_ended():
                break
            scenario = chosen[trial % len(chosen)]
            if scenario.name not in takes:
                takes[scenario.name] = _seconds_of(place, scenario)
            before = place.begin(scenario)
            after_seconds = chance.uniform(0, takes[scenario.name] * 1.1)
            outcome = "wrong"
            try:
                outcome = examine(place, scenario, before, place.run(scenario, after_seconds))
            except (Wrong, OSError, ValueError) as error:
                wrong.append(f"{scenario.name}, after {after_seconds * 1000:.1f} ms: {type(error).__name__}: {error}")
                report(wrong[-1])
            counted[scenario.name, outcome] += 1
    return counted, wrong


def _seconds_of(place: Place, scenario: Scenario) -> float:
    place.begin(scenario)
    began = time.monotonic()
    ended = place.run(scenario, None)
    took = time.monotonic() - began
    if ended.code not in scenario.codes:
        raise AssertionError(f"{scenario.name} does not work undisturbed: {ended}")
    return took


def main() -> int:
    """Interrupt, and print how it ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interrupts", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no more of them after so long")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    given = parser.parse_args()
    print(f"seed {given.seed}")
    began = time.monotonic()
    counted, wrong = interrupt_commands(
        given.interrupts, seed=given.seed, engine=given.engine, only=given.only, report=print,
        has_ended=lambda: time.monotonic() - began > given.seconds,
    )  # fmt: skip
    for name in dict.fromkeys(name for name, _ in counted):
        outcomes = {outcome: count for (scenario, outcome), count in counted.items() if scenario == name}
        print(f"{name}: {', '.join(f'{count} {outcome}' for outcome, count in sorted(outcomes.items()))}")
    interrupted = sum(count for (_, outcome), count in counted.items() if outcome == "interrupted")
    print(f"{counted.total()} interrupts on {given.engine}: {interrupted} interrupted, {len(wrong)} wrong")
    return min(len(wrong), 1)
