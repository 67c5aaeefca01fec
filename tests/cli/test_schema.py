"""`mureg schema`: a script's author can check a file beforehand."""

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mureg.errors import Rejected
from mureg.readers.applications.json_model import application_schema
from mureg.readers.detect import read_applications
from mureg.readers.statements.json import statement_schema
from mureg.readers.statements.statement import read_statement
from mureg.readers.types import Limits, Source
from support.command_line import Mureg
from support.json_application import SHOWN
from support.json_application import changed as with_changes
from support.json_changes import CHANGES, changed
from support.sample_data import application, begin, inn_of, write_json

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ROW: dict[str, Any] = {
    "number": "A-1",
    "inn": inn_of(1),
    "tier": "2-9",
    "processed_on": "2023-08-14",
    "payable": "1800.00",
}


@cache
def validator(name: str) -> Draft202012Validator:
    schema = application_schema() if name == "application" else statement_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", ["application", "statement"])
def test_what_is_printed_is_the_schema(mureg: Mureg, name: str) -> None:
    ended = mureg("schema", name)
    assert (ended.code, ended.err) == (0, "")
    assert ended.json["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert ended.json == validator(name).schema
    assert set(mureg("schema", name, "--fields", "title,$defs").json) == {"title", "$defs"}


@pytest.mark.parametrize(
    ("word", "lang", "lines"),
    [
        ("aplication", "en", ["Error: unknown command aplication", "did you mean: mureg schema application"]),
        ("x", "ru", ["Ошибка: нет команды x", "справка: mureg schema -h"]),
    ],
)
def test_an_unknown_name_is_wrong_usage(mureg: Mureg, word: str, lang: str, lines: list[str]) -> None:
    ended = mureg("schema", word, lang=lang)
    assert (ended.code, ended.out, ended.err.splitlines()) == (2, "", lines)


def test_the_help_is_in_both_languages(mureg: Mureg) -> None:
    assert "statement    JSON Schema of the statement that reconcile reads" in mureg("schema").out
    assert "statement    JSON Schema отчёта оператора для reconcile" in mureg("schema", lang="ru").out


def test_every_key_has_a_description() -> None:
    for name in ("application", "statement"):
        for part in validator(name).schema["$defs"].values():
            for key, value in part["properties"].items():
                assert key == "rows" or value["description"].endswith("."), key


def test_the_examples_are_valid() -> None:
    for path in EXAMPLES.rglob("*.json"):
        validator("application").validate(json.loads(path.read_text(encoding="utf-8")))
    for path in EXAMPLES.rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            validator("application").validate(json.loads(line))
    validator("application").validate(SHOWN)


def test_what_show_and_list_print_is_valid(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg)
    mureg.done("application", "import", *map(str, sorted((EXAMPLES / "applications").glob("*.xml"))))
    mureg.done(
        "application", "import", *(str(EXAMPLES / "applications" / name) for name in ("august.csv", "feed.jsonl"))
    )
    sale = application("Z-1", status="cancelled", processed_on="2023-08-14", cancelled_on="2023-08-15", comment="x")
    mureg.done("application", "import", write_json("z.json", sale, application("Z-2", status="rejected", comment="y")))
    mureg.done("application", "process", "ZV-1042", "--on", "2023-08-25")
    listed = mureg.done("application", "list", "--json").json
    assert {item["status"] for item in listed} == {"new", "processed", "rejected", "cancelled"}
    validator("application").validate(listed)
    for item in listed:
        validator("application").validate(mureg.done("application", "show", item["number"], "--json").json)


# Not read where people are listed, or where the partner set no mode: import takes anything there.
UNREAD = ("users", "tier")


@given(CHANGES)
def test_what_import_accepts_the_schema_accepts(changes: list[tuple[str, Any]]) -> None:
    text = changed([change for change in changes if not change[0].endswith(UNREAD)])
    reading = read_applications(Source("a.json", io.BytesIO(text.encode())), format="json", limits=Limits())
    if not any(batch.faults for batch in reading.batches()):
        validator("application").validate(json.loads(text))


@pytest.mark.parametrize(
    "changes",
    [
        {"number": None}, {"number": 5}, {"number": ""}, {"number": "-1"}, {"number": "x" * 101},
        {"submitted_on": None}, {"submitted_on": "07.08.2023"}, {"type": "x"}, {"organization": None},
        {"organization__inn": "77001234"},
        {"organization__kpp": "77000"}, {"multiuser": []}, {"multiuser__requested": True}, {"multiuser__set": "yes"},
        {"multiuser__users": 3.5, "owners": []}, {"multiuser__users": -1, "owners": []}, {"status": "processed"},
        {"processed_on": "2023-08-14"}, {"authorities": ["a\nb"]}, {"authorities": [" "]}, {"nubmer": 1},
        {"owners": {}}, {"owners": [5]}, {"owners": [{"roles": ["king"]}]}, {"owners": [{"sender": None}]},
        {"owners": [{"erased": 0}]},
        {"owners": [{"snils": "1"}]}, {"owners": [{"inn": "7700123459"}]},
    ],
)  # fmt: skip
def test_what_a_schema_can_say_is_refused_by_it_too(changes: dict[str, Any]) -> None:
    content = with_changes(**changes)
    reading = read_applications(Source("a.json", io.BytesIO(json.dumps(content).encode())), format="json")
    assert any(batch.faults for batch in reading.batches())
    assert not validator("application").is_valid(content)


CELLS = st.sampled_from([
    "", " ", "A-2", "-", inn_of(2), inn_of(2)[1:], "7700123458", "770001001", "2-9", "от 2 до 9", "10 и более", "10+",
    "11+", "2023-08-14", "14.08.2023", "2023-08-14 10:00", "1800", "1 800,00 руб.", "1800.00 RUB", "-5400,5", "1.800",
    "1,800", "1e3", "40", "40%", "12,5 %", "0.4", "Итого", "#N/A", "ООО «Ромашка»", None, 5, True,
])  # fmt: skip
ROWS = st.dictionaries(
    st.sampled_from([*validator("statement").schema["$defs"]["RowObject"]["properties"], "x"]), CELLS
)


@given(ROWS, st.booleans())
def test_what_reconcile_accepts_the_schema_accepts(changes: dict[str, Any], is_object: bool) -> None:
    rows = [ROW, ROW | changes]
    content = {"rows": rows, "total": "3600.00"} if is_object else rows
    stream = io.BytesIO(json.dumps(content).encode())
    try:
        read_statement(Source("a.json", stream), profile=None, limits=Limits())
    except Rejected:
        return
    validator("statement").validate(content)


@pytest.mark.parametrize(
    "content",
    [
        [], {}, {"rows": []}, {"rows": [ROW], "total": 5}, {"rows": [ROW], "totals": "5"}, [5], [[]],
        *([ROW | {name: value}] for name, value in (
            ("payable", None), ("payable", ""), ("payable", 1800), ("payable", "1.800"), ("tier", "3"), ("inn", "77"),
            ("kpp", "770"), ("x", "y"), ("discount", "1e3"), ("discount_rate", "%"),
        )),
        [{"payable": "1.00"}], [{"payable": "1.00", "number": "", "inn": None}],
    ],
)  # fmt: skip
def test_what_a_schema_can_say_of_a_statement_is_refused_by_it_too(content: Any) -> None:
    with pytest.raises(Rejected):
        read_statement(Source("a.json", io.BytesIO(json.dumps(content).encode())), profile=None, limits=Limits())
    assert not validator("statement").is_valid(content)
