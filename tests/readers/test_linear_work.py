"""No reader takes more than linear time: twice as much input is at most about twice as much work.

Work is counted, in steps of regular expressions and in calls, so that the tests do not depend on a machine's speed.
"""

import ast
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import islice
from random import Random
from types import ModuleType
from typing import Any

import pytest

import mureg.domain
import mureg.readers
from mureg.readers.tables import xlsx_guard
from mureg.readers.tables.column_checks import matches_all
from support.regex_steps import Attacks, Matcher, TooManySteps, Use

pytestmark = pytest.mark.slow

SIZE = 150
ATTACKS = 40
MOST_STEPS = 1_000_000

# What made a pattern take more than linear time once.
KNOWN_ATTACKS: list[Callable[[int], str]] = [
    lambda size: " " * size + "x",
    lambda size: "T" * size,
    lambda size: "итого за " + " " * size + "\nx",
    lambda size: "<c><f" * (size // 5),
    lambda size: '<c t="e"' * (size // 8),
    lambda size: '"s"' * (size // 3),
    lambda size: "0" * size,
]


def uses() -> Iterator[Use]:
    """Every regular expression of the readers, and of the domain's parsers, as it is used."""
    for package in (mureg.readers, mureg.domain):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield from _uses_in(import_module(info.name))


def _uses_in(module: ModuleType) -> Iterator[Use]:
    found: dict[str, Use] = {}
    patterns = {name: value for name, value in list(vars(module).items()) if isinstance(value, re.Pattern)}
    methods: dict[str, set[str]] = {name: set() for name in patterns}
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    for call in calls:
        owner, _, method = ast.unparse(call.func).rpartition(".")
        if owner in patterns:
            methods[owner].add(method)
        elif owner == "re" and method != "compile":
            name = f"line {call.lineno}"
            found[name] = Use(name, re.compile(_value(module, call.args[0])), _kind(method))
        elif method == matches_all.__name__:
            name = f"lines {call.lineno}"
            found[name] = Use(name, re.compile(rf"(?:(?:{_value(module, call.args[0])})\n)*"), "fullmatch")
    for name, pattern in patterns.items():
        # One that is handed on may be used in any way.
        for kind in sorted(set(map(_kind, methods[name])) or {"search"}):
            found[f"{name} {kind}"] = Use(name, pattern, kind)
    for name, value in list(vars(module).items()):
        if isinstance(value, list) and value and all(isinstance(each, re.Pattern) for each in value):
            found[name] = Use(name, value[len(value) // 2], "search")
    return (use._replace(name=f"{module.__name__} {use.name}") for use in found.values())


def _kind(method: str) -> str:
    return method if method in ("match", "fullmatch") else "search"


def _value(module: ModuleType, node: ast.expr) -> Any:
    return eval(ast.unparse(node), dict(vars(module)))  # noqa: S307  our own source


def slowest(use: Use, attacks: int) -> tuple[float, str]:
    """The most that the steps grow by when a hostile text doubles, and the text."""
    matcher = Matcher(use.pattern)
    made = islice(Attacks(use.pattern, Random(use.name)).texts(), attacks)  # noqa: S311
    worst = 0.0, ""
    for make in (*KNOWN_ATTACKS, *made):
        try:
            once, twice = (matcher.count(make(size), use.method, MOST_STEPS) for size in (SIZE, 2 * SIZE))
        except TooManySteps:
            return float("inf"), make(SIZE)
        # What a text of any size takes does not count.
        worst = max(worst, ((twice - SIZE) / once, make(SIZE)))
    return worst


USES = list(uses())


def test_the_patterns_of_the_readers_are_found() -> None:
    names = {use.name.rpartition(" ")[2] for use in USES}
    assert names >= {"_TIME_OF_DAY", "_CURRENCY", "_FORMULA_CELL", "_SHARED_NUMBER", "_COLUMNS_FROM", "_TOKEN"}
    assert sum(" lines " in use.name for use in USES) == 3


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.name} {use.method}")
def test_twice_as_much_text_takes_a_pattern_at_most_twice_the_steps(use: Use) -> None:
    growth, text = slowest(use, ATTACKS)
    assert growth <= 2.2, text


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"[T ]+[0-9]{1,2}:[0-9]{2}", "search"),
        (r"\s*(?:руб\.?|₽|rub)\s*$", "search"),
        (r"(?:итого|всего)(?:\s+(?:к\s+оплате|за\s.*))?\s*:?", "fullmatch"),
        (rb"""<(?:\w+:)?c\b([^>]*)>\s*(<(?:\w+:)?f\b.{0,8300}?)</(?:\w+:)?c>""", "search"),
        (rb""""s"[^<>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""", "search"),
    ],
)
def test_a_pattern_that_takes_more_than_linear_time_would_be_seen(pattern: str | bytes, method: str) -> None:
    growth, _ = slowest(Use("before", re.compile(pattern, re.DOTALL * isinstance(pattern, bytes)), method), 0)
    assert growth > 3


@pytest.mark.parametrize("beginning", [xlsx_guard._ERROR_CELL, xlsx_guard._FORMULA_CELL])
@pytest.mark.parametrize("cell", ['<c r="A1" t="e"><f>', '<c r="A1" t="e"><f>1</f><v>x</v></c>', '<c t="e"><c><f></c>'])
def test_twice_as_many_cells_take_the_guard_at_most_twice_the_calls(beginning: Any, cell: str) -> None:
    def calls(count: int) -> int:
        made = 0

        def note(_frame: object, event: str, _argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        block = cell.encode() * count
        sys.setprofile(note)
        try:
            list(xlsx_guard._cells(beginning, block, 8_300))
        finally:
            sys.setprofile(None)
        return made

    assert calls(2_000) <= 2.1 * calls(1_000)
