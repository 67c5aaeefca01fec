"""Raw SQL drops the triggers and edits a cell: every column of every table, one after the other.

`mureg check` reports each, with the record's number where it is a record's. What it does not report is listed here.
"""

import os
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mureg.operations.check.checks import check_register
from mureg.register import row_images
from mureg.register.engines import schema
from mureg.register.engines.schema import TABLES
from mureg.register.history import HistoryRecord, replace_hash
from mureg.register.register import Register
from support import raw_sql
from support.command_line import Mureg
from support.sample_data import begin, write_table
from support.sample_data import row as line

# What the check does not report, and why. Nothing else may go unnoticed.
UNREPORTED = {
    ("application", "client_comment"): (
        "What a client wrote may name people, and what is erased must not be guessed from a digest that stays. Once"
        " someone has changed it through mureg, it is reported like the rest."
    ),
}

# The values that a column may have, where the engine itself takes no others.
_CHOICES = {
    name: re.findall(r"'([^']*)'", condition)
    for statement in schema.MIGRATIONS[0]
    for name, condition in re.findall(r"^\s+(\w+) TEXT NOT NULL[^\n]*?\s+CHECK \(([^)]*)\)", statement, re.MULTILINE)
}
_NUMBERS = {
    name for statement in schema.MIGRATIONS[0] for name in re.findall(r"^\s+(\w+) BIGINT", statement, re.MULTILINE)
}


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


