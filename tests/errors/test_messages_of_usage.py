"""One reproducible input per error message: what is typed, and the exact English words on stderr. Here: usage."""

import pytest

from support.command_line import Mureg
from support.message_cases import Case, ended

SEE = "see the command's help: "
USAGE = [
    Case("xyzzy", 2, "there is no command xyzzy\nsee what there is: mureg -h\n"),
    Case("aplication", 2, "there is no command aplication\ndid you mean: mureg application\n"),
    Case("application list --xyzzy", 2, f"there is no option --xyzzy\n{SEE}mureg application list -h\n"),
    Case("application list --statsu new", 2, "there is no option --statsu\ndid you mean --status?\n"),
    Case("application show ZV-1042 x", 2, f"there is one argument too many: x\n{SEE}mureg application show -h\n"),
    Case("application list --lang fr", 2, "fr is no language of mureg\nthere are: ru, en\n"),
    Case("application list --status x", 2, "--status cannot be x\nthere are: new, processed, rejected, cancelled\n"),
    Case("application list --multiuser x", 2, "--multiuser cannot be x\nthere are: on, off\n"),
    Case("application list --tier x", 2, "x is no tier\nthere are: 2-9 (от 2 до 9), 10+ (10 и более)\n"),
    Case("application list --limit x", 2, "--limit cannot be x\nwrite a whole number, as in --limit 20\n"),
    Case(
        "application list --sort x", 2,
        "--sort cannot be x\nthere are: submitted_on, number, inn, name, status, tier, processed_on\n",
    ),
    Case(
        "application list --month x", 2,
        "x is no month\nwrite 2023-08, 08.2023, «август 2023», this or last\n",
    ),
    Case("contract show --on x", 2, "x is no date\nwrite 2023-08-14, 14.08.2023 or today\n"),
    Case("application import", 2, "name the files to import\nsee: mureg application import -h\n"),
    Case("application import a.csv --format x", 2, "--format cannot be x\nthere are: xml, csv, xlsx, json, jsonl\n"),
    Case(
        "application import a.csv --kpp x", 2,
        "--kpp is wrong: a КПП has 9 characters: 4 digits, 2 digits or Latin capitals, 3 digits\nas in 770001001\n",
    ),
    Case(
        "application import a.csv b.csv --number x", 2,
        "--number and --kpp go with one XML only\nimport the files one by one, or leave the option out\n",
    ),
    Case(
        "application import a.csv --number x", 2,
        "--number goes with an XML application, and a.csv is csv\nleave --number out: a table has the numbers in it\n",
    ),
    Case("application import a.csv --profile x", 2, "there is no profile x\nmureg.toml has these: office\n"),
    Case(
        "application process", 2,
        "name the applications to process\nthose waiting: mureg application list --status new\n",
    ),
    Case(
        "application process ZV-1042 --reason x", 2,
        "--reason goes with --without-sale\nsee: mureg application process -h\n",
    ),
    Case("application process ZV-1042 --without-sale", 2, f"--reason is needed\n{SEE}add -h\n"),
    Case("application reject ZV-1042", 2, f"--comment is needed\n{SEE}add -h\n"),
    Case("application reject", 2, f"NUMBER is needed\n{SEE}add -h\n"),
    Case("application cancel ZV-1042", 2, f"--reason is needed\n{SEE}add -h\n"),
    Case("organization show", 2, f"INN is needed\n{SEE}add -h\n"),
    Case("reconcile", 2, f"--month is needed\n{SEE}add -h\n"),
    Case(
        "application set-multiuser ZV-1042", 2,
        "say what to set: --tier 2-9, --tier 10+, --on, --off or --reset; only --on goes with --tier\n"
        "see: mureg application set-multiuser -h\n",
    ),
    Case(
        "application --dry-run import a.csv", 2,
        "there is no option --dry-run\n--dry-run stands after the command: mureg application COMMAND --dry-run\n",
    ),
    Case("undo x", 2, "x is no operation\noperations have numbers: mureg history\n"),
    Case(
        "reconcile --month 2023-08 --format x", 2,
        "--format cannot be x\nthere are: table, json, csv, xlsx, html, pdf\n",
    ),
    Case(
        "reconcile --month 2023-08 -o x", 2,
        "a table is for the screen\nsay --format csv or --format json with -o\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", USAGE, ids=lambda case: case.commands)
def test_the_message_is_this_one(example: Mureg, case: Case) -> None:
    assert ended(example, case) == (case.code, f"Error: {case.err}")
