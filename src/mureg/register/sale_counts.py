"""How many licences of each tier were sold on each day: a million sales of an open month are summed by these alone.

They follow from the licences, and are counted anew for every day on which an operation changes a sale.
"""

from mureg.domain.dates import Month
from mureg.register.changes import Changes
from mureg.register.columns import days_of
from mureg.register.engines.interface import Database, Row
from mureg.register.queries.licences import IS_TIMELY

_COUNTED_BY = ("tier", "sold_on", "cancelled_on", "late")
_COUNTED = f"SELECT l.sold_on, l.tier, count(*) FROM licence l WHERE {IS_TIMELY}"
_GROUPED = "GROUP BY l.sold_on, l.tier"


def count_changed(database: Database, changes: Changes) -> None:
    """Count anew what an operation changed."""
    touched = changes.touched("licence", _COUNTED_BY)
    groups = sorted({(values["sold_on"], values["tier"]) for values in touched if values["sold_on"] is not None})
    database.run_many("DELETE FROM sale_count WHERE sold_on = ? AND tier = ?", groups)
    database.run_many(
        f"INSERT INTO sale_count (sold_on, tier, licences) {_COUNTED} AND l.sold_on = ? AND l.tier = ? {_GROUPED}",
        groups,
    )


def count_month(database: Database, month: Month) -> None:
    """Count the sales of a month anew: one that is being closed is charged by its licences."""
    days = days_of(month)
    database.run("DELETE FROM sale_count WHERE sold_on BETWEEN :first AND :last", days)
    database.run(
        f"""
        INSERT INTO sale_count (sold_on, tier, licences)
        {_COUNTED} AND l.sold_on BETWEEN :first AND :last {_GROUPED}
        """,
        days,
    )


def wrong_counts(database: Database) -> list[Row]:
    """The days and tiers whose count is not that of the licences."""
    kept = {tuple(row) for row in database.rows("SELECT sold_on, tier, licences FROM sale_count")}
    counted = {tuple(row) for row in database.rows(f"{_COUNTED} {_GROUPED}")}
    return sorted({(sold_on, tier) for sold_on, tier, _ in kept ^ counted})
