"""Several processes that work in one register at once, and what must be true of it afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from support.command_line import Ended, Mureg
from support.sample_data import history

PROCESSES, STEPS = 8, 12
SURROUNDINGS = {"PYTHONPATH": os.pathsep.join([path for path in sys.path if path])}


def started(*arguments: str) -> "subprocess.Popen[str]":
    """A process of `concurrent_worker.py`: its name, its number of steps, and applications."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "concurrent_worker.py"), *arguments],
        env=os.environ | SURROUNDINGS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def assert_nothing_is_lost(office: Mureg, numbers: Sequence[str]) -> None:
    """Let eight processes work in a register of one operation: each command that was acknowledged is in its history."""
    processes = [started(f"P{number}", str(STEPS), ",".join(numbers)) for number in range(PROCESSES)]
    answers: list[Any] = []
    for process in processes:
        out, err = process.communicate(timeout=300)
        assert (process.returncode, err) == (0, "")
        answers += map(json.loads, out.splitlines())
    assert len(answers) == PROCESSES * STEPS
    # 0: done; 3: not found; 5: another process was there before. Nothing else has a reason here.
    assert {code for _, code, _, _, _ in answers} <= {0, 3, 5}, [
        entry for entry in answers if entry[1] not in (0, 3, 5)
    ]
    assert all(out == "[]\n" for words, _, _, out, _ in answers if words == ["check"])
    records = {record["operation"]: record for record in history(office)}
    assert list(records) == list(range(1, len(records) + 1))
    acknowledged = [(operation, words) for words, _, operation, _, _ in answers if operation is not None]
    assert len({operation for operation, _ in acknowledged}) == len(acknowledged) == len(records) - 1
    for operation, words in acknowledged:
        assert records[operation]["command"] == " ".join(words[:2] if words[0] == "application" else words[:1])
    assert office("check") == Ended(0, "", "")
