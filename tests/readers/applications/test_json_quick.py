"""Objects that are certainly right are read in one step, and all others as plain values: both give the same."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.errors import Fault
from mureg.readers.applications.json import quick_record_reader, read_object
from mureg.readers.detect import read_applications
from mureg.readers.json_stream import Object, parse_json
from mureg.readers.types import Limits, Record, Source
from support.json_changes import CHANGES, RIGHT, changed


def one_by_one(texts: list[str], limits: Limits) -> tuple[list[tuple[int, Record]], list[Fault]]:
    """What the plain values give."""
    good: list[tuple[int, Record]] = []
    faults: list[Fault] = []
    for row, text in enumerate(texts, start=1):
        value = parse_json(text, limits)
        assert isinstance(value, Object)
        found = read_object("a.jsonl", row, value, limits)
        if isinstance(found, Record):
            good.append((row, found))
        else:
            faults += found
    return good, faults


@given(st.lists(CHANGES, min_size=1, max_size=6), st.sampled_from([Limits(), Limits(field_characters=110)]))
def test_objects_are_read_the_same_both_ways(objects: list[list[tuple[str, Any]]], limits: Limits) -> None:
    texts = [changed(changes) for changes in objects]
    # A second object, so that a single one is lines too.
    texts.append(changed([("number", "Z-9")]))
    for content in ("\n".join(texts), "[" + ", ".join(texts) + "]"):
        good: list[tuple[int, Record]] = []
        faults: list[Fault] = []
        for batch in read_applications(Source("a.jsonl", io.BytesIO(content.encode())), limits=limits).batches():
            assert not (batch.requests and batch.records)
            good += zip(batch.rows, batch.records or map(Record, batch.requests), strict=True)
            faults += batch.faults
        assert (good, faults) == one_by_one(texts, limits)


def test_a_right_object_is_read_quickly() -> None:
    read = quick_record_reader(Limits())
    for separators in ((", ", ": "), (",", ":"), (" ,", " : ")):
        record = read(json.dumps(RIGHT, separators=separators))
        assert record is not None
        request = record.request
        assert (request.number, request.inn, request.users, request.comment) == ("A-1", "7700123459", 3, "срочно")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RIGHT).replace('"number"', '"number": "A-0", "number"', 1),
        json.dumps(RIGHT).replace('"number"', '"number" : "A-0", "number"', 1),
        json.dumps(RIGHT).replace('"kpp"', '"kpp" : null, "kpp"', 1),
        json.dumps({**RIGHT, "source": {"file": 1}}).replace('"file"', '"file": 2, "file"', 1),
    ],
)
def test_an_object_with_a_key_twice_is_not_read_quickly(text: str) -> None:
    assert quick_record_reader(Limits())(text) is None


@pytest.mark.parametrize("place", [1, 999, 1000, 1001, 2000])
def test_rows_are_counted_past_objects_that_need_another_look(place: int) -> None:
    lines = [changed([("number", f"A-{row}")]) for row in range(1, 2301)]
    lines[place - 1] = changed([("number", f"A-{place}"), ("authorities", ["ФНС"])])
    lines[place] = changed([("number", "")])
    found: dict[int, str] = {}
    wrong: list[Fault] = []
    for batch in read_applications(Source("a.jsonl", io.BytesIO("\n".join(lines).encode()))).batches():
        found |= zip(
            batch.rows, (each.number for each in batch.requests or [r.request for r in batch.records]), strict=True
        )
        wrong += batch.faults
    assert found == {row: f"A-{row}" for row in range(1, 2301) if row != place + 1}
    assert [(fault.row, fault.column) for fault in wrong] == [(place + 1, "number")]
