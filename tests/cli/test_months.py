"""A month's life: reconcile, resolve, close, correct, reopen, invoice."""

from pathlib import Path
from typing import Any

import pytest

from support import raw_sql
from support.command_line import Mureg

HEADER = "Номер;ИНН;Вид расширения;Цена;Скидка %;К оплате"
LEFT = ("--leave", "ZV-1042")


def statement(mureg: Mureg, *, name: str = "st.csv", without: tuple[str, ...] = (), **changed: str) -> str:
    """The operator's file that agrees with the example's August, but for some rows; `total` is its last row."""
    charges = mureg.done("reconcile", "--month", "2023-08", "--json", "--dry-run").json["charges"]
    lines = [HEADER]
    for charge in charges:
        if charge["number"] not in without:
            payable = changed.get(charge["number"].replace("-", "_"), charge["payable"])
            lines.append(f"{charge['number']};{charge['inn']};{charge['tier']};{charge['list_price']};40;{payable}")
    if "extra" in changed:
        lines.append(changed["extra"])
    if "total" in changed:
        lines.append(f"Итого;;;;;{changed['total']}")
    Path(name).write_text("\n".join(lines), encoding="cp1251")
    return name


def reconciled(mureg: Mureg, *options: str, month: str = "2023-08") -> dict[str, Any]:
    result: dict[str, Any] = mureg("reconcile", "--month", month, "--json", *options).json
    return result


def closed(mureg: Mureg, month: str = "2023-08") -> None:
    leave = LEFT if month == "2023-08" else ()
    mureg.done("month", "close", month, *leave, "--without-statement", "--reason", "нет отчёта")


def months(mureg: Mureg) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = mureg.done("month", "list", "--json").json
    return result


def test_a_statement_that_agrees_lets_the_month_close(example: Mureg) -> None:
    ended = example.done("reconcile", "--month", "2023-08", "--statement", statement(example, total="27 000,00"))
    assert "agrees with our settlement: 11 of 11" in ended.out
    assert "the statement was saved with 2023-08" in ended.err
    example.done("month", "close", "2023-08", *LEFT)
    found = reconciled(example)
    assert (found["state"], found["total"]["agreed"], found["discrepancies"]) == ("closed", "27000.00", [])
    assert found["statement"]["total_agrees"] is True
    assert months(example) == [
        {"month": "2023-08", "state": "closed", "count": 11, "ours": "27000.00", "theirs": "27000.00",
         "agreed": "27000.00", "invoiced": None, "paid": None}
    ]  # fmt: skip
    assert example("check").code == 0


def test_discrepancies_end_in_6_and_are_told_with_what_to_do(example: Mureg) -> None:
    file = statement(example, ZV_1036="1950,00", without=("ZV-1045",), extra="ZV-9;7700010350;2-9;3000;40;1800,00")
    ended = example("reconcile", "--month", "2023-08", "--statement", file)
    assert ended.code == 6
    assert "differs from our settlement by -1650.00 in 3 places; 9 agree" in ended.out
    assert "mureg month carry 2023-08 ZV-1045 --reason TEXT" in ended.out
    assert "mureg month accept 2023-08 ZV-1036 ZV-1045 ZV-9 --reason TEXT" in ended.out
    entries = {entry["id"]: entry for entry in reconciled(example)["discrepancies"]}
    assert {name: entry["kind"] for name, entry in entries.items()} == {
        "ZV-1036": "payable_differs", "ZV-1045": "missing_in_statement", "ZV-9": "missing_in_register",
    }  # fmt: skip
    assert entries["ZV-1036"]["theirs"]["row"] == 7
    assert entries["ZV-1036"]["payable_difference"] == "150.00"


