"""The one function that reads applications: it recognises the format and hands over to the format's file."""

import codecs
import io
import zipfile
from collections.abc import Generator, Iterator

from mureg.errors import WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.readers.errors import rejected, too_many_bytes
from mureg.readers.types import Batch, FileReport, Format, Limits, Profile, Source

# Only the reader of the file's format is loaded.
with lazy_imports():
    from mureg.readers import json_stream
    from mureg.readers.applications import json_file, table, xml
    from mureg.readers.tables import zip_guard

_HEAD_BYTES = 4096
_FIRST_LINE_CHARACTERS = 1 << 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_PDF = b"%PDF"


class Reading:
    """One file being read. `format` is known at once, `report` when `batches` has come to its end."""

    def __init__(self, format: Format, generator: Generator[Batch, None, FileReport]) -> None:  # noqa: A002
        self.format = format
        self._generator = generator
        self._report: FileReport | None = None

    def batches(self) -> Iterator[Batch]:
        """Applications and faults, some thousands of rows at a time; once. Raises `Rejected` and `WrongUsage`."""
        self._report = yield from self._generator

    @property
    def report(self) -> FileReport:
        """How the file was read."""
        assert self._report is not None, "batches() has not come to its end"
        return self._report


def read_applications(
    source: Source,
    *,
    format: Format | None = None,  # noqa: A002
    number: str | None = None,
    profile: Profile | None = None,
    limits: Limits = Limits(),  # noqa: B008  a constant
) -> Reading:
    """Read applications from a file of any known format, recognised by its content unless `format` says it.

    `number` is the application's, for an XML. The stream must be seekable, and is not closed. Raises `Rejected` where
    the file as a whole cannot be read, here or while the batches are taken, and `WrongUsage` where the command line
    cannot be right for such a file.
    """
    size = source.stream.seek(0, io.SEEK_END)
    source.stream.seek(0)
    if size > limits.file_bytes:
        raise too_many_bytes(source.name, limits.file_bytes)
    chosen = format or recognise_format(source)
    source.stream.seek(0)
    if number is not None and chosen != "xml":
        raise WrongUsage(
            msg(
                "--number can only be used with an XML application; {file} is {format}", file=source.name, format=chosen
            ),
            msg("omit --number: a table contains the numbers"),
        )
    return Reading(chosen, _generator(chosen, source, number, profile, limits))


def recognise_format(source: Source) -> Format:
    """The format that the content shows. Raises `Rejected` for what is none of ours."""
    source.stream.seek(0)
    head = source.stream.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        return _recognise_zip(source)
    if head.startswith((_OLE, _PDF)):
        raise rejected(
            source.name,
            msg("the file is neither a table nor an application: it is an old .xls, an encrypted workbook or a PDF"),
            msg("save it as XLSX without a password, or as CSV"),
        )
    text = _decoded(head).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise rejected(source.name, msg("the file is empty"))
    if text.startswith("<"):
        return "xml"
    if text.startswith("["):
        return "json"
    if text.startswith("{"):
        return _recognise_json(source, head)
    return "csv"


def _decoded(head: bytes) -> str:
    """The head as text, well enough to see its first character."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "replace")
    # The NULs of a UTF-16 without BOM are stripped where the first character is looked for.
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _recognise_zip(source: Source) -> Format:
    try:
        names = zip_guard.Archive(source.stream).names
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise rejected(
            source.name, msg("the file is a damaged ZIP or XLSX"), msg("save it again, or download it again")
        ) from None
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise rejected(
        source.name, msg("the file is a ZIP archive, not an XLSX"), msg("unpack it and import the files inside")
    )


def _recognise_json(source: Source, head: bytes) -> Format:
    """One object, however written, is `json`; an object on the first line and more below is `jsonl`."""
    source.stream.seek(0)
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = io.TextIOWrapper(source.stream, encoding="utf-16" if utf16 else "utf-8-sig", errors="replace")
    try:
        first = ""
        while not first.strip():
            first = text.readline(_FIRST_LINE_CHARACTERS)
        more = any(line.strip() for line in iter(lambda: text.readline(_FIRST_LINE_CHARACTERS), ""))
    finally:
        text.detach()
    return "jsonl" if more and json_stream.is_object(first) else "json"


def _generator(
    chosen: Format, source: Source, number: str | None, profile: Profile | None, limits: Limits
) -> Generator[Batch, None, FileReport]:
    match chosen:
        case "csv":
            return table.read_csv(source, profile, limits)
        case "xlsx":
            return table.read_xlsx(source, profile, limits)
        case "xml":
            return xml.read_xml(source, number, limits)
        case "json":
            return json_file.read_json(source, limits)
        case "jsonl":
            return json_file.read_json_lines(source, limits)
