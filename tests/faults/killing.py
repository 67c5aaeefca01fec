"""Kill mureg at random instants, thousands of times, and look at what is left.

    PYTHONPATH=src:tests python -m faults.killing --kills 1000 --engine sqlite --seed 1
    PYTHONPATH=src:tests python -m faults.killing --kills 1000 --engine postgres --seed 1

Each command runs as a process of its own, on a copy of a register that is made for it, and gets SIGKILL. When, is drawn
by lot: over its whole life, over the time in which it writes, and around the moment in which what it wrote begins to
count, all learnt from runs that were let live. Afterwards the register must open, `mureg check` be silent, and the
content be that of before or of after; of after where its success was printed. What is made as a file of its own is
there as a whole or not at all, and what the killed left behind is cleared away by whoever repeats the command.
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

from faults.deeds import Deed, deeds, people
from faults.places import Places, has_register, state_of
from support import raw_sql

EXAMPLES = Path(__file__).parents[2] / "examples"
MANY, SOME = 1_200, 150
ROMASHKA = "7700123459"
# Of five kills, one hits a process that was started from nothing, four one that had everything loaded.
FROM_NOTHING = 5
MOST_TRIES = 100


class Killed(NamedTuple):
    """How often a deed was killed, and when: before what it wrote counted, after it, after it had said so."""

    before: int
    after: int
    told: int
    writing: int
    """Of those before and after, how many hit a process that had begun to write."""

    @property
    def all(self) -> int:
        """Every kill that hit a living process."""
        return self.before + self.after + self.told


class Instant(NamedTuple):
    """When to kill: seconds after the birth, or after the writing has begun."""

    seconds: float
    is_of_writing: bool = False


class Life(NamedTuple):
    """A run that was let live, in seconds: the whole of it, and, from the beginning of its writing, two instants.

    `counts` is when the last commit, or the naming of a file, begins and ends, and `rest` the end of the process.
    """

    whole: float
    counts: tuple[float, float]
    rest: float

    def instant(self, dice: random.Random) -> Instant:
        """When to kill."""
        begin, end = self.counts
        around = max(end - begin, 0.0005)
        windows = [(0.0, end), (begin - around, end + around), (end, self.rest)]
        chosen = dice.choice([None, *windows])
        return Instant(dice.uniform(0, self.whole)) if chosen is None else Instant(max(0, dice.uniform(*chosen)), True)


class Killing:
    """One run of the whole: an office with its stages, and the dice."""

    def __init__(self, engine: str, seed: int, folder: Path, rehearsals: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311  no secret
        self.places = Places(folder, engine)
        self.office = folder / "office"
        self.office.mkdir()
        self.saved = str(folder / "saved.db")
        self._variables = {
            "MUREG_CONFIG": str(self.office / "mureg.toml"), "MUREG_LANG": "en", "MUREG_USER": "tester",
        }  # fmt: skip
        paths = os.pathsep.join(path for path in sys.path if path)
        self._environment = os.environ | self._variables | {"PYTHONPATH": paths}
        self._mother = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("mother.py"))],
            env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._gate = folder / "gate"
        os.mkfifo(self._gate)
        # Open to both sides, so that nobody waits for a child that is not there any more.
        self._opened_gate = os.open(self._gate, os.O_RDWR | os.O_NONBLOCK)
        self._born = 0.0
        self._runs = 0
        self.hits: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._known: dict[str, tuple[list[Life], tuple[Any, Any]]] = {}
        self._whole: dict[str, float] = {}
        self._rehearsals = rehearsals
        self._out, self._err, self._times = (folder / name for name in ("out", "err", "times"))

    # --- processes ----------------------------------------------------------------------------------------------

    def run(self, words: Sequence[str], url: str, *, kill: Instant | None = None, **order: Any) -> tuple[int, float]:
        """Run a command line in a child of the mother, killed after a while; its end, and how long it lived."""
        for file in (self._out, self._err, self._times):
            file.unlink(missing_ok=True)
        order |= {
            "words": words, "folder": str(self.office), "variables": {"MUREG_DB": url},
            "out": str(self._out), "err": str(self._err), "gate": str(self._gate),
        }  # fmt: skip
        assert self._mother.stdin is not None
        with suppress(BlockingIOError):
            os.read(self._opened_gate, 100)  # who was killed at the gate has not gone through
        self._mother.stdin.write(json.dumps(order) + "\n")
        self._mother.stdin.flush()
        told = self._told()
        self._born, process = told["born"], told["process"]
        if kill is not None and not kill.is_of_writing:
            self._kill(process, self._born + kill.seconds)
        while "status" not in (told := self._told()):
            # It is about to write, and waits at the gate.
            begins = time.monotonic()
            os.write(self._opened_gate, b"!")
            if kill is not None and kill.is_of_writing:
                self._kill(process, begins + kill.seconds)
        return told["status"], told["lived"]

    def _told(self) -> Any:
        assert self._mother.stdout is not None
        return json.loads(self._mother.stdout.readline())

    def _kill(self, process: int, instant: float) -> None:
        wait_until(instant)
        # It may have ended: then its mother has looked.
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def run_from_nothing(
        self, deed: Deed, words: Sequence[str], url: str, kill_after: float | None
    ) -> tuple[int, float]:
        """The same as a process of its own, Python's start and all."""
        program = "from mureg.__main__ import main; main()"
        if deed.grow:
            program = (
                f"import sys; sys.path.append({str(Path(__file__).parent)!r})\nimport mother; mother.grow()\n{program}"
            )
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
        """Make the registers on which the deeds run."""
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
            url = self.places.new()
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
        empty = self.places.new()
        self.done("init", url=empty)
        self._keep("empty", empty)

    def _after(self, stage: str, *words: str) -> str:
        url = self.places.copy_of(stage)
        self.done(*words, url=url, codes=(0, 6))
        return url

    def _keep(self, stage: str, url: str) -> None:
        self.places.settle(url)
        self.places.keep(stage, url)

    # --- killing ------------------------------------------------------------------------------------------------

    def kill(self, deed: Deed) -> None:
        """Kill a deed once, and note when that hit it; asserts what must hold afterwards."""
        if deed.name not in self._known:
            self._known[deed.name] = self._rehearsed(deed)
        lives, states = self._known[deed.name]
        hits = self.hits[deed.name]
        for _ in range(MOST_TRIES):
            self._runs += 1
            instant = Instant(0)
            if self._runs % FROM_NOTHING == 0:
                if deed.name not in self._whole:
                    _, self._whole[deed.name] = self._from_nothing(deed, None)
                found, _ = self._from_nothing(deed, self.dice.uniform(0, self._whole[deed.name]), states)
            else:
                with self._set_out(deed) as (words, url, target):
                    instant = self.dice.choice(lives).instant(self.dice)
                    status, _ = self.run(words, url, kill=instant, grow=deed.grow)
                    found = self._judged(deed, status, words, url, target, states)
            if found is not None:
                hits[found] += 1
                hits["writing"] += instant.is_of_writing
                return
        raise AssertionError(f"{deed.name} ends before it can be killed")

    def _rehearsed(self, deed: Deed) -> tuple[list[Life], tuple[Any, Any]]:
        lives = []
        for _ in range(self._rehearsals):
            with self._set_out(deed) as (words, url, _):
                before = state_of(url)
                status, lived = self.run(words, url, grow=deed.grow, times=str(self._times))
                assert status in deed.codes, (deed.name, status, self._err.read_text(encoding="utf-8"))
                times = json.loads(self._times.read_text(encoding="utf-8"))
                self.places.settle(url)
                after = state_of(url)
                if deed.makes:
                    assert after == before
                else:
                    assert after != before, deed.name
                begin = times[0][1]
                commits = [instant - begin for what, instant in times if what == "commit"]
                ends = [instant - begin for what, instant in times if what == "end"]
                lives.append(Life(lived, (commits[-1], ends[-1]), lived - (begin - self._born)))
        return lives, (before, after)

    @contextmanager
    def _set_out(self, deed: Deed) -> Iterator[tuple[list[str], str, str]]:
        url = self.places.copy_of(deed.stage)
        target = self.places.new() if deed.makes else ""
        names = {"office": str(self.office), "saved": self.saved, "register": url, "target": target}
        if deed.makes == "{target}.db":
            # A backup is a file, whatever its register.
            names["target"] = str(Path(tempfile.mkdtemp(dir=self.places.folder)) / "saved")
        words = [word.format(**names) for word in deed.words]
        try:
            yield [*words, "--json"], url, deed.makes.format(**names)
        finally:
            self.places.drop(url)
            if target:
                self.places.drop(target)
            if deed.makes == "{target}.db":
                shutil.rmtree(Path(names["target"]).parent)

    def _from_nothing(
        self, deed: Deed, kill_after: float | None, states: tuple[Any, Any] | None = None
    ) -> tuple[str | None, float]:
        with self._set_out(deed) as (words, url, target):
            status, lived = self.run_from_nothing(deed, words, url, kill_after)
            return (self._judged(deed, status, words, url, target, states) if states else None), lived

    def _judged(
        self, deed: Deed, status: int, words: list[str], url: str, target: str, states: tuple[Any, Any]
    ) -> str | None:
        """What a killed command left: before, after, or told; nothing where it had ended by itself."""
        is_told = has_told(self._out)
        self.places.settle(url)
        where = (deed.name, url, status)
        before, after = states
        now = state_of(url)
        assert now in (before, after), where
        assert not is_told or now == after, where
        self._must_be_whole(url, grow=deed.grow and now == after)
        outcome = "told" if is_told else "after" if now == after else "before"
        if deed.makes:
            outcome = self._judged_target(deed, words, url, target, is_told=is_told)
        elif deed.grow and "://" not in url:
            # What the register was before stands beside it, whole, as soon as anything has changed.
            copies = list(Path(url).parent.glob("mureg.db.version-*"))
            assert copies or now == before, where
            assert all(state_of(str(copy)) == before for copy in copies), where
        if status != -signal.SIGKILL:
            assert status in deed.codes, (where, self._err.read_text(encoding="utf-8"))
            return None
        return outcome

    def _judged_target(self, deed: Deed, words: list[str], url: str, target: str, *, is_told: bool) -> str:
        """A file or a database that is made is there as a whole or not at all; whoever repeats it clears up."""
        self.places.settle(target)
        expected = raw_sql.content(self.saved if deed.name == "restore" else url)
        stands = has_register(target)
        assert stands or not is_told, deed.name
        if not stands:
            self.done(*words[:-1], url=url)
        assert raw_sql.content(target) == expected, deed.name
        self._must_be_whole(target)
        if "://" not in target:
            left = {path.name for path in Path(target).parent.iterdir()}
            hidden = {name for name in left if name.startswith(".")}
            # Who comes after a killed one clears up; where it was done, it is left to the next who makes that file.
            assert stands or not hidden, hidden
            assert left - hidden <= {Path(target).name + suffix for suffix in ("", "-wal", "-shm", "-journal")}, left
        return "told" if is_told else "after" if stands else "before"

    def _must_be_whole(self, url: str, *, grow: bool = False) -> None:
        status, _ = self.run(["check"], url, grow=grow)
        said = self._out.read_text(encoding="utf-8") + self._err.read_text(encoding="utf-8")
        assert (status, said) == (0, ""), (url, status, said)

    def close(self) -> None:
        """End the mother, and throw everything away."""
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        self._mother.wait()
        assert self._mother.stdout is not None
        self._mother.stdout.close()
        os.close(self._opened_gate)
        self.places.close()


