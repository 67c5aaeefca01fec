"""Kill mureg at random instants, thousands of times, and look at what is left.

    python tools/faults kill_commands --kills 1000 --engine sqlite --seed 1
    python tools/faults kill_commands --kills 1000 --engine postgres --seed 1

Each command runs as a process of its own, on a copy of a register that is made for it, and gets SIGKILL. The instant is
random: over the whole life of the process, over the time in which it writes, and around the moment in which what it
wrote begins to count, all measured in undisturbed runs. Afterwards the register must open, `mureg check` must report
nothing, and the content must be that of before or of after; of after where success was printed. A file or database that
is made exists as a whole or not at all, and repeating the command removes temporary files of the killed one.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from faults.register_copies import RegisterCopies, content_without_chance, has_register
from faults.writing_commands import WritingCommand, people, writing_commands
from support import raw_sql

EXAMPLES = Path(__file__).parents[2] / "examples"
MANY, SOME = 1_200, 150
ROMASHKA = "7700123459"
# One kill of so many hits a new Python process; the others hit a fork that has everything loaded.
_NEW_PROCESS_EVERY = 5
_MOST_TRIES = 100


class Killed(NamedTuple):
    """How often a command was killed before what it wrote counted, after that, and after it had reported success."""

    before: int
    after: int
    reported: int
    writing: int
    """Of those before and after, how many hit a process that had begun to write."""

    @property
    def all(self) -> int:
        """Every kill that hit a living process."""
        return self.before + self.after + self.reported


class Instant(NamedTuple):
    """When to kill: seconds after the start, or after the writing has begun."""

    seconds: float
    is_of_writing: bool = False


class Timing(NamedTuple):
    """An undisturbed run, in seconds: the whole of it, and, from the beginning of its writing, two instants.

    `counts` is when the last commit, or the naming of a file, begins and ends, and `rest` the end of the process.
    """

    whole: float
    counts: tuple[float, float]
    rest: float

    def instant(self, chance: random.Random) -> Instant:
        """When to kill."""
        begin, end = self.counts
        around = max(end - begin, 0.0005)
        windows = [(0.0, end), (begin - around, end + around), (end, self.rest)]
        chosen = chance.choice([None, *windows])
        return (
            Instant(chance.uniform(0, self.whole)) if chosen is None else Instant(max(0, chance.uniform(*chosen)), True)
        )


class KillRun:
    """A folder with the stages of a register, the fork server, and the random numbers."""

    def __init__(self, engine: str, seed: int, folder: Path, undisturbed_runs: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.copies = RegisterCopies(folder, engine)
        self.office = folder / "office"
        self.office.mkdir()
        self.saved = str(folder / "saved.db")
        self._variables = {
            "MUREG_CONFIG": str(self.office / "mureg.toml"), "MUREG_LANG": "en", "MUREG_USER": "tester",
        }  # fmt: skip
        paths = os.pathsep.join(path for path in sys.path if path)
        self._environment = os.environ | self._variables | {"PYTHONPATH": paths}
        self._fork_server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._gate = folder / "gate"
        os.mkfifo(self._gate)
        # Open to both sides, so that opening it does not wait for a child that has ended.
        self._opened_gate = os.open(self._gate, os.O_RDWR | os.O_NONBLOCK)
        self._started = 0.0
        self._runs = 0
        self.hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._known: dict[str, tuple[list[Timing], tuple[Any, Any]]] = {}
        self._whole: dict[str, float] = {}
        self._undisturbed_runs = undisturbed_runs
        self._out, self._err, self._times = (folder / name for name in ("out", "err", "times"))

    # --- processes ----------------------------------------------------------------------------------------------

    def run(self, words: Sequence[str], url: str, *, kill: Instant | None = None, **order: Any) -> tuple[int, float]:
        """Run a command line in a fork, killed at an instant; its exit status, and how many seconds it ran."""
        for file in (self._out, self._err, self._times):
            file.unlink(missing_ok=True)
        order |= {
            "words": words, "folder": str(self.office), "variables": {"MUREG_DB": url},
            "out": str(self._out), "err": str(self._err), "gate": str(self._gate),
        }  # fmt: skip
        assert self._fork_server.stdin is not None
        with suppress(BlockingIOError):
            os.read(self._opened_gate, 100)  # a process that was killed at the gate has left its byte
        self._fork_server.stdin.write(json.dumps(order) + "\n")
        self._fork_server.stdin.flush()
        answer = self._answer()
        self._started, process = answer["started"], answer["process"]
        if kill is not None and not kill.is_of_writing:
            self._kill(process, self._started + kill.seconds)
        while "status" not in (answer := self._answer()):
            # It is about to write, and waits at the gate.
            begins = time.monotonic()
            os.write(self._opened_gate, b"!")
            if kill is not None and kill.is_of_writing:
                self._kill(process, begins + kill.seconds)
        return answer["status"], answer["seconds"]

    def _answer(self) -> Any:
        assert self._fork_server.stdout is not None
        return json.loads(self._fork_server.stdout.readline())

    def _kill(self, process: int, instant: float) -> None:
        wait_until(instant)
        # It may have ended by itself.
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def run_in_new_process(
        self, command: WritingCommand, words: Sequence[str], url: str, kill_after: float | None
    ) -> tuple[int, float]:
        """The same in a new process, which starts Python too."""
        program = "from mureg.__main__ import main; main()"
        if command.newer_version:
            program = f"from faults import fork_server; fork_server.be_one_version_newer(); {program}"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            began = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-c", program, *words],
                cwd=self.office, env=self._environment | {"MUREG_DB": url}, stdout=out, stderr=err,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            if kill_after is not None:
                wait_until(began + kill_after)
                process.kill()
            return process.wait(), time.monotonic() - began

    def done(self, *words: str, url: str, codes: tuple[int, ...] = (0,), **order: Any) -> None:
        """Run a command line that must succeed."""
        status, _ = self.run([*words, "--json"], url, **order)
        assert status in codes, (words, status, self._err.read_text(encoding="utf-8"))

    # --- stages -------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the registers on which the commands run."""
        header = "number;submitted_on;inn;kpp;name;multiuser;users"
        for name, letter, number in (("many", "A", MANY), ("some", "C", SOME), ("waiting", "B", SOME)):
            rows = [
                f"{letter}-{serial};2023-08-{serial % 27 + 1:02d};{ROMASHKA};77{serial:04d}001;ООО «{serial}»;on;3"
                for serial in range(number)
            ]
            (self.office / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        shutil.copytree(EXAMPLES, self.office / "examples")
        shutil.copy(EXAMPLES / "contract" / "mureg.toml", self.office / "mureg.toml")
        (self.office / "people.json").write_text(json.dumps(list(people(40)), ensure_ascii=False), encoding="utf-8")
        with tempfile.TemporaryDirectory() as name:
            subprocess.run(
                [sys.executable, "-m", "mureg", "init", "--example"], cwd=name, check=True, capture_output=True,
                env={key: value for key, value in self._environment.items() if key != "MUREG_CONFIG"},
            )  # fmt: skip
            url = self.copies.new()
            self.done("restore", str(Path(name) / "mureg.db"), url=url)
        # Each stage goes on from the one before, but the office, which goes on from the example too.
        month, reason = "2023-08", ("--reason", "письмо")
        self._keep("example", url)
        url = self._after("example", "application", "import", str(self.office / "waiting.csv"))
        self.done("backup", self.saved, url=url)
        self._keep("office", url)
        self._keep("sold", self._after("example", "application", "process", "ZV-1042", "--on", "2023-08-28"))
        statement = str(self.office / "examples" / "statement" / "operator-2023-08.csv")
        self._keep("compared", self._after("sold", "reconcile", "--month", month, "--statement", statement))
        found = json.loads(self._out.read_text(encoding="utf-8"))["discrepancies"]
        ids = [discrepancy["id"] for discrepancy in found]
        self._keep("resolved", self._after("compared", "month", "accept", month, *ids, *reason))
        self._keep("closed", self._after("resolved", "month", "close", month))
        empty = self.copies.new()
        self.done("init", url=empty)
        self._keep("empty", empty)

    def _after(self, stage: str, *words: str) -> str:
        url = self.copies.copy_of(stage)
        self.done(*words, url=url, codes=(0, 6))
        return url

    def _keep(self, stage: str, url: str) -> None:
        self.copies.wait_until_closed(url)
        self.copies.keep(stage, url)

    # --- killing ------------------------------------------------------------------------------------------------

    def kill(self, command: WritingCommand) -> None:
        """Kill a command once, and count at which stage that was; asserts what must hold afterwards."""
        if command.name not in self._known:
            self._known[command.name] = self._undisturbed(command)
        timings, states = self._known[command.name]
        hits = self.hits[command.name]
        for _ in range(_MOST_TRIES):
            self._runs += 1
            instant = Instant(0)
            if self._runs % _NEW_PROCESS_EVERY == 0:
                if command.name not in self._whole:
                    _, self._whole[command.name] = self._in_new_process(command, None)
                found, _ = self._in_new_process(command, self.chance.uniform(0, self._whole[command.name]), states)
            else:
                with self._prepared(command) as (words, url, target):
                    instant = self.chance.choice(timings).instant(self.chance)
                    status, _ = self.run(words, url, kill=instant, newer_version=command.newer_version)
                    found = self._outcome(command, status, words, url, target, states)
            if found is not None:
                hits[found] += 1
                hits["writing"] += instant.is_of_writing
                return
        raise AssertionError(f"{command.name} ends before it can be killed")

    def _undisturbed(self, command: WritingCommand) -> tuple[list[Timing], tuple[Any, Any]]:
        timings = []
        for _ in range(self._undisturbed_runs):
            with self._prepared(command) as (words, url, _):
                before = content_without_chance(url)
                status, seconds = self.run(words, url, newer_version=command.newer_version, times=str(self._times))
                assert status in command.codes, (command.name, status, self._err.read_text(encoding="utf-8"))
                times = json.loads(self._times.read_text(encoding="utf-8"))
                self.copies.wait_until_closed(url)
                after = content_without_chance(url)
                if command.makes:
                    assert after == before
                else:
                    assert after != before, command.name
                begin = times[0][1]
                commits = [instant - begin for what, instant in times if what == "commit"]
                ends = [instant - begin for what, instant in times if what == "end"]
                timings.append(Timing(seconds, (commits[-1], ends[-1]), seconds - (begin - self._started)))
        return timings, (before, after)

    @contextmanager
    def _prepared(self, command: WritingCommand) -> Iterator[tuple[list[str], str, str]]:
        url = self.copies.copy_of(command.stage)
        target = self.copies.new() if command.makes else ""
        names = {"office": str(self.office), "saved": self.saved, "register": url, "target": target}
        if command.makes == "{target}.db":
            # A backup is a file, whatever its register.
            names["target"] = str(Path(tempfile.mkdtemp(dir=self.copies.folder)) / "saved")
        words = [word.format(**names) for word in command.words]
        try:
            yield [*words, "--json"], url, command.makes.format(**names)
        finally:
            self.copies.drop(url)
            if target:
                self.copies.drop(target)
            if command.makes == "{target}.db":
                shutil.rmtree(Path(names["target"]).parent)

    def _in_new_process(
        self, command: WritingCommand, kill_after: float | None, states: tuple[Any, Any] | None = None
    ) -> tuple[str | None, float]:
        with self._prepared(command) as (words, url, target):
            status, seconds = self.run_in_new_process(command, words, url, kill_after)
            return (self._outcome(command, status, words, url, target, states) if states else None), seconds

    def _outcome(
        self, command: WritingCommand, status: int, words: list[str], url: str, target: str, states: tuple[Any, Any]
    ) -> str | None:
        """At which stage a command was killed: before, after, reported; None where it had ended by itself."""
        is_reported = has_reported(self._out)
        self.copies.wait_until_closed(url)
        where = (command.name, url, status)
        before, after = states
        now = content_without_chance(url)
        assert now in (before, after), where
        assert not is_reported or now == after, where
        self._assert_whole(url, newer_version=command.newer_version and now == after)
        outcome = "reported" if is_reported else "after" if now == after else "before"
        if command.makes:
            outcome = self._outcome_of_target(command, words, url, target, is_reported=is_reported)
        elif command.newer_version and "://" not in url:
            # A copy of the register as it was is beside it as soon as anything has changed.
            copies = list(Path(url).parent.glob("mureg.db.version-*"))
            assert copies or now == before, where
            assert all(content_without_chance(str(copy)) == before for copy in copies), where
        if status != -signal.SIGKILL:
            assert status in command.codes, (where, self._err.read_text(encoding="utf-8"))
            return None
        return outcome

    def _outcome_of_target(
        self, command: WritingCommand, words: list[str], url: str, target: str, *, is_reported: bool
    ) -> str:
        """A file or a database that is made exists as a whole or not at all; repeating the command cleans up."""
        self.copies.wait_until_closed(target)
        expected = raw_sql.content(self.saved if command.name == "restore" else url)
        exists = has_register(target)
        assert exists or not is_reported, command.name
        if not exists:
            self.done(*words[:-1], url=url)
        assert raw_sql.content(target) == expected, command.name
        self._assert_whole(target)
        if "://" not in target:
            left = {path.name for path in Path(target).parent.iterdir()}
            hidden = {name for name in left if name.startswith(".")}
            # Repeating the command cleaned up; where it had been done, that is left to the next command on the file.
            assert exists or not hidden, hidden
            assert left - hidden <= {Path(target).name + suffix for suffix in ("", "-wal", "-shm", "-journal")}, left
        return "reported" if is_reported else "after" if exists else "before"

    def _assert_whole(self, url: str, *, newer_version: bool = False) -> None:
        status, _ = self.run(["check"], url, newer_version=newer_version)
        said = self._out.read_text(encoding="utf-8") + self._err.read_text(encoding="utf-8")
        assert (status, said) == (0, ""), (url, status, said)

    def close(self) -> None:
        """End the fork server, and remove everything."""
        assert self._fork_server.stdin is not None
        self._fork_server.stdin.close()
        self._fork_server.wait()
        assert self._fork_server.stdout is not None
        self._fork_server.stdout.close()
        os.close(self._opened_gate)
        self.copies.close()


def wait_until(instant: float) -> None:
    """Sleep, and for the last part of a millisecond only look at the clock."""
    while (left := instant - time.monotonic()) > 0:
        if left > 0.001:
            time.sleep(left - 0.0007)


def has_reported(file: Path) -> bool:
    """Whether a command printed its success: one whole object or array."""
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, FileNotFoundError):
        return False
    return True


