"""One seed decides the clock, the scheduler and the disk: `python tools/faults simulate --count 1000 --seed 1`.

Real mureg commands run as processes, of which one at a time goes on to its next call that touches the register's
folder; the seed says which one, what time it is, and what fails: the power, one process, the disk by EIO at some call
or for want of room. After a loss of power the disk has what was synced and any part of the rest: writes that are lost,
reordered or torn. Then the register must open, `check` must pass, every acknowledged command must be there and nothing
that reported that it wrote nothing, and one order of the commands must explain every answer: see `linear_order`.
The work goes on with what is on the disk. A failure is printed with its seed, which repeats it call by call.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from faults.linear_order import Call, linear_order
from faults.register_model import NOTHING, Answer, Application, State, Step, answer_of, random_step, write_files
from faults.simulation import shim
from faults.simulation.machine import Faults, Machine, PowerLost, Process, Programs
from mureg.operations.check.checks import check_register
from mureg.register.register import Register
from support.sample_data import EXAMPLES

DESKS, COMMANDS, BOOTS = 3, 3, 3
IMAGES = 8
_FOREVER = 1 << 62
_STAYS = 0.7
"""How likely the process goes on that ran last."""


class Seen(NamedTuple):
    """What is in a register: what `check` reports, who wrote which operation, and the applications."""

    faults: list[str]
    history: dict[str, tuple[int, int | None]]
    """User → operation, and the one that it undid."""
    records: int
    applications: tuple[tuple[str, Application], ...]


class Simulation:
    """One seed."""

    def __init__(self, programs: Programs, seed: int, template: bytes, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._programs, self._folder = programs, folder
        self._chance = Random(f"simulate {seed}")  # noqa: S311  no secret
        self._office = programs.folder / "office"
        self._watched = folder / "register"
        self._watched.mkdir()
        self.machine = Machine(self._watched, self._chance)
        self._files = {"mureg.db": template}
        self._calls: list[Call] = []
        self._instant = 0
        self._number = 1000

    def run(self) -> None:
        """Boot some times, and judge after each. Raises `AssertionError` or `Unexpected`."""
        for boot in range(BOOTS):
            self.machine.boot(self._files, self._random_faults())
            begun: dict[int, tuple[str, Step, float]] = {}
            try:
                self._work(boot, begun)
                lost = False
            except PowerLost:
                lost = True
            assert self.machine.differences() == [], "the simulated disk is not what the processes saw"
            images = [self._image(lost=lost) for _ in range(IMAGES if lost else 1)]
            self.counts["power losses"] += lost
            self.counts["disks after a loss of power"] += len(images) * lost
            self._calls += [Call(*each, _FOREVER, None) for each in begun.values()]
            for image in images:
                known = self._judged(image)
            self._files, self._calls = images[-1], known
            self.counts["calls"] += self.machine.calls
        self.counts["commands"] += len(self._calls)

    def _random_faults(self) -> Faults:
        chance = self._chance
        numbers = range(self._number + 1, self._number + 1 + DESKS * COMMANDS)
        return Faults(
            power_lost_at=int(chance.lognormvariate(6.3, 0.9)) if chance.random() < 0.75 else None,
            disk_full_from=int(chance.lognormvariate(6, 1)) if chance.random() < 0.15 else None,
            dies_at={each: int(chance.lognormvariate(5, 0.8)) for each in numbers if chance.random() < 0.1},
            fails_at={each: int(chance.lognormvariate(4.7, 0.9)) for each in numbers if chance.random() < 0.2},
        )

    def _image(self, *, lost: bool) -> dict[str, bytes]:
        if lost:
            return self.machine.disk.after_power_loss(self._chance)
        return {name: bytes(file.content) for name, file in self.machine.disk.names.items()}

    # --- work ---------------------------------------------------------------------------------------------------

    def _work(self, boot: int, begun: dict[int, tuple[str, Step, float]]) -> None:
        """Let every desk give its commands, one after the other. Raises `PowerLost`."""
        left = dict.fromkeys(range(DESKS), COMMANDS)
        running: dict[int, Process] = {}
        last = 0
        while left or running:
            ready = [desk for desk, process in running.items() if self.machine.is_ready(process)]
            choices = sorted({*ready, *(left.keys() - running.keys())})
            if not choices:
                self.machine.wake_next()
                continue
            desk = last if last in choices and self._chance.random() < _STAYS else self._chance.choice(choices)
            last = desk
            if desk not in running:
                running[desk] = self._started(f"{boot}-{desk}-{left[desk]}", begun)
                left[desk] -= 1
                if not left[desk]:
                    del left[desk]
            elif self.machine.step(running[desk]):
                self._note_ended(running.pop(desk), begun)

    def _started(self, user: str, begun: dict[int, tuple[str, Step, float]]) -> Process:
        step = random_step(self._chance)
        self._number += 1
        self._instant += 1
        begun[self._number] = (user, step, self._instant)
        process = self._programs.start(
            self._number, [*step.words, "--json"], self._watched, self._office, _variables(self._watched, user)
        )
        self.machine.add(process)
        return process

    def _note_ended(self, process: Process, begun: dict[int, tuple[str, Step, float]]) -> None:
        user, step, began = begun.pop(process.number)
        out, err = self._programs.printed(process)
        code = -9 if process.code is None else process.code
        answer = answer_of(step, code, out, err)
        self._instant += 1
        self._calls.append(Call(user, step, began, _FOREVER if answer is None else self._instant, answer))
        self.counts["killed"] += process.code is None
        self.counts["failed"] += code == 7

    # --- judging ------------------------------------------------------------------------------------------------

    def _judged(self, image: dict[str, bytes]) -> list[Call]:
        """Judge a disk; the calls, with what it says about those whose answer is not known."""
        seen = self._seen(image)
        told = "\n".join(map(str, self._calls))
        assert seen.faults == [], f"check reports {seen.faults}\n{told}"
        assert seen.records == len(seen.history), f"a command was done twice: {seen.history}\n{told}"
        known = []
        for call in self._calls:
            operation, undone = seen.history.get(call.client, (None, None))
            if call.answer is None and operation is not None:
                answer = Answer("done", operation, undone)
                known.append(call._replace(answer=answer, ended=self._instant + 1))
            elif call.answer is not None:
                assert call.answer.operation == operation, f"{call}, but the history has {operation}\n{told}"
                known.append(call)
        counted = [call for call in known if call.answer != NOTHING]
        last = Call("last", Step("list"), _FOREVER - 1, _FOREVER, Answer("shown", about=seen.applications))
        assert linear_order([*counted, last], State()) is not None, f"no order explains {seen.applications}\n{told}"
        self._instant += 1
        return known

    def _seen(self, image: dict[str, bytes]) -> Seen:
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            for file, content in image.items():
                (Path(name) / file).write_bytes(content)
                (Path(name) / file).chmod(0o600)
            register = Register.open(str(Path(name) / "mureg.db"))
            try:
                records = list(register.history.records())
                return Seen(
                    [str(fault) for fault in check_register(register)],
                    {record.done_by: (record.operation, record.undoes) for record in records},
                    len(records),
                    tuple(sorted((each.number, Application(each.status, each.set_option, each.set_tier))
                                 for each in register.applications.matching())),
                )  # fmt: skip
            finally:
                register.close()


@contextmanager
def programs() -> Iterator[tuple[Programs, bytes]]:
    """What all simulations share: the process that forks the others, and an empty register."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="mureg-simulate-", dir=place) as name:
        folder = Path(name)
        office = folder / "office"
        office.mkdir()
        write_files(office)
        shutil.copy(EXAMPLES / "contract" / "mureg.toml", office)
        shared = Programs(shim.compiled(folder), folder)
        try:
            yield shared, _empty_register(shared)
        finally:
            shared.close()


