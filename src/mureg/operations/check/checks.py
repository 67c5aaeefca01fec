"""The named checks of the register; all failures are reported at once."""

import shlex
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from mureg.errors import Message, MuregError, RegisterUnusable, Rejected, msg
from mureg.operations.check.months import changed_months, wrong_charges, wrong_invoices
from mureg.operations.check.replay import unlike_history
from mureg.register.columns import derived_values
from mureg.register.engines.address import may_hold_password
from mureg.register.history import replace_hash, split_numbers
from mureg.register.register import Register
from mureg.safe_files import open_to_others, outside_profile
from mureg.settings.locate import read_db

# Those who share a register have clocks of their own, and a long import is dated when it begins.
_CLOCKS_DIFFER = timedelta(hours=1)


class Failure(NamedTuple):
    """One finding of a check, with the check's name."""

    check: str
    message: Message


def check_register(
    register: Register, progress: Callable[[int], None] = lambda checks: None, head: str | None = None
) -> list[Failure]:
    """Every failure of every check. `progress` is called with 1 at the end of each check.

    `head` is the hash of a record, noted earlier: a history without it was cut off or rewritten.
    """
    failures = []
    if head is not None and register.history.operation_with_hash(head) is None:
        message = msg("the history has no record with the hash {hash}: it was cut off or rewritten", hash=head)
        failures.append(Failure("head", message))
    for name, check in _CHECKS.items():
        failures += [Failure(name, message) for message in _found_by(check, register)]
        progress(1)
    return failures


def check_schema(register: Register) -> list[Failure]:
    """Tables, views and triggers that are missing, changed or added.

    This is not a property of the register's content: a copy of it has the right ones.
    """
    found, expected = register.integrity.schema()
    both = sorted(expected.keys() & found.keys())
    messages = [msg("the database lacks: {name}", name=name) for name in sorted(expected.keys() - found.keys())]
    messages += [
        msg("the database has another definition of: {name}", name=name)
        for name in both
        if expected[name] != found[name]
    ]
    # An index of the administrator's makes searches faster and changes nothing.
    added = (name for name in sorted(found.keys() - expected.keys()) if not name.startswith("index "))
    messages += [msg("the database has something that mureg did not create: {name}", name=name) for name in added]
    return [Failure("schema", message) for message in messages]


def check_modes(register: Register, settings: Path | None) -> list[Failure]:
    """Files with personal data or passwords that other users can read or change.

    This is not about the content of the register: a copy of it passes.
    """
    found = list(register.integrity.open_to_others())
    if settings is not None and _has_password(settings):
        found += open_to_others([str(settings)])
    return [Failure("modes", _too_open(path, mode)) for path, mode in found]


def _too_open(path: str, mode: int) -> Message:
    if Path(path).is_dir():
        return msg("other users can put files into the folder {path} (mode {mode}): {command}",
                   path=path, mode=f"{mode:o}", command=f"chmod o-w {shlex.quote(path)}")  # fmt: skip
    return msg("other users can read or change {path} (mode {mode}): {command}",
               path=path, mode=f"{mode:o}", command=f"chmod 600 {shlex.quote(path)}")  # fmt: skip


def unknown_access(register: Register, settings: Path | None) -> list[str]:
    """On Windows, the files with personal data or passwords for which `check_modes` cannot tell who reads them."""
    holds_password = settings is not None and _has_password(settings)
    return outside_profile([register.location, *([str(settings)] if holds_password else [])])


def _has_password(settings: Path) -> bool:
    """Whether the address of the register contains a password, anywhere."""
    try:
        url = read_db(settings) or ""
    except Rejected:
        return False  # faults of the settings are reported by the commands that need them
    _, is_address, rest = url.partition("://")
    if not is_address:
        return may_hold_password(url)
    head, _, query = rest.partition("?")
    return ":" in head.rpartition("@")[0] or "password" in query.casefold()


def damage_of(register: Register) -> RegisterUnusable | None:
    """The error of a register that fails a check: the likely cause of another error."""
    failures = check_register(register)
    if not failures:
        return None
    return RegisterUnusable(
        msg("the register {path} is damaged: {what}", path=register.location, what=failures[0].message),
        msg("list the problems: mureg check; restore a backup to another place (mureg restore FILE "
            "--db PATH), and keep the damaged file"),
    )  # fmt: skip


def _found_by(check: Callable[[Register], Iterable[Message]], register: Register) -> Iterator[Message]:
    """The findings of a check. In a damaged register a date or JSON may be unreadable: that is a finding too."""
    try:
        yield from check(register)
    except MuregError:
        raise
    except Exception as error:  # noqa: BLE001  whatever comes of reading what is no value
        yield msg("cannot read the data of the register: {kind}", kind=type(error).__name__)


def _storage_problems(register: Register) -> Iterator[Message]:
    for problem in register.integrity.engine_problems():
        yield msg("the storage is damaged: {problem}", problem=problem)


def _broken_chain(register: Register) -> Iterator[Message]:
    previous, expected = "", 1
    stray = register.integrity.operations_with_stray_numbers()
    for record in register.history.records():
        if record.operation != expected:
            yield msg("operation {operation} is missing", operation=expected)
        as_kept, _ = split_numbers(replace_hash(register.history.whole(record), previous))
        if as_kept != record or record.operation in stray:
            yield msg("operation {operation} was changed, or an earlier one was removed", operation=record.operation)
        previous, expected = record.hash, record.operation + 1


def _dates_going_back(register: Register) -> Iterator[Message]:
    previous: datetime | None = None
    for record in register.history.records():
        at = datetime.fromisoformat(record.done_at)
        if previous is not None and at < previous - _CLOCKS_DIFFER:
            yield msg("operation {operation} has an earlier time than the one before it: {at}; a clock was wrong, "
                      "or the history was rewritten",
                      operation=record.operation, at=record.done_at)  # fmt: skip
        previous = at


def _wrong_derived_columns(register: Register) -> Iterator[Message]:
    for application, derived in register.integrity.applications_with_derived():
        if derived_values(application) != derived:
            yield msg("the search columns of {number} do not match its data", number=application.number)


def _wrong_licences(register: Register) -> Iterator[Message]:
    for sold_on, tier in register.integrity.wrong_sale_counts():
        yield msg("the count of licences {tier} that were sold on {sold} does not match the licences",
                  tier=tier, sold=sold_on)  # fmt: skip
    for number, status in register.integrity.licences_of_wrong_applications():
        yield msg("{number} has a licence, but is {status}", number=number, status=status)
    for number, sold_on, processed_on in register.integrity.misdated_licences():
        yield msg("the licence of {number} was sold on {sold}, but the application was processed on {processed}",
                  number=number, sold=sold_on, processed=processed_on)  # fmt: skip


def _wrong_people(register: Register) -> Iterator[Message]:
    for number in register.integrity.changed_persons():
        yield msg("the personal data of {number} does not match its digest", number=number)
    for number in register.integrity.nameless_owners():
        yield msg("the personal data of people in {number} is missing", number=number)
    for number in register.integrity.persons_without_application():
        yield msg("there is personal data of {number}, but that application is not in the register", number=number)


_CHECKS: dict[str, Callable[[Register], Iterable[Message]]] = {
    "storage": _storage_problems,
    "history": _broken_chain,
    "clock": _dates_going_back,
    "states": unlike_history,
    "derived": _wrong_derived_columns,
    "licences": _wrong_licences,
    "people": _wrong_people,
    "months": changed_months,
    "charges": wrong_charges,
    "invoices": wrong_invoices,
}
CHECKS = len(_CHECKS)