def test_resolved_discrepancies_make_the_agreed_total(example: Mureg) -> None:
    file = statement(example, ZV_1036="1950,00", without=("ZV-1045",), total="1,00")
    assert example("reconcile", "--month", "2023-08", "--statement", file).code == 6
    refused = example("month", "close", "2023-08", *LEFT)
    assert (refused.code, refused.out) == (5, "")
    assert "2023-08 has 3 unresolved discrepancies" in refused.err
    example.done("month", "accept", "2023-08", "ZV-1036", "total", "--reason", "письмо")
    example.done("month", "carry", "2023-08", "ZV-1045", "--reason", "в сентябре")
    assert example("reconcile", "--month", "2023-08").code == 0
    example.done("month", "close", "2023-08", *LEFT)
    # 27000 − 3600 carried + 150 accepted.
    assert reconciled(example)["total"]["agreed"] == "23550.00"
    (carried,) = reconciled(example, month="2023-09")["charges"]
    assert (carried["number"], carried["kind"], carried["corrects"], carried["payable"]) == (
        "ZV-1045", "correction", "2023-08", "3600.00",
    )  # fmt: skip
    assert example("check").code == 0


def test_a_resolution_survives_a_new_statement_where_its_pair_did_not_change(example: Mureg) -> None:
    first = statement(example, ZV_1036="1950,00", ZV_1035="1700,00")
    example("reconcile", "--month", "2023-08", "--statement", first)
    example.done("month", "accept", "2023-08", "ZV-1036", "ZV-1035", "--reason", "письмо")
    second = statement(example, name="st2.csv", ZV_1036="1950,00", ZV_1035="1600,00")
    assert example("reconcile", "--month", "2023-08", "--statement", second).code == 6
    resolved = {entry["id"]: entry["resolution"] for entry in reconciled(example)["discrepancies"]}
    assert resolved == {"ZV-1036": {"action": "accept", "reason": "письмо"}, "ZV-1035": None}


def test_a_dry_run_with_differences_says_that_they_cannot_be_resolved_yet(example: Mureg) -> None:
    file = statement(example, without=("ZV-1045",))
    ended = example("reconcile", "--month", "2023-08", "--statement", file, "--dry-run")
    assert (ended.code, "omit --dry-run\n" in ended.err) == (6, True)
    assert example("month", "carry", "2023-08", "ZV-1045", "--reason", "x").code == 5


def test_a_dry_run_keeps_no_statement(example: Mureg) -> None:
    example.done("reconcile", "--month", "2023-08", "--statement", statement(example), "--dry-run")
    assert reconciled(example)["statement"] is None
    assert len(example.done("history", "--json").json) == 8


def test_carrying_a_charge_that_is_in_the_statement_is_refused(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, ZV_1036="1,00"))
    ended = example("month", "carry", "2023-08", "ZV-1036", "--reason", "x")
    assert (ended.code, ended.out) == (5, "")
    assert example("month", "accept", "2023-08", "ZV-1", "--reason", "x").code == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2023-08"], "applications of 2023-08 are still waiting: ZV-1042"),
        (["2023-08", *LEFT], "has not been reconciled with the operator's statement"),
        (["this", "--without-statement", "--reason", "x"], "has not ended yet"),
    ],
)
def test_closing_is_refused_with_its_own_sentence(example: Mureg, words: list[str], said: str) -> None:
    ended = example("month", "close", *words)
    assert (ended.code, ended.out) == (5, "")
    assert said in ended.err


def test_an_earlier_month_with_charges_is_closed_first(example: Mureg) -> None:
    example.done("application", "process", "ZV-1042", "--on", "2023-09-05")
    ended = example("month", "close", "2023-09", "--without-statement", "--reason", "x")
    assert ended.code == 5
    assert "an earlier month with charges or a statement is open: 2023-08" in ended.err


def test_a_closed_month_does_not_follow_the_settings(example: Mureg) -> None:
    before = reconciled(example)
    closed(example)
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text(encoding="utf-8").replace("3000.00", "9999.00"), encoding="utf-8")
    after = reconciled(example)
    assert after["charges"] == before["charges"]
    assert after["total"] == before["total"] | {"agreed": "27000.00"}


