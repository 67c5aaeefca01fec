"""What has to be known of an XLSX before calamine may open it.

calamine lays a sheet out as a full rectangle: two cells at opposite corners make it ask for half a terabyte, and the
process dies; every cell that shows a shared string gets a copy of it. It also shows an error cell (#N/A), and a formula
whose value was not saved, as an empty one. The sheet's XML, which is inspected here, shows all of this.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from mureg.errors import Rejected, msg
from mureg.readers.cell_budget import CHARACTERS_PER_CELL, CellBudget
from mureg.readers.errors import rejected, too_many_cells
from mureg.readers.tables.xlsx_order import SheetOrder
from mureg.readers.tables.zip_guard import Archive
from mureg.readers.types import Limits

# Longer than any cell that is looked for: a formula has up to 8,192 characters.
_OVERLAP_BYTES = 10_000
# Of the rectangle that a sheet may always be.
_ALWAYS_CELLS = 2_600_000
_MOST_SHEETS = 200
_STRINGS = "xl/sharedStrings.xml"
# How much markup the texts of cells may have around them.
_LARGEST_STRINGS = 4
_LARGEST_INDEX_BYTES = 1 << 22

# Only rows from 100,000: smaller ones are harmless.
_FAR_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]*([0-9]{6,})["']""")
_FAR_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{2,})[0-9]""")
# For each number of columns, from 1 to 25, a cell further to the right.
_COLUMNS_FROM = [
    re.compile(rb"""["']([%b-Z%b-z])[0-9]""" % (bytes([65 + columns]), bytes([97 + columns]))) for columns in range(26)
]
# How a cell begins that shows an error, and one with a formula; no byte is looked at by more than one of their parts.
# Python before 3.11.5 loses matches where a possessive group has a condition inside, so these groups give back.
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b([^<>t]*+(?:(?!\bt=["']e["'])t[^<>t]*+)*\bt=["']e["'][^<>]*+)>""")
_FORMULA_CELL = re.compile(rb"""<(?:\w+:)?c\b([^<>]*+)>\s*+<(?:\w+:)?f\b""")
_CELL_END = re.compile(rb"""</(?:\w+:)?c>""")
# Longer ones are neither an error nor a formula.
_LONGEST_ERROR, _LONGEST_FORMULA = 400, 8_300
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_IS_TEXT = re.compile(rb"""\bt=["'](?:str|inlineStr|s)["']""")
_NOT_COMPUTED = "#CALC!"
_CELL_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]{1,40})<")

# What costs memory in calamine: cells with a value, long texts, and copies of shared ones.
_LONG_TEXT = re.compile(rb">([^<]{48,})")
_STRING = re.compile(rb"<(?:\w+:)?si\b")
_COUNT = re.compile(rb"""ount\s*=\s*["']\+?0*([1-9][0-9]{5,})["']""")
_SHARED_NUMBER = re.compile(rb""""s"[^<>"]*+(?:"(?!s")[^<>"]*+)*>\s*+<(?:\w+:)?v>([0-9]{1,9})<""")

# Row, from 1 → column, from 0 → text, as `#N/A`.
ErrorCells = dict[int, dict[int, str]]


def inspect_workbook(file: str, stream: BinaryIO, limits: Limits) -> dict[str, ErrorCells]:
    """The error cells of each worksheet, by the sheet's name. Raises `Rejected` for what calamine must not open."""
    if stream.seek(0, 2) > CHARACTERS_PER_CELL * limits.cells:
        # calamine holds the whole file.
        raise too_many_cells(file, limits)
    try:
        archive = Archive(stream)
        if archive.unpacked_bytes > limits.file_bytes:
            raise rejected(
                file,
                msg("the unpacked workbook is larger than {bytes} bytes", bytes=limits.file_bytes),
                msg("save the sheet as CSV, or raise file_bytes in [limits] of mureg.toml"),
            )
        parts = _sheet_parts(archive)
        if len(parts) > _MOST_SHEETS:
            raise rejected(file, msg("the workbook has more than {sheets} sheets", sheets=_MOST_SHEETS))
        budget, strings = CellBudget(file, limits), _string_lengths(file, archive, limits)
        # Whatever calamine may take for a sheet is inspected, and counted once for each sheet that is made of it.
        used = list(parts.values())
        inspectors = {
            name: _PartInspector(file, limits, budget, strings, max(used.count(name), 1)) for name in archive.names
        }
        for name, inspector in inspectors.items():
            order = SheetOrder(file)
            for alone, block in _overlapping(archive.blocks(name)):
                if name in used:
                    order.check(alone)
                if name in used or not _is_data(name):
                    inspector.inspect(alone, block)
        return {sheet: inspectors[part].errors for sheet, part in parts.items()}
    except Rejected:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, NotImplementedError,
            RuntimeError, SyntaxError, DefusedXmlException) as error:  # fmt: skip
        raise rejected(
            file, msg("the file is a damaged ZIP or XLSX"), msg("save it again, or download it again")
        ) from error


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """The path of each sheet inside the archive, by the sheet's name."""
    targets = {}
    for relation in _index(archive, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target") or ""
        inside = target if target.startswith("xl/") else posixpath.normpath(posixpath.join("/xl", target))
        targets[relation.get("Id")] = inside.lstrip("/")
    parts, names = {}, frozenset(archive.names)
    for element in _index(archive, "xl/workbook.xml"):
        if _local(element.tag) == "sheet":
            key = next((value for name, value in element.attrib.items() if _local(name) == "id"), None)
            part = targets.get(key)
            if part in names:
                parts[element.get("name") or ""] = str(part)
    return parts


def _index(archive: Archive, name: str) -> Iterator[Element]:
    if archive.size(name) > _LARGEST_INDEX_BYTES:
        raise zipfile.BadZipFile
    root: Element = ElementTree.fromstring(b"".join(archive.blocks(name)), forbid_dtd=True)
    return root.iter()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _is_data(name: str) -> bool:
    """Whether a part is nothing that calamine opens unless it is named as a sheet: a pivot table's data, a picture."""
    return name.lower().startswith(("xl/pivotcache/", "xl/media/", "xl/calcchain"))


def _overlapping(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Each block, also with the end of the one before: what is looked for is whole in one of these."""
    tail = b""
    for block in blocks:
        yield block, tail + block
        tail = block[-_OVERLAP_BYTES:]


def _string_lengths(file: str, archive: Archive, limits: Limits) -> list[int]:
    """How many bytes each shared string takes at most: every cell that shows one gets a copy."""
    if _STRINGS not in archive.names:
        return []
    if archive.size(_STRINGS) > _LARGEST_STRINGS * CHARACTERS_PER_CELL * limits.cells:
        raise too_many_cells(file, limits)
    starts: list[int] = []
    before = 0
    for block in archive.blocks(_STRINGS):
        # A tag on the border of two blocks is not seen: the string before it then counts as longer than it is.
        starts += [before + match.start() for match in _STRING.finditer(block)]
        before += len(block)
        if len(starts) > limits.cells:
            raise too_many_cells(file, limits)
    return [after - start for start, after in pairwise([*starts, before])]


class _PartInspector:
    """Inspects one part of a workbook block by block; `sheets` are made of it."""

    def __init__(self, file: str, limits: Limits, budget: CellBudget, strings: list[int], sheets: int) -> None:
        self._file = file
        self._limits = limits
        self._budget = budget
        # How many bytes each shared string takes at most.
        self._strings = strings
        self._longest_string = max(strings, default=0)
        self._sheets = sheets
        self._rows, self._columns = 100_000, 1
        self.errors: ErrorCells = {}

    def inspect(self, alone: bytes, block: bytes) -> None:
        """A block alone, and with the end of the one before."""
        self._count(alone)
        # calamine allocates memory for the count that a list states, before it reads the list.
        if max(map(_row_number, _COUNT.findall(block)), default=0) > self._limits.cells:
            raise too_many_cells(self._file, self._limits)
        self._rows = max(self._rows, max(map(_row_number, _FAR_ROW.findall(block)), default=0))
        while self._columns < 26 and (found := _COLUMNS_FROM[self._columns].search(block)):
            self._columns = _column_number(found[1])
        self._columns = max(self._columns, max(map(_column_number, set(_FAR_COLUMN.findall(block))), default=0))
        if self._rows * self._columns > max(2 * self._limits.cells, _ALWAYS_CELLS):
            raise rejected(
                self._file,
                msg("a sheet extends to row {row} and column {column}, which is too large to read",
                    row=self._rows, column=self._columns),
                msg("delete the cells far from the table, or save the sheet as CSV"),
            )  # fmt: skip
        if b'"e"' in block or b"'e'" in block:
            _note_error_cells(block, self.errors)
        if b"<f" in block or b":f" in block:
            _note_formulas_without_values(block, self.errors)

    def _count(self, block: bytes) -> None:
        """Count the cells with a value, and what their texts take."""
        # A cell with a value closes two elements, itself and the value's; those around and between are not counted.
        cells = (block.count(b"</") - block.count(b"</is>") - block.count(b"</row>")) // 2
        before_markup = block.find(b"<")
        texts = [*map(len, _LONG_TEXT.findall(block)), before_markup if before_markup >= 0 else len(block)]
        copied = 0
        if self._strings:
            shared = block.count(b'"s"') + block.count(b"'s'")
            numbers = _SHARED_NUMBER.findall(block) if self._longest_string > CHARACTERS_PER_CELL else []
            copied = sum(self._strings[int(number)] for number in numbers)
            # A cell on the border of two blocks, or written in an unusual way, counts as the longest.
            copied += max(shared - len(numbers), 0) * self._longest_string
        self._budget.take(self._sheets * cells, self._sheets * (sum(texts) + copied))


def _cells(beginning: "re.Pattern[bytes]", block: bytes, longest: int) -> Iterator[tuple[bytes, bytes]]:
    """The attributes and the content of the cells that begin so, and are no longer.

    The end of a cell is looked for once, however many cells begin before it.
    """
    place, end = 0, None
    while begins := beginning.search(block, place):
        place = begins.end()
        if end is None or end.start() < place:
            end = _CELL_END.search(block, place)
            if end is None:
                return
        if end.start() - place <= longest:
            yield begins[1], block[place : end.start()]
            place = end.end()


def _note_error_cells(block: bytes, errors: ErrorCells) -> None:
    for attributes, content in _cells(_ERROR_CELL, block, _LONGEST_ERROR):
        reference, value = _REFERENCE.search(attributes), _CELL_VALUE.search(content)
        if reference:
            text = value[1].decode("utf-8", "replace") if value else ""
            errors.setdefault(_row_number(reference[2]), {})[_column_number(reference[1]) - 1] = text


def _note_formulas_without_values(block: bytes, errors: ErrorCells) -> None:
    # A program that computes nothing writes formulas without values; a text may really be empty.
    for attributes, content in _cells(_FORMULA_CELL, block, _LONGEST_FORMULA):
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
