"""The reconciliation with the operator's statement as the JSON of docs/reference.md."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from mureg.domain.money import format_money, format_rate
from mureg.domain.reconciliation.pairs import Pair, Reconciliation
from mureg.domain.reconciliation.statement import Statement, StatementRow
from mureg.reports.json.settlement import charge_json

_WRITERS: Mapping[str, Callable[[Any], str]] = {"kopecks": format_money, "rate": format_rate, "on": date.isoformat}


class Resolved(Protocol):
    """How a pair was resolved."""

    @property
    def action(self) -> str: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102


def statement_json(statement: Statement, found: Reconciliation | None) -> dict[str, Any]:
    """The statement as a whole, and which of its numbers are written differently from ours."""
    stated = statement.stated_total_kopecks
    return {
        "file": statement.file,
        "sha256": statement.sha256,
        "rows": len(statement.rows),
        "total": format_money(statement.total_kopecks),
        "stated_total": None if stated is None else format_money(stated),
        "total_agrees": None if stated is None or found is None else not found.total_differs,
        "stated_rounding": (found.stated_rounding or None) if found else None,
        "look_alikes": [
            {"number": pair.ours.sale.number, "theirs": pair.theirs.number, "row": pair.theirs.row}
            for pair in (found.look_alikes if found else ())
            if pair.ours and pair.theirs
        ],
    }


def discrepancies_json(found: Reconciliation, resolutions: Mapping[str, Resolved]) -> Iterator[dict[str, Any]]:
    """One entry for each kind of each pair; then the statement's total, where it contradicts its rows."""
    for pair in found.pairs:
        for kind in pair.kinds:
            yield _pair_json(pair, kind, resolutions.get(pair.id))
    if found.total_differs:
        yield {
            "id": "total",
            "kind": "total_differs",
            "number": None,
            "inn": None,
            "ours": None,
            "theirs": None,
            "payable_difference": None,
            "resolution": _resolution_json(resolutions.get("total")),
        }


def _pair_json(pair: Pair, kind: str, resolution: Resolved | None) -> dict[str, Any]:
    ours = charge_json(pair.ours) if pair.ours else None
    theirs = _row_json(pair.theirs) if pair.theirs else None
    return {
        "id": pair.id,
        "kind": kind,
        "number": (ours or theirs or {}).get("number"),
        "inn": (ours or theirs or {}).get("inn"),
        "ours": ours,
        "theirs": theirs,
        "settled_in": str(pair.settled_in) if pair.settled_in else None,
        "payable_difference": format_money(pair.difference_kopecks),
        "resolution": _resolution_json(resolution),
    }


def _resolution_json(resolution: Resolved | None) -> dict[str, str] | None:
    return None if resolution is None else {"action": resolution.action, "reason": resolution.reason}


def _row_json(row: StatementRow) -> dict[str, Any]:
    """Every field, without the unit that its name ends in; what the file does not say is `None`."""
    values = row._asdict()
    values["payable_kopecks"] = values.pop("payable_kopecks")  # comes last
    return {
        name.removesuffix("_kopecks"): None if value in ("", None) else _text_of(name, value)
        for name, value in values.items()
    }


def _text_of(name: str, value: Any) -> Any:
    """The value of a field as JSON shows it: the end of the field's name says what it is."""
    _, _, unit = name.rpartition("_")
    return _WRITERS[unit](value) if unit in _WRITERS else value
