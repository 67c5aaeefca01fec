"""One reproducible input per error message: what is typed, and the exact English words on stderr. Here: usage."""

import pytest

from support.command_line import Mureg
from support.message_cases import Case, ended

SEE = "see the help: "
ADD = "see the help of the command: add -h\n"
USAGE = [
    Case("xyzzy", 2, "unknown command xyzzy\nsee the help: mureg -h\n"),
    Case("aplication", 2, "unknown command aplication\ndid you mean: mureg application\n"),
    Case("application list --xyzzy", 2, f"unknown option --xyzzy\n{SEE}mureg application list -h\n"),
    Case("application list --statsu new", 2, "unknown option --statsu\ndid you mean --status?\n"),
    Case("application show ZV-1042 x", 2, f"unexpected argument: x\n{SEE}mureg application show -h\n"),
    Case("application list --lang fr", 2, "fr is not a supported language\nuse ru or en\n"),
    Case("application list --status x", 2, "--status cannot be x\navailable: new, processed, rejected, cancelled\n"),
    Case("application list --multiuser x", 2, "--multiuser cannot be x\navailable: on, off\n"),
    Case("application list --tier x", 2, "x is not a tier\nuse 2-9 (от 2 до 9) or 10+ (10 и более)\n"),
    Case("licence list --state x", 2, "--state cannot be x\navailable: on, ended, upcoming\n"),
    Case("licence list --expires-within x", 2,
        "x is neither a period nor a month\nwrite 30d, 3m, or a month: 2023-08\n"),
    Case(
        f"invoice add --month 2023-08 --number {'1' * 101} --date 2023-09-06 --amount 1", 2,
        "an invoice's number can have at most 100 characters\nwrite it as it is on the invoice: --number N\n",
    ),
    Case("list", 2, "unknown command list\ndid you mean: mureg application list\n"),
    Case(
        "application list --inn 123", 2,
        "--inn cannot be 123\n"
        "an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor); to search for a part of it: --search TEXT\n",
    ),
    Case(
        "reconcile 2023-08 --month 2023-09", 2,
        "the month is given twice: 2023-08, 2023-09\nuse only one of them\n",
    ),
    Case("application list --format x", 2, "--format cannot be x\navailable: table, csv, xlsx, json\n"),
    Case("application list --type x", 2, "--type cannot be x\navailable: connection, change, renewal\n"),
    Case(
        "application list -o a.pdf", 2,
        "the ending of a.pdf does not say the format\n"
        "use one of these endings, or add --format: .csv, .xlsx, .json\n",
    ),
    Case("application list --limit x", 2, "--limit cannot be x\nwrite a whole number, as in --limit 20\n"),
    Case(
        "application list --sort x", 2,
        "--sort cannot be x\navailable: submitted_on, number, inn, name, status, tier, processed_on\n",
    ),
    Case(
        "application list --month x", 2,
        "x is not a month\nwrite 2023-08, 08.2023, “август 2023”, this or last\n",
    ),
    Case("contract show --on x", 2, "x is not a date\nwrite 2023-08-14, 14.08.2023 or today\n"),
    Case("application import", 2, "specify the files to import\nsee: mureg application import -h\n"),
    Case("application import a.csv --format x", 2, "--format cannot be x\navailable: xml, csv, xlsx, json, jsonl\n"),
    Case(
        "application import a.csv --kpp x", 2,
        "invalid --kpp: a КПП has 9 characters: 4 digits, 2 digits or Latin capitals, 3 digits\n"
        "for example 770001001\n",
    ),
    Case(
        "application import a.csv b.csv --number x", 2,
        "--number and --kpp can only be used with a single XML file\nimport the files one by one, or omit the option\n",
    ),
    Case(
        "application import a.csv --number x", 2,
        "--number can only be used with an XML application; a.csv is csv\n"
        "omit --number: a table contains the numbers\n",
    ),
    Case("application import a.csv --profile x", 2, "no profile x\nmureg.toml has: office\n"),
    Case(
        "application process", 2,
        "specify the applications to process\n"
        "list the waiting ones: mureg application list --status new; process all of them: --all-new\n",
    ),
    Case(
        "application process ZV-1042 --reason x", 2,
        "--reason requires --without-sale\nsee: mureg application process -h\n",
    ),
    Case("application process ZV-1042 --without-sale", 2, f"--reason is required\n{ADD}"),
    Case("application reject ZV-1042", 2, f"--comment is required\n{ADD}"),
    Case("application reject", 2, f"NUMBER is required\n{ADD}"),
    Case("application amend", 2, f"NUMBER is required\n{ADD}"),
    Case("application amend ZV-1030 --reset", 2, f"--reason is required\n{ADD}"),
    Case(
        "application amend ZV-1030 --reason x", 2,
        "specify what to amend: --tier 2-9, --tier 10+, --on DATE or --reset\nsee: mureg application amend -h\n",
    ),
    Case(
        "application amend ZV-1030 --reset --tier 10+ --reason x", 2,
        "--reset cannot be combined with --tier\nsee: mureg application amend -h\n",
    ),
    Case(
        "application return --reason x", 2,
        "specify the applications to return\nlist the processed ones: mureg application list --status processed\n",
    ),
    Case("application return ZV-1030", 2, f"--reason is required\n{ADD}"),
    Case("application cancel ZV-1042", 2, f"--reason is required\n{ADD}"),
    Case("organization show", 2, f"INN|NAME is required\n{ADD}"),
    Case("reconcile", 2, f"--month is required\n{ADD}"),
    Case(
        "application set-multiuser ZV-1042", 2,
        "specify what to set: --tier 2-9, --tier 10+, --on, --off or --reset; only --on can be combined with --tier\n"
        "see: mureg application set-multiuser -h\n",
    ),
    Case(
        "application --dry-run import a.csv", 2,
        "unknown option --dry-run\nput --dry-run after the command: mureg application COMMAND --dry-run\n",
    ),
    Case("undo x", 2, "x is not an operation number\nfind the operation's number: mureg history\n"),
    Case(
        "reconcile --month 2023-08 --format x", 2,
        "--format cannot be x\navailable: table, json, csv, xlsx, html, pdf\n",
    ),
    Case(
        "reconcile --month 2023-08 -o x", 2,
        "the ending of x does not say the format\n"
        "use one of these endings, or add --format: .json, .csv, .xlsx, .html, .pdf\n",
    ),
    Case(
        "reconcile --month 2023-08 --format table -o x", 2,
        "a table can only be shown on the screen\nuse --format csv or --format json with -o\n",
    ),
    Case(
        "month show 2023-08 --format csv --part x", 2,
        "--part cannot be x\navailable: charges, totals, discrepancies, statement\n",
    ),
    Case(
        "month show 2023-08 --format html --part totals", 2,
        "--part requires --format csv\nother formats have every table; see: mureg month show -h\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", USAGE, ids=lambda case: case.commands)
def test_the_message_is_this_one(example: Mureg, case: Case) -> None:
    assert ended(example, case) == (case.code, f"{case.label}: {case.err}")
