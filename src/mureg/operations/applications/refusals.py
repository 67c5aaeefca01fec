"""Why an application cannot be decided on; of several, each reason in one error."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from mureg.command_hints import quoted
from mureg.domain.application import Application, Organization
from mureg.domain.dates import Month
from mureg.errors import Fault, Message, NotFound, Refused, msg
from mureg.operations.applications.processing import find_application
from mureg.register.history import is_erasure
from mureg.register.register import Register
from mureg.register.transaction import Operation

_AT_ONCE = 500
# A hint may need a look at the whole register.
_MOST_HINTS = 3


class Refusals:
    """The reasons why some of several applications cannot be decided on: then none is, and all are named at once."""

    def __init__(self, register: Register, operation: Operation) -> None:
        self._register = register
        self._operation = operation
        self._errors: dict[str, NotFound | Refused] = {}
        self._organizations: set[Organization] = set()

    def __bool__(self) -> bool:
        return bool(self._errors)

    def found_new(self, numbers: Sequence[str]) -> Iterator[list[Application]]:
        """The applications, some hundreds at a time, without those that are missing or not new."""
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            found = self._operation.find_all(some)
            yield [found[number] for number in some if self._is_new(number, found.get(number))]

    def _is_new(self, number: str, application: Application | None) -> bool:
        if application is not None and application.status == "new":
            return True
        with self.noted(number, application):
            self._refuse(number, application)
        return False

    def _refuse(self, number: str, application: Application | None) -> None:
        """Raise why there is no new application with the number: of the first ones with a hint."""
        if not self._has_all_hints:
            require_new(self._register, application or find_application(self._register, number, self._operation))
        if application is None:
            raise NotFound(msg("no application {number}", number=number))
        raise Refused(decided_refusal(application))

    @property
    def _has_all_hints(self) -> bool:
        return len(self._errors) >= _MOST_HINTS

    @contextmanager
    def noted(self, number: str, application: Application | None) -> Iterator[None]:
        """Note why the block refuses an application, and go on."""
        try:
            yield
        except (NotFound, Refused) as error:
            self._errors[number] = error
            if application is not None:
                self._organizations.add(application.organization)

    def may_concern(self, application: Application) -> bool:
        """Whether it depends on the licence of one that is refused what becomes of this one: it cannot be judged."""
        return application.request.kind == "change" and application.organization in self._organizations

    def raise_any(self, numbers: Sequence[str]) -> None:
        """Raise what was noted, in the order of the numbers: one reason as it is, several as one error."""
        errors = [self._errors[number] for number in numbers if number in self._errors]
        # What is missing in the settings is missing for all.
        if errors and all(each.message == errors[0].message for each in errors):
            raise errors[0]
        hints: list[Message] = []
        for each in errors:
            if each.hint is not None and each.hint not in hints and len(hints) < _MOST_HINTS:
                hints.append(each.hint)
        if errors:
            message = msg("not possible for {count} of the {total} applications; nothing was written",
                          count=len(errors), total=len(numbers))  # fmt: skip
            raise type(errors[0])(message, _lines(hints), [Fault(each.message) for each in errors])


def _lines(hints: Sequence[Message]) -> Message | None:
    """Hints as one, a line for each."""
    if len(hints) < 2:
        return hints[0] if hints else None
    return msg("{hint}\n{others}", hint=hints[0], others=_lines(hints[1:]))


# --- one application ------------------------------------------------------------------------------------------------


def require_new(register: Register, application: Application) -> None:
    """Refuse to change what is processed, rejected or cancelled, and say what was done to it."""
    if application.status == "new":
        return
    number = quoted(application.number)
    record = register.history.record(application.operation)
    if record is not None and is_erasure(record):
        raise Refused(
            decided_refusal(application),
            msg("its personal data was erased in operation {operation}; see: mureg history {number}",
                operation=application.operation, number=number),
        )  # fmt: skip
    done = {"user": record.done_by if record else "", "operation": application.operation, "number": number}
    raise Refused(decided_refusal(application), _correction_hint(register, application, done))


def decided_refusal(application: Application) -> Message:
    """That an application is processed, rejected or cancelled already."""
    if application.status == "cancelled":
        return final_refusal(application)
    if application.status == "rejected":
        return msg("{number} was rejected on {day} and cannot be changed",
                   number=application.number, day=application.processed_on)  # fmt: skip
    return msg("{number} was processed on {day} and cannot be changed",
               number=application.number, day=application.processed_on)  # fmt: skip


def _correction_hint(register: Register, application: Application, done: dict[str, object]) -> Message:
    """How what was decided is corrected: of a closed month only by cancelling the sale."""
    if application.status == "cancelled":
        return msg("{user} did it in operation {operation}; to undo it: mureg undo {operation}; see: mureg history "
                   "{number}", **done)  # fmt: skip
    if application.processed_on is not None and register.months.is_past(Month.of(application.processed_on)):
        if application.status == "rejected":
            return msg("{user} did it in operation {operation}; see: mureg history {number}", **done)
        return msg("{user} did it in operation {operation}; its month is closed; to cancel a sale: mureg application "
                   "cancel {number} --reason TEXT", **done)  # fmt: skip
    if application.status == "rejected":
        return msg("{user} did it in operation {operation}; to make it new again: mureg application return {number} "
                   "--reason TEXT", **done)  # fmt: skip
    return msg("{user} did it in operation {operation}; to change its tier: mureg application amend {number} --tier "
               "2-9 --reason TEXT; to make it new again: mureg application return {number} --reason TEXT",
               **done)  # fmt: skip


def final_refusal(application: Application) -> Message:
    """That a sale was cancelled, which is final."""
    return msg("the sale of {number} was cancelled on {day}; this is final",
               number=application.number, day=application.cancelled_on)  # fmt: skip


def require_term(term_months: int | None) -> int:
    """The term of a licence. Raises `Refused` with the lines to add where the settings have no contract."""
    if term_months is None:
        raise Refused(
            msg("the term of a licence is not known: mureg.toml has no contract"),
            msg('add to mureg.toml:\n\n[contract]\nnumber = "…"\nterm_months = …'),
        )
    return term_months


def require_day(application: Application, on: date, today: date, *, after: date | None = None) -> None:
    """Refuse a day in the future, before the submission, or before what it follows."""
    number = application.number
    if on > today:
        raise Refused(
            msg("{number}: {day} is in the future", number=number, day=on),
            msg("omit --on: today is {day}", day=today),
        )
    if on < application.submitted_on:
        raise Refused(
            msg("{number}: {day} is before its submission on {submitted}",
                number=number, day=on, submitted=application.submitted_on),
            msg("use a later day: --on DATE"),
        )  # fmt: skip
    if after is not None and on < after:
        raise Refused(
            msg("{number}: {day} is before its processing on {processed}", number=number, day=on, processed=after),
            msg("use a later day: --on DATE"),
        )


def require_open_month(application: Application, on: date, *, is_past: bool, late: bool) -> None:
    """Refuse a day of a month that is past: that needs `--late`, and a correction in the first open month."""
    if is_past and not late:
        raise Refused(
            msg("{number}: {month} is closed", number=application.number, month=Month.of(on)),
            msg(
                "use a later day, or charge it in the first open month: --on {day} --late",
                day=on.isoformat(),
            ),
        )
