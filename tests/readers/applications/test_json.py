"""JSON as `application show` and `list` print it."""

import json
from datetime import date
from typing import Any

import pytest

from mureg.domain.application import ClientRequest, KeyOwner
from mureg.errors import Rejected
from mureg.readers.types import Limits, PartnerDecision, Record
from support.json_application import SHOWN, changed, dumped

RECORD = Record(
    ClientRequest(
        "ZV-1042", "connection", "2023-08-07", "7700123459", "770001001", "1237700000120", "ООО «Ромашка»",
        program_number="800000001", requested="on", authorities="ФНС\nСФР", promotion="Welcome!",
    ),
    (
        KeyOwner(
            "112-233-445 95", "Иванова Анна Петровна", "Директор", "770012345606",
            ("signing", "encryption", "administration"), ("ФНС", "СФР"), sender=True,
        ),
    ),
)  # fmt: skip


def test_what_show_prints_is_read(read: Any) -> None:
    for content in (dumped(SHOWN), json.dumps(SHOWN, indent=1).encode(), json.dumps(SHOWN).encode("utf-16")):
        result = read(content, name="a.json")
        assert (result.records, result.rows, result.faults, result.report.format) == ([RECORD], [1], [], "json")


def test_what_list_prints_is_read(read: Any) -> None:
    result = read(dumped([SHOWN, changed(number="ZV-2")]))
    assert [record.request.number for record in result.records] == ["ZV-1042", "ZV-2"]
    assert result.report == ("a.csv", "json", "utf-8", None, None, None, 2)
    assert read(b"[]").records == []


def test_json_lines_are_read_with_their_line_numbers(read: Any) -> None:
    result = read(
        dumped(SHOWN) + b"\n\n" + dumped(changed(number="ZV-2")) + b"\r\n{broken\n" + dumped(changed(type="x"))
    )
    assert (result.rows, result.report.format, result.report.rows) == ([1, 3], "jsonl", 4)
    assert [(fault.row, fault.column) for fault in result.faults] == [(4, None), (5, "type")]


def test_the_partners_decision_comes_back(read: Any) -> None:
    shown = changed(
        status="cancelled", processed_on="2023-08-14", comment="ошибка", without_sale="продано раньше",
        cancelled_on="2023-09-01",
        multiuser__set="on", multiuser__set_by="anna", multiuser__set_tier="10+",
    )  # fmt: skip
    assert read(dumped(shown)).records[0].partner == PartnerDecision(
        "cancelled", date(2023, 8, 14), "ошибка", "on", "10+", "anna", "продано раньше", date(2023, 9, 1)
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"multiuser__tier": "10+"}, "10+"),
        ({"multiuser__tier": "2-9"}, "2-9"),
        ({"multiuser__tier": "2-9", "multiuser__requested_tier": "2-9"}, ""),
        ({"multiuser__tier": "2-9", "owners": [], "multiuser__users": 3}, ""),
        ({"multiuser__tier": None}, ""),
        ({"multiuser__tier": "2-9", "multiuser__set_tier": None}, ""),
    ],
)
def test_a_tier_that_nothing_else_explains_is_the_partners(read: Any, changes: dict[str, Any], expected: str) -> None:
    assert read(dumped(changed(multiuser__set="on", **changes))).records[0].partner.set_tier == expected


def test_the_number_of_users_counts_where_no_owner_is_listed(read: Any) -> None:
    assert read(dumped(changed(owners=[]))).requests[0].users == 3
    assert read(dumped(changed(owners=None, multiuser__users=None))).requests[0].users is None


def test_a_minimal_object_is_enough(read: Any) -> None:
    content = dumped({"number": "A1", "submitted_on": "2023-08-07", "organization": {"inn": "7700123459"}})
    assert read(content).requests == [ClientRequest("A1", "connection", "2023-08-07", "7700123459")]


