"""What the pages with lists share: the order, the pages, the downloads, and the filters as options of the command."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from mureg.command_hints import quoted
from mureg.domain.licence_list import Period, parse_period
from mureg.errors import N_, NotFound, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.register.queries.position import Position
from mureg.reports.cells import Cell, Column, Label
from mureg.web.page import Page
from mureg.web.rendering import address

with lazy_imports():
    from mureg.reports import csv_table
    from mureg.reports.lists import xlsx

ON_A_PAGE = 50
FORMATS = {"csv": N_("Download as CSV"), "xlsx": N_("Download as Excel")}

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain; charset=windows-1251",
}
_IN_MEMORY = 1_000_000
_CHUNK = 65_536
# Where in the list the page is; not a filter.
_PLACE = ("after", "before", "at", "operation")

Item = TypeVar("Item")
Show = Callable[[Page], Response]


class Order(NamedTuple):
    """What a list is sorted by."""

    sort: str
    reverse: bool


class Shown(NamedTuple, Generic[Item]):
    """One page of a list, and the addresses of those before and behind it."""

    items: list[Item]
    previous: str | None
    next: str | None


class SortLink(NamedTuple):
    """The address that sorts by a column, and how it is sorted now: `ascending`, `descending` or not."""

    address: str
    state: str


def keeps_filters(template: str, title: str, command: str, **others: Any) -> Callable[[Show], Show]:
    """Where a filter is refused, show the page with what was typed and the reason. `title` is marked by `N_`."""

    def kept(show: Show) -> Show:
        def shown(page: Page) -> Response:
            try:
                return show(page)
            except (WrongUsage, NotFound) as error:
                page.error = page.error or error
                return page.html(template, title=msg(title), command=command, rows=(), **others)

        return shown

    return kept


def order_of(page: Page, columns: Iterable[str], usual: str) -> Order:
    """The order that was asked for. Raises `WrongUsage`."""
    return Order(page.one_of("sort", tuple(columns)) or usual, bool(page.asked("reverse")))


def sort_links(page: Page, columns: Mapping[str, str], now: Order) -> dict[str, SortLink]:
    """For each heading the link that sorts by its column, or turns the order around."""
    links = {}
    for heading, column in columns.items():
        is_now = column == now.sort
        reverse = "1" if is_now and not now.reverse else None
        state = ("descending" if now.reverse else "ascending") if is_now else "none"
        links[heading] = SortLink(_here(page, sort=column, reverse=reverse), state)
    return links


def one_page(
    page: Page,
    order: Order,
    matching: Callable[[Order, Position | None], Iterable[Item]],
    position_of: Callable[[Item], Position],
) -> Shown[Item]:
    """The page of the list that was asked for. `matching` gives the items behind a position, in an order."""
    is_back = "before" in page.query
    number = page.query.get("before" if is_back else "after")
    start = Position(page.query.get("at", ""), number) if number is not None else None
    found = list(islice(matching(order._replace(reverse=order.reverse != is_back), start), ON_A_PAGE + 1))
    is_more, found = len(found) > ON_A_PAGE, found[:ON_A_PAGE]
    if is_back:
        found.reverse()
    if not found:
        return Shown([], None, None)
    first, last = position_of(found[0]), position_of(found[-1])
    has_previous = is_more if is_back else start is not None
    has_next = is_back or is_more
    return Shown(
        found,
        _here(page, before=first.then, at=first.value) if has_previous else None,
        _here(page, after=last.then, at=last.value) if has_next else None,
    )


def asked_period(page: Page, on: date) -> Period | None:
    """The period in which a licence ends; `None` where none was typed. Raises `WrongUsage`."""
    typed = page.asked("expires-within")
    period = parse_period(typed, on, page.today) if typed else None
    if typed and period is None:
        raise WrongUsage(
            msg("{text} is neither a period nor a month", text=typed), msg("write 30d, 3m, or a month: 2023-08")
        )
    return period


def options(command: str, given: Mapping[str, object]) -> str:
    """A command with those of its options that have a value; a flag has `True`."""
    parts = [command]
    for name, value in given.items():
        if value is True:
            parts.append(f"--{name}")
        elif value is not None and value is not False and value != "":
            parts.append(f"--{name} {quoted(str(value))}")
    return " ".join(parts)


def downloads(page: Page, path: str) -> list[tuple[str, str]]:
    """The address of each format of what the filters let through, with its label."""
    kept = {name: value for name, value in page.query.items() if name not in _PLACE}
    return [(address(path, **kept, format=name), label) for name, label in FORMATS.items()]


def table_file(
    page: Page, name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> Response:
    """A list as the file that was asked for. `title` names a worksheet. Raises what reading the rows raises."""
    kind = page.one_of("format", tuple(FORMATS)) or "csv"
    headings: list[Cell] = [Label(column.heading) for column in columns]
    content: Iterable[bytes] = (
        csv_table.csv_bytes(chain([headings], rows), page.language)
        if kind == "csv"
        else [xlsx.list_workbook(title, columns, rows, page.language)]
    )
    return file_answer(f"{name}-{page.today.isoformat()}.{kind}", MEDIA_TYPES[kind], content)


def file_answer(name: str, media_type: str, content: Iterable[bytes]) -> Response:
    """A file to keep. It is complete before any of it is sent: an error is a page, and not half a file."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed when it was sent
    try:
        file.writelines(content)
    except BaseException:
        file.close()
        raise
    length = file.tell()
    file.seek(0)

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(_CHUNK):
                yield chunk

    # What no system takes in a name may be in the number of an invoice.
    safe = re.sub(r'[\x00-\x1f"*/:<>?\\|\x7f]', "-", name)
    named = f'filename="{safe}"' if safe.isascii() else f"filename*=UTF-8''{quote(safe, safe='')}"
    headers = {"content-disposition": f"attachment; {named}", "content-length": str(length)}
    return StreamingResponse(chunks(), media_type=media_type, headers=headers)


def _here(page: Page, **changed: object) -> str:
    return page.here(**(dict.fromkeys(_PLACE) | changed))
