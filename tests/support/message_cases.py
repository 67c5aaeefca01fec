"""A case of the tables of error messages, the folder in which it runs, and how it ends there."""

from pathlib import Path
from typing import Any, NamedTuple

from support.command_line import Mureg
from support.sample_data import application, inn_of, row, write_json, write_table, write_xml


class Case(NamedTuple):
    """Commands, of which the last one fails, its exit code, and stderr without «Error: » or «Warning: »."""

    commands: str
    code: int
    err: str

    @property
    def label(self) -> str:
        """How stderr begins."""
        return "Warning" if self.code == 6 else "Error"


def furnish(example: Mureg) -> Mureg:
    """The example partner's folder with some more files."""
    assert inn_of(7000) == "7700070006"
    write_table("a.csv", row("A-1", inn=inn_of(7001), submitted_on="2023-08-01"))
    write_table("b.csv", row("B-1", inn=inn_of(7001)))
    write_table("twice.csv", row("A-1", inn=inn_of(7001), users="4"))
    write_table("wrong.csv", row("W-1", inn="1"))
    write_table("two.csv", row("T-1", inn=inn_of(7000)), row("T-2", inn=inn_of(7000), kpp=""))
    write_xml("C-1.xml", inn_of(7000))
    write_json("one.json", application("ONE", users=1, organization={"inn": inn_of(7001)}))
    licence = {"tier": "2-9", "starts_on": "2023-08-14", "ends_on": "2024-08-13"}
    sold: dict[str, Any] = {"status": "processed", "processed_on": "2023-08-14", "organization": {"inn": inn_of(7001)}}
    write_json("new.json", application("NEW", licence=licence))
    write_json("late.json", application("LATE", **sold, licence=licence | {"late": True}))
    write_json("other.json", application("OTHER", **sold, licence=licence | {"tier": "10+"}))
    write_json("ends.json", application("ENDS", **sold, licence=licence | {"ends_on": "2024-09-30"}))
    write_table(
        "rules.csv",
        row("UNTIERED", inn=inn_of(7001), users=""),
        row("CROWDED", inn=inn_of(7002), users="12"),
        row("EARLY", inn=inn_of(7003), submitted_on="2023-07-01"),
        row("OFF", inn=inn_of(7004), multiuser="off", users=""),
    )
    Path("bare.toml").write_text("", encoding="utf-8")
    Path("unpriced.toml").write_text('[contract]\nnumber = "1"\nterm_months = 12\n', encoding="utf-8")
    Path("headless.csv").write_text("Номер;Выплата, руб.\nZV-1032;1800,00\n", encoding="utf-8")
    Path("profiled.toml").write_text('[profile.paper]\nkind = "statement"\n', encoding="utf-8")
    Path("empty").mkdir()
    example.done("init", "--db", "new.db")
    return example


def ended(example: Mureg, case: Case) -> tuple[int, str]:
    """Type the commands of the case; how the last one ends, and what it says."""
    furnish(example)
    *before, last = (command.split() for command in case.commands.split(" && "))
    for command in before:
        example.done(*command)
    last_one = example(*last)
    return last_one.code, last_one.err