@pytest.fixture
def settled(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    """A register with rows in every table: a closed and invoiced month, and an open one with a statement."""
    # As if every operation were a large one, some of whose images are beside its record.
    monkeypatch.setattr(row_images, "ROWS_IN_PIECE", 1)
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28")
    statement = "examples/statement/operator-2023-08.csv"
    example("reconcile", "--month", "2023-08", "--statement", statement)
    for discrepancy in example("reconcile", "--month", "2023-08", "--json").json["discrepancies"]:
        example.done("month", "accept", "2023-08", discrepancy["id"], "--reason", "письмо")
    example.done("month", "close", "2023-08")
    agreed = example.done("month", "list", "--json").json[0]["agreed"]
    example.done("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-06", "--amount", agreed)
    example.done("invoice", "paid", "1", "--on", "2023-09-07")
    example("reconcile", "--month", "2023-09", "--statement", statement)
    # An undone import, and one that changed existing applications.
    example.done("application", "import", "examples/applications/partners.xlsx")
    example.done("undo")
    assert all(raw_sql.content())
    return example


def failures() -> list[str]:
    """What the check says, each with the name of the check."""
    register = Register.open(in_use())
    try:
        return [f"{failure.check}: {failure.message}" for failure in check_register(register)]
    finally:
        register.close()


def in_use() -> str:
    return os.environ.get("MUREG_DB", "mureg.db")


Cell = tuple[str, dict[str, Any]]


def cells(table: str, chance: random.Random) -> Iterator[Cell]:
    """Every column of a table, with a row that has a value there, and one that has none."""
    names = columns(table)
    rows = [dict(zip(names, row, strict=True)) for row in raw_sql.rows(f"SELECT {', '.join(names)} FROM {table}")]
    for name in names:
        empty = [row for row in rows if row[name] in (None, "", "[]", "{}")]
        full = [row for row in rows if row not in empty]
        for some in (empty, full):
            if some:
                yield name, chance.choice(some)


def columns(table: str) -> list[str]:
    register = Register.open(in_use())
    try:
        return register._database.columns(table)
    finally:
        register.close()


def edited(name: str, value: Any, chance: random.Random) -> Any:
    """The value with one character, or one unit, changed."""
    if name in _CHOICES:
        return chance.choice([choice for choice in _CHOICES[name] if choice != value])
    if isinstance(value, int):
        return value + chance.choice([1, -1, 10, 4096])
    if not value:
        # A cell without a value has a number, a date or a text in others.
        return 7 if name in _NUMBERS else "2023-08-09"
    place = chance.randrange(len(value))
    other = chance.choice([character for character in "0123456789abcяё-" if character != value[place]])
    return value[:place] + other + value[place + 1 :]


def write(table: str, row: Mapping[str, Any], name: str, value: Any) -> int:
    """Write a cell without triggers and foreign keys."""
    condition = " AND ".join(
        f"{each} IS NULL" if content is None else f"{each} = {literal(content)}" for each, content in row.items()
    )
    return raw_sql.tamper(f"UPDATE {table} SET {name} = {literal(value)} WHERE {condition}")


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def test_one_edited_cell_of_any_table_is_reported(settled: Mureg) -> None:
    assert failures() == []
    unreported: set[tuple[str, str]] = set()
    for table in TABLES:
        chance = random.Random(table)  # noqa: S311  no secret
        tried = {name for name, row in cells(table, chance) if tried_in(table, name, row, chance, unreported)}
        assert len(tried) >= len(columns(table)) - 1, "a key of one column may have met another row's"
    assert unreported == set(UNREPORTED)
    assert failures() == []


def tried_in(
    table: str, name: str, row: Mapping[str, Any], chance: random.Random, unreported: set[tuple[str, str]]
) -> bool:
    """Edit a cell, see what the check reports, and put it back; whether the engine accepted the edit."""
    value = edited(name, row[name], chance)
    try:
        assert write(table, row, name, value) == 1
    except Exception as error:
        if not re.search(r"UNIQUE|unique", str(error)):
            raise
        return False  # two rows cannot have one key
    said = failures()
    if not said:
        unreported.add((table, name))
    elif table == "history" and name != "operation":
        assert any(f"operation {row['operation']} " in line for line in said), (name, said)
    assert write(table, {**row, name: value}, name, row[name]) == 1
    return True


on_a_file = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@on_a_file
def test_a_row_taken_out_is_reported(settled: Mureg, engine: str) -> None:
    raw_sql.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = Path("mureg.db").read_bytes()
    for table in TABLES:
        names = columns(table)
        # Of people, one whom an application names: those of earlier imports stay for the history only.
        named = "WHERE EXISTS (SELECT 1 FROM application a WHERE instr(a.owners, digest) > 0)"
        rows = raw_sql.rows(f"SELECT {', '.join(names)} FROM {table} {named if table == 'person' else ''}")
        row = dict(zip(names, random.Random(table).choice(rows), strict=True))  # noqa: S311  no secret
        condition = " AND ".join(f"{name} = {literal(value)}" for name, value in row.items() if value is not None)
        assert raw_sql.tamper(f"DELETE FROM {table} WHERE {condition}") == 1
        assert failures(), table
        Path("mureg.db").write_bytes(whole)


@on_a_file
def test_a_row_put_in_is_reported(settled: Mureg, engine: str) -> None:
    raw_sql.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = Path("mureg.db").read_bytes()
    keys = {
        "application": "number", "person": "digest", "licence": "application", "statement": "statement",
        "statement_row": "row_number", "resolution": "name", "charge": "place", "month": "month", "invoice": "number",
        "history": "operation", "history_subject": "subject", "history_images": "place",
        "sale_count": "sold_on",
    }  # fmt: skip
    # These columns are unique, or need a value of their own.
    others: dict[str, dict[str, Any]] = {
        "invoice": {"month": "2023-10"}, "history": {"undoes": None}, "month": {"month": "2023-11"},
    }  # fmt: skip
    for table in TABLES:
        names = columns(table)
        (last, *_) = raw_sql.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY 1 DESC, 2 DESC")
        row = dict(zip(names, last, strict=True))
        key = keys[table]
        row[key] = row[key] + 1 if isinstance(row[key], int) else row[key][:-1] + "89"[row[key][-1] == "8"]
        row |= others.get(table, {})
        raw_sql.tamper(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(literal, row.values()))})")
        assert failures(), table
        Path("mureg.db").write_bytes(whole)


@on_a_file
def test_an_application_imported_again_is_compared_with_its_first_and_last_content(mureg: Mureg, engine: str) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", *(line(f"A-{serial}") for serial in (3, 1, 2))))
    changed = write_table("b.csv", line("A-1", name="ООО «Лютик»"), line("A-4"))
    mureg.done("application", "import", changed)
    assert failures() == []
    for operation, number in ((1, "A-2"), (2, "A-4"), (1, "A-1")):
        raw_sql.tamper(f"UPDATE application SET promotion = 'Чужая' WHERE number = '{number}'")
        assert any(f"imported by operation {operation}" in said for said in failures()), number
        raw_sql.tamper(f"UPDATE application SET promotion = '' WHERE number = '{number}'")
    mureg.done("undo", "2")
    assert failures() == []
    search = "replace(search, 'ромашка', 'лютик')"
    raw_sql.tamper(f"UPDATE application SET name = 'ООО «Лютик»', search = {search} WHERE number = 'A-1'")
    assert failures() == ["states: A-1 (application) was changed after operation 1"]


