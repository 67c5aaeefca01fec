"""What every reader returns, whatever the format: records and faults, in batches."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO, Literal, NamedTuple

from mureg.domain.application import ClientRequest, KeyOwner, Status, Switch, Tier
from mureg.domain.columns import Columns, rows_of
from mureg.errors import Fault

Format = Literal["xml", "csv", "xlsx", "json", "jsonl"]
FORMATS: tuple[Format, ...] = ("xml", "csv", "xlsx", "json", "jsonl")


class Source(NamedTuple):
    """A file to read: its name as the user knows it, and a seekable binary stream at its beginning."""

    name: str
    stream: BinaryIO


class Profile(NamedTuple):
    """What `[profile.NAME]` of mureg.toml fixes about a table; empty values are recognised.

    `columns` maps our field names to the file's headers.
    """

    name: str
    kind: Literal["applications", "statement"] = "applications"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    date_format: str = ""
    columns: Mapping[str, str] = {}


class Limits(NamedTuple):
    """Larger input is refused early. `[limits]` of mureg.toml; the numbers are the defaults.

    A table in CSV and a list in JSON stream, however long they are. What has to be held whole has bounds of its own,
    so that no file takes more than 250 MiB of memory.
    """

    file_bytes: int = 1 << 30
    """Of a file; of a workbook also unpacked."""
    whole_bytes: int = 16 << 20
    """Of what is held whole: an XML, one application in JSON, a statement in JSON that is no array."""
    rows: int = 5_000_000
    cells: int = 1_500_000
    """Of a workbook and of a statement in JSON, which are held whole; 24 characters in each, one with another."""
    fields: int = 100_000
    """Columns of a table; elements of an XML; values of one application in JSON."""
    field_characters: int = 10_000
    nesting: int = 100
    """Levels of XML and JSON."""
    faults: int = 10_000
    """After this many the rest of the input is not read."""


class StatedLicence(NamedTuple):
    """The licence that an application made, as mureg's own JSON states it."""

    tier: Tier
    starts_on: date
    ends_on: date
    term_ends_on: date | None = None
    late: bool = False


class PartnerDecision(NamedTuple):
    """The partner's decision about an application, from mureg's own JSON."""

    status: Status = "new"
    processed_on: date | None = None
    comment: str = ""
    set_option: Switch | Literal[""] = ""
    set_tier: Tier | Literal[""] = ""
    set_by: str = ""
    without_sale: str = ""
    cancelled_on: date | None = None
    licence: StatedLicence | Literal["none"] | None = None
    """What its processing made; `None` where the file does not say: then the rules say it."""


class Record(NamedTuple):
    """One application with what only XML and JSON carry. `row` is its place in the file, from 1."""

    request: ClientRequest
    owners: tuple[KeyOwner, ...] = ()
    partner: PartnerDecision = PartnerDecision()


_NO_COLUMNS: Columns = {}


class Batch(NamedTuple):
    """Up to some thousands of rows. A table gives the `columns` of `ClientRequest`; XML and JSON `records`; never both.

    `rows` holds the row number of each application, in the same order.
    """

    rows: Sequence[int] = ()
    columns: Columns = _NO_COLUMNS
    records: Sequence[Record] = ()
    faults: Sequence[Fault] = ()

    @property
    def requests(self) -> list[ClientRequest]:
        """The rows of the columns."""
        return rows_of(ClientRequest, self.columns) if self.columns else []


class FileReport(NamedTuple):
    """How a file was read. `None` where the format has no such thing."""

    file: str
    format: Format
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    date_format: str | None
    rows: int
