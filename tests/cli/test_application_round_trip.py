"""What `list --json` prints, an import takes: all but `source` and `warnings` comes back the same."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Mureg
from support.sample_data import EXAMPLES, ROMASHKA, application, begin, licences, row, sold, write_json, write_table

pytestmark = pytest.mark.slow

OTHER = ("--db", "other.db")


def whole(mureg: Mureg, *options: str) -> list[dict[str, Any]]:
    """Every application, without what is not promised to come back."""
    items: list[dict[str, Any]] = mureg.done("application", "list", "--json", *options).json
    return [{name: value for name, value in item.items() if name not in ("source", "warnings")} for item in items]


def carried_over(mureg: Mureg, *options: str) -> None:
    """Print the register as JSON, and import that into an empty one."""
    Path("all.json").write_bytes(mureg.done("application", "list", "--json", *options).out.encode())
    mureg.done("init", *OTHER)
    result = mureg.done("application", "import", "all.json", "--json", *OTHER).json
    assert (result["changed"], result["skipped"], result["errors"]) == (0, 0, [])


def organisations(mureg: Mureg, *options: str) -> list[dict[str, Any]]:
    found = mureg.done("organization", "list", "--json", *options).json
    cards = []
    for each in found:
        kpp = ("--kpp", each["kpp"] or "")
        cards.append(mureg.done("organization", "show", each["inn"], *kpp, "--json", *options).json)
    return cards


def settlement(mureg: Mureg, *options: str) -> Any:
    return mureg.done("reconcile", "--month", "2023-08", "--json", *options).json


def test_the_whole_example_comes_back(example: Mureg) -> None:
    carried_over(example)
    assert whole(example, *OTHER) == whole(example)
    assert settlement(example, *OTHER) == settlement(example)
    assert organisations(example, *OTHER) == organisations(example)
    assert example.done("check", *OTHER).out == ""


def test_everything_ever_done_comes_back(example: Mureg) -> None:
    applications = EXAMPLES / "applications"
    files = [str(applications / name) for name in ("partners.xlsx", "feed.jsonl", "renewals.json")]
    example.done("application", "import", *files)
    example.done("application", "cancel", "ZV-1045", "--reason", "Договор расторгнут", "--on", "2023-09-20")
    example.done("application", "set-multiuser", "ZV-1042", "--off")
    example.done("application", "set-multiuser", "ZV-1065", "--tier", "10+")
    example.done("application", "process", "ZV-1071", "ZV-1072", "--on", "2024-07-25")
    carried_over(example)
    assert whole(example, *OTHER) == whole(example)
    assert settlement(example, *OTHER) == settlement(example)
    assert organisations(example, *OTHER) == organisations(example)


def test_into_the_same_register_everything_is_skipped(example: Mureg) -> None:
    Path("all.json").write_bytes(example.done("application", "list", "--json").out.encode())
    result = example.done("application", "import", "all.json", "--json").json
    assert (result["added"], result["changed"], result["skipped"], result["operation"]) == (0, 0, 17, None)


def test_one_application_that_show_printed_comes_back(example: Mureg) -> None:
    printed = example.done("application", "show", "ZV-1045", "--json").out
    example.done("init", *OTHER)
    example.done("application", "import", "-", *OTHER, stdin=printed)
    assert whole(example, *OTHER) == [item for item in whole(example) if item["number"] == "ZV-1045"]


def test_a_processed_one_enters_through_the_rules(mureg: Mureg) -> None:
    begin(mureg)
    processed = application("A-1", status="processed", processed_on="2023-08-14")
    mureg.done("application", "import", write_json("a.json", processed))
    assert licences(mureg) == [("A-1", "on", "2-9", "2023-08-14", "2024-08-13")]
    assert sold(mureg) == ["A-1"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"processed_on": "2023-07-20", "submitted_on": "2023-07-01"}, "sold from 2023-08-01"),
        ({"processed_on": "2023-07-20"}, "before its submission"),
        ({"processed_on": "2099-01-01"}, "in the future"),
        ({"owners": [], "multiuser": {"users": None}}, "there is no tier"),
        ({"multiuser": {"requested_tier": "2-9", "users": 12}, "owners": []}, "lists 12 users"),
    ],
)
def test_a_processed_one_that_breaks_a_rule_is_a_fault(mureg: Mureg, wrong: dict[str, Any], said: str) -> None:
    begin(mureg)
    processed = application("A-1", **({"status": "processed", "processed_on": "2023-08-14"} | wrong))
    ended = mureg("application", "import", write_json("a.json", processed))
    assert (ended.code, ended.out) == (4, "")
    assert said in ended.err


def test_processing_in_the_order_in_which_it_was_done_on_one_day_comes_back(mureg: Mureg) -> None:
    """The change was processed after the connection on the same day, so it sold nothing; nor may it now."""
    begin(mureg)
    change = row("A-1", type="change", submitted_on="2023-08-10")
    mureg.done("application", "import", write_table("a.csv", row("B-2"), change))
    mureg.done("application", "process", "B-2", "--on", "2023-08-14")
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    assert sold(mureg) == ["B-2"]
    carried_over(mureg)
    assert whole(mureg, *OTHER) == whole(mureg)
    assert organisations(mureg, *OTHER) == organisations(mureg)
    assert settlement(mureg, *OTHER) == settlement(mureg)


def test_a_renewal_before_a_cancellation_comes_back(mureg: Mureg) -> None:
    begin(mureg)
    renewal = row("B-2", type="renewal", submitted_on="2023-08-10")
    mureg.done("application", "import", write_table("a.csv", row("A-1"), renewal))
    mureg.done("application", "process", "A-1", "--on", "2023-08-08")
    mureg.done("application", "process", "B-2", "--on", "2023-08-14")
    mureg.done("application", "cancel", "A-1", "--reason", "ошибка", "--on", "2023-08-20")
    before = licences(mureg)
    carried_over(mureg)
    assert licences(mureg) == before
    assert organisations(mureg, *OTHER) == organisations(mureg)


def test_one_day_with_a_switching_off_comes_back(mureg: Mureg) -> None:
    begin(mureg)
    off = row("A-1", type="change", submitted_on="2023-08-10", multiuser="off", users="")
    mureg.done("application", "import", write_table("a.csv", row("B-2"), off))
    mureg.done("application", "process", "B-2", "A-1", "--on", "2023-08-14")
    carried_over(mureg)
    assert organisations(mureg, *OTHER) == organisations(mureg)


def test_without_a_contract_processed_ones_cannot_come_back(mureg: Mureg) -> None:
    begin(mureg)
    Path("mureg.toml").write_text('db = "mureg.db"\n', encoding="utf-8")
    processed = application("A-1", status="processed", processed_on="2023-08-14")
    ended = mureg("application", "import", write_json("a.json", processed))
    assert (ended.code, ended.out) == (4, "")
    assert "contract" in ended.err


def test_who_set_the_option_comes_back(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("A-1")))
    monkeypatch.setenv("MUREG_USER", "ольга")
    mureg.done("application", "set-multiuser", "A-1", "--tier", "10+")
    monkeypatch.setenv("MUREG_USER", "пётр")
    carried_over(mureg)
    assert whole(mureg, *OTHER)[0]["multiuser"]["set_by"] == "ольга"


def test_hostile_texts_come_back_as_they_were(mureg: Mureg) -> None:
    begin(mureg)
    shutil.rmtree("examples", ignore_errors=True)
    name = 'ООО "A\u202eB" \x1b[31m [red] 😀\nвторая строка\t=1+1'
    hostile = application("A-1", organization={"name": name}, client_comment="\u200b;'--", promotion="={1}")
    mureg.done("application", "import", write_json("a.json", hostile))
    carried_over(mureg)
    assert whole(mureg, *OTHER) == whole(mureg)
    assert whole(mureg)[0]["organization"]["name"] == name
    assert whole(mureg)[0]["organization"]["inn"] == ROMASHKA


def history_comes_back(mureg: Mureg) -> None:
    """Everything that the JSON promises is the same in a register that was empty."""
    carried_over(mureg)
    assert whole(mureg, *OTHER) == whole(mureg)
    assert organisations(mureg, *OTHER) == organisations(mureg)
    assert mureg.done("check", *OTHER).out == ""


def test_a_change_that_was_sold_after_a_cancelled_connection_comes_back_with_its_sale(mureg: Mureg) -> None:
    begin(mureg)
    change = row("N-2", type="change", submitted_on="2023-08-10")
    mureg.done("application", "import", write_table("a.csv", row("N-1"), change))
    mureg.done("application", "process", "N-1", "--on", "2023-08-08")
    mureg.done("application", "cancel", "N-1", "--reason", "ошибка", "--on", "2023-08-09")
    mureg.done("application", "process", "N-2", "--on", "2023-08-14")
    assert sold(mureg) == ["N-2"]
    history_comes_back(mureg)
    assert settlement(mureg, *OTHER) == settlement(mureg)


def test_sales_come_back_in_whatever_order_they_were_processed(mureg: Mureg) -> None:
    begin(mureg)
    change = row("N-1", type="change", submitted_on="2023-08-01")
    upgrade = row("N-3", type="change", submitted_on="2023-08-01", tier="10+", users="12")
    mureg.done("application", "import", write_table("a.csv", change, row("N-2"), upgrade))
    mureg.done("application", "process", "N-1", "--on", "2023-08-20")
    mureg.done("application", "process", "N-3", "--on", "2023-08-10")
    mureg.done("application", "process", "N-2", "--on", "2023-08-15")
    history_comes_back(mureg)
    assert settlement(mureg, *OTHER) == settlement(mureg)


def test_a_licence_keeps_its_term_where_the_contract_has_another_now(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("N-1")))
    mureg.done("application", "process", "N-1", "--on", "2023-08-08")
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text("utf-8").replace("term_months = 12", "term_months = 6"), encoding="utf-8")
    history_comes_back(mureg)


def test_what_was_processed_without_a_sale_comes_back_without_one(mureg: Mureg) -> None:
    begin(mureg)
    change = row("N-1", type="change", submitted_on="2023-08-01")
    mureg.done("application", "import", write_table("a.csv", change, row("N-2")))
    mureg.done("application", "process", "N-1", "--on", "2023-08-20", "--without-sale", "--reason", "куплена раньше")
    mureg.done("application", "process", "N-2", "--on", "2023-08-10")
    history_comes_back(mureg)
    assert settlement(mureg, *OTHER) == settlement(mureg)


def test_a_sale_of_a_closed_month_that_was_cancelled_comes_back_as_cancelled(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("N-1")))
    mureg.done("application", "process", "N-1", "--on", "2023-08-08")
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет")
    mureg.done("application", "cancel", "N-1", "--reason", "ошибка", "--on", "2023-09-05")
    history_comes_back(mureg)
    # No month of the other register has charged it: there is nothing to take back.
    assert sold(mureg, "2023-09") == ["N-1"]
    assert mureg.done("reconcile", "--month", "2023-08", "--json", *OTHER).json["charges"] == []
    assert mureg.done("reconcile", "--month", "2023-09", "--json", *OTHER).json["charges"] == []


def late_sale(mureg: Mureg) -> None:
    """N-1 is sold in August, and N-2, late, when August is closed."""
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("N-1"), row("N-2", inn="7700010303")))
    mureg.done("application", "process", "N-1", "--on", "2023-08-08")
    mureg.done("month", "close", "2023-08", "--leave-all", "--without-statement", "--reason", "нет")
    mureg.done("application", "process", "N-2", "--on", "2023-08-20", "--late")
    Path("all.json").write_bytes(mureg.done("application", "list", "--json").out.encode())
    mureg.done("init", *OTHER)


def test_a_late_sale_is_not_imported_while_its_month_is_open(mureg: Mureg) -> None:
    late_sale(mureg)
    ended = mureg("application", "import", "all.json", *OTHER)
    assert (ended.code, ended.out) == (4, "")
    assert "N-2 was processed late into 2023-08, which is not closed in this register" in ended.err
    assert whole(mureg, *OTHER) == []


def test_a_late_sale_is_imported_as_late_after_its_month_is_closed(mureg: Mureg) -> None:
    late_sale(mureg)
    assert mureg("application", "import", "all.json", "--partial", *OTHER).code == 4
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет", *OTHER)
    mureg.done("application", "import", "all.json", *OTHER)
    assert whole(mureg, *OTHER) == whole(mureg)
    for month in ("2023-08", "2023-09"):
        assert (
            mureg.done("reconcile", "--month", month, "--json", *OTHER).json["charges"]
            == (mureg.done("reconcile", "--month", month, "--json").json["charges"])
        )
    assert mureg.done("check", *OTHER).out == ""


def test_a_sale_is_not_imported_into_a_month_that_is_closed(mureg: Mureg) -> None:
    late_sale(mureg)
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет", *OTHER)
    ended = mureg("application", "import", "all.json", *OTHER)
    assert (ended.code, ended.out) == (4, "")
    assert "N-1: 2023-08 is closed" in ended.err
    assert whole(mureg, *OTHER) == []


def test_beside_other_licences_an_import_makes_the_stated_licence_or_nothing(mureg: Mureg) -> None:
    begin(mureg)
    renewal = row("N-2", type="renewal", submitted_on="2023-08-10")
    mureg.done("application", "import", write_table("a.csv", row("N-1"), renewal))
    mureg.done("application", "process", "N-1", "--on", "2023-08-08")
    mureg.done("application", "process", "N-2", "--on", "2023-08-14")
    one, two = json.loads(mureg.done("application", "list", "--json").out)
    mureg.done("init", *OTHER)
    write_json("one.json", one)
    write_json("two.json", two)
    mureg.done("application", "import", "one.json", *OTHER)
    mureg.done("application", "import", "two.json", *OTHER)
    assert organisations(mureg, *OTHER) == organisations(mureg)
    mureg.done("init", "--db", "third.db")
    mureg.done("application", "import", write_table("a.csv", row("N-3")), "--db", "third.db")
    mureg.done("application", "process", "N-3", "--on", "2023-08-01", "--db", "third.db")
    ended = mureg("application", "import", "one.json", "--db", "third.db")
    assert (ended.code, ended.out) == (4, "")
    assert "N-1: processing it here does not make the licence that the file states" in ended.err
    del one["licence"]
    write_json("one.json", one)
    mureg.done("application", "import", "one.json", "--db", "third.db")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"licence": {"tier": "10+", "starts_on": "2023-08-14", "ends_on": "2024-08-13"}}, "does not match"),
        ({"licence": {"tier": "2-9", "starts_on": "2023-08-13", "ends_on": "2024-08-13"}}, "does not match"),
        ({"licence": None}, "does not match"),
        ({"licence": {"tier": "2-9", "starts_on": "2023-08-14"}}, "ends_on"),
        ({"licence": {"tier": "2-9", "starts_on": "2023-08-14", "ends_on": "2024-02-30"}}, "an existing day"),
        ({"licence": {"tier": "2-9", "starts_on": "2023-08-14", "ends_on": "2024-08-13", "end": 1}}, "not a key"),
        ({"status": "new", "processed_on": None,
          "licence": {"tier": "2-9", "starts_on": "2023-08-14", "ends_on": "2024-08-13"}}, "only a processed"),
    ],
)  # fmt: skip
def test_a_stated_licence_that_cannot_be_is_a_fault(mureg: Mureg, wrong: dict[str, Any], said: str) -> None:
    begin(mureg)
    processed = application("A-1", **({"status": "processed", "processed_on": "2023-08-14"} | wrong))
    ended = mureg("application", "import", write_json("a.json", processed))
    assert (ended.code, ended.out) == (4, "")
    assert said in ended.err


def test_what_was_imported_as_processed_can_be_amended(mureg: Mureg) -> None:
    begin(mureg)
    change = row("N-2", type="change", submitted_on="2023-08-01")
    mureg.done("application", "import", write_table("a.csv", row("N-1"), change))
    mureg.done("application", "process", "N-1", "N-2", "--on", "2023-08-14")
    carried_over(mureg)
    mureg.done("application", "amend", "N-1", "--tier", "10+", "--reason", "ошибка", *OTHER)
    (card,) = organisations(mureg, *OTHER)
    assert [(each["application"], each["tier"]) for each in card["products"]] == [("N-1", "10+")]
