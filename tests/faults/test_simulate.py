"""Processes over a faulty disk, all decided by one seed: a few runs of `python tools/faults simulate`."""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from faults.simulate import programs, simulate
from faults.simulation import shim
from faults.simulation.disk import Disk, File
from faults.simulation.machine import Programs

_SEEDS = range(1, 5)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Programs, bytes]]:
    if reason := shim.why_not():
        pytest.skip(reason)
    with programs() as started:
        yield started


def test_whatever_fails_and_whenever_what_was_acknowledged_is_there(shared: tuple[Programs, bytes]) -> None:
    counts: Counter[str] = sum((simulate(shared, seed)[0] for seed in _SEEDS), Counter())
    assert counts["power losses"] >= 4, counts
    assert counts["failed"] >= 1, counts


def test_one_seed_gives_the_same_calls_on_every_run(shared: tuple[Programs, bytes]) -> None:
    with programs() as others:
        assert shared[1] == others[1]
        first, second = (simulate(each, 7) for each in (shared, others))
    assert first == second
    assert len(first[1]) > 500
    assert simulate(shared, 8)[1] != first[1]


def test_a_disk_that_does_not_write_what_was_synced_is_seen(
    shared: tuple[Programs, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(File, "sync", lambda _: None)
    with pytest.raises(AssertionError, match=r"the history has None|check reports"):
        [simulate(shared, seed) for seed in range(20)]


def test_what_was_synced_is_on_the_disk_and_of_the_rest_any_part() -> None:
    disk = Disk({"a": b"a" * 2048})
    disk.names["a"].write(0, b"b" * 1024)
    disk.names["a"].sync()
    disk.names["a"].write(512, b"c" * 1024)
    disk.names["a"].truncate(1024)
    disk.change_names({"b": File()})
    disk.sync_names()
    disk.change_names({"a": None})
    found = [disk.after_power_loss(Random(seed)) for seed in range(200)]  # noqa: S311
    assert all("b" in files for files in found)
    assert all(files.get("a", b"b" * 512)[:512] == b"b" * 512 for files in found)
    kept = {bytes(sorted(set(files["a"]))) + str(len(files["a"])).encode() for files in found if "a" in files}
    assert kept == {b"ab2048", b"abc2048", b"b1024", b"bc1024"}
    assert any("a" not in files for files in found)


def test_of_one_write_any_sectors_may_be_lost() -> None:
    file = File(bytes(2048))
    file.write(0, b"x" * 2048)
    found = {file.after_power_loss(Random(seed)) for seed in range(200)}  # noqa: S311
    assert bytes(512) + b"x" * 512 + bytes(512) + b"x" * 512 in found
    assert {bytes(2048), b"x" * 2048} <= found
