"""The named checks of the register: everything that must always hold, all failures at once."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mureg.errors import Message, msg
from mureg.register.operation import replace_hash
from mureg.register.register import Register
from mureg.register.rows import derived_values


class Failure(NamedTuple):
    """One thing that should not be: the name of the check, and what it found."""

    check: str
    message: Message


def check_register(register: Register) -> list[Failure]:
    """Every failure of every check; empty where all is well."""
    return [Failure(name, message) for name, check in _CHECKS.items() for message in check(register)]


def _storage(register: Register) -> Iterable[Message]:
    for problem in register.engine_problems():
        yield msg("the storage is damaged: {problem}", problem=problem)


def _history(register: Register) -> Iterable[Message]:
    previous, expected = "", 1
    for record in register.history():
        if record.operation != expected:
            yield msg("operation {operation} is missing", operation=expected)
        if replace_hash(record, previous).hash != record.hash:
            yield msg("operation {operation} was changed, or one before it was taken out", operation=record.operation)
        previous, expected = record.hash, record.operation + 1


def _states(register: Register) -> Iterable[Message]:
    for number, operation in register.states_of_unknown_operations():
        yield msg("{number} was written by operation {operation}, which the history does not have",
                  number=number, operation=operation)  # fmt: skip


def _derived(register: Register) -> Iterator[Message]:
    for application, kept in zip(register.applications(), register.derived_columns(), strict=True):
        if derived_values(application) != kept:
            yield msg("the search columns of {number} do not fit it", number=application.number)


def _licences(register: Register) -> Iterable[Message]:
    for number, status in register.licences_of_wrong_applications():
        yield msg("{number} has a licence, but is {status}", number=number, status=status)
    for number, sold_on, processed_on in register.misdated_licences():
        yield msg("the licence of {number} was sold on {sold}, the application processed on {processed}",
                  number=number, sold=sold_on, processed=processed_on)  # fmt: skip


def _people(register: Register) -> Iterable[Message]:
    for (number,) in register.persons_without_application():
        yield msg("there is personal data of {number}, which is not in the register", number=number)


_CHECKS = {
    "storage": _storage,
    "history": _history,
    "states": _states,
    "derived": _derived,
    "licences": _licences,
    "people": _people,
}
