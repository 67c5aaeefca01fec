"""What reads right settings quickly accepts nothing else than what tells their faults, and gives the same."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mureg.errors import Rejected
from mureg.settings import quick, tables
from mureg.settings.model import checked_settings
from mureg.settings.quick import quick_settings
from mureg.settings.template import TEMPLATE
from mureg.settings.toml import Document

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = (EXAMPLES / "contract" / "mureg.toml").read_text(encoding="utf-8")
FILE = Path("mureg.toml")
FURTHER = """
[profile.operator]
kind = "statement"
sheet = "Лист1"
columns = { payable = "К перечислению, руб.", number = "№" }
[limits]
rows = 10
nesting = 20
"""
ODD: st.SearchStrategy[object] = st.sampled_from([
    True, 0, -1, 1, 12, 1 << 60, "", " ", "…", "2-9", "10+", "total", "40%", "1.5", "№", "statement", "cp1251",
    ";", "%d.%m.%Y", "7700123459", "a\nb", Decimal("1.5"), date(2023, 8, 1), datetime(2023, 8, 1, tzinfo=UTC), [], {},
    [{}], {"number": "№"}, {"payable": "№", "number": "№"}, [{"amount": "1", "from": date(2023, 8, 1)}] * 2, "db.db",
])  # fmt: skip


def same(document: Document) -> bool:
    """Compare the two; whether the file is right."""
    found = quick_settings(document, FILE)
    try:
        expected = checked_settings(document, FILE)
    except Rejected:
        assert found is None
        return False
    assert found == expected
    assert found is not None
    assert [list(profile.columns) for profile in found.profiles.values()] == [
        list(profile.columns) for profile in expected.profiles.values()
    ]
    return True


def parsed(text: str) -> dict[str, Any]:
    return tomli.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("text", [TEXT, TEXT + FURTHER, TEMPLATE, "", 'db = "a.db"', "db = 1", "[contract]\n"])
def test_a_file_is_read_the_same_both_ways(text: str) -> None:
    assert same(Document(text, parsed(text))) is not text.startswith(("db = 1", "[contract]\n"))


@given(st.data())
def test_a_file_with_something_changed_is_read_the_same_both_ways(data: st.DataObject) -> None:
    values = parsed(TEXT + FURTHER)
    for _ in range(data.draw(st.integers(1, 2))):
        place: Any = values
        while True:
            key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
                break
            place = place[key]
        change = data.draw(st.sampled_from(["set", "delete", "add"]))
        if change == "delete":
            del place[key]
        elif change == "add" and isinstance(place, dict):
            place[data.draw(st.sampled_from(["tier", "code", "kind", "db", "columns", "price", "x", "rows"]))] = (
                deepcopy(data.draw(ODD))
            )
        else:
            place[key] = deepcopy(data.draw(ODD))
    same(Document(TEXT + FURTHER, values))


@pytest.mark.parametrize(
    ("keys", "table"),
    [
        (quick.FILE, tables.File),
        (quick.PARTNER, tables.Partner),
        (quick.CONTRACT, tables.Contract),
        (quick.PRICE, tables.Price),
        (quick.DISCOUNT, tables.Discount),
        (quick.LIMITS, tables.LimitsTable),
        (quick.PROFILE, tables.StatementProfile),
        (dict.fromkeys(quick.COLUMNS["applications"]), tables.ApplicationColumns),
        (dict.fromkeys(quick.COLUMNS["statement"]), tables.StatementColumns),
    ],
)
def test_both_ways_know_the_same_keys_in_the_same_order(keys: Mapping[str, object], table: type[tables.Table]) -> None:
    assert list(keys) == [field.alias or name for name, field in table.model_fields.items()]
