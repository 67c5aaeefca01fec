"""The content of a pair, as it is stored with its resolution and hashed."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.domain.settlement import SettledSale

if TYPE_CHECKING:
    from mureg.domain.reconciliation.pairs import Pair


def content_of(pair: "Pair") -> str:
    """The content of a pair: if it changes, the pair's resolution lapses."""
    theirs = row_content(pair.theirs._replace(row=0)) if pair.theirs else None
    ours = charge_content(pair.ours) if pair.ours else None
    return json.dumps(
        [pair.kinds, ours, theirs, pair.difference_kopecks, str(pair.settled_in or "")], ensure_ascii=False
    )


def resolved_content(content: str) -> str:
    """What of a pair must not change; the month that has its charge changes where months are closed."""
    return content.rpartition(", ")[0] if content.startswith("[") else content


def row_content(row: StatementRow) -> list[object]:
    """A row of a statement, as hashes and resolutions see it."""
    return list((row._asdict() | {"processed_on": str(row.processed_on)}).values())


def row_of_pair_content(content: str) -> StatementRow:
    """The row in a pair's content. Its number in the file is not known."""
    _, _, theirs, *_ = json.loads(content)
    return _row_of(theirs)


def charge_number(content: str) -> str:
    """The number of our charge in a pair's content; empty where it has none."""
    if not content.startswith("["):
        return ""  # of the stated total
    _, ours, *_ = json.loads(content)
    return str(ours[0]) if ours else ""


def row_accepted_for(content: str, settled: SettledSale) -> tuple[bool, StatementRow | None]:
    """Whether a pair's content has this charge of ours, and the row that it was paired with, if it had one."""
    _, ours, theirs, *_ = json.loads(content)
    if ours != charge_content(settled):
        return False, None
    return True, _row_of(theirs) if theirs else None


def _row_of(theirs: list[Any]) -> StatementRow:
    values = dict(zip(StatementRow._fields, theirs, strict=True))
    day = values["processed_on"]
    return StatementRow(**values | {"processed_on": None if day == "None" else date.fromisoformat(day)})


def charge_content(settled: SettledSale) -> list[object]:
    """A charge, as hashes and resolutions see it."""
    sale, charge = settled.sale, settled.charge
    return [
        sale.number, sale.organization.inn, sale.organization.kpp, sale.name, sale.tier, sale.sold_on.isoformat(),
        sale.promotion, settled.kind, str(settled.corrects) if settled.corrects else None,
        charge.list_price_kopecks, charge.discount_rate, charge.discount_kopecks,
    ]  # fmt: skip


def total_content(statement: Statement) -> str:
    """The content of a statement's total: if it changes, its resolution lapses."""
    return f"{statement.stated_total_kopecks} {statement.total_kopecks}"
