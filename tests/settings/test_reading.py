"""What mureg.toml may hold, and how every fault of it is reported."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.contract import Discount, Price
from mureg.errors import Rejected
from mureg.readers.types import Limits, Profile
from mureg.settings.reading import read_settings
from mureg.settings.schema import Operator, Partner, Settings

Write = Callable[[str], Path]

# Every table, and every kind of value that is written in more than one way.
EXAMPLE = """\
db = "mureg.db"                # optional

[partner]
name = "ООО «Партнёр»"
inn = "7700123459"
code = "А-1"

[contract]                     # сублицензионный договор
number = "С-15/2023"
signed_on = 2023-07-20
term_months = 12
rounding = "total"
vat_note = "НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)"

[[contract.price]]             # illustrative
tier = "2-9"
amount = "3000.00"
from = 2023-08-01

[[contract.price]]
tier = "10 и более"
amount = "5 400,50"
from = 2023-08-01

[[contract.discount]]
rate = "40%"
from = 2023-08-01

[limits]
rows = 1000

[profile.operator]
kind = "statement"
encoding = "windows-1251"
delimiter = ";"
sheet = "Лист1"
date_format = "%d.%m.%Y"
[profile.operator.columns]
payable = "К перечислению правообладателю, руб."
"""

CONTRACT = '[contract]\nnumber = "1"\nterm_months = 1\n'
PROFILE = "[profile.p]\n"


def faults_of(file: Path) -> list[tuple[int | None, str | None, str | None, str]]:
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert all(fault.file == str(file) for fault in caught.value.details)
    return [(fault.row, fault.column, fault.value, str(fault.message)) for fault in caught.value.details]


def test_a_file_with_every_table_is_read_whole(write: Write) -> None:
    file = write(EXAMPLE)
    settings = read_settings(file)
    assert settings.file == file
    assert settings.partner == Partner("ООО «Партнёр»", "7700123459", "А-1")
    assert settings.limits == Limits(rows=1000)
    columns = {"payable": "К перечислению правообладателю, руб."}
    assert settings.profiles == {
        "operator": Profile("operator", "statement", "cp1251", ";", "Лист1", "%d.%m.%Y", columns)
    }
    contract = settings.contract
    assert contract is not None
    assert (contract.number, contract.signed_on, contract.term_months) == ("С-15/2023", date(2023, 7, 20), 12)
    assert (contract.rounding, contract.vat_note) == ("total", "НДС не облагается (пп. 26 п. 2 ст. 149 НК РФ)")
    since = date(2023, 8, 1)
    assert contract.prices == (
        Price(300000, since, "2-9", "mureg.toml:15"),
        Price(540050, since, "10+", "mureg.toml:20"),
    )
    assert contract.discounts == (Discount(4000, since, None, "mureg.toml:25"),)


def test_the_operator_and_the_signatories_are_optional(write: Write) -> None:
    settings = read_settings(write('[operator]\ninn = "7700123459"\n'))
    assert settings.operator == Operator(inn="7700123459")
    assert read_settings(write(EXAMPLE)).operator == Operator()


@pytest.mark.parametrize("table", ["partner", "operator"])
def test_a_sole_proprietor_has_no_kpp(write: Write, table: str) -> None:
    file = write(f'[{table}]\nname = "A"\ninn = "770012345606"\nkpp = "770001001"\n')
    ((line, key, _, message),) = faults_of(file)
    assert (line, key) == (1, table)
    assert message == "a sole proprietor (an ИНН of 12 digits) has no КПП: remove the line"


def test_without_a_file_there_are_defaults() -> None:
    assert read_settings(None) == Settings(None, None, None, {}, Limits())


UNKNOWN_KEYS = [
    ('[contarct]\nnumber = "1"\n', 1, "contarct", "unknown key; did you mean contract?"),
    ('[partner]\nname = "A"\ninn = "7700123459"\ncod = "1"\n', 4, "partner.cod",
     "unknown key; did you mean code?"),
    (CONTRACT + "term_month = 2\n", 4, "contract.term_month", "unknown key; did you mean term_months?"),
    (CONTRACT + '[[contract.price]]\namount = "1"\nform = 2023-08-01\nfrom = 2023-08-01\n', 6,
     "contract.price[1].form", "unknown key; did you mean from?"),
    (CONTRACT + '[[contract.discount]]\nratte = "1"\nrate = "1%"\nfrom = 2023-08-01\n', 5,
     "contract.discount[1].ratte", "unknown key; did you mean rate?"),
    ("[limits]\nrow = 1\n", 2, "limits.row", "unknown key; did you mean rows?"),
    (PROFILE + 'encodings = "utf-8"\n', 2, "profile.p.encodings", "unknown key; did you mean encoding?"),
    (PROFILE + '[profile.p.columns]\nnumbers = "N"\n', 3, "profile.p.columns.numbers",
     "unknown key; did you mean number?"),
    (PROFILE + 'kind = "statement"\ncolumns.payble = "N"\n', 3, "profile.p.columns.payble",
     "unknown key; did you mean payable?"),
    (PROFILE + 'columns.payable = "N"\n', 2, "profile.p.columns.payable",
     "unknown key; only the other kind of profile has it"),
    (CONTRACT + '[[contract.price]]\namount = "1"\nfrom = 2023-08-01\nvat_note = "N"\n', 7,
     "contract.price[1].vat_note", "unknown key; it belongs in [contract]"),
    ('[partner]\nname = "A"\ninn = "7700123459"\ndb = "a.db"\n', 4, "partner.db",
     "unknown key; it belongs at the top of the file, before the first table"),
    ("[limits]\nнечто = 1\n", 2, "limits.нечто",
     "unknown key; known keys: file_bytes, whole_bytes, rows, cells, fields, field_characters, nesting, faults"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "message"), UNKNOWN_KEYS)
def test_an_unknown_key_names_the_nearest_or_its_place(
    write: Write, text: str, line: int, key: str, message: str
) -> None:
    faults = faults_of(write(text.replace("нечто", '"нечто"')))
    assert (line, key, None, message) in faults
    assert len(faults) == 1


def test_a_placeholder_left_in_the_template_is_a_fault(write: Write) -> None:
    assert faults_of(write('[partner]\nname = "…"\ninn = "7700123459"\n')) == [
        (2, "partner.name", "…", "replace … with a value")
    ]


PRICE = CONTRACT + '[[contract.price]]\nfrom = 2023-08-01\namount = "1"\n'
DISCOUNT = CONTRACT + '[[contract.discount]]\nfrom = 2023-08-01\nrate = "1%"\n'
QUOTES = "amounts and rates must be in quotes"
PARTNER = '[partner]\nname = "A"\ninn = "7700123459"\n'
TEXT_NEEDED = "must be text in quotes"
ENCODINGS_NEEDED = "must be one of: utf-8, utf-8-sig, utf-16, cp1251, cp866"
DELIMITERS_NEEDED = 'must be one of: ";", ",", "\\t", "|"'
DATE_FORMAT_NEEDED = "must have the day, the month and the year once each, and nothing else: %d.%m.%Y"

WRONG_VALUES = [
    (PRICE, 'amount = "1"', "amount = 3000.0", "3000.0", f'{QUOTES}: "5400.00"'),
    (PRICE, 'amount = "1"', "amount = 3000", "3000", f'{QUOTES}: "5400.00"'),
    (PRICE, 'amount = "1"', "amount = true", "true", 'must be an amount or a rate in quotes: "5400.00"'),
    (PRICE, 'amount = "1"', 'amount = "1e3"', "1e3", "write the amount as 5400.00 or 5 400,00"),
    (PRICE, 'amount = "1"', 'amount = "1 000 000 000 000 000"', "1 000 000 000 000 000",
     "an amount can have at most 15 digits of roubles"),
    (PRICE, 'amount = "1"', 'amount = "-1"', "-1", "a list price cannot be negative"),
    (PRICE, 'amount = "1"', 'amount = "…"', "…", "replace … with a value"),
    (PRICE, "from = 2023-08-01", 'from = "2023-08-01"', "2023-08-01", "must be a date without quotes: 2023-08-01"),
    (PRICE, "from = 2023-08-01", "from = 2023-08-01T10:00:00", "2023-08-01 10:00:00",
     "must be a date without a time: 2023-08-01"),
    (DISCOUNT, 'rate = "1%"', "rate = 40.0", "40.0", f'{QUOTES}: "12,5%"'),
    (DISCOUNT, 'rate = "1%"', 'rate = "0.4"', "0.4", "a rate below 1 needs its percent sign: 0.4% or 40%?"),
    (DISCOUNT, 'rate = "1%"', 'rate = "140%"', "140%", "a rate cannot be more than 100%"),
    (DISCOUNT, 'rate = "1%"', 'rate = "a third"', "a third", "write the rate as 40% or 12,5%"),
    (DISCOUNT, 'rate = "1%"', "rate = []", None, 'must be an amount or a rate in quotes: "12,5%"'),
    (DISCOUNT + 'tier = "2-9"\n', 'tier = "2-9"', 'tier = "3-9"', "3-9",
     'the tier must be "2-9" or "10+"; without this line the row applies to both'),
    (CONTRACT, "term_months = 1", "term_months = 0", "0", "must be a number from 1"),
    (CONTRACT, "term_months = 1", "term_months = 121", "121", "must be a number from 1 to 120"),
    (CONTRACT, "term_months = 1", 'term_months = "12"', "12", "must be a whole number without quotes"),
    (CONTRACT, "term_months = 1", "term_months = true", "true", "must be a whole number without quotes"),
    (CONTRACT, "term_months = 1", "term_months = 12.0", "12.0", "must be a whole number without quotes"),
    (CONTRACT, "term_months = 1", "term_months = 0x1" + "0" * 9000, None, "must be a number from 1 to 120"),
    (CONTRACT, 'number = "1"', "number = 15", "15", TEXT_NEEDED),
    (CONTRACT, 'number = "1"', 'number = " "', " ", "the text is empty: remove the line, or fill it in"),
    (CONTRACT, 'number = "1"', r'number = "1\u202e"', "1<U+202E>", "must be one line of visible characters"),
    (CONTRACT + 'rounding = "total"\n', 'rounding = "total"', 'rounding = "license"', "license",
     "must be one of: licence, total"),
    (CONTRACT + "signed_on = 2023-07-20\n", "signed_on = 2023-07-20", 'signed_on = "20.07.2023"', "20.07.2023",
     "must be a date without quotes: 2023-08-01"),
    (PARTNER, 'inn = "7700123459"', 'inn = "7700123458"', "7700123458",
     "the check digit of the ИНН is wrong: a digit is mistyped"),
    (PARTNER, 'inn = "7700123459"', 'inn = "770012345"', "770012345",
     "an ИНН has 10 digits (a legal entity) or 12 (a sole proprietor)"),
    (PARTNER, 'inn = "7700123459"', 'inn = "0000000000"', "0000000000", "an ИНН cannot begin with 00"),
    (PARTNER, 'inn = "7700123459"', "inn = 7700123459", "7700123459", TEXT_NEEDED),
    (PROFILE + "kind = 1\n", "kind = 1", 'kind = "report"', "report",
     "must be one of: applications, statement"),
    (PROFILE + "encoding = 1\n", "encoding = 1", 'encoding = "koi8-r"', "koi8-r", ENCODINGS_NEEDED),
    (PROFILE + "delimiter = 1\n", "delimiter = 1", 'delimiter = ";;"', ";;", DELIMITERS_NEEDED),
    (PROFILE + "delimiter = 1\n", "delimiter = 1", "delimiter = []", None, DELIMITERS_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m"', "%d.%m", DATE_FORMAT_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m.%Y %H"', "%d.%m.%Y %H",
     DATE_FORMAT_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m.%Y%"', "%d.%m.%Y%", DATE_FORMAT_NEEDED),
    ("[limits]\nrows = 1\n", "rows = 1", "rows = -1", "-1", "must be a number from 1"),
    ("[limits]\nrows = 1\n", "rows = 1", "rows = 1125899906842625", "1125899906842625",
     "must be a number from 1 to 1125899906842624"),
    ("[limits]\nnesting = 1\n", "nesting = 1", "nesting = 501", "501", "must be a number from 1 to 500"),
    ("db = 1\n", "db = 1", "db = 7", None, "must be a path or an address in quotes"),
    ("db = 1\n", "db = 1", r'db = "postgresql://a:secret@b\n"', None, "must be one line of visible characters"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_VALUES, ids=lambda case: str(case[2])[:40])
def test_a_wrong_value_is_reported_with_its_line(write: Write, case: tuple[str, str, str, str | None, str]) -> None:
    text, right, wrong, value, message = case
    assert right in text
    text = text.replace(right, wrong)
    line = text[: text.index(wrong)].count("\n") + 1
    (fault,) = faults_of(write(text))
    assert (fault[0], fault[2], fault[3]) == (line, value, message)
    assert (fault[1] or "").rpartition(".")[2] == wrong.partition(" = ")[0]


def test_a_missing_key_has_the_line_of_its_table(write: Write) -> None:
    assert faults_of(write('\n[partner]\nname = "A"\n\n[contract]\n[[contract.price]]\ntier = "2-9"\n')) == [
        (2, "partner.inn", None, "the key is missing"),
        (5, "contract.number", None, "the key is missing"),
        (5, "contract.term_months", None, "the key is missing"),
        (6, "contract.price[1].amount", None, "the key is missing"),
        (6, "contract.price[1].from", None, "the key is missing"),
    ]


WRONG_SHAPES = [
    ("partner = 3\n", "partner", "must be a table, not a value"),
    ("[[partner]]\n", "partner", "must be one table, with its header in single brackets: [partner]"),
    ("profile = 3\n", "profile", "must be a table, not a value"),
    ("profile.p = 3\n", "profile.p", "must be a table, not a value"),
    (
        'contract = { number = "1", term_months = 1, price = { amount = "1" } }\n',
        "contract.price",
        "each row needs its own header in double brackets: [[contract.price]]",
    ),
    (
        'contract = { number = "1", term_months = 1, price = [1] }',
        "contract.price[1]",
        "must be a table, not a value",
    ),
]


@pytest.mark.parametrize(("text", "key", "message"), WRONG_SHAPES)
def test_a_table_of_the_wrong_shape_is_a_fault(write: Write, text: str, key: str, message: str) -> None:
    (fault,) = faults_of(write(text))
    assert (fault[0], fault[1], fault[3]) == (1, key, message)


@pytest.mark.parametrize("kind", ["price", "discount"])
@pytest.mark.parametrize(("first", "second"), [("", ""), ('tier = "2-9"', 'tier = "от 2 до 9"')])
def test_two_rows_of_one_tier_and_day_are_an_error_that_names_both_lines(
    write: Write, kind: str, first: str, second: str
) -> None:
    value = 'amount = "1"' if kind == "price" else 'rate = "1%"'
    row = "[[contract.{kind}]]\n{value}\nfrom = 2023-08-01\n{tier}\n"
    text = CONTRACT + "".join(row.format(kind=kind, value=value, tier=tier) for tier in (first, second))
    message = "lines 4 and 8 are for the same tier and day: remove one"
    assert faults_of(write(text)) == [(8, f"contract.{kind}[2]", None, message)]


def test_repeated_rows_on_one_line_are_found_too(write: Write) -> None:
    row = '{ amount = "1", from = 2023-08-01 }'
    (fault,) = faults_of(write(CONTRACT + f"price = [{row}, {row}]\n"))
    assert fault[3] == "lines 4 and 4 are for the same tier and day: remove one"


def test_rows_of_different_tiers_or_days_are_accepted(write: Write) -> None:
    rows = [("2023-08-01", ""), ("2023-08-01", 'tier = "2-9"'), ("2023-08-02", "")]
    text = "".join(f'[[contract.price]]\namount = "1"\nfrom = {day}\n{tier}\n' for day, tier in rows)
    contract = read_settings(write(CONTRACT + text)).contract
    assert contract is not None
    assert len(contract.prices) == 3


def test_faults_of_every_kind_are_reported_together_in_the_order_of_lines(write: Write) -> None:
    row = '[[contract.price]]\namount = "1"\nfrom = 2023-08-01\n'
    file = write("[contract]\nnumber = 1\n" + row + row + 'prise = "1"\n')
    assert [(fault[0], fault[1]) for fault in faults_of(file)] == [
        (1, "contract.term_months"),
        (2, "contract.number"),
        (6, "contract.price[2]"),
        (9, "contract.price[2].prise"),
    ]
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert str(caught.value.message) == f"{file} has 4 errors"
    assert str(caught.value.hint) == "fix it, then see the result: mureg contract show"


def test_a_mistyped_kind_makes_no_faults_of_the_columns(write: Write) -> None:
    assert faults_of(write(PROFILE + 'kind = "statment"\ncolumns.payable = "N"\n')) == [
        (2, "profile.p.kind", "statment", "must be one of: applications, statement")
    ]


def test_two_fields_cannot_have_one_header(write: Write) -> None:
    text = PROFILE + '[profile.p.columns]\ninn = "Учётный Номер"\nkpp = "учетный номер"\n'
    assert faults_of(write(text)) == [(2, "profile.p.columns", None, "inn and kpp have the same header")]


@pytest.mark.parametrize(
    ("written", "name"), [("UTF8", "utf-8"), ("utf-8-BOM", "utf-8-sig"), ("win-1251", "cp1251"), ("IBM866", "cp866")]
)
def test_an_encoding_has_several_names(write: Write, written: str, name: str) -> None:
    assert read_settings(write(f'{PROFILE}encoding = "{written}"')).profiles["p"].encoding == name


def test_a_tab_can_be_the_delimiter(write: Write) -> None:
    assert read_settings(write(PROFILE + r'delimiter = "\t"')).profiles["p"].delimiter == "\t"


def test_of_very_many_faults_the_first_hundred_are_reported(write: Write) -> None:
    file = write("\n".join(f"key{number} = 1" for number in range(5_000)))
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert str(caught.value.message) == f"{file} has 5000 errors"
    assert len(caught.value.details) == 100


def test_a_bom_and_windows_line_ends_are_skipped(tmp_path: Path) -> None:
    file = tmp_path / "mureg.toml"
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    contract = read_settings(file).contract
    assert contract is not None
    assert contract.prices[0].origin == "mureg.toml:15"


@given(st.text(max_size=80))
def test_any_text_is_settings_or_is_rejected(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(text.encode(errors="surrogatepass"))
    try:
        outcome: object = read_settings(file).file
    except Rejected as error:
        outcome = len(error.details)
    assert outcome, "a rejection names at least one fault"
