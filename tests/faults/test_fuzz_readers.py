"""A few mutated examples through every reader, and every example that a reader once failed on.

`python tools/faults fuzz_readers` tries tens of thousands.
"""

from random import Random

import pytest
from faults.fuzz_readers import CORPUS, READERS, fuzz, try_one

_EXAMPLES = 200


@pytest.mark.parametrize("name", READERS)
def test_a_mutated_file_gives_records_or_our_own_errors(name: str) -> None:
    escaped: list[BaseException] = []
    ends = fuzz(name, _EXAMPLES, 7, lambda content, error: escaped.append(error))
    assert escaped == []
    assert ends.total() == _EXAMPLES
    # Some are read and some are rejected: otherwise the examples would test little.
    assert ends["read"] >= 5, ends
    assert ends["rejected"] >= 20, ends


def test_every_example_that_once_escaped_is_tried_again() -> None:
    found = sorted(path for path in CORPUS.iterdir() if "-" in path.name)
    for path in found:
        reader = READERS[path.name.rpartition("-")[0]]
        # The profile and the limits are random: among so many seeds, each is likely.
        for seed in range(60):
            try_one(reader, path.read_bytes(), Random(seed))  # noqa: S311
    assert len(found) >= 2
