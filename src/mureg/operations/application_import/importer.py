"""Import applications: every fault of every file told together, and all rows written or none."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import compress
from typing import NamedTuple

from mureg.domain.application import Application, ClientRequest, Organization, without_personal_data
from mureg.domain.columns import Columns, columns_of, rows_of, selected
from mureg.errors import Fault, Message, MuregError, Rejected, WrongUsage, msg
from mureg.operations.decisions import cancel_one, process_one, reject_one, set_one
from mureg.operations.result import Result
from mureg.readers.detect import read_applications
from mureg.readers.errors import too_many_faults
from mureg.readers.types import Batch, FileReport, Format, Limits, PartnerDecision, Profile, Record, Source
from mureg.register.history import Actor
from mureg.register.queries.applications import StoredRequest
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

# In which order applications of one day are processed again.
_KINDS_IN_ORDER = ("connection", "renewal", "change")


class _FaultsFound(Exception):
    pass


class _TooManyFaults(Exception):
    """Nobody reads as many, and the rest of the input may hold as many again."""


class _Place(NamedTuple):
    """Where a record stands, for its faults."""

    file: str
    row: int | None


def import_applications(
    register: Register,
    sources: Iterable[Source],
    how: HowToRead,
    *,
    actor: Actor,
    today: date,
    term_months: int | None,
    partial: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Result[Imported]:
    """Read the files and write their applications in one operation.

    With faults nothing is written, or, if `partial`, the good rows are. `progress` is told the rows of each batch.
    """
    files: list[FileReport] = []
    try:
        with register.operation(actor, dry_run=dry_run) as operation:
            job = _Import(register, operation, today, term_months, how.limits.faults)
            for source in sources:
                report = job.read(source, how, progress)
                if report is not None:
                    files.append(report)
            job.finish()
            if job.faults and not partial:
                raise _FaultsFound
            operation.add_facts(files=[report.file for report in files])
    except (_FaultsFound, _TooManyFaults) as end:
        gave_up = isinstance(end, _TooManyFaults)
        return Result(None, (), Imported(0, 0, 0, job.faults, files, job.unreadable, [], [], gave_up))
    imported = Imported(
        job.added, job.changed, job.skipped, job.faults, files, job.unreadable, job.still_erased, job.after_erasure
    )
    return Result(operation.written, (), imported)


class _Import:
    """One import under way. Every row ends as added, changed, skipped or a fault."""

    def __init__(
        self, register: Register, operation: Operation, today: date, term_months: int | None, most_faults: int
    ) -> None:
        self._most_faults = most_faults
        self.added = self.changed = self.skipped = 0
        self.faults: list[Fault] = []
        self.unreadable: list[Rejected] = []
        self.still_erased: list[str] = []
        self.after_erasure: list[str] = []
        self._added_here: set[str] = set()
        self._began = False
        self._meets_known = False
        self._left = _Left()
        self._register = register
        self._operation = operation
        self._today = today
        self._term_months = term_months
        # Changes without a КПП find their organisation when every file is read, whatever the order of files.
        self._homeless: list[tuple[_Place, Record]] = []
        # What the partner had done to applications that come from mureg's own JSON is done again in its own order.
        self._partner_words: list[tuple[_Place, Record]] = []

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
            self.faults += error.details or [Fault(error.message, file=source.name)]
            self.unreadable.append(error)
            return None
        return reading.report

    def _require_few_faults(self) -> None:
        if len(self.faults) > self._most_faults:
            del self.faults[self._most_faults + 1 :]
            self.unreadable.append(too_many_faults(self.faults))
            raise _TooManyFaults

    def finish(self) -> None:
        """Take what had to wait for the other rows."""
        self._operation.make_indexes()
        for place, record in self._homeless:
            home = self._home_of(place, record.request)
            if home is not None:
                self._add_record(place, record._replace(request=record.request._replace(kpp=home.kpp)))
        self._partner_words.sort(key=_order_of_processing)
        for place, record in self._partner_words:
            self._attempt(place, record, self._repeat)
        called_off = [entry for entry in self._partner_words if entry[1].partner.status == "cancelled"]
        called_off.sort(key=lambda entry: (entry[1].partner.cancelled_on or date.max, entry[1].request.number))
        for place, record in called_off:
            self._attempt(place, record, self._repeat_cancelling)

    def _take(self, file: str, batch: Batch, kpp: str | None, *, is_xml: bool) -> None:
        self.faults += batch.faults
        if not self._began and batch.columns and len(batch.rows) >= _MANY:
            self._operation.expect_many()
        self._began = True
        if batch.columns and not _any_needs_home(batch.columns):
            self._add_requests(file, batch.rows, batch.columns)
            return
        rows: list[int] = []
        requests: list[ClientRequest] = []
        for row, record in zip(batch.rows, batch.records or map(Record, batch.requests), strict=True):
            # An XML is one application: it has no rows.
            place = _Place(file, None if is_xml else row)
            if kpp is not None and not record.request.kpp:
                record = record._replace(request=record.request._replace(kpp=kpp))  # noqa: PLW2901
            if _needs_home(record.request):
                self._homeless.append((place, record))
            elif record == Record(record.request):
                rows.append(row)
                requests.append(record.request)
            else:
                self._add_record(place, record)
        self._add_requests(file, rows, columns_of(ClientRequest, requests))

    # --- bare requests: thousands at once --------------------------------------------------------------------------

    def _add_requests(self, file: str, rows: Sequence[int], columns: Columns) -> None:
        if not rows:
            return
        count = len(rows)
        if self._meets_known:
            rows, columns = self._without_known(rows, columns)
        added = self._operation.add_requests(columns, file) if rows else 0
        self.added += added
        self._meets_known = added < count
        if added < len(rows):
            self._compare(file, rows, rows_of(ClientRequest, columns), added)

    def _without_known(self, rows: Sequence[int], columns: Columns) -> tuple[Sequence[int], Columns]:
        """Skip what the register holds just as it comes: of a file that was imported before, nearly all."""
        numbers = columns["number"]
        if len(set(numbers)) < len(numbers):
            return rows, columns  # which of a number's rows changes the other is seen row by row
        known = self._register.applications.requests(numbers)
        requests = zip(*(columns[name] for name in ClientRequest._fields), strict=True)
        is_new = [request not in known for request in requests]
        self.skipped += len(rows) - sum(is_new)
        self._left.add([number for number, new in zip(numbers, is_new, strict=True) if not new])
        return list(compress(rows, is_new)), selected(columns, is_new)

    def _compare(self, file: str, rows: Sequence[int], requests: Sequence[ClientRequest], added: int) -> None:
        """Skip what is in the register as it is, and change what may be changed; so many were just added."""
        stored = self._register.applications.stored([request.number for request in requests])
        same = 0
        for row, request in zip(rows, requests, strict=True):
            found = stored[request.number]
            if found.has_owners:
                # A table knows nothing of owners, and often less of the rest: what it does not say stays.
                request = _completed(request, found.request)  # noqa: PLW2901
            if found.request == request:
                same += 1
                self._left.add([request.number])
            elif (
                not found.request.comment
                and found.request == request._replace(comment="")
                and self._was_erased(found.request)
            ):
                same += 1
                self._left.add([request.number])
                self.still_erased.append(request.number)
            elif self._may_change(_Place(file, row), request.number, found):
                self._change_request(request, file)
                stored[request.number] = found._replace(request=request, operation=self._operation.number)
        # A row that was added is the same as its stored self, and is no skipped one.
        self.skipped += same - added

    def _change_request(self, request: ClientRequest, file: str) -> None:
        stored = self._operation.find(request.number)
        assert stored is not None
        self._operation.change_request(stored._replace(request=request, source_file=file))
        self.changed += 1

    # --- records with owners, or with what the partner had done -------------------------------------------------

    def _add_record(self, place: _Place, record: Record) -> None:
        application = Application(record.request, record.owners, source_file=place.file)
        number = application.number
        stored = self._operation.find(number)
        if stored is None:
            self._operation.add_requests(columns_of(ClientRequest, [record.request]), place.file)
            self._operation.add_owners(application)
            self.added += 1
            self._added_here.add(number)
            if record.owners and self._was_erased(record.request):
                self.after_erasure.append(number)
        elif (stored.request, stored.owners) == (record.request, record.owners) and _is_same(stored, record.partner):
            self.skipped += 1
            self._left.add([number])
            return
        elif _is_same_but_for_people(stored, record) and self._was_erased(stored.request):
            self.skipped += 1
            self._left.add([number])
            self.still_erased.append(number)
            return
        else:
            untouched = stored.status == "new" and not stored.set_option
            found = StoredRequest(stored.request, bool(stored.owners), untouched, stored.operation)
            if not self._may_change(place, number, found):
                return
            if (stored.request, stored.owners) != (record.request, record.owners):
                self._change(application)
            else:
                self.changed += 1
        if record.partner != PartnerDecision():
            self._partner_words.append((place, record))

    def _repeat(self, number: str, partner: PartnerDecision) -> None:
        """Let the partner's decision enter through the rules by which a partner gives it."""
        application = self._operation.find(number)
        assert application is not None
        application = application._replace(without_sale=partner.without_sale)
        if partner.set_option:
            application = set_one(
                self._operation, application, option=partner.set_option, tier=partner.set_tier, by=partner.set_by
            )
        if partner.status == "new":
            return
        on = partner.processed_on or application.submitted_on
        if partner.status == "rejected":
            reject_one(self._operation, application, partner.comment, on, today=self._today)
            return
        process_one(self._register, self._operation, application, on, today=self._today, term_months=self._term_months)

    def _repeat_cancelling(self, number: str, partner: PartnerDecision) -> None:
        """Call off what was processed, after everything that was processed beside it."""
        application = self._operation.find(number)
        if application is None or application.status != "processed":
            return  # its processing was a fault, and is told
        assert application.processed_on is not None
        on = partner.cancelled_on or application.processed_on
        cancel_one(self._register, self._operation, application, partner.comment, on, today=self._today)

    # --- what both share ----------------------------------------------------------------------------------------

    def _attempt(self, place: _Place, record: Record, repeat: Callable[[str, PartnerDecision], None]) -> None:
        try:
            with self._operation.attempt():
                repeat(record.request.number, record.partner)
        except MuregError as error:
            self._fault(place, error.message)
            self._leave_out(record.request.number)

    def _leave_out(self, number: str) -> None:
        self._operation.leave_out(number)
        if number in self._added_here:
            self.added -= 1
        else:
            self.changed -= 1

    def _change(self, application: Application) -> None:
        self._operation.replace_request(application)
        self.changed += 1

    def _was_erased(self, request: ClientRequest) -> bool:
        return self._register.organizations.is_erased(Organization(request.inn, request.kpp))

    def _may_change(self, place: _Place, number: str, found: StoredRequest) -> bool:
        if found.operation == self._operation.number or number in self._left:
            self._fault(
                place, msg("{number} appears in the input more than once, with different content", number=number)
            )
        elif not found.is_untouched:
            self._fault(
                place,
                msg("{number} is in the register with different content, and the partner has already set "
                    "or processed it",
                    number=number),
            )  # fmt: skip
        else:
            return True
        return False

    def _home_of(self, place: _Place, request: ClientRequest) -> Organization | None:
        """The organisation of a change without a КПП: its account's, else the only one with its ИНН, else a new one."""
        stored = self._register.applications.stored([request.number]).get(request.number)
        if stored is not None and stored.request.inn == request.inn:
            return Organization(request.inn, stored.request.kpp)
        homes = self._register.organizations.with_inn(request.inn, request.account) if request.account else []
        if len(homes) != 1:
            homes = self._register.organizations.with_inn(request.inn)
        if len(homes) > 1:
            kpps = ", ".join(home.kpp or "—" for home in homes)
            message = msg("several organisations have the ИНН {inn}: specify the КПП, one of {kpps}",
                          inn=request.inn, kpps=kpps)  # fmt: skip
            self._fault(place, message, column="kpp")
            return None
        return homes[0] if homes else Organization(request.inn, "")

    def _fault(self, place: _Place, message: Message, column: str = "number") -> None:
        self.faults.append(Fault(message, file=place.file, row=place.row, column=column))


