"""Tables on narrow terminals: the columns that are needed least are left out and named; money stays aligned."""

import re

import pytest
from rich.cells import cell_len

from support.command_line import Mureg

WIDTHS = (60, 80, 100, 120)
COMMANDS = (
    "application list", "licence list", "organization list", "history", "month list", "contract show",
    "reconcile --month 2023-08 --all", "application show ZV-1042",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("words", COMMANDS)
def test_a_table_fits_the_terminal_and_is_no_paragraph(
    example: Mureg, words: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        out = example.done(*words.split(), lang=lang, terminal=True).out
        assert "────" in out
        assert " · " not in out
        rows = out[out.index("────") :].partition("\n\n")[0].splitlines()
        assert max(map(cell_len, rows)) <= width


def test_what_is_left_out_is_named_the_least_needed_first(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert example.done("licence", "list", terminal=True).err == "12 licences\n"
    monkeypatch.setenv("COLUMNS", "110")
    (wide, _) = example.done("licence", "list", terminal=True).err.splitlines()
    monkeypatch.setenv("COLUMNS", "60")
    narrow = " ".join(example.done("licence", "list", terminal=True).err.splitlines()[:-1])
    named = [set(line.partition(": ")[2].split(", ")) for line in (wide, narrow)]
    assert "not shown, the window is too narrow: " in wide
    assert "КПП" in named[0]
    assert named[0] < named[1]
    assert not {"Application", "Organization", "Tier", "Until"} & named[1]


def test_amounts_end_in_one_column(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in WIDTHS:
        monkeypatch.setenv("COLUMNS", str(width))
        out = example.done("reconcile", "--month", "2023-08", "--all", terminal=True).out
        table = out[: out.index("\n\n", out.index("────"))]
        ends = {cell_len(line) for line in table.splitlines() if re.search(r"\d\.\d\d\s*$", line)}
        assert len(ends) == 1, table


def test_a_column_without_values_is_not_shown_and_not_named(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    ended = example.done("application", "list", terminal=True)
    assert "Warnings" not in ended.out
    assert ended.err == "17 applications\n"
