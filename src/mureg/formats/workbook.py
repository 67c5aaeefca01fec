"""What has to be known of an XLSX before calamine may open it.

calamine lays a sheet out as a full rectangle: two cells at opposite corners make it ask for half a terabyte, and the
process dies. It also shows an error cell (#N/A), and a formula whose value was not saved, as an empty one. All of this
is seen in the sheet's XML, which is looked through here.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from mureg.errors import Rejected, msg
from mureg.formats.faults import rejected
from mureg.formats.records import Limits

_BLOCK_BYTES = 1 << 20
# Longer than any cell that is looked for: a formula has up to 8,192 characters.
_OVERLAP_BYTES = 10_000
_MOST_CELLS = 32_000_000
_LARGEST_INDEX_BYTES = 1 << 22

# Only rows from 100,000 and columns from AA are looked for: the others together are no danger.
_FAR_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]*([0-9]{6,})["']""")
_FAR_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{2,})[0-9]""")
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>(.{0,400}?)</(?:\w+:)?c>""", re.DOTALL)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
# A program that computes nothing writes formulas without values; a text may really be empty.
_FORMULA_CELL = re.compile(rb"""<(?:\w+:)?c\b([^>]*)>\s*(<(?:\w+:)?f\b.{0,8300}?)</(?:\w+:)?c>""", re.DOTALL)
_IS_TEXT = re.compile(rb"""\bt=["'](?:str|inlineStr|s)["']""")
_NOT_COMPUTED = "#CALC!"
_CELL_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,40})<")


# Row, from 1 → column, from 0 → text, as `#N/A`.
ErrorCells = dict[int, dict[int, str]]


def inspect_workbook(file: str, stream: BinaryIO, limits: Limits) -> dict[str, ErrorCells]:
    """The error cells of each worksheet, by the sheet's name. Raises `Rejected` for what calamine must not open."""
    damaged = rejected(file, msg("the file is a damaged ZIP or XLSX"), msg("save it anew, or download it again"))
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_sizes(file, archive, limits)
            parts = _sheet_parts(archive)
            for name in archive.namelist():
                # Read to its end, a part that is longer than it says is found out.
                if name not in parts.values() and name.startswith("xl/") and name.endswith(".xml"):
                    for _ in _blocks(archive, name):
                        pass
            return {sheet: _inspect_sheet(file, archive, part) for sheet, part in parts.items()}
    except Rejected:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, NotImplementedError,
            RuntimeError, SyntaxError, DefusedXmlException) as error:  # fmt: skip
        raise damaged from error


def _check_sizes(file: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    if len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile
    if sum(entry.file_size for entry in entries) > limits.file_bytes:
        raise rejected(
            file,
            msg("unpacked, the workbook has more than {bytes} bytes", bytes=limits.file_bytes),
            msg("save the sheet as CSV, or raise file_bytes in [limits] of mureg.toml"),
        )


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The path of each sheet inside the archive, by the sheet's name."""
    targets = {}
    for relation in _index(archive, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target") or ""
        targets[relation.get("Id")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    parts = {}
    known = set(archive.namelist())
    for element in _index(archive, "xl/workbook.xml"):
        if _local(element.tag) == "sheet":
            key = next((value for name, value in element.attrib.items() if _local(name) == "id"), None)
            part = targets.get(key)
            if part in known:
                parts[element.get("name") or ""] = str(part)
    return parts


def _index(archive: zipfile.ZipFile, name: str) -> Iterator[Element]:
    if archive.getinfo(name).file_size > _LARGEST_INDEX_BYTES:
        raise zipfile.BadZipFile
    root: Element = ElementTree.fromstring(archive.read(name), forbid_dtd=True)
    return root.iter()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in blocks that overlap, so that what is looked for is whole in one of them."""
    with archive.open(part) as stream:
        tail = b""
        while block := stream.read(_BLOCK_BYTES):
            yield tail + block
            tail = block[-_OVERLAP_BYTES:]


def _inspect_sheet(file: str, archive: zipfile.ZipFile, part: str) -> ErrorCells:
    rows, columns = 100_000, 26
    errors: ErrorCells = {}
    for block in _blocks(archive, part):
        rows = max(rows, max(map(_row_number, _FAR_ROW.findall(block)), default=0))
        columns = max(columns, max(map(_column_number, set(_FAR_COLUMN.findall(block))), default=0))
        if rows * columns > _MOST_CELLS:
            raise rejected(
                file,
                msg("a sheet reaches to row {row} and column {column}: too far to be read", row=rows, column=columns),
                msg("delete what stands far from the table, or save the sheet as CSV"),
            )
        if b'"e"' in block or b"'e'" in block:
            _note_error_cells(block, errors)
        if b"<f" in block or b":f" in block:
            _note_formulas_without_values(block, errors)
    return errors


def _note_error_cells(block: bytes, errors: ErrorCells) -> None:
    for attributes, content in _ERROR_CELL.findall(block):
        reference, value = _REFERENCE.search(attributes), _CELL_VALUE.search(content)
        if reference:
            text = value[1].decode("utf-8", "replace") if value else ""
            errors.setdefault(_row_number(reference[2]), {})[_column_number(reference[1]) - 1] = text


def _note_formulas_without_values(block: bytes, errors: ErrorCells) -> None:
    for attributes, content in _FORMULA_CELL.findall(block):
        reference = _REFERENCE.search(attributes)
        if reference and not _IS_TEXT.search(attributes) and not _CELL_VALUE.search(content):
            row = errors.setdefault(_row_number(reference[2]), {})
            row.setdefault(_column_number(reference[1]) - 1, _NOT_COMPUTED)


def _row_number(digits: bytes) -> int:
    return int(digits[:10])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    return number