def test_what_comes_late_is_a_correction_in_the_first_open_month(example: Mureg) -> None:
    closed(example)
    refused = example("application", "process", "ZV-1042", "--on", "2023-08-28")
    assert (refused.code, refused.out) == (5, "")
    assert "--late" in refused.err
    example.done("application", "process", "ZV-1042", "--on", "2023-08-28", "--late")
    example.done("application", "cancel", "ZV-1045", "--reason", "возврат", "--on", "2023-09-03")
    charges = reconciled(example, month="2023-09")["charges"]
    assert [(charge["number"], charge["payable"], charge["corrects"]) for charge in charges] == [
        ("ZV-1045", "-3600.00", "2023-08"), ("ZV-1042", "1800.00", "2023-08"),
    ]  # fmt: skip
    card = example.done("organization", "show", "7700123459", "--json").json
    assert card["products"][0]["starts_on"] == "2023-08-28"
    assert example("month", "reopen", "2023-08", "--reason", "x").code == 5
    closed(example, "2023-09")
    assert reconciled(example, month="2023-09")["total"]["agreed"] == "-1800.00"
    assert reconciled(example, month="2023-10")["charges"] == []
    assert example("check").code == 0


def test_a_correction_can_be_taken_back_while_its_month_is_open(example: Mureg) -> None:
    closed(example)
    example.done("application", "cancel", "ZV-1045", "--reason", "возврат", "--on", "2023-09-03")
    example.done("undo")
    assert reconciled(example, month="2023-09")["charges"] == []
    example.done("month", "reopen", "2023-08", "--reason", "исправленный отчёт")
    assert reconciled(example)["state"] == "open"
    assert example("check").code == 0


def test_undo_refuses_what_a_closed_month_depends_on(example: Mureg) -> None:
    closed(example)
    for operation in ("2", "9"):
        ended = example("undo", operation)
        assert (ended.code, ended.out) == (5, "")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE charge SET list_price_kopecks = 1",
        "DELETE FROM charge",
        "INSERT INTO charge SELECT * FROM (SELECT * FROM charge WHERE place = 1)",
        "UPDATE month SET agreed_kopecks = 1",
        "UPDATE month SET hash = ''",
        "DELETE FROM month",
        "UPDATE history SET done_by = 'x'",
        "DELETE FROM history",
        "UPDATE history_subject SET operation = 1",
    ],
)
def test_raw_sql_cannot_change_a_closed_month_or_the_history(example: Mureg, sql: str) -> None:
    closed(example)
    assert "is closed to change" in raw_sql.refusal(sql)


def invoiced(mureg: Mureg) -> None:
    mureg("reconcile", "--month", "2023-08", "--statement", statement(mureg, ZV_1030="1700,00"))
    mureg.done("month", "accept", "2023-08", "ZV-1030", "--reason", "так")
    mureg.done("month", "close", "2023-08", *LEFT)
    mureg.done("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-06", "--amount", "26900")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE month SET agreed_kopecks = NULL",
        "UPDATE month SET without_statement = 'x'",
        "UPDATE month SET month = '2022-08'",
        "UPDATE month SET operation = 1",
        "UPDATE month SET state = 'open', agreed_kopecks = NULL, hash = ''",
        "UPDATE month SET state = 'closed'",
        "UPDATE resolution SET reason = 'x'",
        "UPDATE invoice SET dated_on = '2023-09-07'",
        "UPDATE invoice SET number = '2'",
        (
            "INSERT INTO statement_row SELECT statement, 99, payable_kopecks, number, inn, kpp, name, tier, "
            "processed_on, list_price_kopecks, discount_rate, discount_kopecks FROM statement_row LIMIT 1"
        ),
        "INSERT INTO statement SELECT 99, month, file, sha256, stated_total_kopecks FROM statement",
    ],
)
def test_raw_sql_cannot_change_an_invoiced_month(example: Mureg, sql: str) -> None:
    invoiced(example)
    assert "is closed to change" in raw_sql.refusal(sql)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["history", "month", "invoice", "statement", "statement_row", "charge", "resolution"])
