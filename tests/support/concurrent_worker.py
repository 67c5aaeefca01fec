"""One of several processes that work in one register at once: mixed commands.

Prints a line of JSON for every command: its words, its exit code, and the number of the operation that it reported.
"""

import contextlib
import io
import json
import random
import sys

from mureg.cli.main import command


def run(words: list[str]) -> tuple[int, str, str]:
    """A command line in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            command().main(words)
        except SystemExit as ended:
            code = int(str(ended.code or 0))
    return code, text_of(out), text_of(err)


def text_of(stream: io.TextIOWrapper) -> str:
    """What was printed."""
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def main() -> None:
    """Take so many random steps; the name is the seed."""
    name, steps, numbers = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
    chance = random.Random(name)  # noqa: S311  no secret
    for step in range(steps):
        number = chance.choice(numbers)
        own = f"{name}-{step}"
        with open(f"{own}.csv", "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"number;submitted_on;inn;kpp;multiuser;users\n{own};2023-08-01;7700123459;770001001;on;3\n")
        words = chance.choice(
            [
                ["application", "import", f"{own}.csv"],
                ["application", "import", f"{own}.csv"],
                ["application", "set-multiuser", number, "--tier", chance.choice(["2-9", "10+"])],
                ["application", "set-multiuser", number, chance.choice(["--off", "--reset"])],
                ["application", "process", number, "--on", "2023-08-14"],
                ["application", "reject", number, "--comment", own, "--on", "2023-08-14"],
                ["application", "cancel", number, "--reason", own, "--on", "2023-08-20"],
                ["undo"],
                ["application", "list"],
                ["check"],
            ]
        )
        code, out, err = run([*words, "--json"])
        operation = json.loads(out).get("operation") if out.startswith("{") else None
        sys.stdout.write(json.dumps([words, code, operation, out if words == ["check"] else "", err]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
