"""Every limit of mureg.toml works: it can be set, it refuses, and its error names it."""

import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mureg.readers.types import Limits
from mureg.settings.template import TEMPLATE
from support.command_line import Ended, Mureg
from support.sample_data import EXAMPLES, begin, row, table, write_table

APPLICATIONS = EXAMPLES / "applications"
# The limit, set so low, and a valid file that it refuses.
LOW = {
    "file_bytes": (100, APPLICATIONS / "august.csv"),
    "whole_bytes": (1000, APPLICATIONS / "ZV-1042.xml"),
    "rows": (3, APPLICATIONS / "august.csv"),
    "cells": (10, APPLICATIONS / "partners.xlsx"),
    "fields": (5, APPLICATIONS / "august.csv"),
    "field_characters": (4, APPLICATIONS / "august.csv"),
    "nesting": (2, APPLICATIONS / "renewals.json"),
    "faults": (2, EXAMPLES / "faults" / "wrong.csv"),
}


def _limited(mureg: Mureg, name: str, value: int, *command: str, **how: Any) -> Ended:
    begin(mureg)
    with Path("mureg.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[limits]\n{name} = {value}\n")
    return mureg(*command, **how)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", Limits._fields)
def test_a_limit_that_is_lowered_refuses_a_right_file_and_is_named(mureg: Mureg, name: str, lang: str) -> None:
    value, path = LOW[name]
    ended = _limited(mureg, name, value, "application", "import", str(path), "--partial", lang=lang)
    assert ended.code == 4, ended
    # The nesting and a long text are reported as what they are, at their place.
    assert (name if name not in ("nesting", "field_characters") else str(value)) in ended.err
    if name != "field_characters":
        assert ended.out == "" or "0" in ended.out
        assert mureg.done("application", "list", "--json").json == []


def test_every_limit_is_in_the_template() -> None:
    for name, value in Limits()._asdict().items():
        assert f"{name} = {value}" in TEMPLATE, name


@pytest.mark.parametrize("value", ["0", "-1", "1.5", '"10"', "true", "9999999999999999999", "0x" + "f" * 300])
def test_what_is_no_limit_is_refused(mureg: Mureg, value: str) -> None:
    begin(mureg)
    for name in Limits._fields:
        Path("mureg.toml").write_text(f"[limits]\n{name} = {value}\n", encoding="utf-8")
        ended = mureg("contract", "show", "--json")
        assert (ended.code, ended.error["details"][0]["column"]) == (4, f"limits.{name}")


def test_standard_input_has_the_limit_of_a_file(mureg: Mureg) -> None:
    ended = _limited(
        mureg, "file_bytes", 1000, "application", "import", "-", stdin=table(*(row(f"A-{n}") for n in range(99)))
    )
    assert ended.code == 4
    assert "file_bytes" in ended.err
    ended = mureg("application", "import", "-", stdin=table(row("A-1")))
    assert ended.code == 0, ended


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among its files")
@pytest.mark.parametrize("what", ["applications", "statement"])
def test_a_pipe_in_the_place_of_a_file_is_read_like_one(mureg: Mureg, what: str) -> None:
    begin(mureg)
    source = Path(write_table("a.csv", row("A-1"))) if what == "applications" else Path("s.csv")
    if what == "statement":
        shutil.copy(EXAMPLES / "statement" / "operator-2023-08.csv", source)
    os.mkfifo("pipe")  # type: ignore[attr-defined,unused-ignore]
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(source.read_bytes()), daemon=True)
    writer.start()
    command = (["application", "import", "pipe"] if what == "applications"
               else ["reconcile", "--month", "2023-08", "--statement", "pipe"])  # fmt: skip
    ended = mureg(*command)
    writer.join(10)
    assert ended.code == (0 if what == "applications" else 6), ended
    assert not writer.is_alive()