@pytest.mark.parametrize(
    ("changes", "column", "header", "value"),
    [
        ({"number": None}, "number", "number", None),
        ({"number": 5}, "number", "number", "5"),
        ({"number": ""}, "number", "number", ""),
        ({"submitted_on": "07.08.2023"}, "submitted_on", "submitted_on", "07.08.2023"),
        ({"submitted_on": None}, "submitted_on", "submitted_on", None),
        ({"type": "x"}, "type", "type", "x"),
        ({"organization__inn": "7700123450"}, "inn", "organization.inn", "7700123450"),
        ({"organization__inn": "770012345606"}, "kpp", "organization.kpp", "770001001"),
        ({"multiuser": []}, "multiuser", "multiuser", None),
        ({"multiuser__requested": True}, "multiuser", "multiuser.requested", "true"),
        ({"multiuser__set": "yes"}, "multiuser.set", "multiuser.set", "yes"),
        ({"multiuser__users": 3.0, "owners": []}, "users", "multiuser.users", "3.0"),
        ({"multiuser__users": True, "owners": []}, "users", "multiuser.users", "true"),
        ({"multiuser__users": float("nan"), "owners": []}, "users", "multiuser.users", "NaN"),
        ({"status": "processed"}, "processed_on", "processed_on", None),
        ({"processed_on": "2023-08-14"}, "processed_on", "processed_on", "2023-08-14"),
        ({"promotion": "a\0"}, "promotion", "promotion", "a\0"),
        ({"promotion": "x" * 10_001}, "promotion", "promotion", "x" * 200 + "…"),
        # Free texts may contain names of people.
        ({"client_comment": "x" * 10_001}, "client_comment", "client_comment", None),
        ({"authorities": ["a\nb"]}, "authorities", "authorities", None),
        ({"nubmer": 1}, "nubmer", "nubmer", None),
        ({"multiuser__teir": 1}, "multiuser.teir", "multiuser.teir", None),
        ({"owners": {}}, "owners", "owners", None),
        ({"owners": [5]}, "owners[1]", "owners[1]", None),
    ],
)
def test_a_fault_has_its_place(read: Any, changes: dict[str, Any], column: str, header: str, value: str | None) -> None:
    result = read(dumped([SHOWN, changed(**changes)]))
    assert [(fault.row, fault.column, fault.header, fault.value) for fault in result.faults] == [
        (2, column, header, value)
    ]
    assert result.rows == [1]


def test_an_unknown_key_names_the_nearest(read: Any) -> None:
    message = read(dumped(changed(submited_on=1))).faults[0].message
    assert str(message) == "“submited_on” is not a key of an application; did you mean “submitted_on”?"


@pytest.mark.parametrize(
    ("place", "key", "said"),
    [
        ((), "inn", "“inn” belongs in “organization”"),
        ((), "tier", "“tier” belongs in “multiuser”"),
        ((), "snils", "“snils” belongs in “owners”"),
        (("organization",), "set_tier", "“set_tier” belongs in “multiuser”"),
        (("organization",), "number", "“number” belongs to the application itself, not in “organization”"),
        ((), "Инициалы", "“Инициалы” is not a key of an application; all keys: mureg schema application"),
    ],
)
def test_a_key_in_a_wrong_place_names_where_it_belongs(read: Any, place: tuple[str, ...], key: str, said: str) -> None:
    shown = changed()
    (shown[place[0]] if place else shown)[key] = "1"
    assert str(read(dumped(shown)).faults[0].message) == said


def test_a_missing_key_is_named_as_missing(read: Any) -> None:
    shown = changed()
    del shown["submitted_on"], shown["organization"]
    faults = {fault.header: str(fault.message) for fault in read(dumped(shown)).faults}
    assert faults == {"submitted_on": "the key is missing", "organization.inn": "the key is missing"}


def test_faults_of_owners_never_repeat_personal_data(read: Any) -> None:
    shown = changed()
    shown["owners"].append(
        {"snils": "112-233-445 94", "inn": "7700123459", "name": 5, "roles": ["king"], "sender": "да", "x": 1}
    )
    faults = read(dumped(shown)).faults
    assert len(faults) == 6
    assert all(fault.value is None and str(fault.message).startswith("КЭП owner 2: ") for fault in faults)
    assert "112-233" not in str(faults)


def test_a_repeated_key_is_a_fault(read: Any) -> None:
    result = read(dumped(SHOWN).replace(b'{"number"', b'{"status": "new", "number"', 1))
    assert [(fault.column, str(fault.message)) for fault in result.faults] == [
        ("status", "the key “status” appears twice")
    ]


@pytest.mark.parametrize(
    "content", [b"{", b"[", b'{"a": 1} x', b"[" * 200_000, b'{"a":' * 200_000,
                "[\"я\"]".encode("cp1251"), b'[1e999, {"a":]']
)  # fmt: skip
def test_what_is_no_json_is_refused(read: Any, content: bytes) -> None:
    with pytest.raises(Rejected):
        read(content)


def test_what_is_no_object_is_a_fault(read: Any) -> None:
    result = read(b'[1, "a", null, [], ' + b"9" * 5_000 + b"]")
    assert [fault.row for fault in result.faults] == [1, 2, 3, 4, 5]


def test_lone_surrogates_are_faults(read: Any) -> None:
    result = read(json.dumps(changed(promotion="a\ud800b")).encode())
    assert [(fault.column, fault.value) for fault in result.faults] == [("promotion", "a\ufffdb")]


def test_limits_hold(read: Any) -> None:
    for content in (dumped([SHOWN] * 3), b"\n".join([dumped(SHOWN)] * 3)):
        with pytest.raises(Rejected):
            read(content, limits=Limits(rows=2))
