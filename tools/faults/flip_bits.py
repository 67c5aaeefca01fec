"""Flip bits of a register's file, by the thousand, and look what mureg makes of it.

    python tools/faults flip_bits --flips 1000 --seed 1

Each flip is one bit of the example's register. Then `mureg check` and the commands that look run on it. None may end as
a bug; where the check reports nothing, nothing of the content may have changed.
"""

import argparse
import os
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path

from support import raw_sql
from support.concurrent_worker import run

LOOKING = [
    ["application", "list"], ["application", "show", "ZV-1042"], ["history"], ["month", "list"],
    ["reconcile", "--month", "2023-08"], ["organization", "list"], ["undo", "--dry-run"],
    ["application", "process", "ZV-1042", "--on", "2023-08-28", "--dry-run"],
]  # fmt: skip
# Never 1, a bug, nor 2: the words are right.
CODES = {0, 3, 5, 6, 7}
# The column that no check covers, see tests/faults/test_forgery.py.
_COMMENT = 14


def flip_bits(flips: int, seed: int) -> Counter[str]:
    """Flip so often in the current folder's register; how often that was reported, and how often it was harmless."""
    chance = random.Random(seed)  # noqa: S311  no secret
    register = Path("mureg.db")
    whole = register.read_bytes()
    before = content()
    found: Counter[str] = Counter()
    # Most of a small file is room for more.
    written = [place for place, byte in enumerate(whole) if byte]
    for _ in range(flips):
        place, bit = chance.choice([chance.choice(written), chance.randrange(len(whole))]), 1 << chance.randrange(8)
        register.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        found[checked(before, f"byte {place}, bit {bit}")] += 1
        for path in Path().glob("mureg.db-*"):
            path.unlink()
    register.write_bytes(whole)
    return found


def checked(before: list[list[raw_sql.Row]], where: str) -> str:
    """What the check says of the register in the current folder; asserts that nothing ends as a bug."""
    code, out, err = run(["check"])
    assert code in (0, 6, 7), (where, out, err)
    assert code != 0 or content() == before, f"{where}: the check reports nothing"
    for words in LOOKING:
        ended, _, said = run(words)
        assert ended in CODES, (where, words, said)
        assert "Traceback" not in said, (where, words)
    return {0: "harmless", 6: "reported by check", 7: "reported by every command"}[code]


def content() -> list[list[raw_sql.Row]]:
    """All but the column that no check covers: what a client wrote."""
    tables = raw_sql.content("mureg.db")
    tables[0] = [row[:_COMMENT] + row[_COMMENT + 1 :] for row in tables[0]]
    return tables


def main() -> None:
    """Flip as often as is asked for, and print what came of it."""
    parser = argparse.ArgumentParser(description="flip bits of a register, and look what mureg makes of it")
    parser.add_argument("--flips", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mureg-flip-")
    os.chdir(folder)
    os.environ |= {"MUREG_LANG": "en", "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder}
    try:
        assert run(["init", "--example"])[0] == 0
        with sqlite3.connect("mureg.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        print(dict(flip_bits(asked.flips, asked.seed)))
    finally:
        shutil.rmtree(folder)