def test_replacing_is_changing(example: Mureg, table: str) -> None:
    invoiced(example)
    assert "is closed to change" in raw_sql.refusal(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE charge SET list_price_kopecks = list_price_kopecks + 1 WHERE place = 3",
        "UPDATE charge SET name = 'другая' WHERE place = 3",
        "UPDATE month SET agreed_kopecks = 1",
        "UPDATE month SET contract = replace(contract, '40', '41')",
        "DELETE FROM charge WHERE place = 3",
        "UPDATE statement_row SET payable_kopecks = 1 WHERE row_number = 3",
        "UPDATE resolution SET reason = 'другая'",
    ],
)
def test_a_change_without_the_guards_is_found(example: Mureg, sql: str) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, ZV_1036="1950,00"))
    example.done("month", "accept", "2023-08", "ZV-1036", "--reason", "письмо")
    example.done("month", "close", "2023-08", *LEFT)
    assert raw_sql.tamper(sql) >= 1
    ended = example("check")
    assert ended.code == 6
    assert "2023-08" in ended.out


def test_an_invoice_is_checked_against_what_was_agreed(example: Mureg) -> None:
    add = ("invoice", "add", "--month", "2023-08", "--number", "1518", "--date", "2023-09-06", "--amount")
    assert example(*add, "27000").code == 5
    closed(example)
    wrong = example(*add, "27 100,00")
    assert (wrong.code, wrong.out) == (6, "")
    assert "the invoice is 27,100.00, but 27,000.00 was agreed: the difference is 100.00" in wrong.err
    wrong = example(*add, "27 100,00", lang="ru")
    assert wrong.err.startswith("Внимание: сумма счёта 27\u00a0100,00, согласовано 27\u00a0000,00: разница 100,00\n")
    assert example.done("invoice", "list", "--json").json == []
    example.done(*add, "27 000,00")
    assert example(*add, "27000").code == 5
    assert example("month", "reopen", "2023-08", "--reason", "x").code == 5
    example.done("invoice", "paid", "1518", "--on", "2023-09-12")
    assert example.done("invoice", "list", "--json").json == [
        {"number": "1518", "month": "2023-08", "date": "2023-09-06", "amount": "27000.00", "due": "0.00",
         "paid": "2023-09-12", "rounding": None}
    ]  # fmt: skip
    assert (months(example)[0]["state"], months(example)[0]["paid"]) == ("invoiced", "2023-09-12")
    assert example("check").code == 0


def test_a_row_of_another_months_sale_can_be_settled_here_and_leaves_its_own_month(example: Mureg) -> None:
    example.done("application", "process", "ZV-1042", "--on", "2023-09-01")
    file = statement(example, extra="ZV-1042;7700123459;2-9;3000;40;1800,00")
    example("reconcile", "--month", "2023-08", "--statement", file)
    (entry,) = reconciled(example)["discrepancies"]
    assert (entry["kind"], entry["settled_in"], entry["payable_difference"]) == ("month_differs", "2023-09", "1800.00")
    example.done("month", "accept", "2023-08", "ZV-1042", "--reason", "оператор учёл в августе")
    assert reconciled(example, month="2023-09")["charges"] == []
    example.done("month", "close", "2023-08")
    assert reconciled(example)["total"]["agreed"] == "28800.00"


def taken_in_august(mureg: Mureg) -> None:
    """ZV-1042, sold in September, is settled in August by the operator's word."""
    mureg.done("application", "process", "ZV-1042", "--on", "2023-09-01")
    file = statement(mureg, extra="ZV-1042;7700123459;2-9;3000;40;1800,00")
    mureg("reconcile", "--month", "2023-08", "--statement", file)
    mureg.done("month", "accept", "2023-08", "ZV-1042", "--reason", "оператор учёл в августе")


