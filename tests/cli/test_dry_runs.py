"""A dry run writes nothing, and says what would be done."""

import os
from collections.abc import Callable

import pytest

from support import raw_sql
from support.command_line import Mureg

STATEMENT = "examples/statement/operator-2023-08.csv"


@pytest.fixture
def august(example: Mureg) -> Mureg:
    """The example partner, with the operator's statement for August."""
    example("reconcile", "--month", "2023-08", "--statement", STATEMENT)
    return example


def accept_all(mureg: Mureg) -> None:
    found = mureg("reconcile", "--month", "2023-08", "--json").json["discrepancies"]
    mureg.done("month", "accept", "2023-08", *{each["id"] for each in found}, "--reason", "так")


def close(mureg: Mureg) -> None:
    accept_all(mureg)
    mureg.done("month", "close", "2023-08", "--leave-all")


def nothing(_: Mureg) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "words", "line"),
    [
        (nothing, "init --db new.db --config new.toml", "Would be created: new.db"),
        (nothing, "application import examples/applications/feed.jsonl", "Would be added: 2"),
        (nothing, "application set-multiuser ZV-1042 --off", "Status: would be set"),
        (nothing, "application process ZV-1042 --on 2023-08-28", "Status: would be processed"),
        (nothing, "application process --all-new --on 2023-08-28", "Status: would be processed"),
        (nothing, "application reject ZV-1042 --comment x", "Status: would be rejected"),
        (nothing, "application amend ZV-1045 --on 2023-08-21 --reason x", "Status: would be amended"),
        (nothing, "application return ZV-1045 --reason x", "Status: would be new again"),
        (nothing, "application cancel ZV-1045 --reason x --on 2023-08-30", "Status: would be cancelled"),
        (nothing, "undo", "Would be undone: operation "),
        (nothing, "month accept 2023-08 ZV-1032 --reason x", "Would be resolved: ZV-1032"),
        (nothing, "backup b.db", "Would be copied to: b.db"),
        (nothing, "copy {db} c.db", "Would be copied to: c.db"),
        (accept_all, "month close 2023-08 --leave-all", "State: would be closed"),
        (close, "month reopen 2023-08 --reason x", "State: would be open"),
        (close, "invoice add --month 2023-08 --number 1 --date 2023-09-05 --amount {agreed}",
         "State: would be recorded"),
    ],
)  # fmt: skip
def test_a_dry_run_speaks_in_the_conditional(
    august: Mureg, before: Callable[[Mureg], None], words: str, line: str
) -> None:
    before(august)
    months = august.done("month", "list", "--json").json
    agreed = next((month["agreed"] for month in months if month["month"] == "2023-08"), None)
    words = words.replace("{agreed}", str(agreed)).replace("{db}", os.environ.get("MUREG_DB") or "mureg.db")
    content = raw_sql.content()
    ended = august.done(*words.split(), "--dry-run")
    assert raw_sql.content() == content
    assert f"\n{line}" in f"\n{ended.out}"
    assert ended.err.endswith("dry run: nothing was written\n")
