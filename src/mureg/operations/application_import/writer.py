"""The applications of an import against those of the register: each is added, changed, skipped or a fault."""

from collections.abc import Sequence
from itertools import compress

from mureg.domain.application import Application, ClientRequest, Organization, without_personal_data
from mureg.domain.columns import Columns, columns_of, rows_of, selected
from mureg.errors import msg
from mureg.operations.application_import.tally import Place, Tally
from mureg.operations.application_import.unchanged_numbers import UnchangedNumbers
from mureg.readers.types import PartnerDecision, Record
from mureg.register.queries.imports import StoredRequest
from mureg.register.register import Register
from mureg.register.transaction import Operation


class ApplicationWriter:
    """Writes the applications of an import, and counts them."""

    def __init__(self, register: Register, operation: Operation, tally: Tally) -> None:
        self._register = register
        self._operation = operation
        self._tally = tally
        self._added_here: set[str] = set()
        self._meets_known = False
        self._unchanged = UnchangedNumbers()

    # --- bare requests: thousands at once ---------------------------------------------------------------------------

    def add_requests(self, file: str, rows: Sequence[int], columns: Columns) -> None:
        """Write applications without owners, by the columns of `ClientRequest`; `rows` are their places in the file."""
        if not rows:
            return
        count = len(rows)
        if self._meets_known:
            rows, columns = self._without_known(rows, columns)
        added = self._operation.add_requests(columns, file) if rows else 0
        self._tally.added += added
        self._meets_known = added < count
        if added < len(rows):
            self._compare(file, rows, rows_of(ClientRequest, columns), added)

    def _without_known(self, rows: Sequence[int], columns: Columns) -> tuple[Sequence[int], Columns]:
        """Skip what the register has already: of a file that was imported before, nearly all rows."""
        numbers = columns["number"]
        if len(set(numbers)) < len(numbers):
            return rows, columns  # which of a number's rows changes the other is seen row by row
        known = self._register.imports.requests(numbers)
        requests = zip(*(columns[name] for name in ClientRequest._fields), strict=True)
        is_new = [request not in known for request in requests]
        self._tally.skipped += len(rows) - sum(is_new)
        self._unchanged.add([number for number, new in zip(numbers, is_new, strict=True) if not new])
        return list(compress(rows, is_new)), selected(columns, is_new)

    def _compare(self, file: str, rows: Sequence[int], requests: Sequence[ClientRequest], added: int) -> None:
        """Skip what the register has already, and change what may be changed. `added` of the rows were just added."""
        stored = self._register.imports.stored([request.number for request in requests])
        same = 0
        changed: list[ClientRequest] = []
        for row, request in zip(rows, requests, strict=True):
            found = stored[request.number]
            if found.has_owners:
                # A table has no owners, and often fewer columns: what it leaves open does not change.
                request = _completed(request, found.request)  # noqa: PLW2901
            if found.request == request:
                same += 1
                self._unchanged.add([request.number])
            elif found.request == request.without_personal_data() and self._was_erased(found.request):
                same += 1
                self._unchanged.add([request.number])
                self._tally.still_erased.append(request.number)
            elif self._may_change(Place(file, row), request.number, found):
                changed.append(request)
                stored[request.number] = found._replace(request=request, operation=self._operation.number)
        self._operation.change_requests(changed, file)
        self._tally.changed += len(changed)
        # Rows that were just added equal what is stored, but were not skipped.
        self._tally.skipped += same - added

    # --- records with owners, or with the partner's decision --------------------------------------------------

    def add_record(self, place: Place, record: Record) -> bool:
        """Write one application as its record has it; whether anything was written."""
        application = Application(record.request, record.owners, source_file=place.file)
        number = application.number
        stored = self._operation.find(number)
        if stored is None:
            self._operation.add_requests(columns_of(ClientRequest, [record.request]), place.file)
            self._operation.add_owners(application)
            self._tally.added += 1
            self._added_here.add(number)
            if record.owners and self._was_erased(record.request):
                self._tally.after_erasure.append(number)
        elif (stored.request, stored.owners) == (record.request, record.owners) and _is_same(stored, record.partner):
            self._tally.skipped += 1
            self._unchanged.add([number])
            return False
        elif _is_same_but_for_people(stored, record) and self._was_erased(stored.request):
            self._tally.skipped += 1
            self._unchanged.add([number])
            self._tally.still_erased.append(number)
            return False
        else:
            untouched = stored.status == "new" and not stored.set_option
            found = StoredRequest(stored.request, bool(stored.owners), untouched, stored.operation)
            if not self._may_change(place, number, found):
                return False
            if (stored.request, stored.owners) != (record.request, record.owners):
                self._operation.replace_request(stored, application)
            self._tally.changed += 1
        return True

    def note_unchanged(self) -> None:
        """Let the import depend on those that brought the applications which it skipped: undo would take them away."""
        if self._tally.added or self._tally.changed:
            self._operation.depends_on_imports(self._register.imports.imports_of(self._unchanged))

    def leave_out(self, number: str) -> None:
        """Take back what was written of an application."""
        self._operation.leave_out(number)
        if number in self._added_here:
            self._tally.added -= 1
        else:
            self._tally.changed -= 1

    def _was_erased(self, request: ClientRequest) -> bool:
        return self._register.organizations.is_erased(Organization(request.inn, request.kpp))

    def _may_change(self, place: Place, number: str, found: StoredRequest) -> bool:
        if found.operation == self._operation.number or number in self._unchanged:
            self._tally.fault(
                place, msg("{number} appears in the input more than once, with different content", number=number)
            )
        elif not found.is_untouched:
            self._tally.fault(
                place,
                msg("{number} is in the register with different content, and the partner has already set "
                    "or processed it",
                    number=number),
            )  # fmt: skip
        else:
            return True
        return False


def _completed(request: ClientRequest, stored: ClientRequest) -> ClientRequest:
    """A table's request; what it leaves open is taken from the stored application."""
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
        phone=request.phone or stored.phone,
        email=request.email or stored.email,
    )


def _is_same_but_for_people(stored: Application, record: Record) -> bool:
    """Whether a record is what the register has, but for the personal data that was erased there."""
    without_people = (record.request.without_personal_data(), without_personal_data(record.owners))
    return (stored.request, stored.owners) == without_people and _is_same(stored, record.partner)


def _is_same(stored: Application, partner: PartnerDecision) -> bool:
    if partner == PartnerDecision():
        # Only mureg's own JSON has decisions.
        return True
    # The licence follows from what was decided.
    return all(getattr(stored, name) == value for name, value in partner._asdict().items() if name != "licence")
