"""Formats are recognised by content, and nothing but our own errors comes out of a reader."""

import io
import subprocess
import sys
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mureg.errors import MuregError, Rejected, WrongUsage
from mureg.readers.detect import read_applications, recognise_format
from mureg.readers.types import Format, Limits, Source
from support.json_application import SHOWN, dumped
from support.workbooks import HEADER, workbook
from support.xml_application import application

CSV = "number;submitted_on;inn;name\nA1;2023-08-07;7700123459;Имя\n"
SAMPLES: dict[Format, bytes] = {
    "xml": application(),
    "csv": CSV.encode(),
    "xlsx": workbook(("Лист1", [HEADER, ["A1", 45145, 7700123459]])),
    "json": dumped([SHOWN]),
    "jsonl": dumped(SHOWN) + b"\n" + dumped(SHOWN),
}


@pytest.mark.parametrize("kind", get_args(Format))
def test_a_format_is_recognised_by_content_not_by_name(read: Any, kind: Format) -> None:
    result = read(SAMPLES[kind], name="noname.dat")
    assert result.report.format == kind
    assert len(result.requests) + len(result.records) >= 1


@pytest.mark.parametrize("kind", ["xml", "json", "jsonl", "csv"])
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_hides_nothing(kind: Format, codec: str) -> None:
    text = SAMPLES[kind].decode("cp1251" if kind == "xml" else "utf-8")
    assert recognise_format(Source("a", io.BytesIO(("\n " + text).encode(codec)))) == kind


def test_a_pretty_printed_object_is_one_document() -> None:
    assert recognise_format(Source("a", io.BytesIO(b'{\n"number": 1\n}\n'))) == "json"


def test_an_explicit_format_overrides(read: Any) -> None:
    with pytest.raises(Rejected):
        read(SAMPLES["csv"], format="json")
    assert read(SAMPLES["json"].replace(b"[", b"", 1)[:-1], format="jsonl").report.format == "jsonl"


def test_a_number_goes_with_xml_only(read: Any) -> None:
    with pytest.raises(WrongUsage):
        read(SAMPLES["csv"], number="ZV-1")


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"%PDF-1.7\n"])
def test_old_workbooks_and_pdfs_are_refused_with_a_way_out(read: Any, content: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        read(content)
    assert "XLSX" in str(caught.value.hint)


def test_a_csv_does_not_pay_for_the_start_of_other_formats() -> None:
    code = (
        "import io, sys; from mureg.readers.detect import read_applications as r;"
        "from mureg.readers.types import Source;"
        f"list(r(Source('a', io.BytesIO({CSV.encode()!r}))).batches());"
        "print([m for m in ('python_calamine', 'asn1crypto', 'defusedxml', 'pydantic', 'json') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def _drain(content: bytes, kind: Format | None) -> None:
    source = Source("1.xml", io.BytesIO(content))
    try:
        for batch in read_applications(source, format=kind, limits=Limits(rows=10_000)).batches():
            for fault in batch.faults:
                str(fault.message).encode()
                str(fault.value).encode()
    except MuregError as error:
        str(error).encode()


@given(st.binary(max_size=400), st.sampled_from([None, *get_args(Format)]))
def test_garbage_gives_only_our_own_errors(content: bytes, kind: Format | None) -> None:
    _drain(content, kind)


_DAMAGE = st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), min_size=1, max_size=4)


@pytest.mark.slow
@given(st.sampled_from(sorted(SAMPLES)), _DAMAGE, st.sampled_from([None, *get_args(Format)]))
@settings(max_examples=600)
def test_damaged_files_give_only_our_own_errors(kind: Format, damage: Any, chosen: Format | None) -> None:
    content = bytearray(SAMPLES[kind])
    for place, octets in damage:
        start = place % len(content)
        content[start : start + len(octets)] = octets
    _drain(bytes(content), chosen)
    _drain(bytes(content[: damage[0][0] % len(content)]), chosen)
