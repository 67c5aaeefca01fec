"""Whole processes, timed in pairs: their time, their processor time and their peak memory."""

import os
import pty
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

MIB = 1 << 20


class Finished(NamedTuple):
    """A process that has ended."""

    seconds: float
    cpu_seconds: float
    peak_mib: float

    def then(self, other: "Finished") -> "Finished":
        """Both processes, one after the other."""
        return Finished(
            self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds, max(self.peak_mib, other.peak_mib)
        )


class Line(NamedTuple):
    """One line of the table. `values` are ratios or `unit`s; `cpu_values` the same for processor time alone.

    `by_processor`: the target is one for processor time.
    """

    what: str
    beside: str
    target: float | None
    values: list[float]
    unit: str = "×"
    at_least: bool = False
    cpu_values: Sequence[float] = ()
    by_processor: bool = False

    @property
    def median(self) -> float:
        """The figure that is quoted."""
        return statistics.median(self.cpu_values if self.by_processor else self.values)

    @property
    def is_reached(self) -> bool | None:
        """Whether the target is reached; `None` without a target."""
        if self.target is None:
            return None
        return self.median >= self.target if self.at_least else self.median <= self.target

    def text(self) -> str:
        """The line as in benchmarks/README.md."""
        target = "—" if self.target is None else f"{'≥' if self.at_least else '≤'} {self.target:g}{self.unit}"
        time = f"{statistics.median(self.values):.2f}{self.unit}"
        cpu = f"{statistics.median(self.cpu_values):.2f}{self.unit}" if self.cpu_values else "—"
        time, cpu = (time, f"**{cpu}**") if self.by_processor else (f"**{time}**", cpu)
        least, most = min(self.values), max(self.values)
        reached = {None: "", True: "yes", False: "**no**"}[self.is_reached]
        return f"| {self.what} | {self.beside} | {target} | {time} | {least:.2f}–{most:.2f} | {cpu} | {reached} |"


HEAD = "| measure | beside | target | median | least–most | processor | reached |\n|---|---|---|---|---|---|---|"


def run_process(
    command: Sequence[str],
    folder: Path,
    *,
    codes: Sequence[int] = (0,),
    on_terminal: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Run one process and discard its output. `codes` are the exit codes that are not a failure."""
    leader, follower = pty.openpty() if on_terminal else (-1, -1)
    out = follower if on_terminal else subprocess.DEVNULL
    reader = threading.Thread(target=_read_to_the_end, args=(leader,), daemon=True)
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    if on_terminal:
        os.close(follower)
        reader.start()
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if on_terminal:
        reader.join()
        os.close(leader)
    if process.returncode not in codes:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{errors.decode(errors='replace')}")
    kilobytes = usage.ru_maxrss // 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Finished(seconds, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


def _read_to_the_end(leader: int) -> None:
    try:
        while os.read(leader, 1 << 16):
            pass
    except OSError:
        pass  # the process has closed its side


def run_part(command: Sequence[str], folder: Path) -> Finished:
    """Run a script that prints the seconds, and the processor seconds, of the part of it that counts."""
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    seconds, cpu_seconds = map(float, done.stdout.split())
    return Finished(seconds, cpu_seconds, 0)


Runner = Callable[[], Finished]


class Pairs(NamedTuple):
    """Runs of a floor and of mureg, in turns, so that a machine whose speed drifts does not favour either."""

    floors: list[Finished]
    ours: list[Finished]

    def line(
        self, what: str, beside: str, target: float | None, *, at_least: bool = False, by_processor: bool = False
    ) -> Line:
        """Our time as a multiple of the floor's; with `at_least`, the floor's as a multiple of ours."""
        pairs = list(zip(self.floors, self.ours, strict=True))
        if at_least:
            pairs = [(ours, floor) for floor, ours in pairs]
        return Line(
            what, beside, target, [ours.seconds / floor.seconds for floor, ours in pairs], at_least=at_least,
            cpu_values=[ours.cpu_seconds / floor.cpu_seconds for floor, ours in pairs], by_processor=by_processor,
        )  # fmt: skip

    def peak(self, what: str, target: float) -> Line:
        """Our peak memory."""
        return Line(what, "peak memory", target, [ours.peak_mib for ours in self.ours], " MiB")


def in_pairs(floor: Runner, ours: Runner, pairs: int, prepare: Callable[[], None] = lambda: None) -> Pairs:
    """So many pairs, after one pair that is not counted."""
    found = Pairs([], [])
    for number in range(pairs + 1):
        prepare()
        base, mine = floor(), ours()
        if number:
            found.floors.append(base)
            found.ours.append(mine)
    return found
