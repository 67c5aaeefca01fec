"""One operation under way: it writes rows, and ends as one record of the history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mureg.domain.application import Application, ClientRequest, Organization, without_personal_data
from mureg.domain.columns import Columns
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.errors import MuregError
from mureg.lazy_imports import lazy_imports
from mureg.register import columns
from mureg.register.changes import Changes, Values, insert, insert_many
from mureg.register.engines.interface import Database
from mureg.register.engines.schema import APPLICATION_INDEXES
from mureg.register.history import (
    ERASED,
    RESOLUTION_SUBJECT,
    SUBJECTS_FACT,
    Actor,
    HistoryRecord,
    RowImages,
    application_subject,
    canonical_json,
    erasure_subject,
    import_subject,
    month_subject,
    organization_subject,
    replace_hash,
    split_numbers,
    subjects_digest,
)
from mureg.register.persons import (
    contacts_taken,
    delete_persons_named,
    delete_persons_of,
    insert_persons,
    write_changed_contacts,
)
from mureg.register.queries.applications import Applications
from mureg.register.queries.history import Head
from mureg.register.row_images import images_of, insert_images, numbers_text
from mureg.register.sale_counts import count_changed, count_month
from mureg.register.typed_texts import require_short, require_user

# Only imports, and what concerns months, wait for these.
with lazy_imports():
    from mureg.register import bulk_insert, import_digest
    from mureg.register.queries import charges, statements

if TYPE_CHECKING:
    from mureg.domain.reconciliation.statement import Statement
    from mureg.register.queries.charges import FrozenCharge
    from mureg.register.queries.months import InvoiceRecord, MonthRecord, ResolutionRecord


class Operation:
    """Writes inside one transaction. Made by `Register.operation`. It reads each row that it changes itself, once."""

    def __init__(self, database: Database, actor: Actor, head: Head) -> None:
        self.number = head.operation + 1
        self.is_recorded = False
        self.written: int | None = None
        """The operation's number once it is committed; `None` where nothing was written, as in a dry run."""
        self.changes = Changes(database)
        self._database = database
        self._actor = actor
        self._previous_hash = head.hash
        self._applications = Applications(database)
        self._undoes: int | None = None
        self._undone_imports: Sequence[str] = ()
        self._facts: dict[str, object] = {}
        # In order, like the changes: what a failed attempt added is removed from the end.
        self._subjects: dict[str, None] = {}
        self._new: bulk_insert.NewApplications | None = None
        self._imported: import_digest.ImportedRows | None = None
        self._dropped_indexes: Mapping[str, str] = {}

    # --- applications ---------------------------------------------------------------------------------------------

    def find(self, number: str) -> Application | None:
        """The application with this number, to be changed."""
        return self.find_all([number]).get(number)

    def find_all(self, numbers: Sequence[str]) -> dict[str, Application]:
        """The applications with these numbers, to be changed."""
        found = list(self._applications.with_rows(numbers))
        self.changes.note_read("application", {each.application.number: each.row for each in found})
        return {application.number: application for application, _ in found}

    def expect_many(self) -> None:
        """Drop the indexes of a table that is still empty: updated row by row, they cost more than the rows."""
        if self._database.may_drop_indexes and not list(self._database.rows("SELECT 1 FROM application LIMIT 1")):
            self._dropped_indexes = APPLICATION_INDEXES
            self._database.drop_indexes(self._dropped_indexes)

    def make_indexes(self) -> None:
        """Make the indexes that `expect_many` dropped: until then every search reads the whole table."""
        if self._dropped_indexes:
            self._database.make_indexes(self._dropped_indexes.values())
        self._dropped_indexes = {}

    def add_requests(self, requests: Columns, file: str) -> int:
        """Add applications as new, from the columns of `ClientRequest`; returns how many were added.

        A number that exists already is skipped.
        """
        self._new = self._new or bulk_insert.NewApplications(self.number)
        persons = bulk_insert.contacts_of(requests)
        contacts = [person.digest for person in persons]
        added = self._database.run_many(*self._new.statement(requests, file, contacts))
        if added:
            self._imported = self._imported or import_digest.ImportedRows()
            if added == len(requests["number"]):
                self._imported.take(requests, file, contacts)
            else:
                self._imported.read_again_at_end()
                persons = contacts_taken(self._database, persons)
            insert_persons(self._database, [person for person in persons if person.digest])
        return added

    def write_applications(self, after: Iterable[Application]) -> None:
        """Write the partner's decisions about some applications."""
        self._update_applications({each.number: columns.application_values(each) for each in after})

    def change_requests(self, requests: Sequence[ClientRequest], file: str) -> None:
        """Write the requests of some applications that a table contains again; their owners do not change."""
        before = self.find_all([request.number for request in requests])
        after = [before[request.number]._replace(request=request, source_file=file) for request in requests]
        self._update_applications(self._request_values(before, after))

    def replace_request(self, before: Application, after: Application) -> None:
        """Write an application that a file contains again, with new owners.

        The former people are kept for the history until they are erased.
        """
        values = self._request_values({before.number: before}, [after])
        values[after.number]["owners"] = self._add_owners(after)
        self._update_applications(values)

    def _request_values(self, before: Mapping[str, Application], after: Sequence[Application]) -> dict[str, Values]:
        """The columns of requests, by number; contacts that changed are added to the people."""
        values = {each.number: columns.application_values(each) | {"source_file": each.source_file} for each in after}
        for number, contact in write_changed_contacts(self._database, before, after).items():
            values[number]["contact"] = contact
        return values

    def add_owners(self, application: Application) -> None:
        """Write the owners of an application that this operation has added."""
        derived = dict(zip(columns.DERIVED_COLUMNS, columns.derived_values(application), strict=True))
        self._read_import_again()
        self._database.run(
            "UPDATE application SET owners = :owners, search = :search, effective = :effective, tier = :tier"
            " WHERE number = :number",
            {"owners": self._add_owners(application), "number": application.number, **derived},
        )

    def _add_owners(self, application: Application) -> str:
        """Write an application's people; the text of its owners, which names them."""
        text, persons = columns.owners_text(application.number, application.owners)
        insert_persons(self._database, persons)
        return text

    def _update_applications(self, values: Mapping[str, Values]) -> None:
        self._read_import_again()
        self._subjects |= dict.fromkeys(map(application_subject, values))
        rows = self.changes.rows("application", values)
        new = {number for number, row in rows.items() if row["imported_in"] == self.number}
        values = {number: columns | {"operation": self.number} for number, columns in values.items()}
        self.changes.update("application", values, new=new)

    def _read_import_again(self) -> None:
        if self._imported is not None:
            self._imported.read_again_at_end()

    def erase_people(self, application: Application) -> None:
        """Delete the people whom an application names, or ever named, and its client's comment.

        Its owners keep their roles, without names.
        """
        number = application.number
        delete_persons_of(self._database, number)
        owners, _ = columns.owners_text(number, without_personal_data(application.owners))
        self._update_applications({number: {"owners": owners, "client_comment": "", "contact": ""}})
        self.changes.hide_before("application", number, "client_comment")

    def note_erasure(self, organization: Organization, **facts: object) -> None:
        """Note that the operation erases the organisation's people: nothing up to it can be undone."""
        self._subjects[erasure_subject(organization)] = None
        self.add_facts(**{ERASED: organization._asdict() | facts})

    # --- licences -------------------------------------------------------------------------------------------------

    def add_licences(self, licences: Iterable[Licence]) -> None:
        """Add the licences that some applications made."""
        self._add("licence", {each.application: columns.licence_values(each) for each in licences})

    def change_licences(self, licences: Iterable[Licence]) -> None:
        """Write licences whose end changes, or whose sale was cancelled."""
        self._change("licence", {each.application: columns.licence_values(each) for each in licences})

    def delete_licence(self, number: str) -> None:
        """Delete the licence that an application made: it is processed no more, or sells nothing."""
        self.changes.delete("licence", [number])

    def count_changed_sales(self) -> None:
        """Count the sales that the operation has changed so far, of which totals are made: its end does the same."""
        count_changed(self._database, self.changes)

    def count_sales(self, month: Month) -> None:
        """Count the sales of a month anew, whatever was kept of them."""
        count_month(self._database, month)

    # --- months ---------------------------------------------------------------------------------------------------

    def write_month(self, record: "MonthRecord") -> None:
        """Write what is kept of a month."""
        self._subjects[month_subject(str(record.month))] = None
        self._put("month", str(record.month), record._asdict() | {"month": str(record.month)})

    def keep_statement(self, month: Month, statement: "Statement") -> int:
        """Keep a statement with its rows; returns its number. An earlier one is kept too, but no longer used."""
        insert(
            self._database,
            "statement",
            {
                "statement": self.number, "month": str(month), "file": statement.file, "sha256": statement.sha256,
                "stated_total_kopecks": statement.stated_total_kopecks,
            },
        )  # fmt: skip
        for some in statements.statement_rows(self.number, statement):
            insert_many(self._database, "statement_row", statements.STATEMENT_ROW_COLUMNS, some)
        self.add_facts(**{statements.STATEMENT_FACT: statements.statement_digest(month, statement)})
        return self.number

    def resolve(self, month: Month, resolution: "ResolutionRecord") -> None:
        """Write how a pair of an open month is resolved."""
        name = f"{month} {resolution.pair}"
        self._subjects[month_subject(str(month))] = None
        self._subjects[f"{RESOLUTION_SUBJECT}{name}"] = None
        self._put("resolution", name, {"name": name, "month": str(month), **resolution._asdict()})

    def freeze_charges(self, month: Month, frozen: "Sequence[FrozenCharge]") -> None:
        """Write the charges of a month that this operation has closed."""
        rows = [charges.charge_row(month, place, charge) for place, charge in enumerate(frozen, start=1)]
        insert_many(self._database, "charge", charges.CHARGE_COLUMNS, rows)

    def delete_charges(self, month: Month) -> None:
        """Delete the charges of a month that was reopened."""
        self._database.run("DELETE FROM charge WHERE month = :month", {"month": str(month)})

    def write_invoice(self, invoice: "InvoiceRecord") -> None:
        """Write an invoice."""
        self._subjects[month_subject(str(invoice.month))] = None
        values = invoice._asdict() | {
            "month": str(invoice.month),
            "dated_on": invoice.dated_on.isoformat(),
            "paid_on": invoice.paid_on.isoformat() if invoice.paid_on else None,
        }
        self._put("invoice", invoice.number, values)

    # --- rows -----------------------------------------------------------------------------------------------------

    def _add(self, table: str, rows: Mapping[str, Values]) -> None:
        self.changes.insert(table, {key: {**values, "operation": self.number} for key, values in rows.items()})

    def _change(self, table: str, rows: Mapping[str, Values]) -> None:
        self.changes.update(table, {key: {**values, "operation": self.number} for key, values in rows.items()})

    def _put(self, table: str, key: str, values: Values) -> None:
        write = self._add if self.changes.row(table, key) is None else self._change
        write(table, {key: values})

    # --- the operation as a whole ---------------------------------------------------------------------------------

    def depends_on(self, organization: Organization) -> None:
        """Note that the operation depends on the licences of the organisation, or changes them."""
        self._subjects[organization_subject(organization)] = None

    def depends_on_imports(self, imports: Iterable[int]) -> None:
        """Note that the operation depends on what earlier imports have added."""
        self._subjects |= {import_subject(operation): None for operation in imports if operation != self.number}

    def add_facts(self, **facts: object) -> None:
        """Add facts that the record holds beside the rows: files read, reasons."""
        self._facts |= facts

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run the block completely or not at all: a `MuregError` reverts what it wrote, and is raised again."""
        subjects = len(self._subjects)
        self._database.run("SAVEPOINT attempt")
        try:
            with self.changes.attempt():
                yield
        except MuregError:
            self._database.run("ROLLBACK TO SAVEPOINT attempt")
            while len(self._subjects) > subjects:
                self._subjects.popitem()
            raise
        finally:
            self._database.run("RELEASE SAVEPOINT attempt")

    def leave_out(self, number: str) -> None:
        """Take back what this operation did to an application."""
        row = self.changes.row("application", number)
        change = self.changes.get("application", number)
        if row is not None and row["imported_in"] == self.number:
            self._read_import_again()
            delete_persons_of(self._database, number)
            self._database.run("DELETE FROM application WHERE number = :number", {"number": number})
        elif row is not None and change is not None:
            brought = dict(row)
            self.changes.update("application", {number: change.before})
            delete_persons_named(self._database, brought, but=brought | change.before)
        self.changes.forget("application", number)
        self._subjects.pop(application_subject(number), None)

    def note_undo(self, record: HistoryRecord, subjects: Iterable[str], imported: Sequence[str]) -> None:
        """Note which operation is undone, what it depended on, and which applications of its import are deleted."""
        self._undoes = record.operation
        self._undone_imports = imported
        self._subjects |= dict.fromkeys(subjects)

    def record(self) -> None:
        """Append the history record, if anything was done."""
        self.make_indexes()
        self.count_changed_sales()
        pieces = images_of(self.changes, self._database)
        before, after = next(pieces, RowImages({}, {}))
        if not (before or after or self._imported or self._undoes is not None):
            return
        require_user(self._actor)
        if self._undoes is None:
            # What an older mureg has written is brought back as it was.
            require_short(self.changes, self._facts)
        self._facts |= insert_images(self._database, self.number, pieces)
        imported = bytearray()
        if self._imported is not None:
            imported, self._facts[import_digest.FACT] = self._imported.end(self._database, self.number)
        subjects = sorted(self._subjects)
        self._facts[SUBJECTS_FACT] = subjects_digest(subjects)
        content = HistoryRecord(
            operation=self.number,
            done_at=self._actor.at,
            done_by=self._actor.user,
            command=self._actor.command,
            numbers=numbers_text(self.changes, self._undone_imports, imported),
            before=canonical_json(before),
            after=canonical_json(after | self._facts),
            undoes=self._undoes,
            hash="",
            number_count=0,
        )
        record, later_numbers = split_numbers(replace_hash(content, self._previous_hash))
        insert(self._database, "history", record._asdict() | {"later_numbers": later_numbers})
        rows = [(subject, self.number) for subject in subjects]
        insert_many(self._database, "history_subject", ("subject", "operation"), rows)
        self.is_recorded = True
