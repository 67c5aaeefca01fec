"""Is every concurrent run as if the commands had come one after the other? `python tools/faults concurrent_runs`.

    python tools/faults concurrent_runs --runs 1000 --engine sqlite
    python tools/faults concurrent_runs --runs 1000 --engine postgres --seed 5

Several clients work in one register at once. Some are killed while they write; connections to a server are cut, before
COMMIT is sent, and after it, so that its answer is lost. Then one order of the commands must explain every answer that
came: each command at one instant between its beginning and its end, one whose answer was lost once or never, and one
that said that nothing was written never. `mureg check` must pass, and the history must have each command once.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from faults.cutting_proxy import cutting_proxy
from faults.linear_order import Call, linear_order
from faults.register_copies import RegisterCopies
from faults.register_model import NOTHING, State, Step, Unexpected, answer_of, random_step, write_files
from support.sample_data import EXAMPLES

CLIENTS, STEPS = 4, 6
# Of the commands that write, so many are killed: before they write, before COMMIT, or when it is done.
_DIES_AT = (None,) * 17 + ("begin", "commit", "end")
_FOREVER = float("inf")


class Client:
    """A process that has loaded mureg, and forks a child for each command line."""

    def __init__(self, name: str, office: Path) -> None:
        self.name, self._office = name, office
        self._out, self._err, self._gate = (office / f"{name}.{what}" for what in ("out", "err", "gate"))
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            env=os.environ | {"PYTHONPATH": paths}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            encoding="utf-8",
        )  # fmt: skip
        os.mkfifo(self._gate)
        # Open to both sides, so that opening it does not wait for a child that has ended.
        self._opened_gate = os.open(self._gate, os.O_RDWR | os.O_NONBLOCK)

    def run(self, words: list[str], url: str, user: str, dies_at: str | None = None) -> tuple[int, str, str]:
        """Run a command line, killed where it is said, or not; its exit status and what it printed."""
        with suppress(BlockingIOError):
            os.read(self._opened_gate, 100)  # a process that was killed at the gate has left its byte
        variables = {"MUREG_DB": url, "MUREG_CONFIG": str(self._office / "mureg.toml"), "MUREG_LANG": "en",
                     "MUREG_USER": user}  # fmt: skip
        order = {
            "words": [*words, "--json"] if words != ["check"] else words, "folder": str(self._office),
            "variables": variables, "out": str(self._out), "err": str(self._err), "gate": str(self._gate),
            "dies_at": dies_at,
        }  # fmt: skip
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        while "status" not in (answer := self._answer()):
            if "writes" in answer:
                os.write(self._opened_gate, b"!")
        return answer["status"], self._out.read_text(encoding="utf-8"), self._err.read_text(encoding="utf-8")

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        os.close(self._opened_gate)


class ConcurrentRuns:
    """Clients, and a new register for each run. `counts` is what happened in all runs."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._copies = RegisterCopies(folder, engine)
        office = folder / "office"
        office.mkdir()
        write_files(office)
        shutil.copy(EXAMPLES / "contract" / "mureg.toml", office)
        self._clients = [Client(f"c{number}", office) for number in range(CLIENTS)]
        empty = self._copies.new()
        status, _, err = self._clients[0].run(["init"], empty, "init")
        assert status == 0, err
        self._copies.wait_until_closed(empty)
        self._copies.keep("empty", empty)

    def run(self, seed: int) -> None:
        """Let all clients work at once, and judge. Raises `AssertionError` or `Unexpected`."""
        url = self._copies.copy_of("empty")
        chance = random.Random(seed)  # noqa: S311  no secret
        with ExitStack() as stack:
            address = url
            if "://" in url:
                proxy = stack.enter_context(cutting_proxy(url, chance))
                address = proxy.address
            seeds = [chance.random() for _ in self._clients]
            with ThreadPoolExecutor(CLIENTS) as pool:
                works = [pool.submit(self._work, *each, address) for each in zip(self._clients, seeds, strict=True)]
                calls = [call for work in works for call in work.result()]
            if "://" in url:
                self.counts.update(proxy.cuts)
        self._copies.wait_until_closed(url)
        calls.append(self._call(self._clients[0], "last", Step("list"), url, None))
        self._judge(seed, calls, url)
        self._copies.drop(url)

    def _work(self, client: Client, seed: float, url: str) -> list[Call]:
        chance = random.Random(seed)  # noqa: S311  no secret
        calls = []
        for place in range(STEPS):
            dies_at = chance.choice(_DIES_AT)
            calls.append(self._call(client, f"{client.name}-{place}", random_step(chance), url, dies_at))
        return calls

    def _call(self, client: Client, user: str, step: Step, url: str, dies_at: str | None) -> Call:
        began = time.monotonic()
        answer = answer_of(step, *client.run(step.words, url, user, dies_at))
        return Call(user, step, began, time.monotonic() if answer is not None else _FOREVER, answer)

    def _judge(self, seed: int, calls: list[Call], url: str) -> None:
        status, out, err = self._clients[0].run(["check"], url, "check")
        assert (status, out, err) == (0, "", ""), f"seed {seed}: check says {out}{err}"
        _, out, _ = self._clients[0].run(["history", "--reverse"], url, "history")
        history = {record["user"]: record["operation"] for record in json.loads(out)}
        assert len(history) == len(json.loads(out)), f"seed {seed}: a command was done twice: {out}"
        for call in calls:
            if call.answer is not None:
                assert history.get(call.client) == call.answer.operation, f"seed {seed}: {call} is in {history}"
        counted = [call for call in calls if call.answer != NOTHING]
        order = linear_order(counted, State())
        shown = "\n".join(map(str, sorted(calls, key=lambda call: call.began)))
        assert order is not None, f"seed {seed}: no order explains\n{shown}"
        self.counts["commands"] += len(calls)
        self.counts["unknown"] += sum(call.answer is None for call in calls)
        self.counts["unknown, and done"] += sum(call.answer is None and call.client in history for call in calls)
        self.counts["nothing written"] += len(calls) - len(counted)

    def close(self) -> None:
        """End the clients, and remove the registers."""
        for client in self._clients:
            client.close()
        self._copies.close()


def concurrent_runs(engine: str, runs: int, seed: int, seconds: float = _FOREVER) -> Counter[str]:
    """So many runs, or until the time is over; what happened in them."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mureg-concurrent-") as name:
        office = ConcurrentRuns(engine, Path(name))
        try:
            for number in range(runs):
                if time.monotonic() - began > seconds:
                    break
                office.run(seed + number)
                office.counts["runs"] += 1
        finally:
            office.close()
        return office.counts


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=_FOREVER, help="no more of them after so long")
    options = parser.parse_args()
    try:
        counts = concurrent_runs(options.engine, options.runs, options.seed, options.seconds)
    except (AssertionError, Unexpected) as error:
        print(error)
        return 1
    print(", ".join(f"{what}: {count}" for what, count in sorted(counts.items())))
    return 0