def _empty_register(shared: Programs) -> bytes:
    """Made under the clock and the chance of the simulation, too."""
    with tempfile.TemporaryDirectory(dir=shared.folder) as name:
        machine = Machine(Path(name), Random(0))  # noqa: S311
        process = shared.start(1000, ["init"], Path(name), shared.folder / "office", _variables(Path(name), "init"))
        machine.add(process)
        while not machine.step(process):
            pass
        assert process.code == 0, shared.printed(process)
        return (Path(name) / "mureg.db").read_bytes()


def _variables(folder: Path, user: str) -> dict[str, str]:
    return {"MUREG_DB": str(folder / "mureg.db"), "MUREG_CONFIG": "mureg.toml", "MUREG_LANG": "en", "MUREG_USER": user}


def simulate(shared: tuple[Programs, bytes], seed: int) -> tuple[Counter[str], list[str]]:
    """One simulation: what happened in it, and every call. Raises `AssertionError` or `Unexpected`."""
    with tempfile.TemporaryDirectory(dir=shared[0].folder) as name:
        simulation = Simulation(shared[0], seed, shared[1], Path(name))
        try:
            simulation.run()
        finally:
            simulation.machine.stop()
        return simulation.counts, simulation.machine.log


def main() -> int:
    """Simulate, print the failures, and count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no more of them after so long")
    parser.add_argument("--log", action="store_true", help="print every call")
    options = parser.parse_args()
    if reason := shim.why_not():
        print(reason)
        return 2
    began, failed = time.monotonic(), 0
    counts: Counter[str] = Counter()
    with programs() as shared:
        for seed in range(options.seed, options.seed + options.count):
            if time.monotonic() - began > options.seconds:
                break
            try:
                found, log = simulate(shared, seed)
            except Exception as error:  # noqa: BLE001  whatever it is, its seed matters
                failed += 1
                print(f"seed {seed}: {type(error).__name__}: {error}\n", flush=True)
                continue
            counts.update(found)
            counts["seeds"] += 1
            if options.log:
                print("\n".join(log))
    print(json.dumps(counts), f"failed: {failed}")
    return 1 if failed else 0
