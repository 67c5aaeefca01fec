"""A register as the simplest program would have it: what each command answers, and what it changes.

It holds a few applications, each of an organization of its own, and knows: import, set-multiuser, process, reject,
cancel, undo and list. Every run of `concurrent_runs` and of `simulate` is judged by it.
"""

import json
from pathlib import Path
from random import Random
from typing import NamedTuple

from support.sample_data import HEADER, inn_of, row

NUMBERS = ("A-1", "A-2", "A-3", "A-4")
DAY, CANCELLED_ON = "2023-08-14", "2023-08-20"
_SAYS_NOTHING_WRITTEN = ("nothing was written", "cannot reach the register")


class Unexpected(Exception):
    """A command ended as none of these may."""


class Application(NamedTuple):
    """An application as the list shows it: `option` and `tier` are the partner's, or empty."""

    status: str = "new"
    option: str = ""
    tier: str = ""

    @property
    def is_on(self) -> bool:
        """All of them ask for the mode."""
        return self.option != "off"


class Step(NamedTuple):
    """A command: what it does, to which application, and with which value."""

    kind: str
    number: str = ""
    value: str = ""

    @property
    def words(self) -> list[str]:
        """The command line, in the folder of `write_files`."""
        if self.kind == "set":
            tier = ["--tier", self.value] if self.value in ("2-9", "10+") else [f"--{self.value}"]
            return ["application", "set-multiuser", self.number, *tier]
        words = {
            "import": ["application", "import", f"{self.number}.csv"],
            "process": ["application", "process", self.number, "--on", DAY],
            "reject": ["application", "reject", self.number, "--comment", "x", "--on", DAY],
            "cancel": ["application", "cancel", self.number, "--reason", "x", "--on", CANCELLED_ON],
            "undo": ["undo"],
            "list": ["application", "list"],
        }
        return words[self.kind]


class Answer(NamedTuple):
    """How a command ended. `operation` is the one that it wrote, `about` what it undid or showed."""

    kind: str
    operation: int | None = None
    about: object = None


REFUSED, MISSING, NOTHING = Answer("refused"), Answer("missing"), Answer("nothing written")


class State(NamedTuple):
    """The register after some commands. `in_force` has, of each operation, its number and what was there before."""

    last: int = 0
    applications: tuple[tuple[str, Application], ...] = ()
    in_force: tuple[tuple[int, str, Application | None], ...] = ()

    def after(self, step: Step) -> tuple[Answer, "State"]:
        """What a command answers, and the register after it."""
        if step.kind == "list":
            return Answer("shown", about=self.applications), self
        if step.kind == "undo":
            return self._after_undo()
        known = dict(self.applications)
        before = known.get(step.number)
        if step.kind == "import":
            return self._written(step.number, before, Application()) if before is None else (_SAME, self)
        if before is None:
            return MISSING, self
        after = _changed(step, before)
        if after is None:
            return REFUSED, self
        return (_SAME, self) if after == before else self._written(step.number, before, after)

    def _written(
        self, number: str, before: Application | None, after: Application, about: object = None
    ) -> tuple[Answer, "State"]:
        operation = self.last + 1
        applications = tuple(sorted((dict(self.applications) | {number: after}).items()))
        return Answer("done", operation, about), State(
            operation, applications, (*self.in_force, (operation, number, before))
        )

    def _after_undo(self) -> tuple[Answer, "State"]:
        if not self.in_force:
            return MISSING, self
        undone, number, before = self.in_force[-1]
        applications = dict(self.applications)
        if before is None:
            del applications[number]
        else:
            applications[number] = before
        operation = self.last + 1
        state = State(operation, tuple(sorted(applications.items())), self.in_force[:-1])
        return Answer("done", operation, undone), state


_SAME = Answer("done", None)


def _changed(step: Step, before: Application) -> Application | None:
    """The application after a command; `None` where it is refused."""
    if step.kind == "cancel":
        return before._replace(status="cancelled") if before.status == "processed" and before.is_on else None
    if before.status != "new":
        return None
    match step.kind:
        case "process":
            return before._replace(status="processed")
        case "reject":
            return before._replace(status="rejected")
    option, tier = {"off": ("off", ""), "reset": ("", "")}.get(step.value, ("on", step.value))
    return before._replace(option=option, tier=tier)


def write_files(folder: Path) -> None:
    """Write the file of each application."""
    for serial, number in enumerate(NUMBERS):
        line = row(number, inn=inn_of(serial))
        (folder / f"{number}.csv").write_text(f"{HEADER}\n{line}\n", encoding="utf-8")


def random_step(chance: Random) -> Step:
    """Any command."""
    kinds = ("import",) * 4 + ("set",) * 5 + ("process",) * 2 + ("reject", "cancel") + ("undo",) * 2 + ("list",) * 3
    kind = chance.choice(kinds)
    if kind in ("undo", "list"):
        return Step(kind)
    return Step(kind, chance.choice(NUMBERS), chance.choice(("2-9", "10+", "off", "reset")) if kind == "set" else "")


def answer_of(step: Step, code: int, out: str, err: str) -> Answer | None:
    """How a command ended; `None` where one cannot know whether it was done. Raises `Unexpected`."""
    if "Traceback" in err or "internal error" in err:
        raise Unexpected(f"{step.words} failed: {err}")
    if _is_whole(out):
        return _answer(step, json.loads(out))
    if code == 3:
        return MISSING
    if code == 5:
        return REFUSED
    if code == 7:
        return NOTHING if any(words in err for words in _SAYS_NOTHING_WRITTEN) else None
    if code < 0:
        return None
    raise Unexpected(f"{step.words} ended with {code}: {out}{err}")


def _is_whole(out: str) -> bool:
    try:
        json.loads(out)
    except ValueError:
        return False
    return True


def _answer(step: Step, printed: object) -> Answer:
    if isinstance(printed, list):
        return Answer("shown", about=tuple(sorted((item["number"], _shown(item)) for item in printed)))
    assert isinstance(printed, dict), printed
    return Answer("done", printed["operation"], printed["undoes"] if step.kind == "undo" else None)


def _shown(item: dict[str, dict[str, str | None]]) -> Application:
    multiuser = item["multiuser"]
    return Application(str(item["status"]), multiuser["set"] or "", multiuser["set_tier"] or "")
