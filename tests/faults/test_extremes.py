"""The largest and smallest money and dates, on both engines: each is kept exactly, or refused in one clear sentence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from support.command_line import Mureg
from support.sample_data import EXAMPLES, ROMASHKA, application, begin, inn_of, licences, row, write_json, write_table

BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgres"], indirect=True)
NO_DATES = (
    "2023-02-30", "2023-02-29", "29.02.2023", "31.04.2023", "0000-01-01", "10000-01-01", "2023-13-01",
    "2023-00-10", "2023-1-1",
    "٢٠٢٣-٠٨-٠١", "２０２３-０８-０１", "२०२३-०८-०१", "2023-08-01T10:00", "45145", "-1", "1e3", "",
    "99999999999999999999-01-01", "²023-08-01",
)  # fmt: skip
NO_MONTHS = (
    "0000-01", "10000-01", "2023-13", "2023-00", "2023-8", "٢٠٢٣-٠٨", "２０２３-０８", "13.2023", "0.2023", "август",
    "август 99999",
    "2023", "-1", "2023-08-01",
)  # fmt: skip
NO_AMOUNTS = (
    "1e15", "1_000", "NaN", "Infinity", "٣٠٠٠", "３０００", "1.800,00", "1,800.00", "0.001", "1000000000000000",
    "9" * 400, "0x10", "1800 р",
    "--1", "+1", "1 80", "½", "²",
)  # fmt: skip
LARGEST = "999999999999999.99"


def _settings(**changes: str) -> None:
    """The example's settings with other values of some keys."""
    text = (EXAMPLES / "contract" / "mureg.toml").read_text(encoding="utf-8")
    for key, value in changes.items():
        line = f"{key.rstrip('_')} = {value}"
        text, count = re.subn(rf"(?m)^{key.rstrip('_')} = .*$", line.replace("\\", r"\\"), text)
        assert count, key
    Path("mureg.toml").write_text(text, encoding="utf-8")


def _sold(mureg: Mureg, count: int, **values: str) -> None:
    """A register with so many sales of August 2023."""
    begin(mureg)
    write_table("a.csv", *(row(f"A-{place}", inn=inn_of(place + 1), kpp="", **values) for place in range(count)))
    mureg.done("application", "import", "a.csv")
    mureg.done("application", "process", *(f"A-{place}" for place in range(count)), "--on", "2023-08-10")


def _statement(*rows: dict[str, str]) -> str:
    Path("s.json").write_text(json.dumps(rows), encoding="utf-8")
    return "s.json"


def test_what_is_no_date_or_no_month_is_refused_by_every_command(mureg: Mureg) -> None:
    begin(mureg)
    mureg.done("application", "import", write_table("a.csv", row("A-1")))
    tried = 0
    for text in NO_DATES:
        for command in (
            ["application", "process", "A-1", "--on"], ["application", "reject", "A-1", "--comment", "нет", "--on"],
            ["organization", "show", ROMASHKA, "--on"], ["contract", "show", "--on"],
            ["invoice", "add", "--month", "2023-08", "--number", "1", "--amount", "1", "--date"], ["invoice",
            "paid", "1", "--on"],
        ):  # fmt: skip
            ended = mureg(*command, text)
            assert (ended.code, ended.out) == (2, ""), (command, text, ended)
            tried += 1
    for text in NO_MONTHS:
        for command in (
            ["reconcile", "--month"],
            ["application", "list", "--month"],
            ["month", "show"],
            ["month", "close"],
        ):
            ended = mureg(*command, text)
            assert (ended.code, ended.out) == (2, ""), (command, text, ended)
            tried += 1
    assert tried == 6 * len(NO_DATES) + 4 * len(NO_MONTHS) >= 160


@BOTH
def test_the_first_and_the_last_day_of_the_calendar_break_nothing(mureg: Mureg) -> None:
    begin(mureg)
    write_table("a.csv", row("OLD", submitted_on="0001-01-01"), row("NEW", submitted_on="9999-12-31", inn=inn_of(1)))
    mureg.done("application", "import", "a.csv")
    tried = 0
    for day in ("0001-01-01", "9999-12-31", "01.01.0001", "31.12.9999"):
        for command in (["organization", "show", ROMASHKA, "--on", day], ["contract", "show", "--on", day]):
            mureg.done(*command)
            mureg.done(*command, terminal=True, lang="ru")
            tried += 2
        for number in ("OLD", "NEW"):
            ended = mureg("application", "process", number, "--on", day)
            assert ended.code == 5, ended
            tried += 1
    for month, code in (("0001-01", 5), ("0001-12", 5), ("9999-12", 0), ("9999-01", 0)):
        for command in (
            ["reconcile", "--month", month],
            ["month", "show", month],
            ["reconcile", "--month", month, "--json"],
        ):
            assert mureg(*command).code == code, command
            tried += 1
        for form in ("csv", "xlsx", "html"):
            assert mureg("reconcile", "--month", month, "--format", form, "-o", f"x.{form}").code == code
            tried += 1
        assert mureg("month", "close", month).code == 5
        assert mureg.done("application", "list", "--month", month, "--json").json == []
    for name, day in (("one", "0001-01-01"), ("nine", "9999-12-31")):
        _settings(from_=day, signed_on=day)
        mureg.done("contract", "show", "--on", "9999-12-31")
        assert mureg("application", "show", "OLD").code == 0, name
    assert mureg.done("check").out == ""
    assert tried >= 45


