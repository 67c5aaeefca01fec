"""One reproducible input per error message: what is typed, and the exact English words on stderr. Here: input."""

import pytest

from support.command_line import Mureg
from support.message_cases import Case, ended

FIX = "fix the input and import it again, or import only the valid rows: --partial\n"
INPUT = [
    Case(
        "invoice paid --statement b.csv", 4,
        "not an export of a client bank: the first line must be 1CClientBankExchange\n"
        "  b.csv: not an export of a client bank: the first line must be 1CClientBankExchange\n"
        "export the account's statement from the client bank in the format “1C”\n",
    ),
    Case(
        "application import wrong.csv", 4,
        "1 error in the input; nothing was written\n"
        f"  wrong.csv, row 2, inn: «1» — an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor)\n{FIX}",
    ),
    Case(
        "application import wrong.csv --partial", 4,
        "1 error in the input; the valid rows were written\n"
        "  wrong.csv, row 2, inn: «1» — an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor)\n"
        "fix the other rows and import the file again; rows already imported are skipped\n",
    ),
    Case(
        "application import a.csv twice.csv", 4,
        "1 error in the input; nothing was written\n"
        f"  twice.csv, row 2, number: A-1 appears in the input more than once, with different content\n{FIX}",
    ),
    Case(
        "application import a.csv && application reject A-1 --comment x && application import twice.csv", 4,
        "1 error in the input; nothing was written\n"
        "  twice.csv, row 2, number: A-1 is in the register with different content, and the partner has already set or "
        f"processed it\n{FIX}",
    ),
    Case(
        "application import new.json", 4,
        "1 error in the input; nothing was written\n"
        f"  new.json, row 1, licence: only a processed application can have a licence\n{FIX}",
    ),
    Case(
        "application import late.json", 4,
        "1 error in the input; nothing was written\n"
        "  late.json, row 1, number: LATE was processed late into 2023-08, which is not closed in this register: "
        f"import it after closing 2023-08, or copy the whole register with mureg copy\n{FIX}",
    ),
    Case(
        "application import other.json", 4,
        "1 error in the input; nothing was written\n"
        "  other.json, row 1, number: OTHER: the licence in the file does not match the application; without the key "
        f"“licence” it is processed by the rules\n{FIX}",
    ),
    Case(
        "application import a.csv && application process A-1 --on 2023-08-14 && application import ends.json", 4,
        "1 error in the input; nothing was written\n"
        "  ends.json, row 1, number: ENDS: processing it here does not make the licence that the file states; without "
        f"the key “licence” it is processed by the rules\n{FIX}",
    ),
    Case(
        "application import two.csv && application import C-1.xml", 4,
        "1 error in the input; nothing was written\n"
        "  C-1.xml, kpp: several organizations have the ИНН 7700070006: specify the КПП, one of —, 770001001\n"
        f"{FIX}",
    ),
    Case(
        "application import examples/applications/other_columns.csv", 4,
        "1 error in the input; nothing was written\n"
        "  examples/applications/other_columns.csv: no header found: none of the first 50 rows names the columns\n"
        "the table needs a row with Номер, Дата and ИНН (number, submitted_on, inn), or a profile\n"
        "with a profile of mureg.toml (office):\n"
        f"mureg application import examples/applications/other_columns.csv --profile office\n{FIX}",
    ),
    Case(
        "application import examples/applications/other_columns.csv --config bare.toml --db mureg.db", 4,
        "1 error in the input; nothing was written\n"
        "  examples/applications/other_columns.csv: no header found: none of the first 50 rows names the columns\n"
        "the table needs a row with Номер, Дата and ИНН (number, submitted_on, inn), or a profile\n"
        "describe the table in mureg.toml as [profile.NAME] and read it with --profile NAME\n"
        f"{FIX}",
    ),
    Case(
        "application import examples/statement/operator-2023-08.csv", 4,
        "1 error in the input; nothing was written\n"
        "  examples/statement/operator-2023-08.csv: this is a statement of the operator, not applications\n"
        "reconcile with it: mureg reconcile --month MONTH --statement examples/statement/operator-2023-08.csv\n"
        f"{FIX}",
    ),
    Case(
        "reconcile --month 2023-08 --statement headless.csv", 4,
        "the columns of the table were not recognized\n"
        "  headless.csv, row 1, payable: the table has no column for payable (К оплате, Сумма к оплате, Итого к "
        "оплате, Сумма)\n"
        "found in row 1: «Номер», «Выплата, руб.»\n"
        "name the right ones in mureg.toml, and read the file with --profile operator:\n\n"
        '[profile.operator]\nkind = "statement"\n\n[profile.operator.columns]\npayable = "Выплата, руб."\n',
    ),
    Case(
        "reconcile --month 2023-08 --statement headless.csv --config profiled.toml --db mureg.db", 4,
        "the columns of the table were not recognized\n"
        "  headless.csv, row 1, payable: the table has no column for payable (К оплате, Сумма к оплате, Итого к "
        "оплате, Сумма)\n"
        "read it with a profile of mureg.toml (paper): --profile NAME\n",
    ),
    Case(
        "reconcile --month 2023-08 --format csv -o no/file.csv", 4,
        "cannot write no/file.csv: no such file or folder\n"
        "choose another file, or close the program that is using it\n",
    ),
]  # fmt: skip
REGISTER = [
    Case(
        "check --db no.db", 7,
        "no register at no.db\ncreate one: mureg init; or use another: --db PATH\n",
    ),
    Case(
        "check --db a.csv", 7,
        "a.csv is not a mureg register\nspecify the register: --db PATH; or create one: mureg init; "
        "if it was a register, restore a backup to another place: mureg restore FILE --db PATH\n",
    ),
    Case(
        "init --db a.csv/x.db", 7,
        "cannot create a register at a.csv/x.db: File exists\nchoose another place: --db PATH\n",
    ),
    Case(
        "check --db mysql://host/base", 7,
        "mureg cannot open mysql:// registers\n"
        "use the path of a file (--db mureg.db) or the address of a server (--db postgresql://user@host/base)\n",
    ),
    Case(
        "check --db empty", 7,
        "empty is not a mureg register\nspecify the register: --db PATH; or create one: mureg init\n",
    ),
]  # fmt: skip
WARNED = [
    Case(
        "application import one.json && application check", 6,
        "1 application has warnings\ncheck before you process: mureg application show NUMBER\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", [*INPUT, *REGISTER, *WARNED], ids=lambda case: case.commands)
def test_the_message_is_this_one(example: Mureg, case: Case) -> None:
    assert ended(example, case) == (case.code, f"{case.label}: {case.err}")
