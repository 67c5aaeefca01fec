"""Hostile XLSX: bombs, archives that say what is not so, and sheets that take more than they seem to."""

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

import xlsxwriter
from faults.hostile.case import Case

_HEADER = ("Номер", "Дата", "ИНН")
_ROW = ("A-1", "2023-08-01", "7700123459")
_SHEET = "xl/worksheets/sheet1.xml"
_STRINGS = "xl/sharedStrings.xml"
_SPACES = b" " * (1 << 20)
_OPEN = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_CLOSE = b"</sheetData></worksheet>"
_NAMES = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def _right(*rows: tuple[str, ...]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate([_HEADER, *(rows or (_ROW,))]):
            sheet.write_row(place, 0, cells)
    return content.getvalue()


def _changed(
    folder: Path, changes: dict[str, Iterable[bytes]], *, more: dict[str, Iterable[bytes]] | None = None
) -> Path:
    """A right workbook with other contents of some parts, written block by block, and parts more."""
    path = folder / "hostile.xlsx"
    with zipfile.ZipFile(io.BytesIO(_right())) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            _write(target, name, changes.get(name, [source.read(name)]))
        for name, blocks in (more or {}).items():
            _write(target, name, blocks)
    return path


def _write(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> None:
    entry = zipfile.ZipInfo(name, (2023, 8, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as part:
        for block in blocks:
            part.write(block)


def _many(head: bytes, unit: bytes, count: int, tail: bytes) -> Iterable[bytes]:
    yield head
    for first in range(0, count, 10_000):
        yield unit * min(10_000, count - first)
    yield tail


def _patched(folder: Path, old: bytes, new: bytes, content: bytes | None = None) -> Path:
    content = content or _right()
    assert old in content
    path = folder / "hostile.xlsx"
    path.write_bytes(content.replace(old, new))
    return path


def _part(name: str, blocks: Iterable[bytes]) -> dict[str, Iterable[bytes]]:
    return {name: blocks}


def _bomb(folder: Path, mib: int) -> Path:
    return _changed(folder, _part(_SHEET, (part for part in [_OPEN, *[_SPACES] * mib, _CLOSE])))


def _many_entries(folder: Path, count: int) -> Path:
    path = folder / "hostile.xlsx"
    path.write_bytes(_right())
    with zipfile.ZipFile(path, "a") as archive:
        for place in range(count):
            archive.writestr(f"xl/{place}.xml", b"")
    return path


def _many_bombs(folder: Path, count: int) -> Path:
    return _changed(folder, {}, more={f"xl/media/{place}.bin": [_SPACES] * 16 for place in range(count)})


def _nested(folder: Path, levels: int) -> Path:
    content = _right()
    for _ in range(levels):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/inner.xlsx", content)
        content = outer.getvalue()
    path = folder / "hostile.xlsx"
    path.write_bytes(content)
    return path


def _lying(folder: Path, mib: int) -> Path:
    """The strings go on behind the end that the directory states, and the check sum is of the beginning."""
    import zlib

    path = _changed(folder, _part(_STRINGS, [_NAMES, *[b"<si><t>x</t></si>" * 61_680] * mib, b"</sst>"]))
    content = bytearray(path.read_bytes())
    place = content.rfind(_STRINGS.encode()) - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    said = _NAMES + b"</sst>"
    struct.pack_into("<L", content, place + 16, zlib.crc32(_NAMES))
    struct.pack_into("<L", content, place + 24, len(_NAMES))
    assert said
    path.write_bytes(content)
    return path


def _overlapping(folder: Path, count: int) -> Path:
    """Many entries of the directory lead to the same data."""
    content = _right()
    end = content.rfind(b"PK\x05\x06")
    entries, total, size, start = struct.unpack_from("<2H2L", content, end + 8)
    directory = content[start : start + size]
    place = directory.find(_SHEET.encode()) - 46
    one = directory[place : place + 46 + len(_SHEET)]
    more = b"".join(one.replace(_SHEET.encode(), b"xl/worksheets/s%05d.xml" % number) for number in range(count))
    grown = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries + count, total + count, size + len(more), start, 0)
    path = folder / "hostile.xlsx"
    path.write_bytes(content[: start + size] + more + grown)
    return path


def _two_directories(folder: Path, _: int) -> Path:
    """A second workbook is in the comment at the end of the first."""
    path = folder / "hostile.xlsx"
    first, second = _right(), _right(("B-1", "2023-08-01", "7700123459"))
    end = first.rfind(b"PK\x05\x06")
    path.write_bytes(first[: end + 20] + struct.pack("<H", len(second)) + second)
    return path


def _in_front(folder: Path, _: int) -> Path:
    path = folder / "hostile.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 100 + _right())
    return path


def _sheets_of_one_part(folder: Path, count: int) -> Path:
    names = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (place, place) for place in range(1, count + 1))
    with zipfile.ZipFile(io.BytesIO(_right())) as archive:
        book = archive.read("xl/workbook.xml")
    begin, end = book.index(b"<sheets>"), book.index(b"</sheets>")
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
    return _changed(
        folder,
        {
            "xl/workbook.xml": [book[:begin] + b"<sheets>" + names + book[end:]],
            _SHEET: _many(_OPEN, rows, 100_000, _CLOSE),
        },
    )


def _shared_by_all(folder: Path, cells: int) -> Path:
    """One text of 30,000 characters, and so many cells that show it."""
    rows = b'<row><c t="s"><v>0</v></c></row>'
    return _changed(
        folder,
        {
            _STRINGS: [_NAMES, b"<si><t>" + b"x" * 30_000 + b"</t></si></sst>"],
            _SHEET: _many(_OPEN, rows, cells, _CLOSE),
        },
    )


def _empty_rows(folder: Path, count: int) -> Path:
    def blocks() -> Iterable[bytes]:
        yield _OPEN
        for first in range(1, count, 10_000):
            yield b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (row, row) for row in range(first, first + 10_000))
        yield _CLOSE

    return _changed(folder, _part(_SHEET, blocks()))


def _inline(folder: Path, count: int) -> Path:
    return _changed(
        folder,
        _part(_SHEET, _many(_OPEN, b'<row><c t="inlineStr"><is><t>text of it</t></is></c></row>', count, _CLOSE)),
    )


def _corner(folder: Path, row: int) -> Path:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (row, row)
    return _changed(folder, _part(_SHEET, [_OPEN, cells, _CLOSE]))


def _with_rows(rows: bytes) -> dict[str, Iterable[bytes]]:
    return {_SHEET: [_OPEN, rows, _CLOSE]}


def _linked(folder: Path, target: bytes) -> Path:
    relation = b'<Relationships><Relationship Id="rId1" Type="x" Target="%b"/></Relationships>' % target
    return _changed(folder, {"xl/_rels/workbook.xml.rels": [relation]})


_ERRORS = (
    b'<row r="1"><c r="A1" t="str"><v>number</v></c><c r="B1" t="str"><v>submitted_on</v></c><c r="C1" t="str"><v>inn'
    b'</v></c></row><row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><f>TODAY()</f></c>'
    b'<c r="C2" t="str"><f>[1]other.xlsx!A1</f><v>7700123459</v></c></row>'
)
_DAMAGED = "the file is a damaged ZIP or XLSX"

CASES = (
    Case("XLSX, a sheet of spaces", _bomb, 1025, 3, "the unpacked workbook is larger", limits="file_bytes = 3000000"),
    Case("XLSX, a sheet of spaces, as large as may be", _bomb, 1000, 100, "the table has more than"),
    Case("XLSX, so many entries", _many_entries, 100_000, 22_000, _DAMAGED),
    Case("XLSX, so many bombs", _many_bombs, 70, 2, "the unpacked workbook", limits="file_bytes = 30000000"),
    Case("XLSX inside each other", _nested, 30, 3, _DAMAGED),
    Case("XLSX that says it is smaller", _lying, 1000, 4, _DAMAGED),
    Case("XLSX whose entries overlap", _overlapping, 10_000, 1_000, "added: 1", 0),
    Case("XLSX with two directories", _two_directories, 1, 1, _DAMAGED),
    Case("XLSX with something in front", _in_front, 1, 1, _DAMAGED),
    Case("XLSX cut short", lambda folder, _: _patched(folder, b"PK\x05\x06", b"PK\x05\x07"), 1, 1, _DAMAGED),
    Case("XLSX without its sheet",
         lambda folder, _: _patched(folder, _SHEET.encode(), b"xl/worksheets/sheet9.xml"), 1, 1,
         "cannot read the workbook"),
    Case("XLSX without a list of sheets",
         lambda folder, _: _patched(folder, b"xl/workbook.xml", b"xl/workbooks.xm"), 1, 1, _DAMAGED),
    Case("XLSX with capitals in the paths",
         lambda folder, _: _patched(folder, b"xl/workbook.xml", b"XL/WORKBOOK.XML"), 1, 1, _DAMAGED),
    Case("XLSX with a broken sheet", lambda folder, _: _changed(folder, _with_rows(b"<row><c></row>")), 1, 1,
         "cannot read the workbook"),
    Case("XLSX with broken strings", lambda folder, _: _changed(folder, {_STRINGS: [b"<sst><si><t>x"]}), 1, 1, ""),
    Case("XLSX with a broken list of sheets", lambda folder, _: _changed(folder, {"xl/workbook.xml": [b"<workbook"]}),
         1, 1, _DAMAGED),
    Case("XLSX with an entity bomb", lambda folder, _: _changed(folder, {"xl/workbook.xml": [
        b'<!DOCTYPE w [<!ENTITY a "' + b"x" * 10_000 + b'">]><workbook>' + b"&a;" * 10_000 + b"</workbook>"]}),
         1, 1, _DAMAGED),
    Case("XLSX with an entity bomb in the sheet", lambda folder, _: _changed(folder, {_SHEET: [
        b'<!DOCTYPE w [<!ENTITY a "' + b"x" * 10_000 + b'">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>'
        + b"&a;" * 10_000 + b"</t></is></c></row></sheetData></worksheet>"]}), 1, 1, ""),
    Case("XLSX of so many sheets that are one part", _sheets_of_one_part, 40_000, 300, "more than 200 sheets"),
    Case("XLSX of many sheets that are one part", _sheets_of_one_part, 200, 30, "more than once, or out of order"),
    Case("XLSX, so many shared strings",
         lambda folder, count: _changed(folder, {_STRINGS: _many(_NAMES, b"<si/>", count, b"</sst>")}),
         100_000_000, 200_000, "the table has more than", limits="cells = 100000"),
    Case("XLSX, shared strings of so many bytes",
         lambda folder, count: _changed(folder, {_STRINGS: _many(_NAMES + b"<si><t>", b"x", count,
         b"</t></si></sst>")}),
         1_000_000_000, 12_000_000, "the table has more than", limits="cells = 100000"),
    Case("XLSX that says how many strings it has", lambda folder, count: _changed(folder, {
        _STRINGS: [_NAMES.replace(b"<sst", b'<sst uniqueCount="%d"' % count), b"</sst>"]}), 7_700_123_450,
        7_700_123_450,
         "the table has more than"),
    Case("XLSX of so many bytes",
         lambda folder, mib: _changed(folder, {},
         more={"xl/media/1.bin": (Random(1).randbytes(1 << 20) for _ in range(mib))}),  # noqa: S311
         600, 4, "the table has more than", limits="cells = 100000"),
    Case("XLSX, so many cells of one long text", _shared_by_all, 1_000_000, 5_000, "the table has more than"),
    Case("XLSX, so many cells of texts", _inline, 5_000_000, 200_000, "the table has more than",
         limits="cells = 100000"),
    Case("XLSX, as many cells of texts as may be", _inline, 1_499_000, 99_000, "no header found",
         limits="cells = 100000"),
    Case("XLSX, one cell of so many bytes", lambda folder, size: _changed(folder, {_SHEET: _many(
        _OPEN + b'<row><c t="inlineStr"><is><t>', b"x", size, b"</t></is></c></row>" + _CLOSE)}), 1_000_000_000,
         3_000_000, "the table has more than", limits="cells = 100000"),
    Case("XLSX, empty rows", _empty_rows, 1_000_000, 50_000, "no header found"),
    Case("XLSX, a cell in the last corner", _corner, 1_048_576, 1_048_576, "too large to read"),
    Case("XLSX, a cell beyond the last corner", _corner, 4_000_000_000, 4_000_000_000, "too large to read"),
    Case("XLSX with error cells and formulas", lambda folder, _: _changed(folder, _with_rows(_ERRORS)), 1, 1,
         "the cell contains an error"),
    Case("XLSX that links outside", lambda folder, _: _linked(folder, b'file:///etc/passwd" TargetMode="External'), 1,
         1, "cannot read the workbook"),
    Case("XLSX whose sheet is outside", lambda folder, _: _linked(folder, b"../../../../etc/passwd"), 1, 1,
         "cannot read the workbook"),
    Case("statement XLSX, so many cells of one long text", _shared_by_all, 1_000_000, 5_000, "the table has more",
         command="statement"),
    Case("statement XLSX of many sheets that are one part", _sheets_of_one_part, 200, 30,
         "more than once, or out of order", command="statement"),
    Case("statement XLSX, as many cells of texts as may be", _inline, 1_499_000, 99_000, "no header found",
         command="statement", limits="cells = 100000"),
    Case("statement XLSX, a cell in the last corner", _corner, 1_048_576, 1_048_576, "too large to read",
         command="statement"),
)  # fmt: skip