@BOTH
def test_a_statement_of_the_last_month_is_kept_and_taken_back(mureg: Mureg) -> None:
    begin(mureg)
    statement = _statement({"number": "A-1", "payable": "1.00", "processed_on": "9999-12-31"})
    assert mureg("reconcile", "--month", "9999-12", "--statement", statement).code == 6
    mureg.done("month", "accept", "9999-12", "A-1", "--reason", "да")
    mureg.done("undo")
    mureg.done("undo")
    assert mureg.done("check").out == ""


@BOTH
def test_licences_of_every_term_that_begin_on_a_leap_day_end_on_a_day_that_is(mureg: Mureg) -> None:
    begin(mureg)
    expected = {1: "2024-03-28", 12: "2025-02-28", 48: "2028-02-28", 119: "2034-01-28", 120: "2034-02-28"}
    numbers = [row(f"L-{term}", inn=inn_of(term), kpp="", submitted_on="2024-02-29") for term in expected]
    mureg.done("application", "import", write_table("a.csv", *numbers))
    for term, last in expected.items():
        _settings(term_months=str(term))
        mureg.done("application", "process", f"L-{term}", "--on", "2024-02-29")
        assert licences(mureg, inn_of(term), last)[0][-2:] == ("2024-02-29", last)
        assert licences(mureg, inn_of(term), last)[0][1] == "on"


@pytest.mark.parametrize("term", ["0", "-1", "121", "99999999999999999999", "1.5", '"12"', "true"])
def test_a_term_that_is_none_is_refused(mureg: Mureg, term: str) -> None:
    begin(mureg)
    _settings(term_months=term)
    ended = mureg("contract", "show", "--json")
    assert (ended.code, ended.error["details"][0]["column"]) == (4, "contract.term_months")


def test_what_is_no_amount_is_refused_everywhere(mureg: Mureg) -> None:
    begin(mureg)
    tried = 0
    for text in NO_AMOUNTS:
        _settings(amount=json.dumps(text))
        assert mureg("contract", "show").code == 4, text
        _settings()
        assert (
            mureg("reconcile", "--month", "2023-08", "--statement", _statement({"number": "1", "payable": text})).code
            == 4
        )
        common = ["invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-01", f"--amount={text}"]
        assert mureg(*common).code == 2, text
        tried += 3
    for rate in ("101%", "100.01%", "-1%", "1000%", "0.001%", "0.4", "١٠%", "1e1%", "NaN%", "%"):
        _settings(rate=json.dumps(rate))
        assert mureg("contract", "show").code == 4, rate
        tried += 1
    _settings(amount='"-0.01"')
    assert "a list price cannot be negative" in mureg("contract", "show").err
    assert tried == 3 * len(NO_AMOUNTS) + 10


@BOTH
@pytest.mark.parametrize(
    ("amount", "rate", "payable"),
    [("0", "40%", "0.00"), ("3000.00", "0%", "9000.00"), ("3000.00", "100%", "0.00"), ("0.01", "50%", "0.00"),
     ("0.01", "49.99%", "0.03"), ("333333333333333.33", "0%", LARGEST), ("999999999999999.99", "100%", "0.00")],
)  # fmt: skip
def test_a_month_at_the_ends_of_price_and_discount_is_settled_closed_and_paid(
    mureg: Mureg, amount: str, rate: str, payable: str
) -> None:
    _sold(mureg, 3)
    _settings(amount=json.dumps(amount), rate=json.dumps(rate))
    total = mureg.done("reconcile", "--month", "2023-08", "--json").json["total"]
    assert (total["count"], total["payable"]) == (3, payable)
    mureg.done("month", "close", "2023-08", "--without-statement", "--reason", "нет отчёта")
    common = ["--month", "2023-08", "--number", "7", "--date", "2023-09-01"]
    for day in ("0001-01-01", "9999-12-31"):
        assert mureg("invoice", "add", *common[:-1], day, "--amount", payable).code == 5
    assert mureg("invoice", "add", *common, "--amount", "0.02").code == 6
    mureg.done("invoice", "add", *common, "--amount", payable)
    for form in ("csv", "xlsx", "html", "json"):
        mureg.done("month", "show", "2023-08", "--format", form, "-o", f"x.{form}")
    shown = mureg.done("month", "list", "--json").json[0]
    assert (shown["ours"], shown["agreed"], shown["invoiced"]) == (payable, payable, payable)
    assert mureg.done("check").out == ""