def wait_until(instant: float) -> None:
    """Sleep, and for the last part of a millisecond only look at the clock."""
    while (left := instant - time.monotonic()) > 0:
        if left > 0.001:
            time.sleep(left - 0.0007)


def has_told(file: Path) -> bool:
    """Whether a command printed its success: one whole object or array."""
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, FileNotFoundError):
        return False
    return True


def killing(
    engine: str, kills: int, seed: int, *, rehearsals: int = 3, seconds: float = float("inf")
) -> dict[str, Killed]:
    """Kill one deed after the other, so often in all, or until the time is over; the table."""
    with tempfile.TemporaryDirectory(prefix="mureg-killing-") as name:
        run = Killing(engine, seed, Path(name), rehearsals)
        try:
            began = time.monotonic()
            run.prepare()
            all_deeds = deeds(engine)
            for number in range(kills):
                if time.monotonic() - began > seconds:
                    break
                run.kill(all_deeds[number % len(all_deeds)])
            return {name: Killed(*(hits[field] for field in Killed._fields)) for name, hits in run.hits.items()}
        finally:
            run.close()


def total(found: dict[str, Killed]) -> Killed:
    """Every deed together."""
    return Killed(*(sum(killed[place] for killed in found.values()) for place in range(len(Killed._fields))))


def table(found: dict[str, Killed]) -> str:
    """The table as it is printed."""
    lines = [f"{'':18} {'killed':>7} {'before':>7} {'after':>7} {'told':>7} {'writing':>7}"]
    for name, killed in [*found.items(), ("all", total(found))]:
        lines.append(f"{name:18} {killed.all:7} " + " ".join(f"{number:7}" for number in killed))
    return "\n".join(lines)


def main() -> None:
    """Kill as often as is asked for, and print the table."""
    parser = argparse.ArgumentParser(description="kill mureg at random instants, and look at what is left")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no more of them after so long")
    asked = parser.parse_args()
    print(table(killing(asked.engine, asked.kills, asked.seed, seconds=asked.seconds)))


if __name__ == "__main__":
    main()
