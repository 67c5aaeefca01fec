"""An invoice is paid: the payment order for the bank, and the bank's export that shows the payment."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.bank_export import document, write_export
from support.command_line import Ended, Mureg


@pytest.fixture
def invoiced(example: Mureg) -> Mureg:
    """The example partner with an invoice of August 2023: 1518, 27 000.00."""
    example.done("month", "close", "2023-08", "--leave", "ZV-1042", "--without-statement", "--reason", "нет отчёта")
    example.done(
        "invoice", "add", "--month", "2023-08", "--number", "1518", "--date", "2023-09-06", "--amount", "27000"
    )
    return example


def paid_on(mureg: Mureg) -> str | None:
    (invoice,) = mureg.done("invoice", "list", "--json").json
    day: str | None = invoice["paid"]
    return day


def settings(*replacements: tuple[str, str]) -> None:
    text = Path("mureg.toml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    Path("mureg.toml").write_text(text, encoding="utf-8")


# --- the order ------------------------------------------------------------------------------------


def test_the_order_goes_to_a_file_to_a_pipe_and_to_a_terminal(invoiced: Mureg) -> None:
    ended = invoiced.done("invoice", "export", "1518", "-o", "order.txt")
    assert (ended.out, ended.err) == ("", "written: order.txt\n")
    content = Path("order.txt").read_bytes()
    assert invoiced.done("invoice", "export", "1518", encoding="cp1251").out.encode("cp1251") == content
    shown = invoiced.done("invoice", "export", "1518", terminal=True).out
    assert shown.splitlines() == content.decode("cp1251").splitlines()
    assert (
        "НазначениеПлатежа=Оплата по счету № 1518 от 06.09.2023 за август 2023 г. "
        "по сублицензионному договору № С-15/2023 от 20.07.2023. НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)"
    ) in shown.splitlines()
    assert invoiced.done("history", "--json").json[0]["command"] == "invoice add"


def test_json_says_what_the_order_says(invoiced: Mureg) -> None:
    found = invoiced.done("invoice", "export", "1518", "--json").json
    assert (found["invoice"], found["amount"], found["file"]) == ("1518", "27000.00", None)
    assert found["payee"]["inn"] == "7700900024"
    assert found["payer"]["bank"] == {
        "account": "40702810300000000001", "bic": "040000888", "bank": "БАНК «ПРИМЕР»",
        "correspondent_account": "30101810200000000888", "city": None,
    }  # fmt: skip
    assert not Path("order.txt").exists()
    invoiced.done("invoice", "export", "1518", "--json", "-o", "order.txt")
    assert Path("order.txt").exists()


def test_the_contract_and_the_line_about_vat_are_those_of_the_closed_month(invoiced: Mureg) -> None:
    settings(("С-15/2023", "С-99/2024"), ("НДС не облагается", "В том числе НДС 20%"))
    purpose = invoiced.done("invoice", "export", "1518", "--json").json["purpose"]
    assert "№ С-15/2023. НДС не облагается" in purpose


def test_a_paid_invoice_is_not_paid_again(invoiced: Mureg) -> None:
    invoiced.done("invoice", "paid", "1518", "--on", "2023-09-12")
    ended = invoiced("invoice", "export", "1518", "-o", "order.txt")
    assert (ended.code, ended.out, ended.err) == (
        5, "", "Error: invoice 1518 was paid on 2023-09-12\nsee it: mureg invoice list\n",
    )  # fmt: skip
    assert not Path("order.txt").exists()


def test_missing_settings_are_listed_together(invoiced: Mureg) -> None:
    Path("bare.toml").write_text('db = "mureg.db"\n[operator]\ninn = "7700900024"\n', encoding="utf-8")
    register = invoiced.done("support", "--json").json["register"]
    ended = invoiced("invoice", "export", "1518", "--config", "bare.toml", "--db", register, "--json")
    assert (ended.code, ended.out) == (5, "")
    keys = [fault["column"] for fault in ended.error["details"]]
    bank = ["account", "bic", "bank", "correspondent_account"]
    assert keys == [
        "partner.name", "partner.inn", *(f"partner.bank.{key}" for key in bank), "operator.name",
        *(f"operator.bank.{key}" for key in bank),
    ]  # fmt: skip
    hint = ended.error["hint"]
    assert '[partner]\nname = "…"\ninn = "…"\n\n[partner.bank]\naccount = "…"' in hint
    assert '[operator]\nname = "…"\n\n[operator.bank]' in hint


def test_letters_that_windows_1251_lacks_are_an_error_that_names_the_setting(invoiced: Mureg) -> None:
    settings(("ООО «Партнёр»", "ТОО «Ғалым»"), ("БАНК «ОБРАЗЕЦ»", "БАНК ₽"))
    ended = invoiced("invoice", "export", "1518", "-o", "order.txt", "--json")
    assert (ended.code, ended.out) == (4, "")
    assert [(fault["column"], fault["message"]) for fault in ended.error["details"]] == [
        ("partner.name", "windows-1251 has no Ғ"), ("operator.bank.bank", "windows-1251 has no ₽"),
    ]  # fmt: skip
    assert not Path("order.txt").exists()


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("40702810300000000001", "40702810300000000002", "partner.bank",
         "the key of account does not fit the БИК: a digit of either is mistyped"),
        ("30101810900000000777", "30101810900000000778", "operator.bank",
         "the key of correspondent_account does not fit the БИК: a digit of either is mistyped"),
        ("040000777", "04000077", "operator.bank.bic", "a БИК has 9 digits"),
        ("40702810300000000001", "4070281030000000001", "partner.bank.account", "a bank account has 20 digits"),
    ],
)  # fmt: skip
def test_a_mistyped_account_is_refused_with_the_settings(
    invoiced: Mureg, old: str, new: str, key: str, said: str
) -> None:
    settings((old, new))
    ended = invoiced("invoice", "export", "1518", "--json")
    assert (ended.code, ended.out) == (4, "")
    assert [(fault["column"], fault["message"]) for fault in ended.error["details"]] == [(key, said)]


def test_a_purpose_that_no_bank_takes_is_refused(invoiced: Mureg) -> None:
    invoiced.done("undo")
    number = "1518-" + "9" * 60
    invoiced.done(
        "invoice", "add", "--month", "2023-08", "--number", number, "--date", "2023-09-06", "--amount", "27000"
    )
    ended = invoiced("invoice", "export", number)
    assert (ended.code, ended.out) == (5, "")
    assert "a bank takes 210" in ended.err


@pytest.mark.parametrize(("number", "ours"), [("КА-7", "7"), ("2023/001518", "1518"), ("счёт", "1"), ("000", "1")])
def test_the_number_of_the_order_has_up_to_six_digits(invoiced: Mureg, number: str, ours: str) -> None:
    invoiced.done("undo")
    invoiced.done(
        "invoice", "add", "--month", "2023-08", "--number", number, "--date", "2023-09-06", "--amount", "27000"
    )
    assert invoiced.done("invoice", "export", number, "--json").json["number"] == ours


# --- the payment ------------------------------------------------------------------------------------


def read(mureg: Mureg, *documents: str, options: tuple[str, ...] = ()) -> Ended:
    return mureg("invoice", "paid", "--statement", write_export(*documents), *options)


def unmatched(ended: Ended) -> list[tuple[str, str | None]]:
    return [(each["reason"], each["invoice"]) for each in ended.json["unmatched"]]


def test_a_payment_marks_its_invoice(invoiced: Mureg) -> None:
    ended = read(invoiced, document(), options=("--json",))
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {
        "operation": 11, "numbers": [], "file": "bank.txt", "documents": 1, "unmatched": [],
        "paid": [{"number": "1518", "month": "2023-08", "date": "2023-09-06", "amount": "27000.00", "due": "0.00",
                  "paid": "2023-09-12"}],
    }  # fmt: skip
    assert paid_on(invoiced) == "2023-09-12"
    assert invoiced("check").code == 0
    invoiced.done("undo")
    assert paid_on(invoiced) is None


def test_reading_the_same_file_again_writes_nothing(invoiced: Mureg) -> None:
    read(invoiced, document())
    again = read(invoiced, document(), options=("--json",))
    assert (again.code, again.json["operation"]) == (0, None)
    assert unmatched(again) == [("already_paid", "1518")]


def test_a_dry_run_writes_nothing(invoiced: Mureg) -> None:
    ended = read(invoiced, document(), options=("--dry-run",))
    assert (ended.code, ended.out) == (
        0,
        "Invoice\tMonth\tAmount\tWould be paid\n1518\t2023-08\t27000.00\t2023-09-12\n",
    )
    assert "dry run: nothing was written" in ended.err
    assert paid_on(invoiced) is None


@pytest.mark.parametrize(
    ("changed", "reason", "code"),
    [
        ({"Сумма": "26999.99"}, ("amount_differs", "1518"), 6),
        ({"ДатаСписано": "05.09.2023"}, ("before_invoice", "1518"), 6),
        ({"ДатаСписано": "05.09.2999"}, ("in_future", "1518"), 6),
        ({"ДатаСписано": ""}, ("not_debited", "1518"), 0),
        ({"НазначениеПлатежа": "Оплата по счету № 15180"}, ("no_invoice", None), 0),
        ({"ПлательщикИНН": "7700123459"}, ("other_payer", None), 0),
    ],
)
def test_what_does_not_fit_is_listed_with_the_reason(
    invoiced: Mureg, changed: dict[str, str], reason: tuple[str, str | None], code: int
) -> None:
    ended = read(invoiced, document(**changed), options=("--json",))
    assert (ended.code, ended.json["operation"], unmatched(ended)) == (code, None, [reason])
    assert ended.json["unmatched"][0]["row"] == 11
    assert paid_on(invoiced) is None
    if code:
        assert ended.error["code"] == "differences"


def test_payments_to_others_are_only_counted(invoiced: Mureg) -> None:
    ended = read(invoiced, document(ПолучательИНН="7700123459"), document(), options=("--json",))
    assert (ended.code, ended.json["documents"], len(ended.json["paid"]), unmatched(ended)) == (0, 2, 1, [])


def test_an_invoice_that_was_paid_twice_needs_a_person(invoiced: Mureg) -> None:
    ended = read(invoiced, document(), document(Номер="46"), options=("--json",))
    assert (ended.code, len(ended.json["paid"]), unmatched(ended)) == (6, 1, [("paid_twice", "1518")])
    later = read(invoiced, document(ДатаСписано="20.09.2023"), options=("--json",))
    assert (later.code, unmatched(later)) == (6, [("paid_twice", "1518")])
    assert paid_on(invoiced) == "2023-09-12"


def test_a_person_reads_what_was_marked_and_what_was_not(invoiced: Mureg) -> None:
    ended = read(invoiced, document(), document(Номер="46", Сумма="5.00", НазначениеПлатежа="Прочее"))
    assert ended.code == 0
    assert ended.out == (
        "Invoice\tMonth\tAmount\tPaid\n1518\t2023-08\t27000.00\t2023-09-12\n"
        "line 23: payment 46, 5.00: the purpose of payment names no recorded invoice\n"
    )
    assert ended.err == ("2 documents read; payments to the operator: 2\noperation 11; to undo it: mureg undo 11\n")


def test_a_payment_is_never_taken_for_one_of_two_invoices_that_it_names(invoiced: Mureg) -> None:
    invoiced.done("application", "process", "ZV-1042", "--on", "2023-09-05")
    invoiced.done("month", "close", "2023-09", "--without-statement", "--reason", "нет")
    invoiced.done(
        "invoice", "add", "--month", "2023-09", "--number", "1601", "--date", "2023-10-05", "--amount", "1800"
    )
    purpose = "Оплата по счетам № 1518, № 1601"
    ended = read(invoiced, document(НазначениеПлатежа=purpose, Сумма="28800.00"), options=("--json",))
    assert (ended.code, unmatched(ended)) == (6, [("several_invoices", None)])
    both = read(
        invoiced, document(),
        document(НазначениеПлатежа="По счету № 1601", Сумма="1800.00", ДатаСписано="06.10.2023"), options=("--json",),
    )  # fmt: skip
    assert (both.code, [invoice["number"] for invoice in both.json["paid"]]) == (0, ["1518", "1601"])
    records = invoiced.done("history", "--json").json
    assert max(record["operation"] for record in records) == both.json["operation"]


def test_the_operator_must_be_known(invoiced: Mureg) -> None:
    Path("bare.toml").write_text('db = "mureg.db"\n', encoding="utf-8")
    file = write_export(document())
    ended = invoiced("invoice", "paid", "--statement", file, "--config", "bare.toml")
    assert (ended.code, ended.out) == (5, "")
    assert '[operator]\ninn = "…"' in ended.err


@pytest.mark.parametrize("words", [["1518"], ["--on", "today"]])
def test_a_statement_says_itself_which_invoices_were_paid_and_when(invoiced: Mureg, words: list[str]) -> None:
    ended = invoiced("invoice", "paid", *words, "--statement", "bank.txt")
    assert (ended.code, ended.out) == (2, "")


def test_a_file_that_is_no_export_is_refused(invoiced: Mureg) -> None:
    Path("bank.txt").write_text(json.dumps({"a": 1}), encoding="utf-8")
    ended = invoiced("invoice", "paid", "--statement", "bank.txt", "--json")
    assert (ended.code, ended.out, ended.error["code"]) == (4, "", "rejected")
    missing: Any = invoiced("invoice", "paid", "--statement", "no.txt")
    assert (missing.code, missing.out) == (3, "")
