"""What differs in a month, for people: one row for each pair, both sides, and what differs marked."""

from pathlib import Path

import pytest

from support.command_line import Mureg

STATEMENT = "examples/statement/operator-2023-08.csv"
NO_BREAK = "\u00a0"


@pytest.fixture
def compared(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> Mureg:
    monkeypatch.setenv("NO_COLOR", "1")
    example("reconcile", "--month", "2023-08", "--statement", STATEMENT)
    example.done("month", "accept", "2023-08", "ZV-1032", "--reason", "письмо")
    return example


def shown(mureg: Mureg, width: int, monkeypatch: pytest.MonkeyPatch, lang: str = "en") -> list[str]:
    """The lines of the terminal about the discrepancies, which follow the heading and a sentence."""
    monkeypatch.setenv("COLUMNS", str(width))
    out = mureg("month", "show", "2023-08", terminal=True, lang=lang).out
    return [line.rstrip() for line in out.split("\n\n")[2].splitlines()]


def test_on_a_wide_terminal_both_sides_are_beside_each_other(compared: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    headings, _, *lines = shown(compared, 110, monkeypatch)
    assert headings.split() == ["Discrepancy", "Organization", "Row", "Ours", "Theirs", "Difference", "Resolution"]
    first, *more = lines[:4]
    assert first.split() == ["ZV-1032", "АО", "«Подсолнух»", "5", "10", "and", "more", "≠", "2", "to", "9", "-1,800.00",
                             "the", "operator's", "figure:"]  # fmt: skip
    assert [line.split("  ")[-1].strip() for line in more] == ["письмо", "40.00 %", "≠ 1,800.00"]
    assert "40.00 % 2,400.00" in more[1]
    # Each pair is there once.
    for number in ("ZV-1032", "ZV-1042", "ZV-1045"):
        assert sum(line.startswith(number) for line in lines) == 1


def test_on_a_narrow_terminal_the_sides_are_under_each_other(compared: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(compared, 80, monkeypatch, lang="ru")
    first = [line.replace(NO_BREAK, " ") for line in lines[:5]]
    assert first == [
        "ZV-1032  АО «Подсолнух»",
        "  Другой вид расширения, Другая цена, Другая сумма к оплате, строка 5",
        "  У нас         10 и более    6 000,00  40,00 % 2 400,00    3 600,00",
        "  У оператора  ≠ от 2 до 9  ≠ 3 000,00           40,00 %  ≠ 1 800,00",
        "  Разница: -1 800,00 · сумма оператора: письмо",
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("width", [60, 70, 80])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_no_amount_of_a_pair_is_broken_by_the_end_of_a_line(
    compared: Mureg, monkeypatch: pytest.MonkeyPatch, width: int, lang: str
) -> None:
    lines = shown(compared, width, monkeypatch, lang)
    assert lines[0].startswith("ZV-1032")
    assert max(map(len, lines)) <= width
    ours = "\n".join(lines).split("\n", 2)[2]
    payable = {"en": "3,600.00", "ru": f"3{NO_BREAK}600,00"}[lang]
    assert [line for line in ours.splitlines() if line.endswith(payable)]


def test_in_a_pipe_every_value_has_a_column(compared: Mureg) -> None:
    rows = [line.split("\t") for line in compared("month", "show", "2023-08").out.splitlines()]
    headings = next(row for row in rows if row[0] == "Discrepancy")
    (pair,) = [dict(zip(headings, row, strict=True)) for row in rows if row[0] == "ZV-1032"]
    assert (pair["Our tier"], pair["Their tier"]) == ("10 and more", "2 to 9")
    assert (pair["Our payable"], pair["Their payable"], pair["Difference"]) == ("3600.00", "1800.00", "-1800.00")
    assert (pair["Row"], pair["Their discount"]) == ("5", "")


@pytest.mark.parametrize("width", [80, 110])
def test_a_total_that_contradicts_its_rows_shows_both_amounts(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    Path("other.csv").write_text("Номер;Сумма к оплате\nZV-1030;1800,00\nИтого;1801,00\n", encoding="utf-8")
    example("reconcile", "--month", "2023-08", "--statement", "other.csv")
    text = "\n".join(shown(example, width, monkeypatch))
    assert "rows: 1,800.00" in text
    assert "≠ stated: 1,801.00" in text


@pytest.mark.parametrize("width", [80, 110])
def test_a_charge_of_another_month_says_which(example: Mureg, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    example.done("application", "process", "ZV-1042", "--on", "2023-09-04")
    Path("other.csv").write_text("Номер;Сумма к оплате\nZV-1042;3600,00\nZV-1030;1800,00\n", encoding="utf-8")
    example("reconcile", "--month", "2023-08", "--statement", "other.csv", "--anyway")
    assert "settled in 2023-09" in "\n".join(shown(example, width, monkeypatch))
