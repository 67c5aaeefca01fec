"""What is killed, and what it is done to."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from support.sample_data import application


class Deed(NamedTuple):
    """What is killed: a command line, the register on which it runs, and the file or database that it makes, if any."""

    name: str
    stage: str
    words: tuple[str, ...]
    makes: str = ""
    grow: bool = False
    codes: tuple[int, ...] = (0,)


def deeds(engine: str) -> list[Deed]:
    """Everything that writes. `{target}` is a free place, `{saved}` a backup of the register."""
    month, reason = ("--month", "2023-08"), ("--reason", "письмо")
    statement = ("--statement", "{office}/examples/statement/operator-2023-08.csv")
    numbers = tuple(f"B-{serial}" for serial in range(40))
    upgrade = ("init", "--upgrade") if engine == "postgres" else ("application", "list")
    return [
        Deed("first import", "empty", ("application", "import", "{office}/many.csv")),
        Deed("import", "office", ("application", "import", "{office}/some.csv")),
        Deed("import of people", "office", ("application", "import", "{office}/people.json")),
        Deed("set-multiuser", "office", ("application", "set-multiuser", "ZV-1042", "--tier", "10+")),
        Deed("process", "office", ("application", "process", *numbers, "--on", "2023-08-28")),
        Deed("undo", "office", ("undo",)),
        Deed("cancel", "sold", ("application", "cancel", "ZV-1042", "--on", "2023-08-29", *reason)),
        Deed("reconcile", "sold", ("reconcile", *month, *statement), codes=(0, 6)),
        Deed("accept", "compared", ("month", "accept", "2023-08", "ZV-1032", *reason)),
        Deed("carry", "compared", ("month", "carry", "2023-08", "ZV-1045", *reason)),
        Deed("close", "resolved", ("month", "close", "2023-08")),
        Deed("reopen", "closed", ("month", "reopen", "2023-08", *reason)),
        Deed("backup", "office", ("backup", "{target}.db"), makes="{target}.db"),
        Deed("restore", "office", ("restore", "{saved}", "--db", "{target}"), makes="{target}"),
        Deed("copy", "office", ("copy", "{register}", "{target}"), makes="{target}"),
        Deed("migration", "office", upgrade, grow=True),
    ]


def people(count: int) -> Iterator[dict[str, Any]]:
    """Applications with owners."""
    for serial in range(count):
        yield application(f"P-{serial}", users=3)
