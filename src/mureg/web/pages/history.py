"""What was done, one operation whole, and undoing it."""

from itertools import islice

from starlette.responses import Response

from mureg.command_hints import quoted
from mureg.errors import N_, Message, NotFound, WrongUsage, msg
from mureg.operations import history as operations
from mureg.operations import undo as undoing
from mureg.register.history import HistoryRecord, instant_of
from mureg.register.queries.history import HistoryFilter
from mureg.register.register import Register
from mureg.reports.cells import Cell, Column
from mureg.reports.labels import OPERATION
from mureg.reports.lists import history as history_list
from mureg.web.listing import keeps_filters
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import does, shows

_ON_A_PAGE = 20
COLUMNS = tuple(
    column._replace(heading=N_("Operation")) if column.heading == N_("Command") else column
    for column in history_list.COLUMNS
)
"""Those of the list of the command line, with what an operation was instead of its command."""
_CHANGES = (
    Column(N_("What")), Column(N_("Field")), Column(N_("Before")), Column(N_("After")),
)  # fmt: skip


@keeps_filters("history.html", N_("History"), "mureg history", newest=None, older=None)
def show(page: Page) -> Response:
    """The operations, the newest first: those that the filters let through."""
    number, by, since = page.asked("number") or None, page.asked("by") or None, page.day("since")
    wanted = HistoryFilter(number, instant_of(since) if since is not None else None, by, _before(page))
    with page.register() as register:
        if number is not None and not register.history.knows(number):
            raise NotFound(msg("no application {number}", number=number), msg("list all: mureg application list"))
        found = list(islice(register.history.matching(wanted, newest_first=True), _ON_A_PAGE + 1))
        rows = [(address_of(record.operation), cells_of(page, register, record)) for record in found[:_ON_A_PAGE]]
    has_more = len(found) > _ON_A_PAGE
    options = {"since": since.isoformat() if since is not None else None, "by": by}
    filters = {"number": number, **options}
    given = [f"--{name} {quoted(value)}" for name, value in options.items() if value]
    return page.html(
        "history.html",
        title=msg("History"),
        command=" ".join(["mureg history", *([quoted(number)] if number else []), *given]),
        columns=COLUMNS,
        rows=rows,
        newest=address("/history", **filters) if page.asked("before") else None,
        older=address("/history", **filters, before=found[_ON_A_PAGE - 1].operation) if has_more else None,
    )


def _before(page: Page) -> int | None:
    asked = page.asked("before")
    return _operation(asked) if asked else None


def _operation(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise WrongUsage(
            msg("{text} is not an operation number", text=text), msg("find the operation's number: mureg history")
        )
    return int(text)


def cells_of(page: Page, register: Register, record: HistoryRecord) -> tuple[Cell, ...]:
    """The cells of an operation in a list."""
    return (
        record.operation,
        page.language.time(record.done_at),
        record.done_by,
        _name_of(record),
        operations.numbers_text(record),
        operations.summary(register, record, page.language, page.language.cell),
    )


def _name_of(record: HistoryRecord) -> Message | str:
    """What it was, in words; of a command that has none, its name."""
    name = OPERATION.get(record.command)
    return record.command if name is None else msg(name)


def address_of(operation: int) -> str:
    """The page of one operation."""
    return address("/history/operation", number=operation)


def show_one(page: Page) -> Response:
    """One operation: every value before and after."""
    number = _operation(page.needed("number", N_("No.")))
    with page.register() as register:
        found = operations.one_operation(register, number)
    record = found.record
    facts: list[tuple[str, Cell]] = [
        (N_("When"), page.language.time(record.done_at)),
        (N_("Who"), record.done_by),
        (N_("Command"), record.command),
        (N_("Files"), ", ".join(found.files)),
        (N_("Reason"), found.reason),
    ]
    related = {N_("Undoes operation"): record.undoes, N_("Undone by operation"): found.undone_by}
    rows = [
        (_row_address(change), (change.row, label, change.before, change.after))
        for change in found.changes
        for label in [msg("{what}: {field}", what=msg(change.table), field=msg(change.label))]
    ]
    return page.html(
        "operation.html",
        title=msg("Operation {operation}: {command}", operation=record.operation, command=_name_of(record)),
        command=f"mureg undo {record.operation} --dry-run",
        operation=found,
        facts_of=facts,
        related=[(label, each, address_of(each)) for label, each in related.items() if each is not None],
        columns=_CHANGES,
        rows=rows,
    )


def _row_address(change: operations.Change) -> str:
    is_of_application = change.table in (N_("Application"), N_("Licence"))
    return address("/application", number=change.row) if is_of_application else ""


def undo(page: Page) -> Response:
    """Undo an operation, and go back to where the user was."""
    number = _operation(page.needed("undone", N_("No.")))
    with page.register() as register:
        result = undoing.undo(register, number, actor=page.office.actor("undo"))
    return page.done(page.back("/history"), result, undid=number)


ROUTES = [
    shows("/history", show),
    shows("/history/operation", show_one),
    does("/history/undo", undo, again=show),
]
