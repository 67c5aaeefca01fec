"""The register: every question it answers and every change it takes, once, in the SQL that the engines share."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mureg.domain.application import Application, ClientRequest, Organization, Tier
from mureg.domain.dates import Month
from mureg.domain.licence import Licence, Sale, SaleCount
from mureg.domain.text import search_key
from mureg.errors import Message
from mureg.register import columns as rows
from mureg.register.engines.interface import Database, Row, Tell, engine_of, in_list, tell_nobody
from mureg.register.history import Actor, HistoryRecord, application_subject, erasure_subject, history_head
from mureg.register.transaction import Operation

if TYPE_CHECKING:
    from mureg.register.queries.integrity import Inspection
    from mureg.register.queries.months import Months

_LOADED_AT_ONCE = 500
_RECORDS_AT_ONCE = 20


class ApplicationFilter(NamedTuple):
    """Which applications a list shows; `None` is no condition."""

    status: str | None = None
    effective: str | None = None
    tier: str | None = None
    inn: str | None = None
    search: str | None = None
    month: Month | None = None


# What `--sort` takes, and the column behind it.
SORT_COLUMNS = {
    "submitted_on": "submitted_on",
    "number": "number",
    "inn": "inn",
    "name": "name",
    "status": "status",
    "tier": "tier",
    "processed_on": "processed_on",
}


class _DryRunEnded(Exception):
    pass


class Register:
    """An open register: reading, and the one door to writing, `operation`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.written: int | None = None
        """The last operation that this opening of the register recorded."""

    @classmethod
    def stands(cls, url: str) -> bool:
        """Whether there is something at a path, or a register in a server's database. Raises `RegisterUnusable`."""
        return engine_of(url).stands(url)

    @classmethod
    def open(cls, url: str, tell: Tell = tell_nobody) -> "Register":
        """The existing register at a path or an address. Raises `RegisterUnusable`.

        `tell` is given what a person should know meanwhile: that a command waits, that a file was upgraded.
        """
        return cls(engine_of(url).open(url, tell))

    @classmethod
    def open_to_read(cls, url: str) -> "Register":
        """The existing register, which stays as it is whatever its version. Raises `RegisterUnusable`."""
        return cls(engine_of(url).open_to_read(url))

    @classmethod
    def open_to_save(cls, url: str) -> "Register":
        """The existing register as it is, of this version or an earlier one. Raises `RegisterUnusable`."""
        return cls(engine_of(url).open_to_save(url))

    @classmethod
    def create(cls, url: str) -> "Register":
        """A new, empty register. Raises `RegisterUnusable`."""
        with cls.making(url):
            pass
        return cls.open(url)

    @classmethod
    @contextmanager
    def making(cls, url: str) -> "Iterator[Register]":
        """A new register to be filled: there as a whole when the block ends, and not at all where it fails."""
        with engine_of(url).making(url) as database:
            yield cls(database)

    @classmethod
    def upgrade(cls, url: str, tell: Tell = tell_nobody, *, dry_run: bool = False) -> bool:
        """Bring an existing register to this mureg's version; whether there was anything to do."""
        return engine_of(url).upgrade(url, tell, dry_run=dry_run)

    @classmethod
    def roles(cls, url: str) -> str:
        """The SQL with which a server's administrator makes roles that read and that work; empty for a file."""
        return engine_of(url).roles(url)

    @contextmanager
    def filling(self) -> "Iterator[Register]":
        """This register, which is empty, to be filled: wholly, or not at all where the block fails."""
        with self._database.atomic():
            yield self

    def fill_from(self, source: "Register") -> None:
        """Take every row of another register. Raises `RegisterUnusable` where what is kept is not the same."""
        from mureg.register.engines.transfer import fill  # noqa: PLC0415  only copying needs it

        fill(source._database, self._database)

    def back_up(self, file: str) -> None:
        """Write everything, as one moment has it, into a new SQLite file. Raises `RegisterUnusable`."""
        self._database.back_up(file)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever done in it."""
        return self.head() == (0, "")

    @property
    def months(self) -> "Months":
        """What the register holds of months."""
        # Most commands ask nothing of months, and do not wait for their module.
        from mureg.register.queries.months import Months  # noqa: PLC0415

        return Months(self._database)

    @property
    def inspection(self) -> "Inspection":
        """What `mureg check` asks."""
        from mureg.register.queries.integrity import Inspection  # noqa: PLC0415  see `months`

        return Inspection(self._database)

    @property
    def location(self) -> str:
        """Where the register is, as it may be shown."""
        return self._database.location

    @contextmanager
    def operation(self, actor: Actor, *, dry_run: bool = False) -> Iterator[Operation]:
        """One transaction that ends as one history record, or in no trace where nothing changed.

        Any exception undoes everything, and so does the end of a dry run.
        """
        operation: Operation | None = None
        try:
            with self._database.atomic():
                operation = Operation(self._database, actor)
                yield operation
                operation.record()
                if dry_run:
                    raise _DryRunEnded
        except _DryRunEnded:
            pass
        finally:
            if operation is not None and operation.is_recorded and self._database.has_committed:
                self.written = operation.written = operation.number

    def scrub(self) -> Message | None:
        """Leave no bytes behind of what was deleted; what could not be reached, where that is no error.

        Raises `RegisterUnusable` where it has to be done again.
        """
        return self._database.scrub()

    def close(self) -> None:
        """Let go of the register."""
        self._database.close()

    # --- applications -------------------------------------------------------------------------------------------

    def application(self, number: str) -> Application | None:
        """The application with this number."""
        sql = f"""
            SELECT {rows.application_columns("a.")}, h.done_at
            FROM application a LEFT JOIN history h ON h.operation = a.imported_in WHERE a.number = :number
        """
        for *row, imported_at in self._database.rows(sql, {"number": number}):
            return rows.application_from(tuple(row), self._persons([number]), imported_at or "")
        return None

    def applications(
        self,
        wanted: ApplicationFilter = ApplicationFilter(),
        *,
        sort: str = "submitted_on",
        reverse: bool = False,
        limit: int | None = None,
    ) -> Iterator[Application]:
        """The applications that the filter lets through, by a column of `SORT_COLUMNS`, then number."""
        direction = "DESC" if reverse else "ASC"
        nulls = ""
        if sort == "processed_on" and wanted.month is None:
            # The engines differ in where they put what has no value; of a month, everything has one.
            nulls = " NULLS LAST" if reverse else " NULLS FIRST"
        order = f"a.{SORT_COLUMNS[sort]}"
        if wanted.search is not None and limit is None:
            # A search looks at every row anyway: in the table's order, and only what it met is sorted.
            order += " || ''"
        condition, values = _condition(wanted, self._database.contains)
        sql = f"""
            SELECT {rows.application_columns("a.")}, h.done_at
            FROM application a LEFT JOIN history h ON h.operation = a.imported_in
            WHERE {condition}
            ORDER BY {order} {direction}{nulls}, a.number {direction}
        """
        if limit is not None:
            sql += " LIMIT :limit"
            values["limit"] = limit
        found = iter(self._database.stream(sql, values))
        while chunk := list(islice(found, _LOADED_AT_ONCE)):
            with_owners = [row[0] for row in chunk if row[len(rows.REQUEST_COLUMNS)] != "[]"]
            persons = self._persons(with_owners)
            for *row, imported_at in chunk:
                yield rows.application_from(tuple(row), persons, imported_at or "")

    def waiting(self, limit: int) -> list[tuple[str, str]]:
        """Numbers and names of new applications, the oldest first."""
        sql = "SELECT number, name FROM application WHERE status = 'new' ORDER BY submitted_on, number LIMIT :limit"
        return [(number, name) for number, name in self._database.rows(sql, {"limit": limit})]

    def numbers_like(self, number: str, limit: int) -> list[str]:
        """Numbers whose application a person may have meant: those whose search text contains the text."""
        condition, values = _condition(ApplicationFilter(search=number), self._database.contains)
        sql = f"SELECT number FROM application a WHERE {condition} ORDER BY submitted_on, number LIMIT :limit"
        return [found for (found,) in self._database.rows(sql, {**values, "limit": limit})]

    def requests(self, numbers: Sequence[str]) -> dict[str, "StoredRequest"]:
        """What the register holds of applications with these numbers: enough to tell whether a file brings news."""
        columns = ", ".join(rows.REQUEST_COLUMNS)
        names, values = in_list(numbers)
        sql = f"""
            SELECT {columns}, owners <> '[]', status = 'new' AND set_option = '', operation
            FROM application WHERE number IN ({names})
        """
        return {
            row[0]: StoredRequest(ClientRequest._make(row[:-3]), bool(row[-3]), bool(row[-2]), row[-1])
            for row in self._database.rows(sql, values)
        }

    def stored_requests(self, numbers: Sequence[str]) -> set[Row]:
        """The clients' requests with these numbers, as rows that compare with those of a file."""
        names, values = in_list(numbers)
        sql = f"SELECT {', '.join(rows.REQUEST_COLUMNS)} FROM application WHERE number IN ({names})"
        return set(self._database.rows(sql, values))

    def _persons(self, numbers: Sequence[str]) -> dict[str, rows.Person]:
        if not numbers:
            return {}
        names, values = in_list(numbers)
        sql = f"SELECT {', '.join(rows.Person._fields)} FROM person WHERE application IN ({names})"
        return {row[0]: rows.Person._make(row) for row in self._database.rows(sql, values)}

    # --- organisations and licences -----------------------------------------------------------------------------

    def organizations(self) -> Iterator[tuple[Organization, str, int]]:
        """Every organisation with its latest name and how many applications it has, by ИНН and КПП."""
        sql = """
            SELECT inn, kpp, count(*) FROM application GROUP BY inn, kpp ORDER BY inn, kpp
        """
        for inn, kpp, count in self._database.stream(sql):
            organization = Organization(inn, kpp)
            yield organization, self.organization_details(organization)["name"], count

    def organizations_with(self, inn: str, account: str | None = None) -> list[Organization]:
        """The organisations with this ИНН, of those that used the account where one is given."""
        sql = "SELECT DISTINCT inn, kpp FROM application WHERE inn = :inn"
        values = {"inn": inn}
        if account is not None:
            sql = "SELECT DISTINCT inn, kpp FROM application WHERE account = :account AND account <> '' AND inn = :inn"
            values["account"] = account
        return [Organization(found, kpp) for found, kpp in self._database.rows(sql + " ORDER BY inn, kpp", values)]

    def organization_details(self, organization: Organization) -> dict[str, str]:
        """The latest name, ОГРН, account and program number that the organisation's applications state."""
        details = {}
        for column in ("ogrn", "name", "account", "program_number"):
            sql = f"""
                SELECT {column} FROM application WHERE inn = :inn AND kpp = :kpp AND {column} <> ''
                ORDER BY submitted_on DESC, number DESC LIMIT 1
            """
            found = list(self._database.rows(sql, organization._asdict()))
            details[column] = found[0][0] if found else ""
        return details

    def numbers_of(self, organization: Organization) -> list[str]:
        """The numbers of the organisation's applications, by submission."""
        sql = "SELECT number FROM application WHERE inn = :inn AND kpp = :kpp ORDER BY submitted_on, number"
        return [number for (number,) in self._database.rows(sql, organization._asdict())]

    def people_of(self, organization: Organization) -> set[str]:
        """The numbers of the organisation's applications that the register keeps personal data of."""
        sql = """
            SELECT number FROM application a WHERE inn = :inn AND kpp = :kpp
              AND (client_comment <> '' OR EXISTS (SELECT 1 FROM person p WHERE p.application = a.number))
        """
        return {number for (number,) in self._database.rows(sql, organization._asdict())}

    def was_erased(self, organization: Organization) -> bool:
        """Whether the personal data of the organisation's people was erased once."""
        sql = "SELECT 1 FROM history_subject WHERE subject = :subject LIMIT 1"
        return bool(list(self._database.rows(sql, {"subject": erasure_subject(organization)})))

    def licences(self, organization: Organization) -> list[Licence]:
        """The organisation's licences, in the order in which they begin."""
        sql = f"""
            SELECT {", ".join(rows.LICENCE_COLUMNS)} FROM licence WHERE inn = :inn AND kpp = :kpp
            ORDER BY starts_on, application
        """
        return [rows.licence_from(row) for row in self._database.rows(sql, organization._asdict())]

    def licence(self, number: str) -> Licence | None:
        """The licence that the application made."""
        sql = f"SELECT {', '.join(rows.LICENCE_COLUMNS)} FROM licence WHERE application = :number"
        for row in self._database.rows(sql, {"number": number}):
            return rows.licence_from(row)
        return None

    # --- sales of a month ---------------------------------------------------------------------------------------

    def sale_counts(self, month: Month, without: Collection[str] = ()) -> list[SaleCount]:
        """How many licences of each tier were sold on each day of the month, but those with the numbers `without`."""
        left_out, values = _but(without)
        sql = f"""
            SELECT tier, sold_on, count(*) FROM licence
            WHERE sold_on BETWEEN :first AND :last AND sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0
              AND {left_out}
            GROUP BY sold_on, tier ORDER BY sold_on, tier
        """
        return [
            SaleCount(tier, date.fromisoformat(sold_on), count)
            for tier, sold_on, count in self._database.rows(sql, _days(month) | values)
        ]

    def sold_numbers(self, tier: Tier, sold_on: date) -> list[str]:
        """The numbers of the licences of a tier sold on a day: an index knows no more, and no less."""
        sql = """
            SELECT application FROM licence
            WHERE sold_on = :sold_on AND tier = :tier AND sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0
        """
        values = {"sold_on": sold_on.isoformat(), "tier": tier}
        return [number for (number,) in self._database.rows(sql, values)]

    def sales_with(self, month: Month, numbers: Sequence[str]) -> Iterator[Sale]:
        """Those of the month's sales that have these numbers."""
        for start in range(0, len(numbers), _AT_ONCE):
            names, values = in_list(numbers[start : start + _AT_ONCE])
            yield from self._sales(month, f"AND l.application IN ({names})", values)

    def sales(self, month: Month, without: Collection[str] = ()) -> Iterator[Sale]:
        """The licences sold in the month, by day, then number, but those with the numbers `without`."""
        return (sale for sale in self._sales(month, "", {}) if sale.number not in without)

    def _sales(self, month: Month, condition: str, values: dict[str, object]) -> Iterator[Sale]:
        sql = f"""
            SELECT l.application, l.inn, l.kpp, a.name, l.tier, l.sold_on, a.promotion
            FROM licence l JOIN application a ON a.number = l.application
            WHERE l.sold_on BETWEEN :first AND :last AND l.sold_on IS NOT NULL AND l.cancelled_on IS NULL AND l.late = 0
              {condition} ORDER BY l.sold_on, l.application
        """
        days: dict[str, date] = {}
        for number, inn, kpp, name, tier, sold_on, promotion in self._database.stream(sql, _days(month) | values):
            day = days.get(sold_on) or days.setdefault(sold_on, date.fromisoformat(sold_on))
            yield Sale(number, Organization(inn, kpp), name, tier, day, promotion)

    # --- history ------------------------------------------------------------------------------------------------

    def history(self, number: str | None = None) -> Iterator[HistoryRecord]:
        """The operations, in order: all, or those that touched one application."""
        of_number = ""
        if number is not None:
            of_number = """
                AND operation IN (
                    SELECT operation FROM history_subject WHERE subject = :subject
                    UNION SELECT imported_in FROM application WHERE number = :number
                )
            """
        # Some at a time: one record may be as large as a file that was imported.
        sql = f"""
            SELECT {", ".join(HistoryRecord._fields)} FROM history WHERE operation > :after {of_number}
            ORDER BY operation LIMIT {_RECORDS_AT_ONCE}
        """
        values: dict[str, object] = {"after": -(2**62)}
        if number is not None:
            values |= {"subject": application_subject(number), "number": number}
        while some := [HistoryRecord._make(row) for row in self._database.rows(sql, values)]:
            yield from some
            values["after"] = some[-1].operation

    def operation_record(self, operation: int) -> HistoryRecord | None:
        """One record of the history."""
        sql = f"SELECT {', '.join(HistoryRecord._fields)} FROM history WHERE operation = :operation"
        for row in self._database.rows(sql, {"operation": operation}):
            return HistoryRecord._make(row)
        return None

    def undone_by(self, operation: int) -> int | None:
        """The operation that took this one back."""
        for (found,) in self._database.rows(
            "SELECT operation FROM history WHERE undoes = :operation", {"operation": operation}
        ):
            return int(found)
        return None

    def imported_in(self, operation: int) -> list[tuple[str, int]]:
        """The applications that an import added, each with the operation that wrote its present state."""
        sql = "SELECT number, operation FROM application WHERE imported_in = :operation ORDER BY number"
        return [(number, int(last)) for number, last in self._database.rows(sql, {"operation": operation})]

    def last_operation_in_force(self) -> int | None:
        """The last operation that is no undoing and was not undone."""
        sql = """
            SELECT operation FROM history h
            WHERE undoes IS NULL AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = h.operation)
            ORDER BY operation DESC LIMIT 1
        """
        for (operation,) in self._database.rows(sql):
            return int(operation)
        return None

    def later_operations(self, operation: int, kind: str = "") -> list[int]:
        """Operations in force after this one that touched the same subjects, of those that begin with `kind`."""
        sql = """
            SELECT DISTINCT s.operation FROM history_subject s JOIN history h ON h.operation = s.operation
            WHERE s.operation > :operation AND h.undoes IS NULL
              AND s.subject IN
                (SELECT subject FROM history_subject WHERE operation = :operation AND subject LIKE :kind)
              AND NOT EXISTS (SELECT 1 FROM history u WHERE u.undoes = s.operation)
            ORDER BY s.operation
        """
        return [int(found) for (found,) in self._database.rows(sql, {"operation": operation, "kind": kind + "%"})]

    def head(self) -> tuple[int, str]:
        """The number and the hash of the last operation; 0 and nothing in an empty history."""
        return history_head(self._database)

    def has_record(self, hash_: str) -> bool:
        """Whether a record of the history has this hash."""
        return bool(list(self._database.rows("SELECT 1 FROM history WHERE hash = :hash", {"hash": hash_})))


