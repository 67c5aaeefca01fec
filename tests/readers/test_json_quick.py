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

RIGHT: dict[str, Any] = {
    "number": "A-1", "type": "connection", "submitted_on": "2023-08-07", "status": "new", "promotion": None,
    "client_comment": "срочно",
    "organization": {"inn": "7700123459", "kpp": "770001001", "ogrn": None, "name": "ООО «Ромашка»", "account": None},
    "multiuser": {"requested": "on", "requested_tier": None, "users": 3, "effective": "on", "set": None},
}  # fmt: skip
ODD: st.SearchStrategy[Any] = st.sampled_from([
    None, "", " ", "A-2", " A-3 ", "2023-08-08", "2023-02-30", "07.08.2023", "change", "renewal", "on", "off", "2-9",
    "10+", "unstated", "new", "processed", "7700123459", "770012345606", "7700123458", 0, 1, -1, 3, 2_000_000, True,
    1.5, [], {}, ["ФНС"], {"inn": "7700123459"}, "#N/A", "a\0b", "x" * 120, "x" * 11_000, "770001001", "77000100",
    "1237700000120", "\u200b",
])  # fmt: skip
KEYS = st.sampled_from([
    "number", "type", "submitted_on", "status", "comment", "client_comment", "organization", "multiuser", "owners",
    "authorities", "promotion", "source", "warnings", "tier", "organization.inn", "organization.kpp",
    "organization.ogrn", "organization.account", "organization.name", "organization.program_number", "organization.x",
    "multiuser.requested", "multiuser.requested_tier", "multiuser.users", "multiuser.set", "multiuser.set_tier",
])  # fmt: skip
CHANGES = st.lists(st.tuples(KEYS, ODD | st.just("without")), max_size=2)


def changed(changes: list[tuple[str, Any]]) -> str:
    """The right object with other values in some places, as JSON."""
    item = json.loads(json.dumps(RIGHT))
    for key, value in changes:
        home, _, name = key.rpartition(".")
        place = item if not home else item.get(home)
        if isinstance(place, dict):
            place[name] = json.loads(json.dumps(value))
            if value == "without":
                del place[name]
    return json.dumps(item)


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
