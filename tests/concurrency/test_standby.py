"""The primary server dies while several write, and its standby goes on: what was acknowledged is there."""

import json
from typing import Any

import pytest

from support import standby
from support.command_line import Ended, Mureg
from support.sample_data import begin, history, listed, row, write_table
from support.workers import started

pytestmark = pytest.mark.parametrize("engine", ["postgres"], indirect=True)

NUMBERS = [f"A-{number}" for number in range(12)]
# How many commands have ended when the primary is killed, and how many a process runs.
BEFORE, STEPS, PROCESSES = 25, 40, 3


def test_every_acknowledged_write_is_on_the_promoted_standby(
    mureg: Mureg, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standby.pair() as pair:
        monkeypatch.setenv("MUREG_DB", pair.url)
        begin(mureg)
        mureg.done("application", "import", write_table("a.csv", *map(row, NUMBERS)))
        processes = [started(f"P{number}", str(STEPS), ",".join(NUMBERS)) for number in range(PROCESSES)]
        first = processes[0]
        assert first.stdout is not None
        lines = [first.stdout.readline() for _ in range(BEFORE)]
        pair.kill_primary()
        pair.promote_standby()
        for process in processes:
            out, err = process.communicate(timeout=300)
            assert (process.returncode, err) == (0, "")
            lines += out.splitlines()
        check_answers([json.loads(line) for line in lines], mureg)
        mureg.done("application", "import", write_table("b.csv", row("AFTER")))
        assert "AFTER" in listed(mureg)
        assert mureg("check") == Ended(0, "", "")


def check_answers(answers: list[Any], office: Mureg) -> None:
    """Each acknowledged operation is in the history; what was said not to be written is not."""
    assert len(answers) == STEPS * PROCESSES
    assert {code for _, code, _, _, _ in answers} <= {0, 3, 5, 7}, answers
    lost = [json.loads(err)["error"] for _, code, _, _, err in answers if code == 7]
    assert lost, "no command met the dead server"
    records = {record["operation"]: record for record in history(office)}
    acknowledged = {operation: words for words, _, operation, _, _ in answers if operation is not None}
    assert set(acknowledged) <= set(records)
    for operation, words in acknowledged.items():
        assert records[operation]["command"] == " ".join(words[:2] if words[0] == "application" else words[:1])
    perhaps = sum("may have been written" in error["message"] for error in lost)
    assert len(records) - 1 <= len(acknowledged) + perhaps