class StoredRequest(NamedTuple):
    """What the register holds under a number. `is_untouched`: new, and the partner has set nothing."""

    request: ClientRequest
    has_owners: bool
    is_untouched: bool
    operation: int


# How many numbers are asked for at once.
_AT_ONCE = 500


def _condition(wanted: ApplicationFilter, contains: str) -> tuple[str, dict[str, object]]:
    # Only the conditions asked for are written, so that an engine chooses the index by what is really there.
    conditions, values = ["1 = 1"], {}
    for column in ("status", "effective", "tier", "inn"):
        value = getattr(wanted, column)
        if value is not None:
            conditions.append(f"a.{column} = :{column}")
            values[column] = value
    if wanted.search is not None:
        conditions.append(contains.format(column="a.search", text=":search"))
        values["search"] = search_key(wanted.search)
    if wanted.month is not None:
        conditions.append("a.processed_on BETWEEN :first AND :last AND a.status <> 'rejected'")
        values |= _days(wanted.month)
    return " AND ".join(conditions), values


def _but(numbers: Collection[str]) -> tuple[str, dict[str, object]]:
    if not numbers:
        return "1 = 1", {}
    names, values = in_list(sorted(numbers))
    return f"application NOT IN ({names})", values


def _days(month: Month) -> dict[str, str]:
    return {"first": month.first_day.isoformat(), "last": month.last_day.isoformat()}
