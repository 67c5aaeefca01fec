"""One operation under way: it writes rows, remembers them before and after, and ends as one history record."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from mureg.domain.application import Application, ClientRequest, Organization, without_personal_data
from mureg.domain.dates import Month
from mureg.domain.licence import Licence
from mureg.errors import MuregError
from mureg.register import columns as rows
from mureg.register.engines.interface import Database, Row
from mureg.register.engines.schema import APPLICATION_INDEXES, KEY_OF
from mureg.register.history import (
    DIGEST,
    ERASED,
    RESOLUTION_SUBJECT,
    SUBJECTS_FACT,
    Actor,
    HistoryRecord,
    application_subject,
    canonical_json,
    erasure_subject,
    history_head,
    month_subject,
    organization_subject,
    replace_hash,
    said_by,
    subjects_digest,
)

if TYPE_CHECKING:
    # Only what concerns months loads their module: a reading command of applications does not wait for it.
    from mureg.domain.statement import Statement
    from mureg.register.bulk_insert import NewApplications
    from mureg.register.import_digest import ImportedRows
    from mureg.register.queries.months import FrozenCharge, InvoiceRecord, MonthRecord, ResolutionRecord

_AT_ONCE = 5_000

Images = dict[str, dict[str, dict[str, Any]]]
"""Rows as they were: table → key → column → value. Only the columns that an operation changed."""

COLUMNS = {
    "application": (
        *rows.REQUEST_COLUMNS, "owners", *rows.DERIVED_COLUMNS, *rows.PARTNER_COLUMNS, "source_file", "imported_in",
        "operation",
    ),
    "licence": (*rows.LICENCE_COLUMNS, "operation"),
    "month": ("month", "state", "statement", "without_statement", "contract", "agreed_kopecks", "hash", "operation"),
    "resolution": ("name", "month", "pair", "action", "reason", "content", "takes", "operation"),
    "invoice": ("number", "month", "dated_on", "amount_kopecks", "paid_on", "operation"),
}  # fmt: skip


class Operation:
    """Writes inside one transaction; made by `Register.operation`."""

    def __init__(self, database: Database, actor: Actor) -> None:
        head, self._previous_hash = history_head(database)
        self.number = head + 1
        self.is_recorded = False
        self.written: int | None = None
        """The operation's number once it is committed; `None` where nothing was written, as in a dry run."""
        self._database = database
        self._actor = actor
        self._undoes: int | None = None
        self._facts: dict[str, object] = {}
        # Ordered, like the touched rows: what a failed attempt added is cut off again.
        self._subjects: dict[str, None] = {}
        self._taken_back: Sequence[str] = ()
        self._new: NewApplications | None = None
        self._touched: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._added: ImportedRows | None = None
        self._postponed: Mapping[str, str] = {}

    # --- what a use case calls ----------------------------------------------------------------------------------

    def expect_many(self) -> None:
        """Take the indexes off a table that is still empty: kept row by row, they cost more than the rows."""
        if not self._database.may_drop_indexes or list(self._database.rows("SELECT 1 FROM application LIMIT 1")):
            return
        self._postponed = APPLICATION_INDEXES
        self._database.drop_indexes(self._postponed)

    def index(self) -> None:
        """Make the indexes that `expect_many` took off: nothing finds its way before."""
        if self._postponed:
            self._database.make_indexes(self._postponed.values())
        self._postponed = {}

    def add_requests(self, requests: Sequence[ClientRequest], file: str) -> int:
        """Add applications as new; how many were added. A number that is there already is left as it is."""
        # Only imports need these, and hashes load slowly.
        from mureg.register.bulk_insert import NewApplications, columns_of  # noqa: PLC0415
        from mureg.register.import_digest import ImportedRows  # noqa: PLC0415

        columns = columns_of(requests)
        self._new = self._new or NewApplications(self.number)
        added = self._database.run_many(*self._new.statement(columns, file))
        if added:
            self._added = self._added or ImportedRows()
            if added == len(requests):
                self._added.take(columns, file)
            else:
                self._added.doubt()
        return added

    def write_application(self, after: Application) -> None:
        """Write what the partner, or a renewed import, made of an application that is there."""
        self.touch("application", after.number)
        values = rows.application_values(after, self._owners_text(after.number))
        self.update("application", after.number, values | {"operation": self.number})

    def change_request(self, after: Application) -> None:
        """Write an application whose owners stay, as a table brings it."""
        self.write_application(after)
        self.update("application", after.number, {"source_file": after.source_file})

    def replace_word(self, after: Application) -> None:
        """Write an application with new owners, as a renewed import brings them."""
        self.touch("application", after.number)
        self.set_owners(after)
        self.change_request(after)

    def set_owners(self, application: Application) -> None:
        """Write an application's owners; the people it had stay for the history, until they are erased."""
        text, persons = rows.owners_text(application.number, application.owners)
        self._insert_many("person", rows.Person._fields, persons)
        derived = zip(rows.DERIVED_COLUMNS, rows.derived_values(application), strict=True)
        self.update("application", application.number, {"owners": text, **dict(derived)})

    def erase_people(self, application: Application) -> None:
        """Delete the people whom an application names, or ever named, and what its client wrote.

        Its owners stay with their roles, without names.
        """
        number = application.number
        self.touch("application", number)
        remembered = self._touched["application", number]
        assert remembered is not None, "it was read from the register"
        if remembered["client_comment"]:
            remembered["client_comment"] = None  # the history is not to keep it either
        self._database.run("DELETE FROM person WHERE application = :number", {"number": number})
        owners, _ = rows.owners_text(number, without_personal_data(application.owners))
        self.update("application", number, {"owners": owners, "client_comment": "", "operation": self.number})

    def erases(self, organization: Organization, **facts: object) -> None:
        """Say that the operation erases the organisation's people: nothing up to it can be taken back."""
        self._subjects[erasure_subject(organization)] = None
        self.state(**{ERASED: organization._asdict() | facts})

    def add_licence(self, licence: Licence) -> None:
        """Add the licence that an application made."""
        self.touch("licence", licence.application)
        self.insert("licence", rows.licence_values(licence) | {"operation": self.number})

    def change_licences(self, licences: Iterable[Licence]) -> None:
        """Write licences that end otherwise than they did, or whose sale was called off."""
        for licence in licences:
            self.touch("licence", licence.application)
            self.update("licence", licence.application, rows.licence_values(licence) | {"operation": self.number})

    # --- months -------------------------------------------------------------------------------------------------

    def write_month(self, record: "MonthRecord") -> None:
        """Write what is kept of a month."""
        self._write("month", str(record.month), record._asdict() | {"month": str(record.month)})

    def keep_statement(self, month: Month, statement: "Statement") -> int:
        """Keep a statement with its rows; its number. An earlier one stays, and is no longer the month's."""
        from mureg.register.queries.months import (  # noqa: PLC0415  see above
            STATEMENT_FACT,
            STATEMENT_ROW_COLUMNS,
            statement_digest,
            statement_rows,
        )

        self.insert(
            "statement",
            {
                "statement": self.number, "month": str(month), "file": statement.file, "sha256": statement.sha256,
                "stated_total_kopecks": statement.stated_total_kopecks,
            },
        )  # fmt: skip
        for some in statement_rows(self.number, statement):
            self._insert_many("statement_row", STATEMENT_ROW_COLUMNS, some)
        self.state(**{STATEMENT_FACT: statement_digest(month, statement)})
        return self.number

    def resolve(self, month: Month, resolution: "ResolutionRecord") -> None:
        """Write how a pair of an open month is resolved."""
        name = f"{month} {resolution.pair}"
        self._write("resolution", name, {"name": name, "month": str(month), **resolution._asdict()})

    def freeze(self, month: Month, charges: "Sequence[FrozenCharge]") -> None:
        """Write the charges of a month that is about to be closed."""
        from mureg.register.queries.months import CHARGE_COLUMNS, charge_row  # noqa: PLC0415  see above

        rows_ = [charge_row(month, place, charge) for place, charge in enumerate(charges, start=1)]
        self._insert_many("charge", CHARGE_COLUMNS, rows_)

    def thaw(self, month: Month) -> None:
        """Delete the charges of a month that was reopened."""
        self._database.run("DELETE FROM charge WHERE month = :month", {"month": str(month)})

    def write_invoice(self, invoice: "InvoiceRecord") -> None:
        """Write an invoice."""
        values = {
            "number": invoice.number, "month": str(invoice.month), "dated_on": invoice.dated_on.isoformat(),
            "amount_kopecks": invoice.amount_kopecks,
            "paid_on": invoice.paid_on.isoformat() if invoice.paid_on else None,
        }  # fmt: skip
        self._write("invoice", invoice.number, values)
        self._subjects[month_subject(str(invoice.month))] = None

    def _write(self, table: str, key: str, values: Mapping[str, object]) -> None:
        self.touch(table, key)
        whole = {**values, "operation": self.number}
        if self._touched[table, key] is None and self._values(table, key) is None:
            self.insert(table, whole)
        else:
            self.update(table, key, whole)

    def _insert_many(self, table: str, columns: Sequence[str], values: Sequence[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        self._database.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)

    def concerns(self, organization: Organization) -> None:
        """Say that the operation stands on the licences of the organisation, or changes them."""
        self._subjects[organization_subject(organization)] = None

    def state(self, **facts: object) -> None:
        """Add facts that the record tells beside the rows: files read, reasons."""
        self._facts |= facts

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Do several things or none: an error of ours takes back what was written since, and goes on its way."""
        touched, subjects = len(self._touched), len(self._subjects)
        self._database.run("SAVEPOINT attempt")
        try:
            yield
        except MuregError:
            self._database.run("ROLLBACK TO SAVEPOINT attempt")
            self._touched = dict(islice(self._touched.items(), touched))
            self._subjects = dict(islice(self._subjects.items(), subjects))
            raise
        finally:
            self._database.run("RELEASE SAVEPOINT attempt")

    def leave_out(self, number: str) -> None:
        """Let an application be as if this operation had not met it."""
        if self._added is not None and self._is_added_here(number):
            self._added.doubt()
            self._database.run("DELETE FROM person WHERE application = :number", {"number": number})
            self._database.run("DELETE FROM application WHERE number = :number", {"number": number})
        elif before := self._touched.get(("application", number)):
            brought = rows.persons_named(self._owners_text(number))
            self.update("application", number, before)
            self._forget_persons(brought, but=before["owners"])
        self._touched.pop(("application", number), None)
        self._subjects.pop(application_subject(number), None)

    def take_back(self, record: HistoryRecord) -> None:
        """Bring every row back to what it was before an earlier operation."""
        self._undoes = record.operation
        before, after = json.loads(record.before), json.loads(record.after)
        # Licences refer to applications: they go first and come back last.
        for table in ("invoice", "resolution", "licence", "application", "month"):
            for key in after.get(table, {}):
                self.touch(table, key)
                if key not in before.get(table, {}):
                    self._database.run(f"DELETE FROM {table} WHERE {KEY_OF[table]} = :key", {"key": key})
        for table in ("month", "application", "licence", "resolution", "invoice"):
            for key, values in before.get(table, {}).items():
                self.update(table, key, {name: said_by(self._database, value) for name, value in values.items()})
                if "owners" in values:
                    self._forget_persons(rows.persons_named(after[table][key]["owners"]), but=values["owners"])
        self._subjects |= dict.fromkeys(
            subject
            for (subject,) in self._database.rows(
                "SELECT subject FROM history_subject WHERE operation = :operation", {"operation": record.operation}
            )
        )

    def take_back_added(self, operation: int, numbers: Sequence[str]) -> None:
        """Delete the applications that an import added, with their people, and remember in the history which."""
        self._database.run_many(
            "INSERT INTO history_subject (subject, operation) VALUES (?, ?)"
            " ON CONFLICT (subject, operation) DO NOTHING",
            [(application_subject(number), operation) for number in numbers],
        )
        values = {"operation": operation}
        self._database.run(
            "DELETE FROM person WHERE application IN (SELECT number FROM application WHERE imported_in = :operation)",
            values,
        )
        self._database.run("DELETE FROM application WHERE imported_in = :operation", values)
        self._subjects |= dict.fromkeys(application_subject(number) for number in numbers)
        self._taken_back = numbers

    # --- rows and their images ----------------------------------------------------------------------------------

    def touch(self, table: str, key: str) -> None:
        """Remember a row as it is, the first time it is about to change."""
        if (table, key) in self._touched:
            return
        before = self._values(table, key)
        if table == "application":
            self._subjects[application_subject(key)] = None
        elif table == "month":
            self._subjects[month_subject(key)] = None
        elif table == "resolution":
            # The name of a resolution begins with its month.
            self._subjects[month_subject(key[:7])] = None
            self._subjects[f"{RESOLUTION_SUBJECT}{key}"] = None
        self._touched[table, key] = before

    def insert(self, table: str, values: Mapping[str, object]) -> None:
        """Add a row."""
        names = ", ".join(values)
        parameters = ", ".join(":" + name for name in values)
        self._database.run(f"INSERT INTO {table} ({names}) VALUES ({parameters})", values)

    def update(self, table: str, key: str, values: Mapping[str, object]) -> None:
        """Write some columns of a row."""
        if self._added is not None and table == "application":
            self._added.doubt()
        settings = ", ".join(f"{name} = :{name}" for name in values)
        self._database.run(
            f"UPDATE {table} SET {settings} WHERE {KEY_OF[table]} = :key_of_row", {**values, "key_of_row": key}
        )

    def record(self) -> None:
        """Append the history record, if anything was done."""
        self.index()
        before, after = self._images()
        if not (before or after or self._added or self._undoes is not None):
            return
        added = bytearray()
        if self._added is not None:
            from mureg.register.import_digest import FACT  # noqa: PLC0415  see `_note_added`

            added, self._facts[FACT] = self._added.ended(self._database, self.number)
        subjects = sorted(self._subjects)
        self._facts[SUBJECTS_FACT] = subjects_digest(subjects)
        content = HistoryRecord(
            operation=self.number,
            done_at=self._actor.at,
            done_by=self._actor.user,
            command=self._actor.command,
            numbers=self._numbers_text(added),
            before=canonical_json(before),
            after=canonical_json(after | self._facts),
            undoes=self._undoes,
            hash="",
        )
        self.insert("history", replace_hash(content, self._previous_hash)._asdict())
        self._database.run_many(
            "INSERT INTO history_subject (subject, operation) VALUES (?, ?)",
            [(subject, self.number) for subject in subjects],
        )
        self.is_recorded = True

    def _numbers_text(self, added: bytearray) -> str:
        """The numbers as one JSON text. Bytes that grow: a million numbers must not stand in memory twice."""
        touched = (key for table, key in self._touched if table == "application" and not self._is_added_here(key))
        numbers = chain(self._taken_back, touched)
        text = bytearray(b"[")
        while some := list(islice(numbers, _AT_ONCE)):
            text += f"{canonical_json(some)[1:-1]},".encode()
        added[:0] = text
        if added.endswith(b","):
            added.pop()
        added += b"]"
        result = added.decode()
        added.clear()
        return result

    def _images(self) -> tuple[Images, Images]:
        before: Images = {}
        after: Images = {}
        for (table, key), old in self._touched.items():
            new = self._values(table, key)
            changed = [name for name in COLUMNS[table] if (old or {}).get(name) != (new or {}).get(name)]
            if table == "application" and new is not None and self._is_added_here(key):
                # An undoing deletes it; the history still tells what the partner's decision was when it came.
                after.setdefault(table, {})[key] = {name: new[name] for name in rows.PARTNER_COLUMNS}
                continue
            if old is not None and changed:
                before.setdefault(table, {})[key] = {name: self._image(key, name, old[name]) for name in changed}
            if new is not None and changed:
                after.setdefault(table, {})[key] = {name: self._image(key, name, new[name]) for name in changed}
        return before, after

    def _image(self, key: str, column: str, value: object) -> object:
        """A value as the history keeps it: of what a client wrote the salted digest alone, since people stand in it."""
        if column != "client_comment" or not value:
            return value
        apart = rows.new_person(key, "", str(value), "", "")
        self._insert_many("person", rows.Person._fields, [apart])
        return {DIGEST: apart.digest}

    def _is_added_here(self, number: str) -> bool:
        return self._added is not None and bool(
            list(
                self._database.rows(
                    "SELECT 1 FROM application WHERE number = :number AND imported_in = :operation",
                    {"number": number, "operation": self.number},
                )
            )
        )

    def _values(self, table: str, key: str) -> dict[str, Any] | None:
        columns = COLUMNS[table]
        sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {KEY_OF[table]} = :key"
        for row in self._database.rows(sql, {"key": key}):
            return dict(zip(columns, row, strict=True))
        return None

    def _owners_text(self, number: str) -> str:
        ((text,),) = self._database.rows("SELECT owners FROM application WHERE number = :number", {"number": number})
        return str(text)

    def _forget_persons(self, brought: set[str], *, but: str) -> None:
        """Delete the people whom something taken back had brought, but those whom the text of owners names."""
        for digest in brought - rows.persons_named(but):
            self._database.run("DELETE FROM person WHERE digest = :digest", {"digest": digest})