class _Left:
    """Numbers that an import left as the register has them: another row of theirs may change nothing any more.

    A million of them wait as text: only who changes something looks them up.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: set[str] = set()

    def add(self, numbers: Sequence[str]) -> None:
        self._texts.append("\n".join(numbers))

    def __contains__(self, number: str) -> bool:
        for text in self._texts:
            self._numbers.update(text.split("\n"))
        self._texts.clear()
        return number in self._numbers


def _needs_home(request: ClientRequest) -> bool:
    # Only legal entities, whose ИНН has 10 digits, have a КПП.
    return not request.kpp and request.kind != "connection" and len(request.inn) == 10


def _any_needs_home(columns: Columns) -> bool:
    # Nearly every table has connections only.
    return set(columns["kind"]) != {"connection"} and any(map(_needs_home, rows_of(ClientRequest, columns)))


def _order_of_processing(entry: tuple[_Place, Record]) -> tuple[date, int, bool, str, str]:
    """By day; within a day, whose own order JSON does not keep, connections before what changes or ends them."""
    _, (request, _, partner) = entry
    switches_off = (partner.set_option or request.requested) == "off"
    return (
        partner.processed_on or date.max,
        _KINDS_IN_ORDER.index(request.kind),
        switches_off,
        request.submitted_on,
        request.number,
    )


def _completed(request: ClientRequest, stored: ClientRequest) -> ClientRequest:
    """A table's request with what it leaves open as the application with its owners has it."""
    return request._replace(
        kpp=request.kpp or stored.kpp,
        ogrn=request.ogrn or stored.ogrn,
        name=request.name or stored.name,
        account=request.account or stored.account,
        program_number=request.program_number or stored.program_number,
        requested=stored.requested if request.requested == "unstated" else request.requested,
        requested_tier=request.requested_tier or stored.requested_tier,
        # The owners are counted: a number beside them could only contradict.
        users=stored.users,
        authorities=request.authorities or stored.authorities,
        promotion=request.promotion or stored.promotion,
        comment=request.comment or stored.comment,
    )


def _is_same_but_for_people(stored: Application, record: Record) -> bool:
    """Whether a file says what the register says, beside what was erased of it."""
    said = (record.request._replace(comment=""), without_personal_data(record.owners))
    return (stored.request, stored.owners) == said and _is_same(stored, record.partner)


def _is_same(stored: Application, partner: PartnerDecision) -> bool:
    if partner == PartnerDecision():
        # A file that says nothing of the partner's decision has nothing to say about it.
        return True
    return partner == PartnerDecision._make(getattr(stored, name) for name in PartnerDecision._fields)
