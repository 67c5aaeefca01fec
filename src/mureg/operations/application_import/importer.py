"""Import applications: all faults of all files are reported together, and all rows are written or none."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from mureg.domain.application import ClientRequest
from mureg.domain.columns import columns_of
from mureg.errors import Fault, Rejected, WrongUsage, msg
from mureg.operations.application_import.missing_kpp import KppFinder, any_needs_kpp, needs_kpp
from mureg.operations.application_import.repeated_decisions import DecisionRepeater
from mureg.operations.application_import.tally import Place, Tally
from mureg.operations.application_import.writer import ApplicationWriter
from mureg.operations.result import Result
from mureg.operations.unchanged import require_as_shown
from mureg.readers.detect import read_applications
from mureg.readers.errors import too_many_faults
from mureg.readers.types import Batch, FileReport, Format, Limits, Profile, Record, Source
from mureg.register.history import Actor
from mureg.register.register import Register
from mureg.register.transaction import Operation


class HowToRead(NamedTuple):
    """What the command line and the settings fix about the files; `None` is recognised."""

    format: Format | None = None
    number: str | None = None
    kpp: str | None = None
    profile: Profile | None = None
    limits: Limits = Limits()


class Imported(NamedTuple):
    """How many applications an import added, changed and skipped, and what is wrong with the input.

    `unreadable` holds the errors of the files that could not be read at all; their faults are among the others.
    """

    added: int
    changed: int
    skipped: int
    faults: list[Fault]
    files: list[FileReport]
    unreadable: list[Rejected]
    still_erased: list[str]
    """Numbers whose personal data was erased: the input holds it, and it was not brought back."""
    after_erasure: list[str]
    """Numbers of new applications that bring people into an organisation whose people were erased."""
    gave_up: bool = False
    """Whether there were so many faults that the rest was not read."""


# A first batch of as many rows promises more to come.
_MANY = 1_000


class _FaultsFound(Exception):
    pass


class _TooManyFaults(Exception):
    """The rest of the input is not read: it may have as many again."""


def import_applications(
    register: Register,
    sources: Iterable[Source],
    how: HowToRead,
    *,
    actor: Actor,
    today: date,
    term_months: int | None,
    partial: bool = False,
    expected: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Result[Imported]:
    """Read the files and write their applications in one operation.

    With faults nothing is written, or, if `partial`, the good rows are. `progress` gets the rows of each batch.
    `expected` is the fingerprint of what a person was shown. Raises `ChangedSinceShown` where something else would be
    imported.
    """
    files: list[FileReport] = []
    tally = Tally()
    try:
        with register.operation(actor, dry_run=dry_run) as operation:
            job = _Import(register, operation, tally, today, term_months, how.limits.faults)
            for source in sources:
                report = job.read(source, how, progress)
                if report is not None:
                    files.append(report)
            job.finish()
            imported = Imported(
                tally.added, tally.changed, tally.skipped, tally.faults, files, tally.unreadable,
                tally.still_erased, tally.after_erasure,
            )  # fmt: skip
            require_as_shown([imported], expected)
            if tally.faults and not partial:
                raise _FaultsFound
            operation.add_facts(files=[report.file for report in files])
    except (_FaultsFound, _TooManyFaults) as end:
        gave_up = isinstance(end, _TooManyFaults)
        return Result(None, (), Imported(0, 0, 0, tally.faults, files, tally.unreadable, [], [], gave_up))
    return Result(operation.written, (), imported)


class _Import:
    """One import under way."""

    def __init__(
        self,
        register: Register,
        operation: Operation,
        tally: Tally,
        today: date,
        term_months: int | None,
        most_faults: int,
    ) -> None:
        self._register = register
        self._operation = operation
        self._tally = tally
        self._most_faults = most_faults
        self._began = False
        self._writer = ApplicationWriter(register, operation, tally)
        self._decisions = DecisionRepeater(
            register, operation, self._writer, tally, today=today, term_months=term_months
        )
        # Their organisation is found when every file has been read, whatever the order of files.
        self._without_kpp: list[tuple[Place, Record]] = []

    def read(self, source: Source, how: HowToRead, progress: Callable[[int], None]) -> FileReport | None:
        """Take every batch of a file; a file that cannot be read at all is a fault like any other."""
        try:
            reading = read_applications(
                source, format=how.format, number=how.number, profile=how.profile, limits=how.limits
            )
            if how.kpp is not None and reading.format != "xml":
                raise WrongUsage(
                    msg("--kpp can only be used with an XML application; {file} is {format}",
                        file=source.name, format=reading.format),
                    msg("omit --kpp: a table has a column for it"),
                )  # fmt: skip
            for batch in reading.batches():
                self._take(source.name, batch, how.kpp, is_xml=reading.format == "xml")
                self._require_few_faults()
                progress(len(batch.rows))
        except Rejected as error:
            self._tally.faults += error.details or [Fault(error.message, file=source.name)]
            self._tally.unreadable.append(error)
            return None
        return reading.report

    def _require_few_faults(self) -> None:
        faults = self._tally.faults
        if len(faults) > self._most_faults:
            del faults[self._most_faults + 1 :]
            self._tally.unreadable.append(too_many_faults(faults))
            raise _TooManyFaults

    def finish(self) -> None:
        """Take what depends on other rows: changes without a КПП, then the partner's decisions."""
        self._operation.make_indexes()
        accounts = {record.request.account for _, record in self._without_kpp}
        finder = KppFinder(self._register.organizations, accounts)
        for place, record in self._without_kpp:
            number = record.request.number
            stored = self._register.imports.stored([number]).get(number)
            before = stored.request if stored is not None else None
            kpp = finder.kpp_of(record.request, before)
            if kpp is None:
                self._tally.fault(place, finder.several(record.request.inn), column="kpp")
                continue
            request = record.request._replace(kpp=kpp)
            if self._add_record(place, record._replace(request=request)):
                finder.follow(before, request)
        self._decisions.repeat_all()
        self._writer.note_unchanged()

    def _take(self, file: str, batch: Batch, kpp: str | None, *, is_xml: bool) -> None:
        self._tally.faults += batch.faults
        if not self._began and batch.columns and len(batch.rows) >= _MANY:
            self._operation.expect_many()
        self._began = True
        if batch.columns and not any_needs_kpp(batch.columns):
            self._writer.add_requests(file, batch.rows, batch.columns)
            return
        rows: list[int] = []
        requests: list[ClientRequest] = []
        for row, record in zip(batch.rows, batch.records or map(Record, batch.requests), strict=True):
            # An XML is one application: it has no rows.
            place = Place(file, None if is_xml else row)
            if kpp is not None and not record.request.kpp:
                record = record._replace(request=record.request._replace(kpp=kpp))  # noqa: PLW2901
            if needs_kpp(record.request):
                self._without_kpp.append((place, record))
            elif record == Record(record.request):
                rows.append(row)
                requests.append(record.request)
            else:
                self._add_record(place, record)
        self._writer.add_requests(file, rows, columns_of(ClientRequest, requests))

    def _add_record(self, place: Place, record: Record) -> bool:
        is_written = self._writer.add_record(place, record)
        if is_written:
            self._decisions.add(place, record)
        return is_written