def test_a_sale_that_another_month_settled_is_taken_back_there_when_it_is_called_off(example: Mureg) -> None:
    taken_in_august(example)
    example.done("month", "close", "2023-08")
    prices = Path("mureg.toml").read_text(encoding="utf-8").replace('"3000.00"', '"9000.00"')
    Path("mureg.toml").write_text(prices, encoding="utf-8")
    assert reconciled(example)["discrepancies"][0]["resolution"]["action"] == "accept"
    example.done("application", "cancel", "ZV-1042", "--reason", "ошибка", "--on", "2023-09-20")
    (charge,) = reconciled(example, month="2023-09")["charges"]
    assert (charge["number"], charge["payable"], charge["corrects"]) == ("ZV-1042", "-1800.00", "2023-08")
    assert example("check").code == 0


def test_what_a_closed_month_took_is_not_settled_twice(example: Mureg) -> None:
    taken_in_august(example)
    example.done("month", "close", "2023-08")
    Path("sept.csv").write_text(f"{HEADER}\nZV-1042;7700123459;2-9;3000;40;1800", encoding="cp1251")
    example("reconcile", "--month", "2023-09", "--statement", "sept.csv")
    (entry,) = reconciled(example, month="2023-09")["discrepancies"]
    assert (entry["kind"], entry["settled_in"]) == ("month_differs", "2023-08")
    ended = example("month", "accept", "2023-09", "ZV-1042", "--reason", "ещё раз")
    assert ended.code == 5


def test_two_open_months_do_not_both_take_a_sale(example: Mureg) -> None:
    taken_in_august(example)
    Path("sept.csv").write_text(f"{HEADER}\nZV-1042;7700123459;2-9;3000;40;1800", encoding="cp1251")
    example("reconcile", "--month", "2023-09", "--statement", "sept.csv")
    ended = example("month", "accept", "2023-09", "ZV-1042", "--reason", "ещё раз")
    assert ended.code == 5
    assert "ZV-1042 is already settled in 2023-08 by an accepted row of the operator" in ended.err


def test_a_sale_that_a_later_month_took_is_not_lost_when_that_is_taken_back(example: Mureg) -> None:
    Path("sept.csv").write_text(f"{HEADER}\nZV-1030;7700010303;2-9;3000;40;1800", encoding="cp1251")
    example("reconcile", "--month", "2023-09", "--statement", "sept.csv")
    example.done("month", "accept", "2023-09", "ZV-1030", "--reason", "оператор учтёт в сентябре")
    taken = example.done("history", "--json").json[0]["operation"]
    assert reconciled(example)["total"]["count"] == 10
    closed(example)
    # From now on it is a correction in September, whatever becomes of the operator's word.
    assert reconciled(example, month="2023-09")["discrepancies"] == []
    example.done("undo", str(taken))
    (charge,) = reconciled(example, month="2023-09")["charges"]
    assert (charge["number"], charge["kind"], charge["corrects"]) == ("ZV-1030", "correction", "2023-08")
    assert example("check").code == 0


def test_reopening_gives_the_month_its_sales_back(example: Mureg) -> None:
    Path("sept.csv").write_text(f"{HEADER}\nZV-1030;7700010303;2-9;3000;40;1800", encoding="cp1251")
    example("reconcile", "--month", "2023-09", "--statement", "sept.csv")
    example.done("month", "accept", "2023-09", "ZV-1030", "--reason", "оператор учтёт в сентябре")
    closed(example)
    example.done("month", "reopen", "2023-08", "--reason", "исправляем")
    assert reconciled(example, month="2023-09")["discrepancies"][0]["settled_in"] == "2023-08"
    assert example("check").code == 0


def test_resolutions_of_a_month_are_taken_back_one_by_one(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, ZV_1030="5", ZV_1031="6", ZV_1032="7"))
    for number in ("ZV-1030", "ZV-1031", "ZV-1032"):
        example.done("month", "accept", "2023-08", number, "--reason", "так")
    first = example.done("history", "--json").json[2]["operation"]
    example.done("undo", str(first))
    resolutions = [entry["resolution"] is None for entry in reconciled(example)["discrepancies"]]
    assert resolutions == [True, False, False]