def kill_commands(
    engine: str, kills: int, seed: int, *, undisturbed_runs: int = 3, seconds: float = float("inf")
) -> dict[str, Killed]:
    """Kill one command after the other, so often in all, or until the time is over; the counts by command."""
    with tempfile.TemporaryDirectory(prefix="mureg-kill-") as name:
        run = KillRun(engine, seed, Path(name), undisturbed_runs)
        try:
            began = time.monotonic()
            run.prepare()
            commands = writing_commands(engine)
            for number in range(kills):
                if time.monotonic() - began > seconds:
                    break
                run.kill(commands[number % len(commands)])
            return {name: Killed(*(hits[field] for field in Killed._fields)) for name, hits in run.hits.items()}
        finally:
            run.close()


def total(found: dict[str, Killed]) -> Killed:
    """Every command together."""
    return Killed(*(sum(killed[place] for killed in found.values()) for place in range(len(Killed._fields))))


def table(found: dict[str, Killed]) -> str:
    """The table as it is printed."""
    lines = [f"{'':18} {'killed':>8} {'before':>8} {'after':>8} {'reported':>8} {'writing':>8}"]
    for name, killed in [*found.items(), ("all", total(found))]:
        lines.append(f"{name:18} {killed.all:8} " + " ".join(f"{number:8}" for number in killed))
    return "\n".join(lines)


def main() -> None:
    """Kill as often as is asked for, and print the table."""
    parser = argparse.ArgumentParser(description="kill mureg at random instants, and look at what is left")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no more of them after so long")
    asked = parser.parse_args()
    print(table(kill_commands(asked.engine, asked.kills, asked.seed, seconds=asked.seconds)))
