"""One reproducible input per error message: what is typed, and the exact English words on stderr. Here: rules."""

from datetime import date

import pytest

from support.command_line import Mureg
from support.message_cases import Case, ended

TODAY = date.today()  # noqa: DTZ011  as mureg does
ALL = "list all: mureg application list\n"
FOUND = [
    Case("application show NOPE", 3, f"no application NOPE\n{ALL}"),
    Case("application show 1042", 3, "no application 1042\ndid you mean ZV-1042?\n"),
    Case("application process zv-1042", 3, "no application zv-1042\ndid you mean ZV-1042?\n"),
    Case("history NOPE", 3, f"no application NOPE\n{ALL}"),
    Case(
        "organization show 1", 3,
        "no organization with the ИНН 1\nlist all: mureg organization list\n",
    ),
    Case("organization show нет", 3, "no organization matches “нет”\nlist all: mureg organization list\n"),
    Case(
        "organization show ао", 3,
        "“ао” matches 2 organizations: АО «Подсолнух», АО «Сирень»\nchoose one:\n"
        "mureg organization show 7700010328 --kpp 770001001\nmureg organization show 7800010378 --kpp 780001001\n",
    ),
    Case(
        "organization show 7700123459 --kpp 1", 3,
        "no organization with the ИНН 7700123459, КПП 1\nlist all: mureg organization list\n",
    ),
    Case(
        "application import two.csv && organization show 7700070006", 3,
        "2 organizations have the ИНН 7700070006: specify the КПП\nchoose one:\n"
        'mureg organization show 7700070006 --kpp ""\nmureg organization show 7700070006 --kpp 770001001\n',
    ),
    Case("undo 99", 3, "no operation 99\nlist all: mureg history\n"),
    Case("undo --db new.db", 3, "nothing to undo\nsee the history: mureg history\n"),
    Case("invoice export NOPE", 3, "no invoice NOPE\nlist all: mureg invoice list\n"),
    Case("application import nofile", 3, "no such file: nofile\ncheck the name and the folder\n"),
    Case("application import empty", 3, "no files in empty\nspecify files, or another folder\n"),
    Case(
        "application show --db new.db", 3,
        f"no application is waiting\nspecify one: mureg application show NUMBER; {ALL}",
    ),
    Case(
        "application import a.csv && application show", 3,
        "2 applications are waiting: specify one\nchoose one:\n"
        "mureg application show A-1\nmureg application show ZV-1042\n",
    ),
]  # fmt: skip
PROCESSED = "ZV-1030 was processed on 2023-08-08 and cannot be changed\n"
DONE = "tester did it in operation {0}; "
CORRECT = DONE + (
    "to change its tier: mureg application amend {1} --tier 2-9 --reason TEXT; to make it new again: mureg "
    "application return {1} --reason TEXT\n"
)
BY = "tester did it in operation {0}; to undo it: mureg undo {0}; see: mureg history {1}\n"
SOONER = "use a later day: --on DATE\n"
RULES = [
    Case("application set-multiuser ZV-1030 --off", 5, PROCESSED + CORRECT.format(2, "ZV-1030")),
    Case("application process ZV-1030", 5, PROCESSED + CORRECT.format(2, "ZV-1030")),
    Case("application reject ZV-1030 --comment x", 5, PROCESSED + CORRECT.format(2, "ZV-1030")),
    Case(
        "application process ZV-1046", 5,
        "ZV-1046 was rejected on 2023-08-23 and cannot be changed\n" + DONE.format(8)
        + "to make it new again: mureg application return ZV-1046 --reason TEXT\n",
    ),
    Case(
        "application cancel ZV-1030 --reason x --on 2023-08-20 && application process ZV-1030", 5,
        "the sale of ZV-1030 was cancelled on 2023-08-20; this is final\n" + BY.format(9, "ZV-1030"),
    ),
    Case(
        "application amend ZV-1042 --tier 10+ --reason x", 5,
        "ZV-1042 is not processed yet\nset its tier: mureg application set-multiuser ZV-1042 --tier 2-9\n",
    ),
    Case(
        "application amend ZV-1046 --tier 10+ --reason x", 5,
        "ZV-1046 was rejected on 2023-08-23: there is nothing to amend\n"
        "make it new again: mureg application return ZV-1046 --reason TEXT\n",
    ),
    Case(
        "application cancel ZV-1030 --reason x --on 2023-08-20 && application amend ZV-1030 --reset --reason x", 5,
        "the sale of ZV-1030 was cancelled on 2023-08-20; this is final\nsee: mureg history ZV-1030\n",
    ),
    Case(
        "application return ZV-1042 --reason x", 5,
        "ZV-1042 is already new\nsee it: mureg application show ZV-1042\n",
    ),
    Case(
        "application import rules.csv && application process CROWDED --on 2023-08-20 && "
        "application amend CROWDED --tier 2-9 --reason x", 5,
        "CROWDED: the client lists 12 users, but tier 2 to 9 allows at most 9\n"
        "specify the tier: mureg application amend CROWDED --tier 10+ --reason TEXT\n",
    ),
    Case(
        "application amend ZV-1030 --on 2099-01-01 --reason x", 5,
        f"ZV-1030: 2099-01-01 is in the future\nomit --on: today is {TODAY}\n",
    ),
    Case(
        "application process ZV-1042 --on 2099-01-01", 5,
        f"ZV-1042: 2099-01-01 is in the future\nomit --on: today is {TODAY}\n",
    ),
    Case(
        "application import rules.csv && application process UNTIERED CROWDED ZV-1042 ZV-1030 --on 2023-08-06", 5,
        "not possible for 3 of the 4 applications; nothing was written\n"
        "  UNTIERED: the mode is on, but there is no tier\n"
        "  ZV-1042: 2023-08-06 is before its submission on 2023-08-07\n"
        "  ZV-1030 was processed on 2023-08-08 and cannot be changed\n"
        f"set it: mureg application set-multiuser UNTIERED --tier 2-9\n{SOONER}"
        "tester did it in operation 2; to change its tier: mureg application amend ZV-1030 --tier 2-9 --reason TEXT; "
        "to make it new again: mureg application return ZV-1030 --reason TEXT\n",
    ),
    Case(
        "application process ZV-1042 --on 2023-08-06", 5,
        f"ZV-1042: 2023-08-06 is before its submission on 2023-08-07\n{SOONER}",
    ),
    Case(
        "application cancel ZV-1030 --reason x --on 2023-08-07", 5,
        f"ZV-1030: 2023-08-07 is before its processing on 2023-08-08\n{SOONER}",
    ),
    Case(
        "application cancel ZV-1042 --reason x", 5,
        "ZV-1042 is not a processed sale: there is nothing to cancel\nsee it: mureg application show ZV-1042\n",
    ),
    Case(
        "application import rules.csv && application process UNTIERED --on 2023-08-14", 5,
        "UNTIERED: the mode is on, but there is no tier\nset it: mureg application set-multiuser UNTIERED --tier 2-9\n",
    ),
    Case(
        "application import rules.csv && application set-multiuser CROWDED --tier 2-9", 5,
        "CROWDED: the client lists 12 users, but tier 2 to 9 allows at most 9\n"
        "set the higher tier: mureg application set-multiuser CROWDED --tier 10+\n",
    ),
    Case(
        "application import rules.csv && application process EARLY --on 2023-07-31", 5,
        "EARLY: the mode is sold from 2023-08-01, so not on 2023-07-31\n"
        "use a later day: --on DATE; or, if the licence was sold elsewhere: --without-sale --reason TEXT\n",
    ),
    Case(
        "application import rules.csv && application process OFF --without-sale --reason x", 5,
        "OFF: processing it makes no sale, so --without-sale does not apply\n"
        "process it without the option --without-sale\n",
    ),
    Case(
        "application process ZV-1042 --config bare.toml --db mureg.db", 5,
        "the term of a licence is not known: mureg.toml has no contract\n"
        'add to mureg.toml:\n\n[contract]\nnumber = "…"\nterm_months = …\n',
    ),
    Case("undo && undo 9", 5, "operation 9 is itself an undo of 8\n"
         "run the original command again; see: mureg history\n"),
    Case("undo && undo 8", 5, "operation 8 was already undone by 9\nsee the history: mureg history\n"),
    Case(
        "month close 2023-08 --leave ZV-1042 --without-statement --reason x && application import a.csv && "
        "application process A-1 --on 2023-08-14 --late && application cancel A-1 --reason x --on 2023-08-14 && "
        "month reopen 2023-08 --reason x && undo 12", 5,
        "cannot undo operation 12: A-1 was sold late in 2023-08, which is open again\n"
        "close the month first: mureg month close 2023-08\n",
    ),
    Case(
        "application cancel ZV-1030 --reason x && undo 2", 5,
        "cannot undo operation 2: later operations depend on it: 9\n"
        "to take back one application alone: mureg application return ZV-1031 --reason TEXT; or undo the later ones "
        "first, starting with the last, which has 1 application: mureg undo 9\n",
    ),
    Case("init --example", 5, "mureg.toml, mureg.db, examples already exists: the example would overwrite it\n"
         "change to an empty folder and run: mureg init --example\n"),
    Case(
        "reconcile --month 2023-07", 5,
        "2023-07 has no settlement: the multi-user mode has been sold since 2023-08-01\n"
        "the first month: mureg reconcile --month 2023-08\n",
    ),
    Case(
        "reconcile --month 2023-09 --statement examples/statement/operator-2023-08.csv", 5,
        "the statement belongs to 2023-08, not to 2023-09\n"
        "compare it with that month: mureg reconcile --month 2023-08 "
        "--statement examples/statement/operator-2023-08.csv\n"
        "or with 2023-09 all the same: mureg reconcile --month 2023-09 "
        "--statement examples/statement/operator-2023-08.csv --anyway\n",
    ),
    Case(
        "contract show --config bare.toml", 5,
        "mureg.toml has no sublicence contract\n"
        "mureg init writes a template with every key; use the prices and discounts of your own contract\n",
    ),
    Case(
        "reconcile --month 2023-08 --config bare.toml --db mureg.db", 5,
        "mureg.toml has no sublicence contract, so nothing can be priced\n"
        'add it to mureg.toml, with your own figures:\n\n[contract]\nnumber = "…"\nsigned_on = …\nterm_months = …\n\n'
        '[[contract.price]]\ntier = "2-9"\namount = "…"\nfrom = 2023-08-01\n',
    ),
    Case(
        "reconcile --month 2023-08 --format csv -o mureg.db", 5,
        "mureg.db is not overwritten: this is the register in use\nchoose another file: -o FILE\n",
    ),
    Case(
        "application reject ZV-1042 --comment " + "x" * 10_001, 5,
        "a comment or a reason has more than 10000 characters\nshorten it; nothing was written\n",
    ),
    Case("backup new.db-wal", 5, "SQLite makes and deletes files with names like new.db-wal\nchoose another name\n"),
    Case(
        "invoice paid --statement b.csv --config bare.toml --db mureg.db", 5,
        "the operator's ИНН is not known: mureg.toml has no operator.inn\n"
        'add to mureg.toml:\n\n[operator]\ninn = "…"\n',
    ),
    Case(
        "reconcile --month 2023-08 --config unpriced.toml --db mureg.db", 5,
        "no list price for tier 10 and more on 2023-08-08\n"
        'add it to mureg.toml:\n\n[[contract.price]]\ntier = "10+"\namount = "…"\nfrom = 2023-08-01\n'
        '\n[[contract.price]]\ntier = "2-9"\namount = "…"\nfrom = 2023-08-01\n',
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", [*FOUND, *RULES], ids=lambda case: case.commands)
def test_the_message_is_this_one(example: Mureg, case: Case) -> None:
    assert ended(example, case) == (case.code, f"{case.label}: {case.err}")