def test_a_resolution_whose_pair_changed_takes_nothing_from_its_month(example: Mureg) -> None:
    taken_in_august(example)
    example("reconcile", "--month", "2023-08", "--statement", statement(example))
    assert reconciled(example)["discrepancies"] == []
    assert [charge["number"] for charge in reconciled(example, month="2023-09")["charges"]] == ["ZV-1042"]


def test_a_refund_that_the_operator_has_not_counted_is_carried_on(example: Mureg) -> None:
    closed(example)
    example.done("application", "cancel", "ZV-1030", "--reason", "ошибка", "--on", "2023-09-05")
    Path("sept.csv").write_text(f"{HEADER}\nИтого;;;;;0,00", encoding="cp1251")
    for month, following in (("2023-09", "2023-10"), ("2023-10", "2023-11")):
        example("reconcile", "--month", month, "--statement", "sept.csv")
        example.done("month", "carry", month, "ZV-1030", "--reason", "оператор вернёт позже")
        example.done("month", "close", month)
        (charge,) = reconciled(example, month=following)["charges"]
        assert (charge["number"], charge["payable"]) == ("ZV-1030", "-1800.00")
    example.done("month", "close", "2023-11", "--without-statement", "--reason", "нет")
    assert reconciled(example, month="2023-12")["charges"] == []


def test_a_month_before_a_closed_one_takes_no_sale_that_no_month_would_settle(example: Mureg) -> None:
    closed(example)
    example.done("application", "process", "ZV-1042", "--on", "2023-11-02")
    closed(example, "2023-11")
    rows = "number,submitted_on,inn,name,multiuser,users\nB-1,2023-10-01,7700010303,ООО,on,3\n"
    Path("b.csv").write_text(rows.replace("7700010303", "7800010314"), encoding="utf-8")
    example.done("application", "import", "b.csv")
    ended = example("application", "process", "B-1", "--on", "2023-10-02")
    assert ended.code == 5
    assert "--late" in ended.err


def test_undo_brings_no_sale_back_into_a_month_that_was_closed_without_it(example: Mureg) -> None:
    example.done("application", "cancel", "ZV-1030", "--reason", "ошибка", "--on", "2023-08-20")
    called_off = example.done("history", "--json").json[0]["operation"]
    closed(example)
    ended = example("undo", str(called_off))
    assert ended.code == 5
    assert "2023-08 is closed and depends on it" in ended.err


def test_a_statement_given_as_applications_is_recognised(example: Mureg) -> None:
    ended = example("application", "import", statement(example))
    assert (ended.code, ended.out) == (4, "")
    assert "this is a statement of the operator" in ended.err


def test_a_faulty_statement_leaves_everything_as_it_was(example: Mureg) -> None:
    file = statement(example, ZV_1036="сто", extra="ZV-9;7700010351;5;3000;40;1")
    ended = example("reconcile", "--month", "2023-08", "--statement", file, "--json")
    assert (ended.code, ended.out) == (4, "")
    assert [(fault["row"], fault["column"]) for fault in ended.error["details"]] == [
        (7, "payable"), (13, "inn"), (13, "tier"),
    ]  # fmt: skip
    assert reconciled(example)["statement"] is None


def test_the_first_statement_that_was_kept_can_be_taken_back(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example))
    example.done("undo")
    assert reconciled(example)["statement"] is None
    assert example("check").code == 0


def test_a_row_without_a_number_finds_the_firms_sale_of_another_month(example: Mureg) -> None:
    rows = "number,submitted_on,inn,kpp,name,multiuser,users\nB-1,2023-09-01,7700010303,770001001,ООО,on,12\n"
    Path("b.csv").write_text(rows, encoding="utf-8")
    example.done("application", "import", "b.csv")
    example.done("application", "process", "B-1", "--on", "2023-09-04")
    agreeing = statement(example)
    lines = Path(agreeing).read_text(encoding="cp1251").replace("ZV-1030;", ";")
    Path("st.csv").write_text(lines + "\n;7700010303;10+;6000;40;3600", encoding="cp1251")
    example("reconcile", "--month", "2023-08", "--statement", "st.csv")
    (entry,) = reconciled(example)["discrepancies"]
    assert (entry["kind"], entry["number"], entry["settled_in"]) == ("month_differs", "B-1", "2023-09")


