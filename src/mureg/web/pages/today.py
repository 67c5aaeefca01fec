"""What needs attention today, and charts."""

from typing import Any

from starlette.responses import Response

from mureg.domain.application import TIERS
from mureg.errors import N_, Message, msg
from mureg.operations import charts, today
from mureg.register.register import Register
from mureg.reports.cells import Cell, Column, Money
from mureg.reports.labels import TIER
from mureg.reports.today import About, Line, lines
from mureg.web.charts import Figure, chart
from mureg.web.page import Page
from mureg.web.rendering import address
from mureg.web.routes import shows


def show(page: Page) -> Response:
    """What waits, runs out and has to be done, as `mureg status` says it."""
    with page.register() as register:
        found = list(
            lines(
                today.waiting(register, page.today),
                today.count_expiring(register, page.today),
                today.certificates(register, page.today),
                today.months(register, page.office.contract, page.today),
                most=today.MOST,
            )
        )
        drawn = [_payable(page, register), _waiting(page, register), _ending(page, register)]
    return page.html(
        "today.html",
        title=msg("Today"),
        command="mureg status",
        lines=[(line, _address(line)) for line in found],
        charts=drawn,
    )


def _address(line: Line) -> str:
    """The page on which it is done."""
    pages: dict[About, str] = {
        "waiting": address("/applications", status="new"),
        "licences": address("/licences", **{"expires-within": "30d", "not-renewed": "on"}),
        "certificate": address("/application", number=line.of),
        "certificates": address("/licences", **{"expires-within": "30d"}),
        "month": address("/month", month=line.of),
    }
    return pages[line.about]


def _payable(page: Page, register: Register) -> dict[str, Any]:
    months = charts.payable_by_month(register, page.office.contract(), page.today)
    figures, rows = [], []
    for month, by_tier, total, reason in months:
        link = address("/month", month=month)
        text: Cell = reason if by_tier is None else Money(total)
        values = [(by_tier or {}).get(tier, 0) for tier in TIERS]
        figures.append(Figure(str(month), text, values, link))
        cells = [text if by_tier is None else Money(value) for value in values]
        rows.append((link, (str(month), *cells, text)))
    columns = (Column(N_("Month")), *(Column(TIER[tier], "right") for tier in TIERS), Column(N_("Payable"), "right"))
    return {
        "name": "payable", "heading": N_("Payable by month and tier"), "chart": chart(figures), "columns": columns,
        "rows": rows, "legend": [TIER[tier] for tier in TIERS],
    }  # fmt: skip


def _waiting(page: Page, register: Register) -> dict[str, Any]:
    counted = charts.waiting_by_age(register, page.today)
    figures = [
        Figure(_age(age), _count(count), [count], address("/applications", status="new")) for age, count in counted
    ]
    columns = (Column(N_("Waiting for")), Column(N_("Applications"), "right"))
    return _counts("waiting", N_("Waiting applications by age"), figures, columns)


def _age(age: charts.Age) -> Message:
    if age.oldest is None:
        return msg("more than {days} days", days=age.youngest - 1)
    return msg("{first}–{last} days", first=age.youngest, last=age.oldest)


def _ending(page: Page, register: Register) -> dict[str, Any]:
    counted = charts.ends_by_month(register, page.today)
    figures = [
        Figure(str(month), _count(count), [count], address("/licences", **{"expires-within": month}))
        for month, count in counted
    ]
    columns = (Column(N_("Month")), Column(N_("Licences"), "right"))
    return _counts("ending", N_("Licences that end, by month"), figures, columns)


def _counts(name: str, heading: str, figures: list[Figure], columns: tuple[Column, ...]) -> dict[str, Any]:
    rows = [(figure.link, (figure.label, figure.text)) for figure in figures]
    return {
        "name": name, "heading": heading, "chart": chart(figures), "columns": columns, "rows": rows, "legend": [],
    }  # fmt: skip


def _count(count: int) -> Cell:
    return msg("{count} or more", count=count) if count == charts.MOST else count


ROUTES = [shows("/", show)]
