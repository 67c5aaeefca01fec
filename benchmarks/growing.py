"""A register of five million licences, beside one of a thousand."""

from bench import Bench, Measure
from measuring import Line
from registers import register_of


def growth(bench: Bench) -> list[Line]:
    """Show, a page of a list, a search by a part of a name, and what a day begins with."""
    count = bench.scaled(5_000_000)
    small, large = register_of(bench, 1_000, 36), register_of(bench, count, 36)
    lines = []
    for arguments, what, target in (
        (("application", "show", "ZV-00000500"), "`application show N`", 1.15),
        (("application", "list", "--limit", "20"), "a page of `application list`", 1.15),
        (
            ("application", "list", "--search", "организация 50", "--limit", "20"),
            "a search whose matches come early",
            1.15,
        ),
        (("application", "list", "--search", "организация 999»"), "`--search` by a part of a name, one match", 10),
        (("status",), "`status`", 1.15),
        (
            ("licence", "list", "--expires-within", "30d", "--not-renewed", "--limit", "20"),
            "a page of the licences that expire",
            1.15,
        ),
    ):
        pairs = bench.pairs_of(bench.mureg(*arguments, db=small), bench.mureg(*arguments, db=large))
        lines.append(pairs.line(f"{what}, of {count:,}", "of 1,000", target, by_processor=True))
    return lines


MEASURES: dict[str, Measure] = {"growth": growth}
