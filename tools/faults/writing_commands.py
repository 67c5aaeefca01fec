"""The commands that write, each with the register on which it is tried."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from support.sample_data import application


class WritingCommand(NamedTuple):
    """A command line, the stage of the register on which it runs, and the file or database that it makes, if any.

    `newer_version`: it is run by a mureg that is one version newer, so that it migrates. `codes` are its exit codes.
    """

    name: str
    stage: str
    words: tuple[str, ...]
    makes: str = ""
    newer_version: bool = False
    codes: tuple[int, ...] = (0,)


def writing_commands(engine: str) -> list[WritingCommand]:
    """Everything that writes. `{target}` is a free place, `{saved}` a backup of the register."""
    month, reason = ("--month", "2023-08"), ("--reason", "письмо")
    statement = ("--statement", "{office}/examples/statement/operator-2023-08.csv")
    numbers = tuple(f"B-{serial}" for serial in range(40))
    upgrade = ("init", "--upgrade") if engine == "postgres" else ("application", "list")
    return [
        WritingCommand("first import", "empty", ("application", "import", "{office}/many.csv")),
        WritingCommand("import", "office", ("application", "import", "{office}/some.csv")),
        WritingCommand("import of people", "office", ("application", "import", "{office}/people.json")),
        WritingCommand("set-multiuser", "office", ("application", "set-multiuser", "ZV-1042", "--tier", "10+")),
        WritingCommand("process", "office", ("application", "process", *numbers, "--on", "2023-08-28")),
        WritingCommand("undo", "office", ("undo",)),
        WritingCommand("cancel", "sold", ("application", "cancel", "ZV-1042", "--on", "2023-08-29", *reason)),
        WritingCommand("reconcile", "sold", ("reconcile", *month, *statement), codes=(0, 6)),
        WritingCommand("accept", "compared", ("month", "accept", "2023-08", "ZV-1032", *reason)),
        WritingCommand("carry", "compared", ("month", "carry", "2023-08", "ZV-1045", *reason)),
        WritingCommand("close", "resolved", ("month", "close", "2023-08")),
        WritingCommand("reopen", "closed", ("month", "reopen", "2023-08", *reason)),
        WritingCommand("backup", "office", ("backup", "{target}.db"), makes="{target}.db"),
        WritingCommand("restore", "office", ("restore", "{saved}", "--db", "{target}"), makes="{target}"),
        WritingCommand("copy", "office", ("copy", "{register}", "{target}"), makes="{target}"),
        WritingCommand("migration", "office", upgrade, newer_version=True),
    ]


def people(count: int) -> Iterator[dict[str, Any]]:
    """Applications with key owners."""
    for serial in range(count):
        yield application(f"P-{serial}", users=3)
