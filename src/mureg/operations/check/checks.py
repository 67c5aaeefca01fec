"""The named checks of the register: everything that must always hold, all failures at once."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mureg.errors import Message, MuregError, RegisterUnusable, Rejected, msg, plural
from mureg.operations.check.replay import unlike_history
from mureg.operations.months.accepted_rows import accepted_numbered_rows
from mureg.operations.months.closing import hash_of_month
from mureg.register.columns import derived_values
from mureg.register.history import replace_hash
from mureg.register.queries.months import MonthRecord
from mureg.register.register import Register
from mureg.safe_files import open_to_others
from mureg.settings.locate import read_db


class Failure(NamedTuple):
    """One thing that should not be: the name of the check, and what it found."""

    check: str
    message: Message


def check_register(
    register: Register, progress: Callable[[int], None] = lambda checks: None, head: str | None = None
) -> list[Failure]:
    """Every failure of every check; empty where all is well. `progress` is told each check that has come to its end.

    `head` is the hash of a record that was noted down once: a history without it was cut off, or written anew.
    """
    failures = []
    if head is not None and not register.history.has_hash(head):
        message = msg("the history has no record with the hash {hash}: it was cut off, or written anew", hash=head)
        failures.append(Failure("head", message))
    for name, check in _CHECKS.items():
        failures += [Failure(name, message) for message in _found_by(check, register)]
        progress(1)
    return failures


def check_modes(register: Register, settings: Path | None) -> list[Failure]:
    """Files with people or passwords in them that others than their owner may read or change.

    It is no matter of the register's content: a copy of one is whole all the same.
    """
    wide = list(register.integrity.open_to_others())
    if settings is not None and _names_password(settings):
        wide += open_to_others([str(settings)])
    return [
        Failure("modes", msg("others may read or change {path} (mode {mode}): {command}",
                             path=path, mode=f"{mode:o}", command=f"chmod 600 {shlex.quote(path)}"))
        for path, mode in wide
    ]  # fmt: skip


def _names_password(settings: Path) -> bool:
    """Whether the address of the register names one, in whatever place."""
    try:
        url = read_db(settings) or ""
    except Rejected:
        return False  # what is wrong with the file is told by whoever needs it
    _, is_address, rest = url.partition("://")
    head, _, query = rest.partition("?")
    return bool(is_address) and (":" in head.rpartition("@")[0] or "password" in query)


def damage_of(register: Register) -> RegisterUnusable | None:
    """The error of a register that fails a check, which may be why something else failed."""
    failures = check_register(register)
    if not failures:
        return None
    return RegisterUnusable(
        msg("the register {path} is damaged: {what}", path=register.location, what=failures[0].message),
        msg("all that is wrong: mureg check; bring a backup back beside it, mureg restore FILE --db PATH, and keep the"
            " damaged one"),
    )  # fmt: skip


def _found_by(check: Callable[[Register], Iterable[Message]], register: Register) -> Iterator[Message]:
    """What a check finds. A damaged register may hold anything where a date or a JSON text should be: that is told."""
    try:
        yield from check(register)
    except MuregError:
        raise
    except Exception as error:  # noqa: BLE001  whatever comes of reading what is no value
        yield msg("what the register holds cannot be read: {kind}", kind=type(error).__name__)


def _storage(register: Register) -> Iterable[Message]:
    for problem in register.integrity.engine_problems():
        yield msg("the storage is damaged: {problem}", problem=problem)


def _history(register: Register) -> Iterable[Message]:
    previous, expected = "", 1
    for record in register.history.records():
        if record.operation != expected:
            yield msg("operation {operation} is missing", operation=expected)
        if replace_hash(record, previous).hash != record.hash:
            yield msg("operation {operation} was changed, or one before it was taken out", operation=record.operation)
        previous, expected = record.hash, record.operation + 1


def _derived(register: Register) -> Iterator[Message]:
    for application, kept in zip(register.applications.matching(), register.integrity.derived_columns(), strict=True):
        if derived_values(application) != kept:
            yield msg("the search columns of {number} do not fit it", number=application.number)


def _licences(register: Register) -> Iterable[Message]:
    for number, status in register.integrity.licences_of_wrong_applications():
        yield msg("{number} has a licence, but is {status}", number=number, status=status)
    for number, sold_on, processed_on in register.integrity.misdated_licences():
        yield msg("the licence of {number} was sold on {sold}, the application processed on {processed}",
                  number=number, sold=sold_on, processed=processed_on)  # fmt: skip


def _people(register: Register) -> Iterable[Message]:
    for number in register.integrity.changed_persons():
        yield msg("the personal data of {number} is not what its digest was taken of", number=number)
    for number in register.integrity.nameless_owners():
        yield msg("{number} names people whose data is not there", number=number)
    for number in register.integrity.persons_without_application():
        yield msg("there is personal data of {number}, which is not in the register", number=number)


def _months(register: Register) -> Iterator[Message]:
    """A closed month is as it was hashed, and nothing of an open one is frozen."""
    for record in register.months.records():
        charges = list(register.charges.of_month(record.month))
        if record.state == "open":
            if charges:
                yield msg("{month} is open and has frozen charges", month=record.month)
            continue
        # Later months name a charge by its place.
        if [charge.place for charge in charges] != list(range(1, len(charges) + 1)):
            yield msg("the charges of {month} are not numbered as they were", month=record.month)
        statement = register.statements.load(record.statement) if record.statement is not None else None
        resolutions = register.months.resolutions(record.month).values()
        if hash_of_month(record, charges, resolutions, statement) != record.hash:
            yield msg("{month} is not as it was closed", month=record.month)


def _charges(register: Register) -> Iterator[Message]:
    """Every frozen charge has its application, nothing is settled twice, and no sale of a closed month is lost."""
    for month, number in register.integrity.charges_without_application():
        yield msg("{month} charges {number}, which is not in the register", month=month, number=number)
    last_closed = register.months.last_closed()
    for month, number in register.integrity.unsettled_sales(last_closed) if last_closed is not None else ():
        yield msg("{number} was sold in {month}, which is closed, and no month settles it", number=number, month=month)
    for row in accepted_numbered_rows(register):
        licence = register.licences.made_by(row.row.number)
        if licence is not None and licence.sold_on is not None and licence.cancelled_on is None:
            yield msg("{number} is settled twice: by its charge, and by a row that was accepted in {month}",
                      number=row.row.number, month=row.month)  # fmt: skip
    for cause, count in register.integrity.repeated_causes():
        yield plural("{cause} is settled {count} time", "{cause} is settled {count} times", cause=cause, count=count)


def _invoices(register: Register) -> Iterator[Message]:
    """Every invoice is the agreed amount of an invoiced month."""
    records = {record.month: record for record in register.months.records()}
    for invoice in register.months.invoices():
        record = records.get(invoice.month, MonthRecord(invoice.month))
        if record.state != "invoiced" or record.agreed_kopecks != invoice.amount_kopecks:
            yield msg("invoice {number} does not fit {month}", number=invoice.number, month=invoice.month)


_CHECKS = {
    "storage": _storage,
    "history": _history,
    "states": unlike_history,
    "derived": _derived,
    "licences": _licences,
    "people": _people,
    "months": _months,
    "charges": _charges,
    "invoices": _invoices,
}
CHECKS = len(_CHECKS)