def rehash(begin: int) -> None:
    """Compute the chain anew from a record on, as a forger would."""
    names = ", ".join(HistoryRecord._fields)
    previous = raw_sql.rows(f"SELECT hash FROM history WHERE operation = {begin - 1}")[0][0]
    for found in raw_sql.rows(f"SELECT {names} FROM history WHERE operation >= {begin} ORDER BY operation"):
        record = replace_hash(HistoryRecord._make(found), previous)
        raw_sql.tamper(f"UPDATE history SET hash = '{record.hash}' WHERE operation = {record.operation}")
        previous = record.hash


def test_a_chain_computed_anew_is_reported_where_its_head_was_noted(settled: Mureg) -> None:
    head = settled.done("support", "--json").json["head"]
    raw_sql.tamper("UPDATE history SET done_by = 'кто-то' WHERE operation = 3")
    rehash(3)
    assert failures() == []
    ended = settled("check", "--head", head)
    assert ended.code == 6
    assert "\nhead\tthe history has no record with the hash" in ended.out


def test_a_tail_cut_off_is_reported_where_the_head_was_noted(example: Mureg) -> None:
    content = {table: raw_sql.rows(f"SELECT * FROM {table}") for table in TABLES}
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    head = example.done("support", "--json").json["head"]
    last = raw_sql.rows("SELECT max(operation) FROM history")[0][0]
    for table in ("history_subject", "history"):
        raw_sql.tamper(f"DELETE FROM {table} WHERE operation = {last}")
    names = columns("application")
    for values in content["application"]:
        row = dict(zip(names, values, strict=True))
        if row["number"] == "ZV-1042":
            settings = ", ".join(f"{name} = {literal(value)}" for name, value in row.items())
            raw_sql.tamper(f"UPDATE application SET {settings} WHERE number = 'ZV-1042'")
    assert failures() == []
    ended = example("check", "--head", head)
    assert ended.code == 6
    assert "\nhead\tthe history has no record with the hash" in ended.out


def test_a_register_whose_records_hold_no_digests_is_as_good_as_it_was(example: Mureg) -> None:
    """What was written before mureg kept digests of imports and subjects stays without them, and is no failure."""
    for operation, after in raw_sql.rows("SELECT operation, after FROM history"):
        older = re.sub(r'"(?:rows|subjects|statement)_sha256":"\w+",?', "", after).replace(",}", "}")
        raw_sql.tamper(f"UPDATE history SET after = {literal(older)} WHERE operation = {operation}")
    raw_sql.tamper("UPDATE history SET hash = '' WHERE operation = 0")
    names = ", ".join(HistoryRecord._fields)
    previous = ""
    for found in raw_sql.rows(f"SELECT {names} FROM history ORDER BY operation"):
        record = replace_hash(HistoryRecord._make(found), previous)
        raw_sql.tamper(f"UPDATE history SET hash = '{record.hash}' WHERE operation = {record.operation}")
        previous = record.hash
    assert failures() == []
    example.done("application", "set-multiuser", "ZV-1042", "--tier", "10+")
    example.done("undo")
    assert failures() == []


_SHAPES = ["", "[", "[]", "{}", "null", "1", '"x"', "[1]", '{"application": 1}', '{"licence": {"a": 1}}']


# A record may have no numbers and no earlier state: where its chain was computed anew, only a noted head shows it.
_LIKELY = (("numbers", "[]"), ("before", "{}"))


@on_a_file
@pytest.mark.parametrize(
    ("column", "text"),
    [(column, text) for column in ("numbers", "before", "after") for text in _SHAPES if (column, text) not in _LIKELY],
)
def test_a_record_of_any_shape_is_reported_even_if_the_chain_fits(
    example: Mureg, engine: str, column: str, text: str
) -> None:
    raw_sql.tamper(f"UPDATE history SET {column} = {literal(text)} WHERE operation = 3")
    rehash(3)
    assert failures()