def test_resolving_again_in_the_same_way_writes_nothing(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, without=("ZV-1030",)))
    for action in ("accept", "carry"):
        command = ("month", action, "2023-08", "ZV-1030", "--reason", "так")
        example.done(*command)
        count = len(example.done("history", "--json").json)
        assert example.done(*command, "--json").json["operation"] is None
        assert len(example.done("history", "--json").json) == count


def test_an_application_that_may_wait_must_exist(example: Mureg) -> None:
    ended = example("month", "close", "2023-08", "--leave", "ZZZ", "--without-statement", "--reason", "x")
    assert (ended.code, ended.out) == (3, "")
    assert "ZZZ" in ended.err


def test_a_closed_month_is_only_compared_without_a_hint_to_resolve(example: Mureg) -> None:
    closed(example)
    ended = example("reconcile", "--month", "2023-08", "--statement", statement(example, ZV_1030="5"))
    assert ended.code == 6
    assert "month close" not in ended.err
    assert "correction in the first open month" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "--month", "2023-08", "--number", "1", "--date", "2999-01-01", "--amount", "27000"], "in the future"),
        (["add", "--month", "2023-08", "--number", "1", "--date", "2023-08-31", "--amount", "27000"], "had not ended"),
    ],
)
def test_an_invoice_of_an_impossible_day_is_refused(example: Mureg, words: list[str], said: str) -> None:
    closed(example)
    ended = example("invoice", *words)
    assert (ended.code, ended.out) == (5, "")
    assert said in ended.err


def test_an_invoice_is_not_paid_in_the_future(example: Mureg) -> None:
    closed(example)
    example.done("invoice", "add", "--month", "2023-08", "--number", "1", "--date", "2023-09-06", "--amount", "27000")
    ended = example("invoice", "paid", "1", "--on", "2999-01-01")
    assert ended.code == 5
    assert "in the future" in ended.err


def test_rows_that_agree_where_the_totals_do_not_say_that_it_is_the_rounding(example: Mureg) -> None:
    settings = Path("mureg.toml").read_text(encoding="utf-8")
    settings = settings.replace('rounding = "licence"', 'rounding = "total"').replace('rate = "40%"', 'rate = "33.33%"')
    Path("mureg.toml").write_text(settings.replace('"3000.00"', '"3000.01"'), encoding="utf-8")
    charges = reconciled(example)["charges"]
    rounding = reconciled(example)["total"]["rounding_difference"]
    lines = ["Номер;К оплате", *(f"{charge['number']};{charge['payable']}" for charge in charges)]
    Path("st.csv").write_text("\n".join(lines), encoding="cp1251")
    ended = example.done("reconcile", "--month", "2023-08", "--statement", "st.csv")
    assert "agrees with our settlement in every row: 11 of 11" in ended.out
    assert f"our total is rounded once, which makes a difference of {rounding}" in ended.out


def test_a_new_resolution_reports_the_one_that_it_replaces(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, without=("ZV-1030",)))
    example.done("month", "accept", "2023-08", "ZV-1030", "--reason", "первое")
    ended = example.done("month", "carry", "2023-08", "ZV-1030", "--reason", "второе")
    assert "ZV-1030 was resolved differently before: the operator's figure: первое" in ended.err


def test_a_new_statement_reports_the_one_that_it_replaces(example: Mureg) -> None:
    example("reconcile", "--month", "2023-08", "--statement", statement(example, name="one.csv"))
    ended = example("reconcile", "--month", "2023-08", "--statement", statement(example, name="two.csv", ZV_1030="5"))
    assert "the statement was saved with 2023-08, replacing one.csv" in ended.err
