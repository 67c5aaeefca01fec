"""Runs a sequence of steps on both sides, and finds the shortest one that shows a fault."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from mureg.errors import MuregError
from oracle.driver import Driver, ImportFault
from oracle.facts import MONTHS
from oracle.judging import faults_of, faults_of_closing
from oracle.model import Model, Views
from oracle.recomputing import faults_of_recomputed
from oracle.steps import Dice, Step, commands

Rounding = Literal["licence", "total"]


class Failure(NamedTuple):
    steps: list[Step]
    faults: list[str]

    def __str__(self) -> str:
        return "\n".join([*self.faults, "", commands(self.steps)])


class Ended(NamedTuple):
    """How mureg ended a step: its operation, `None` where nothing was written, or what it was refused with."""

    operation: int | None
    refused: str | None


class Run:
    """Both sides of one sequence."""

    def __init__(self, engine: str, rounding: Rounding) -> None:
        self.driver = Driver(engine, rounding)
        self.rounding = rounding
        self.model = Model()
        self.views: Views = {month: self.driver.month(month) for month in MONTHS}
        self.last = 0

    def take(self, step: Step) -> list[str]:
        """Let both sides take a step; what is wrong then."""
        if step.name == "price":
            return self._edit_prices(step)
        expected, seen = self.model.foresee(step, self.views)
        would_be = self._tried(step, dry_run=True)
        ended = self._tried(step) if self._show() == self.views else None
        if ended is None or ended.refused != would_be.refused:
            return [f"a dry run of {step.name} ends with {would_be}, itself with {ended}"]
        if ended.refused is not None:
            faults = [f"{step.name} was refused: {ended.refused}"] if expected == "yes" else []
            return faults if self._show() == self.views else ["a step that was refused changed what is shown"]
        if ended.operation is None:
            return []
        if expected.startswith("no"):
            return [f"{step.name} was not refused: {expected}"]
        return self._note(step, ended.operation, seen)

    def _edit_prices(self, step: Step) -> list[str]:
        """In mureg.toml, which is no operation."""
        self.driver.take(step)
        self.model.facts.markup = step.values["markup"]
        self.views = self._show()
        self.model.note_lapsed(self.views)
        return self._look()

    def _tried(self, step: Step, *, dry_run: bool = False) -> Ended:
        try:
            return Ended(self.driver.take(step, dry_run=dry_run), None)
        except (MuregError, ImportFault) as error:
            return Ended(None, str(error))

    def _note(self, step: Step, operation: int, seen: dict[str, Any]) -> list[str]:
        """Let the oracle take a step that mureg has taken; what is wrong then."""
        self.last = operation
        application = self.model.facts.applications.get(step.values.get("number", ""))
        if step.name in ("amend", "return") and application is not None:
            seen["licences"] = self.driver.licences(application.inn, application.kpp)
        earlier = self.model.facts.copied()
        before, self.views = self.views, self._show()
        self.model.note(step, operation, seen, self.views)
        faults: list[str] = []
        if step.name == "close":
            month = step.values["month"]
            faults += faults_of_closing(before[month], self.views[month])
        if step.name in ("amend", "return") and application is not None:
            faults += faults_of_recomputed(earlier, self.model.facts, application)
        return faults + self._look()

    def _show(self) -> Views:
        return {month: self.driver.month(month) for month in MONTHS}

    def _look(self) -> list[str]:
        facts = self.model.facts
        faults = list(faults_of(self.model, self.views, self.rounding))
        for inn, kpp in {(each.inn, each.kpp) for each in facts.applications.values()}:
            found = self.driver.products(inn, kpp)
            expected = sorted((each.number, each.tier, each.starts_on, each.ends_on)
                              for each in facts.of_organization(inn, kpp))  # fmt: skip
            if found != expected:
                faults.append(f"{inn} {kpp} has the licences {found}, expected {expected}")
        states = {
            number: (
                each.status,
                each.processed_on,
                each.cancelled_on,
                each.set_option,
                each.set_tier,
                each.without_sale,
            )
            for number, each in facts.applications.items()
        }
        if self.driver.states() != states:
            faults.append(f"the applications are {self.driver.states()}, expected {states}")
        faults += self._faults_of_list()
        return faults

    def _faults_of_list(self) -> list[str]:
        faults = []
        lines = {line["month"]: line for line in self.driver.months()}
        for month, view in self.views.items():
            line = lines.get(month)
            if line is None:
                if view["charges"] or view["statement"]:
                    faults.append(f"month list lacks {month}")
                continue
            theirs = view["statement"]["total"] if view["statement"] else None
            expected = (
                view["state"],
                view["total"]["count"],
                view["total"]["payable"],
                theirs,
                view["total"]["agreed"],
            )
            found = tuple(line[name] for name in ("state", "count", "ours", "theirs", "agreed"))
            if found != expected:
                faults.append(f"month list has {found} for {month}, expected {expected}")
        return faults

    def finish(self) -> list[str]:
        return [f"check: {fault}" for fault in self.driver.faults()]


def random_run(seed: int, length: int, engine: str) -> tuple[Run, list[Step], list[str]]:
    """A random sequence, as far as it goes without a fault; its steps, and the faults."""
    dice = Dice(seed)
    run = Run(engine, rounding_of(seed))
    steps: list[Step] = []
    for place in range(length):
        step = dice.step(run.model.facts, run.views, run.last) if place else dice.first()
        steps.append(step)
        if faults := run.take(step):
            return run, steps, faults
    return run, steps, run.finish()


def try_seed(seed: int, length: int = 16, engine: str = "sqlite") -> Failure | None:
    """A random sequence; its failure, with the steps as far as they were taken."""
    run, steps, faults = random_run(seed, length, engine)
    run.driver.close()
    return Failure(steps, faults) if faults else None


def rounding_of(seed: int) -> Rounding:
    return "total" if seed % 3 == 0 else "licence"


def try_steps(steps: list[Step], seed: int, engine: str = "sqlite") -> list[str]:
    """The faults of the first step that has some."""
    run = Run(engine, rounding_of(seed))
    try:
        for step in steps:
            if faults := run.take(step):
                return faults
        return run.finish()
    finally:
        run.driver.close()


def shortest(failure: Failure, seed: int, engine: str = "sqlite") -> Failure:
    """The failure with every step, row and application left out that it does not need."""
    steps, faults = failure
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for fewer in _shorter(steps):
            found = try_steps(fewer, seed, engine)
            if found and _sort(found) == _sort(faults):
                steps, faults, is_shorter = fewer, found, True
                break
    return Failure(steps, faults)


def _sort(faults: list[str]) -> str:
    """What kind of fault the first one is, without its figures."""
    return " ".join(word for word in faults[0].split()[:12] if word.isalpha())


def _shorter(steps: list[Step]) -> Any:
    for place in range(len(steps) - 1, -1, -1):
        yield steps[:place] + steps[place + 1 :]
    for place, step in enumerate(steps):
        for name in ("items", "rows", "numbers"):
            values = step.values.get(name, [])
            for each in range(len(values) if len(values) > 1 or name == "rows" else 0):
                fewer = step._replace(values={**step.values, name: values[:each] + values[each + 1 :]})
                yield [*steps[:place], fewer, *steps[place + 1 :]]


def search(seeds: range, report: Callable[[int, Failure], None], engine: str = "sqlite") -> int:
    """How many of the seeds fail; each failure is reported in its shortest form."""
    failed = 0
    for seed in seeds:
        failure = try_seed(seed, engine=engine)
        if failure is not None:
            failed += 1
            report(seed, shortest(failure, seed, engine))
    return failed
