"""Short commands, beside an interpreter that does nothing."""

from bench import Bench, Measure
from measuring import Line
from registers import register_of

# Every command: the slowest `--help` is quoted.
COMMANDS = ("init", "demo", "application import", "application list", "application show", "application set-multiuser",
            "application process", "application reject", "application cancel", "application check",
            "organization list", "organization show", "organization erase", "reconcile", "month list", "month show",
            "month accept", "month carry", "month close", "month reopen", "invoice add", "invoice list", "invoice paid",
            "contract show", "history", "undo", "check", "backup", "restore", "copy", "support")  # fmt: skip


def show(bench: Bench) -> list[Line]:
    """`application show N`, piped, in a register of a million."""
    count = bench.scaled(1_000_000)
    register = register_of(bench, count, 24)
    number = f"ZV-{count // 2:08d}"
    ours = bench.mureg("application", "show", number, db=register)
    what = f"`mureg application show N` piped, of {count:,}"
    lines = [bench.pairs_of(bench.bare(), ours).line(what, "`python -c pass`", 7)]
    if bench.python("sqlite-utils"):
        peer = [bench.script("sqlite-utils"), "rows", str(register), "application", "--limit", "1"]
        lines.append(bench.pairs_of(peer, ours).line(what, "`sqlite-utils rows --limit 1`", 0.55))
    return lines


def show_on_terminal(bench: Bench) -> list[Line]:
    """`application show N` on a terminal."""
    count = bench.scaled(1_000_000)
    ours = bench.mureg("application", "show", f"ZV-{count // 2:08d}", db=register_of(bench, count, 24))
    pairs = bench.pairs_of(bench.bare(), ours, on_terminal=True, environment={"TERM": "xterm", "COLUMNS": "120"})
    return [pairs.line("`mureg application show N` on a terminal", "`python -c pass`", 13)]


def helps(bench: Bench) -> list[Line]:
    """`--version`, `--help`, every command's `--help`, and completion."""
    bare = bench.bare()
    lines = [
        bench.pairs_of(bare, bench.mureg(option)).line(f"`mureg {option}`", "`python -c pass`", 7)
        for option in ("--version", "--help")
    ]
    of_commands = [
        bench.pairs_of(bare, bench.mureg(*command.split(), "--help")).line(
            f"`mureg {command} --help`, the slowest of {len(COMMANDS)}", "`python -c pass`", 7
        )
        for command in COMMANDS
    ]
    lines.append(max(of_commands, key=lambda line: line.median))
    environment = {"_MUREG_COMPLETE": "complete_bash", "COMP_WORDS": "mureg application ", "COMP_CWORD": "2"}
    pairs = bench.pairs_of(bare, [bench.script("mureg")], environment=environment)
    return [*lines, pairs.line("completion of `mureg application ⇥`", "`python -c pass`", 7)]


MEASURES: dict[str, Measure] = {"show": show, "show-terminal": show_on_terminal, "help": helps}