@BOTH
def test_a_month_that_comes_to_more_than_can_be_written_is_not_closed(mureg: Mureg) -> None:
    _sold(mureg, 2)
    _settings(amount=json.dumps(LARGEST), rate='"0%"')
    assert mureg.done("reconcile", "--month", "2023-08", "--json").json["total"]["payable"] == "1999999999999999.98"
    ended = mureg("month", "close", "2023-08", "--without-statement", "--reason", "x")
    assert (ended.code, ended.out) == (5, "")
    assert "2023-08 comes to more than 999,999,999,999,999.99 roubles" in ended.err
    mureg.done("month", "list")
    assert mureg.done("check").out == ""


@BOTH
def test_a_statement_that_comes_to_more_than_can_be_written_is_not_kept(mureg: Mureg) -> None:
    _sold(mureg, 1)
    large = [{"number": f"B-{place}", "payable": LARGEST} for place in range(200)]
    ended = mureg("reconcile", "--month", "2023-08", "--statement", _statement(*large), "--json")
    assert (ended.code, ended.error["details"][0]["column"]) == (4, "payable")
    # One negative and one positive cancel each other in the sum, and are as large all the same.
    both = [{"number": "B-1", "payable": LARGEST}, {"number": "B-2", "payable": f"-{LARGEST}"}]
    assert mureg("reconcile", "--month", "2023-08", "--statement", _statement(*both)).code == 4
    assert mureg("reconcile", "--month", "2023-08", "--statement", _statement(both[0])).code == 6
    found = mureg("reconcile", "--month", "2023-08", "--json").json
    assert found["statement"]["total"] == LARGEST
    mureg.done("month", "accept", "2023-08", "A-0", "B-1", "--reason", "да")
    mureg.done("month", "close", "2023-08")
    assert mureg.done("month", "list", "--json").json[0]["agreed"] == LARGEST
    assert mureg.done("check").out == ""


@BOTH
def test_a_month_without_a_sale_is_settled_closed_and_printed(mureg: Mureg) -> None:
    begin(mureg)
    for form in ("csv", "xlsx", "html", "json"):
        mureg.done("reconcile", "--month", "2023-08", "--format", form, "-o", f"x.{form}")
    assert mureg("reconcile", "--month", "2023-08", "--statement", _statement()).code == 4
    Path("empty.csv").write_text("Номер;К оплате\nИтого;0,00\n", encoding="utf-8")
    mureg.done("reconcile", "--month", "2023-08", "--statement", "empty.csv")
    mureg.done("month", "close", "2023-08")
    mureg.done("invoice", "add", "--month", "2023-08", "--number", "0", "--date", "2023-09-01", "--amount", "0")
    assert mureg.done("month", "list", "--json").json[0]["count"] == 0
    assert mureg.done("check").out == ""


@BOTH
def test_numbers_of_users_and_operations_at_their_ends(mureg: Mureg) -> None:
    begin(mureg)
    right = row("U-1", users="1000000"), row("U-0", users="0", inn=inn_of(1)), row("U-9", users="9", inn=inn_of(2))
    mureg.done("application", "import", write_table("a.csv", *right))
    assert mureg.done("application", "show", "U-1", "--json").json["multiuser"]["suggested_tier"] == "10+"
    tried = 0
    for users in ("1000001", "-1", "1e6", "٥", "５", "9" * 30, "2.5", "1_000"):
        ended = mureg("application", "import", write_table("b.csv", row("B-1", users=users)), "--json")
        assert (ended.code, ended.error["details"][0]["column"]) == (4, "users"), users
        tried += 1
    for count in (10**6 + 1, -1, 2.5, 10**30, True, "3"):
        wrong: dict[str, Any] = application("B-1", multiuser={"users": count}, owners=[])
        ended = mureg("application", "import", write_json("b.json", wrong))
        assert ended.code == 4, count
        tried += 1
    for text in ("-1", "1e3", "٥", "５", "9223372036854775807", "9223372036854775808", "9" * 30):
        assert mureg("application", "list", f"--limit={text}").code == 2, text
        tried += 1
    for text in ("0", "7", "9223372036854775808", "9" * 30, "٥"):
        assert mureg("undo", "--", text).code in (2, 3), text
        tried += 1
    assert tried == 26
    assert mureg.done("check").out == ""
