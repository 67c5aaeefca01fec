"""Reading bytes as a file: what all tests of formats share."""

import io
from typing import Any, NamedTuple, Protocol

import pytest

from mureg.domain.application import ClientRequest
from mureg.errors import Fault
from mureg.readers.detect import read_applications
from mureg.readers.types import FileReport, Record, Source


class Read(NamedTuple):
    requests: list[ClientRequest]
    records: list[Record]
    rows: list[int]
    faults: list[Fault]
    report: FileReport


class Reader(Protocol):
    def __call__(self, content: bytes, name: str = ..., **options: Any) -> Read: ...


def read_bytes(content: bytes, name: str = "a.csv", **options: Any) -> Read:
    stream = io.BytesIO(content)
    reading = read_applications(Source(name, stream), **options)
    result = Read([], [], [], [], None)  # type: ignore[arg-type]
    for batch in reading.batches():
        assert len(batch.rows) == len(batch.requests) + len(batch.records)
        assert not (batch.requests and batch.records)
        result.requests.extend(batch.requests)
        result.records.extend(batch.records)
        result.rows.extend(batch.rows)
        result.faults.extend(batch.faults)
    assert not stream.closed
    assert reading.report.format == reading.format
    return result._replace(report=reading.report)


@pytest.fixture
def read() -> Reader:
    return read_bytes
