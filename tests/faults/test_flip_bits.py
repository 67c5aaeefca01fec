"""A register with a flipped bit, or cut off: reported, or harmless; never a bug, and never a traceback."""

from pathlib import Path

import pytest
from faults.flip_bits import CODES, LOOKING, flip_bits

from support.command_line import Mureg


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_is_reported_or_harmless(example: Mureg, seed: int) -> None:
    assert flip_bits(10, seed).total() == 10


@pytest.mark.parametrize("part", range(12))
def test_a_register_cut_off_anywhere_is_reported(example: Mureg, part: int) -> None:
    content = Path("mureg.db").read_bytes()
    kept = len(content) * part // 12 + (777 if part % 2 else 0)
    Path("mureg.db").write_bytes(content[:kept])
    assert example("check").code in (6, 7)
    for words in LOOKING:
        ended = example(*words)
        assert ended.code in CODES, (words, ended)
        assert "Traceback" not in ended.err
    # No command made it shorter, or replaced it.
    assert Path("mureg.db").read_bytes()[:16] == content[: min(kept, 16)]
