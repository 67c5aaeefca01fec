"""What no statement may do, whoever runs it: change the history, or anything of a month that is not open.

Triggers of both engines enforce it. The conditions are in the SQL that both share.
"""

from typing import Literal, NamedTuple


class Guard(NamedTuple):
    """A change of a table's rows that is refused where the condition holds, which names the row OLD and NEW."""

    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    condition: str

    @property
    def name(self) -> str:
        """The name of its trigger."""
        return f"guard_{self.table}_{self.event.lower()}"


_ALWAYS = "1 = 1"
_OLD_MONTH_IS_CLOSED = "EXISTS (SELECT 1 FROM month m WHERE m.month = OLD.month AND m.state <> 'open')"
_NEW_MONTH_IS_CLOSED = "EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open')"
# A month is closed, its charges are added, and then the operation is recorded.
_NEW_MONTH_IS_BEING_CLOSED = (
    "EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state = 'closed'"
    " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.operation = m.operation))"
)

GUARDS = (
    Guard("history", "UPDATE", _ALWAYS),
    Guard("history", "DELETE", _ALWAYS),
    Guard("history_images", "UPDATE", _ALWAYS),
    Guard("history_images", "DELETE", _ALWAYS),
    Guard("history_subject", "UPDATE", _ALWAYS),
    Guard("history_subject", "DELETE", _ALWAYS),
    Guard("statement", "UPDATE", _ALWAYS),
    Guard("statement", "DELETE", _ALWAYS),
    Guard("statement_row", "UPDATE", _ALWAYS),
    Guard("statement_row", "DELETE", _ALWAYS),
    # An INSERT OR REPLACE deletes what it replaces, and so does an UPDATE OR REPLACE: SQLite runs no trigger for that.
    # So no row is added under a key or a unique value that exists, and keys do not change.
    Guard(
        "history",
        "INSERT",
        "NEW.operation <> (SELECT COALESCE(MAX(h.operation), 0) + 1 FROM history h)"
        " OR EXISTS (SELECT 1 FROM history h WHERE h.undoes = NEW.undoes)",
    ),
    # An operation is recorded after its images.
    Guard("history_images", "INSERT", "EXISTS (SELECT 1 FROM history h WHERE h.operation = NEW.operation)"),
    Guard(
        "statement",
        "INSERT",
        f"{_NEW_MONTH_IS_CLOSED} OR EXISTS (SELECT 1 FROM statement k WHERE k.statement = NEW.statement)",
    ),
    # A million rows pass here: the operation that keeps a statement has its number, and is recorded after its rows.
    Guard("statement_row", "INSERT", "EXISTS (SELECT 1 FROM history h WHERE h.operation = NEW.statement)"),
    Guard("charge", "INSERT", f"NOT {_NEW_MONTH_IS_BEING_CLOSED}"),
    Guard("charge", "DELETE", _OLD_MONTH_IS_CLOSED),
    Guard("charge", "UPDATE", _ALWAYS),
    Guard(
        "resolution",
        "INSERT",
        f"{_NEW_MONTH_IS_CLOSED} OR EXISTS (SELECT 1 FROM resolution r WHERE r.name = NEW.name)",
    ),
    Guard("resolution", "DELETE", _OLD_MONTH_IS_CLOSED),
    Guard("resolution", "UPDATE", f"{_OLD_MONTH_IS_CLOSED} OR NEW.name <> OLD.name OR NEW.month <> OLD.month"),
    Guard("month", "INSERT", _NEW_MONTH_IS_CLOSED),
    Guard("month", "DELETE", "OLD.state <> 'open'"),
    Guard(
        "month",
        "UPDATE",
        "NEW.month <> OLD.month OR OLD.state <> 'open' AND ("
        # Reopened, it forgets what was agreed; what has an invoice stays invoiced.
        "NEW.state = 'open' AND NEW.agreed_kopecks IS NOT NULL"
        " OR NEW.state <> 'invoiced' AND EXISTS (SELECT 1 FROM invoice i WHERE i.month = OLD.month)"
        " OR NEW.state = OLD.state AND NEW.operation <> OLD.operation"
        " OR NEW.state <> 'open' AND (NEW.hash <> OLD.hash OR NEW.contract <> OLD.contract"
        " OR NEW.without_statement <> OLD.without_statement"
        " OR (NEW.agreed_kopecks = OLD.agreed_kopecks) IS NOT TRUE"
        # Statements have the numbers of operations, which begin with 1.
        " OR COALESCE(NEW.statement, 0) <> COALESCE(OLD.statement, 0)))",
    ),
    Guard(
        "invoice",
        "INSERT",
        "EXISTS (SELECT 1 FROM invoice i WHERE i.number = NEW.number OR i.month = NEW.month)",
    ),
    Guard("invoice", "DELETE", "OLD.paid_on IS NOT NULL"),
    Guard(
        "invoice",
        "UPDATE",
        "NEW.amount_kopecks <> OLD.amount_kopecks OR NEW.month <> OLD.month OR NEW.number <> OLD.number"
        " OR NEW.dated_on <> OLD.dated_on",
    ),
)

GUARDED_TABLES = tuple(dict.fromkeys(guard.table for guard in GUARDS))
APPEND_ONLY_TABLES = tuple(guard.table for guard in GUARDS if guard.event == "DELETE" and guard.condition == _ALWAYS)
"""Tables whose rows can be added, and neither changed nor deleted."""
