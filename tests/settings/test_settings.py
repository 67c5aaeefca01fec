import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import platformdirs
import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mureg.domain.contract import Discount, Price
from mureg.errors import Rejected
from mureg.readers.types import Limits, Profile
from mureg.settings.line_numbers import Lines
from mureg.settings.locate import default_register, find_config, read_db
from mureg.settings.reading import read_settings
from mureg.settings.settings import Partner, Settings
from mureg.settings.template import TEMPLATE

Write = Callable[[str], Path]

# docs/settings.md, with an ИНН and a code in the place of «…», and a second row of each kind.
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


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(text: str) -> Path:
        file = tmp_path / "mureg.toml"
        file.write_bytes(text.encode())
        return file

    return to_file


@pytest.fixture
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_, **__: folder)
    return folder


def told(file: Path) -> list[tuple[int | None, str | None, str | None, str]]:
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert all(fault.file == str(file) for fault in caught.value.details)
    return [(fault.row, fault.column, fault.value, str(fault.message)) for fault in caught.value.details]


def test_the_example_of_the_interface_is_read_whole(write: Write) -> None:
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


def test_without_a_file_there_are_defaults() -> None:
    assert read_settings(None) == Settings(None, None, None, {}, Limits())


@pytest.mark.parametrize("text", ["", "# nothing\n", TEMPLATE])
def test_a_file_that_sets_nothing_gives_the_defaults(write: Write, text: str) -> None:
    file = write(text)
    assert read_settings(file) == Settings(file)
    assert read_db(file) is None


def test_the_template_switched_on_and_filled_in_is_accepted(write: Write) -> None:
    lines = [line[1:] if line[:1] == "#" and line[:2] != "# " else line for line in TEMPLATE.splitlines()]
    text = "\n".join(lines).replace("from = …", "from = 2023-08-01").replace("signed_on = …", "signed_on = 2023-07-20")
    text = text.replace("term_months = …", "term_months = 1").replace('inn = "…"', 'inn = "7700123459"')
    text = text.replace('rate = "…"', 'rate = "1%"').replace('amount = "…"', 'amount = "1"').replace("…", "text")
    settings = read_settings(write(text))
    assert settings.limits == Limits()
    assert settings.partner == Partner("text", "7700123459", "text")
    assert settings.profiles["operator"].columns == {"payable": "text"}
    assert settings.contract is not None
    assert len(settings.contract.prices) == len(settings.contract.discounts) == 1


def test_the_template_explains_every_setting_on_the_line_above() -> None:
    lines = TEMPLATE.splitlines()
    settings = [place for place, line in enumerate(lines) if line.startswith("#") and not line.startswith("# ")]
    assert settings
    assert all(lines[place - 1].startswith("# ") and "|" in lines[place - 1] for place in settings)


def test_a_placeholder_left_in_the_template_is_told(write: Write) -> None:
    assert told(write('[partner]\nname = "…"\ninn = "7700123459"\n')) == [
        (2, "partner.name", "…", "put a value in the place of …")
    ]


UNKNOWN_KEYS = [
    ('[contarct]\nnumber = "1"\n', 1, "contarct", "unknown key; the nearest known one is contract"),
    ('[partner]\nname = "A"\ninn = "7700123459"\ncod = "1"\n', 4, "partner.cod",
     "unknown key; the nearest known one is code"),
    (CONTRACT + "term_month = 2\n", 4, "contract.term_month", "unknown key; the nearest known one is term_months"),
    (CONTRACT + '[[contract.price]]\namount = "1"\nform = 2023-08-01\nfrom = 2023-08-01\n', 6,
     "contract.price[1].form", "unknown key; the nearest known one is from"),
    (CONTRACT + '[[contract.discount]]\nratte = "1"\nrate = "1%"\nfrom = 2023-08-01\n', 5,
     "contract.discount[1].ratte", "unknown key; the nearest known one is rate"),
    ("[limits]\nrow = 1\n", 2, "limits.row", "unknown key; the nearest known one is rows"),
    (PROFILE + 'encodings = "utf-8"\n', 2, "profile.p.encodings", "unknown key; the nearest known one is encoding"),
    (PROFILE + '[profile.p.columns]\nnumbers = "N"\n', 3, "profile.p.columns.numbers",
     "unknown key; the nearest known one is number"),
    (PROFILE + 'kind = "statement"\ncolumns.payble = "N"\n', 3, "profile.p.columns.payble",
     "unknown key; the nearest known one is payable"),
    (PROFILE + 'columns.payable = "N"\n', 2, "profile.p.columns.payable",
     "unknown key; only the other kind of profile has it"),
    (CONTRACT + '[[contract.price]]\namount = "1"\nfrom = 2023-08-01\nvat_note = "N"\n', 7,
     "contract.price[1].vat_note", "unknown key; it belongs to [contract]"),
    ('[partner]\nname = "A"\ninn = "7700123459"\ndb = "a.db"\n', 4, "partner.db",
     "unknown key; it belongs to the top of the file, before the first table"),
    ("[limits]\nнечто = 1\n", 2, "limits.нечто",
     "unknown key; known ones are file_bytes, whole_bytes, rows, cells, fields, field_characters, nesting, faults"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "message"), UNKNOWN_KEYS)
def test_an_unknown_key_names_the_nearest_or_its_place(
    write: Write, text: str, line: int, key: str, message: str
) -> None:
    faults = told(write(text.replace("нечто", '"нечто"')))
    assert (line, key, None, message) in faults
    assert len(faults) == 1


PRICE = CONTRACT + '[[contract.price]]\nfrom = 2023-08-01\namount = "1"\n'
DISCOUNT = CONTRACT + '[[contract.discount]]\nfrom = 2023-08-01\nrate = "1%"\n'
QUOTES = "amounts and rates are strings, in quotes"
PARTNER = '[partner]\nname = "A"\ninn = "7700123459"\n'
TEXT_NEEDED = "a text in quotes is needed"
ENCODINGS_NEEDED = "one of these is needed: utf-8, utf-8-sig, utf-16, cp1251, cp866"
DELIMITERS_NEEDED = 'one of these is needed: ";", ",", "\\t", "|"'
DATE_FORMAT_NEEDED = "day, month and year are needed, each once, and nothing else: %d.%m.%Y"

WRONG_VALUES = [
    (PRICE, 'amount = "1"', "amount = 3000.0", "3000.0", f'{QUOTES}: "5400.00"'),
    (PRICE, 'amount = "1"', "amount = 3000", "3000", f'{QUOTES}: "5400.00"'),
    (PRICE, 'amount = "1"', "amount = true", "true", 'an amount or a rate in quotes is needed: "5400.00"'),
    (PRICE, 'amount = "1"', 'amount = "1e3"', "1e3", "an amount is written 5400.00 or 5 400,00"),
    (PRICE, 'amount = "1"', 'amount = "-1"', "-1", "a list price is not negative"),
    (PRICE, 'amount = "1"', 'amount = "…"', "…", "put a value in the place of …"),
    (PRICE, "from = 2023-08-01", 'from = "2023-08-01"', "2023-08-01", "a date without quotes is needed: 2023-08-01"),
    (PRICE, "from = 2023-08-01", "from = 2023-08-01T10:00:00", "2023-08-01 10:00:00",
     "a date without a time is needed: 2023-08-01"),
    (DISCOUNT, 'rate = "1%"', "rate = 40.0", "40.0", f'{QUOTES}: "12,5%"'),
    (DISCOUNT, 'rate = "1%"', 'rate = "0.4"', "0.4", "a rate below 1 needs its percent sign: 0.4% or 40%?"),
    (DISCOUNT, 'rate = "1%"', 'rate = "140%"', "140%", "a rate is at most 100%"),
    (DISCOUNT + 'tier = "2-9"\n', 'tier = "2-9"', 'tier = "3-9"', "3-9",
     'a tier is "2-9" or "10+"; without the line, the row is for both'),
    (CONTRACT, "term_months = 1", "term_months = 0", "0", "a number from 1 is needed"),
    (CONTRACT, "term_months = 1", "term_months = 121", "121", "a number from 1 to 120 is needed"),
    (CONTRACT, "term_months = 1", 'term_months = "12"', "12", "a whole number without quotes is needed"),
    (CONTRACT, "term_months = 1", "term_months = true", "true", "a whole number without quotes is needed"),
    (CONTRACT, "term_months = 1", "term_months = 12.0", "12.0", "a whole number without quotes is needed"),
    (CONTRACT, "term_months = 1", "term_months = 0x1" + "0" * 9000, None, "a number from 1 to 120 is needed"),
    (CONTRACT, 'number = "1"', "number = 15", "15", TEXT_NEEDED),
    (CONTRACT, 'number = "1"', 'number = " "', " ", "the text is empty: take the line out, or fill it in"),
    (CONTRACT, 'number = "1"', r'number = "1\u202e"', "1<U+202E>", "one line of visible characters is needed"),
    (CONTRACT + 'rounding = "total"\n', 'rounding = "total"', 'rounding = "license"', "license",
     "one of these is needed: licence, total"),
    (CONTRACT + "signed_on = 2023-07-20\n", "signed_on = 2023-07-20", 'signed_on = "20.07.2023"', "20.07.2023",
     "a date without quotes is needed: 2023-08-01"),
    (PARTNER, 'inn = "7700123459"', 'inn = "7700123458"', "7700123458",
     "the check digit of the ИНН does not hold: a digit is mistyped"),
    (PARTNER, 'inn = "7700123459"', "inn = 7700123459", "7700123459", TEXT_NEEDED),
    (PROFILE + "kind = 1\n", "kind = 1", 'kind = "report"', "report",
     "one of these is needed: applications, statement"),
    (PROFILE + "encoding = 1\n", "encoding = 1", 'encoding = "koi8-r"', "koi8-r", ENCODINGS_NEEDED),
    (PROFILE + "delimiter = 1\n", "delimiter = 1", 'delimiter = ";;"', ";;", DELIMITERS_NEEDED),
    (PROFILE + "delimiter = 1\n", "delimiter = 1", "delimiter = []", None, DELIMITERS_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m"', "%d.%m", DATE_FORMAT_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m.%Y %H"', "%d.%m.%Y %H",
     DATE_FORMAT_NEEDED),
    (PROFILE + "date_format = 1\n", "date_format = 1", 'date_format = "%d.%m.%Y%"', "%d.%m.%Y%", DATE_FORMAT_NEEDED),
    ("[limits]\nrows = 1\n", "rows = 1", "rows = -1", "-1", "a number from 1 is needed"),
    ("db = 1\n", "db = 1", "db = 7", None, "a path or an address in quotes is needed"),
    ("db = 1\n", "db = 1", r'db = "postgresql://a:secret@b\n"', None, "one line of visible characters is needed"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG_VALUES, ids=lambda case: str(case[2])[:40])
def test_a_wrong_value_is_told_with_its_line(write: Write, case: tuple[str, str, str, str | None, str]) -> None:
    text, right, wrong, value, message = case
    assert right in text
    text = text.replace(right, wrong)
    line = text[: text.index(wrong)].count("\n") + 1
    (fault,) = told(write(text))
    assert (fault[0], fault[2], fault[3]) == (line, value, message)
    assert (fault[1] or "").rpartition(".")[2] == wrong.partition(" = ")[0]


def test_a_missing_key_has_the_line_of_its_table(write: Write) -> None:
    assert told(write('\n[partner]\nname = "A"\n\n[contract]\n[[contract.price]]\ntier = "2-9"\n')) == [
        (2, "partner.inn", None, "the key is missing"),
        (5, "contract.number", None, "the key is missing"),
        (5, "contract.term_months", None, "the key is missing"),
        (6, "contract.price[1].amount", None, "the key is missing"),
        (6, "contract.price[1].from", None, "the key is missing"),
    ]


WRONG_SHAPES = [
    ("partner = 3\n", "partner", "a table is needed, not a value"),
    ("[[partner]]\n", "partner", "one table is needed, with its header in single brackets: [partner]"),
    ("profile = 3\n", "profile", "a table is needed, not a value"),
    ("profile.p = 3\n", "profile.p", "a table is needed, not a value"),
    (
        'contract = { number = "1", term_months = 1, price = { amount = "1" } }\n',
        "contract.price",
        "each row needs a header of its own in double brackets: [[contract.price]]",
    ),
    (
        'contract = { number = "1", term_months = 1, price = [1] }',
        "contract.price[1]",
        "a table is needed, not a value",
    ),
]


@pytest.mark.parametrize(("text", "key", "message"), WRONG_SHAPES)
def test_a_table_of_the_wrong_shape_is_told(write: Write, text: str, key: str, message: str) -> None:
    (fault,) = told(write(text))
    assert (fault[0], fault[1], fault[3]) == (1, key, message)


@pytest.mark.parametrize("kind", ["price", "discount"])
@pytest.mark.parametrize(("first", "second"), [("", ""), ('tier = "2-9"', 'tier = "от 2 до 9"')])
def test_two_rows_of_one_tier_and_day_are_an_error_that_names_both_lines(
    write: Write, kind: str, first: str, second: str
) -> None:
    value = 'amount = "1"' if kind == "price" else 'rate = "1%"'
    row = "[[contract.{kind}]]\n{value}\nfrom = 2023-08-01\n{tier}\n"
    text = CONTRACT + "".join(row.format(kind=kind, value=value, tier=tier) for tier in (first, second))
    message = "lines 4 and 8 are for the same tier and day: take one out"
    assert told(write(text)) == [(8, f"contract.{kind}[2]", None, message)]


def test_repeated_rows_on_one_line_are_seen_too(write: Write) -> None:
    row = '{ amount = "1", from = 2023-08-01 }'
    (fault,) = told(write(CONTRACT + f"price = [{row}, {row}]\n"))
    assert fault[3] == "lines 4 and 4 are for the same tier and day: take one out"


def test_rows_of_different_tiers_or_days_may_stand_together(write: Write) -> None:
    rows = [("2023-08-01", ""), ("2023-08-01", 'tier = "2-9"'), ("2023-08-02", "")]
    text = "".join(f'[[contract.price]]\namount = "1"\nfrom = {day}\n{tier}\n' for day, tier in rows)
    contract = read_settings(write(CONTRACT + text)).contract
    assert contract is not None
    assert len(contract.prices) == 3


def test_faults_of_every_kind_are_told_together_in_the_order_of_lines(write: Write) -> None:
    row = '[[contract.price]]\namount = "1"\nfrom = 2023-08-01\n'
    file = write("[contract]\nnumber = 1\n" + row + row + 'prise = "1"\n')
    assert [(fault[0], fault[1]) for fault in told(file)] == [
        (1, "contract.term_months"),
        (2, "contract.number"),
        (6, "contract.price[2]"),
        (9, "contract.price[2].prise"),
    ]
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert str(caught.value.message) == f"{file} has 4 faults"
    assert str(caught.value.hint) == "correct it, then look at the result: mureg contract show"


def test_a_mistyped_kind_is_not_told_once_more_for_each_column(write: Write) -> None:
    assert told(write(PROFILE + 'kind = "statment"\ncolumns.payable = "N"\n')) == [
        (2, "profile.p.kind", "statment", "one of these is needed: applications, statement")
    ]


def test_two_fields_cannot_have_one_header(write: Write) -> None:
    text = PROFILE + '[profile.p.columns]\ninn = "Учётный Номер"\nkpp = "учетный номер"\n'
    assert told(write(text)) == [(2, "profile.p.columns", None, "inn and kpp have the same header")]


@pytest.mark.parametrize(
    ("written", "name"), [("UTF8", "utf-8"), ("utf-8-BOM", "utf-8-sig"), ("win-1251", "cp1251"), ("IBM866", "cp866")]
)
def test_an_encoding_has_several_names(write: Write, written: str, name: str) -> None:
    assert read_settings(write(f'{PROFILE}encoding = "{written}"')).profiles["p"].encoding == name


def test_a_tab_can_be_the_delimiter(write: Write) -> None:
    assert read_settings(write(PROFILE + r'delimiter = "\t"')).profiles["p"].delimiter == "\t"


# The file itself.


@pytest.mark.parametrize("read", [read_settings, read_db])
class TestAFileThatIsNoToml:
    @pytest.mark.parametrize(
        ("text", "line", "hint"),
        [
            ("a = 1\nb =\n", 2, "correct it, then look at the result: mureg contract show"),
            ("a = 1\n\na = 2\n", 3, "correct it, then look at the result: mureg contract show"),
            ("a = 1\n[b\n", 2, "correct it, then look at the result: mureg contract show"),
            ("a = [\n", 2, "correct it, then look at the result: mureg contract show"),
            ('db = "C:\\mureg\\a.db"\n', 1, "write a path with / or in single quotes: 'C:\\mureg\\mureg.db'"),
            ("[contract]\nterm_months = …\n", 2, "put a value in the place of …"),
        ],
    )
    def test_is_told_with_its_line(
        self, write: Write, read: Callable[[Path], object], text: str, line: int, hint: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read(write(text))
        (fault,) = caught.value.details
        assert fault.row == line
        assert str(fault.message).startswith("this is no TOML: ")
        assert str(caught.value.hint) == hint

    @pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
    def test_of_another_encoding_says_how_to_save_it(
        self, tmp_path: Path, read: Callable[[Path], object], encoding: str
    ) -> None:
        file = tmp_path / "mureg.toml"
        file.write_bytes("\n# Партнёр\n".encode(encoding))
        with pytest.raises(Rejected) as caught:
            read(file)
        assert str(caught.value.details[0].message) == "the text is not UTF-8"
        assert caught.value.details[0].row == (2 if encoding == "cp1251" else 1)
        assert str(caught.value.hint) == "open it in a text editor and save it as UTF-8"

    def test_larger_than_a_mebibyte_is_refused(self, write: Write, read: Callable[[Path], object]) -> None:
        file = write("#" * (1 << 16) + "\n")
        with pytest.raises(Rejected, match=r"mureg\.toml is larger than 64 KiB: no settings file"):
            read(file)

    @pytest.mark.parametrize(
        "text", ["a = " + "[" * 50_000, "a." * 20_000 + "a = 1", "a = " + "{a=" * 9000, "a = " + "1" * 9000]
    )
    def test_with_hostile_nesting_gives_one_error(
        self, write: Write, read: Callable[[Path], object], text: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            read(write(text))
        assert len(caught.value.details) == 1

    def test_that_is_not_there_says_how_to_make_one(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        with pytest.raises(Rejected, match="there is no settings file") as caught:
            read(tmp_path / "absent.toml")
        assert str(caught.value.hint) == "make one: mureg init, or name another: mureg --config FILE"

    def test_but_a_folder_cannot_be_read(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        with pytest.raises(Rejected, match="cannot be read"):
            read(tmp_path)


def test_of_very_many_faults_the_first_hundred_are_told(write: Write) -> None:
    file = write("\n".join(f"key{number} = 1" for number in range(5_000)))
    with pytest.raises(Rejected) as caught:
        read_settings(file)
    assert str(caught.value.message) == f"{file} has 5000 faults"
    assert len(caught.value.details) == 100


def test_a_bom_and_windows_line_ends_are_read_past(tmp_path: Path) -> None:
    file = tmp_path / "mureg.toml"
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    contract = read_settings(file).contract
    assert contract is not None
    assert contract.prices[0].origin == "mureg.toml:15"


# The register, without the rest.


def test_db_counts_from_the_folder_of_the_file(write: Write) -> None:
    file = write('db = "data/mureg.db"')
    assert read_db(file) == str(file.parent / "data" / "mureg.db")


def test_an_absolute_db_and_an_address_stay_as_they_are(write: Write, tmp_path: Path) -> None:
    absolute = (tmp_path / "other" / "a.db").as_posix()
    assert read_db(write(f"db = '{absolute}'")) == str(Path(absolute))
    assert read_db(write('db = "postgresql://host/mureg"')) == "postgresql://host/mureg"


def test_db_is_read_from_a_file_with_other_faults(write: Write) -> None:
    assert read_db(write('db = "postgresql://host/mureg"\n[nonsense]\n')) == "postgresql://host/mureg"


@pytest.mark.parametrize("value", ["7", '""', "true", "[]"])
def test_db_that_is_no_path_is_told_with_its_line(write: Write, value: str) -> None:
    file = write(f"\n\ndb = {value}\n")
    with pytest.raises(Rejected) as caught:
        read_db(file)
    (fault,) = caught.value.details
    assert (fault.row, fault.column, fault.value) == (3, "db", None)
    assert str(fault.message) == "a path or an address in quotes is needed"


def test_the_way_of_a_reading_command_imports_neither_pydantic_nor_the_contract(write: Write) -> None:
    code = (
        "import sys; from pathlib import Path; from mureg.settings import locate\n"
        "locate.read_db(locate.find_config(sys.argv[1], {}, Path()))\n"
        "slow = ('pydantic', 'platformdirs', 'mureg.domain.contract', 'mureg.readers')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    file = write('db = "a.db"')
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# Where the file is.


def test_config_goes_before_the_environment_the_folder_and_the_user(tmp_path: Path, user_folder: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    names = [folder / "option.toml", folder / "environment.toml", folder / "mureg.toml", user_folder / "mureg.toml"]
    for name in names:
        name.touch()
    environment = {"MUREG_CONFIG": "environment.toml"}
    assert find_config("option.toml", environment, folder) == names[0]
    assert find_config(None, environment, folder) == names[1]
    assert find_config(None, {"MUREG_CONFIG": ""}, folder) == names[2]
    names[2].unlink()
    assert find_config(None, {}, folder) == names[3]
    names[3].unlink()
    assert find_config(None, {}, folder) is None


@pytest.mark.parametrize(("explicit", "environment"), [("no.toml", {}), (None, {"MUREG_CONFIG": "no.toml"})])
def test_a_named_file_that_is_not_there_is_an_error(
    tmp_path: Path, user_folder: Path, explicit: str | None, environment: dict[str, str]
) -> None:
    (tmp_path / "mureg.toml").touch()
    with pytest.raises(Rejected) as caught:
        find_config(explicit, environment, tmp_path)
    assert str(caught.value.message) == f"there is no settings file {tmp_path / 'no.toml'}"
    assert "mureg init" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_name_that_no_file_can_have_is_rejected(tmp_path: Path, name: str) -> None:
    with pytest.raises(Rejected):
        read_db(find_config(name, {}, tmp_path) or tmp_path)


def test_the_default_register_is_in_the_users_data_folder() -> None:
    assert default_register() == platformdirs.user_data_path("mureg", appauthor=False) / "mureg.db"


# Lines.


LINES = '''\
top = "[not.a.table]" # [nor.this]
"quoted \\"key\\"" . 'and this' = 1

[a]   # first
text = """
[b]
key = 1
"""
other = \'\'\'
[b]\'\'\'\'
list = [ # "comment
  1,
  # 2,
  { x = 1, y = [1, 2] },

  [3,
   4], "]",
]
dotted.key = 1

[[ a . b ]]
x = 1
[[a.b]]
x = 1
y = { z = 1 }
[a.b.c]
x = 1
[d.e]
[d]
date = 2023-08-01 10:00:00
last = 1'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (('quoted "key"',), 2),
        (('quoted "key"', "and this"), 2),
        (("a",), 4),
        (("a", "absent"), 4),
        (("a", "text"), 5),
        (("a", "other"), 9),
        (("a", "list"), 11),
        (("a", "list", 0), 12),
        (("a", "list", 1), 14),
        (("a", "list", 1, "y"), 14),
        (("a", "list", 2), 16),
        (("a", "list", 3), 17),
        (("a", "dotted", "key"), 19),
        (("a", "b"), 21),
        (("a", "b", 0, "x"), 22),
        (("a", "b", 1), 23),
        (("a", "b", 1, "y", "z"), 25),
        (("a", "b", 1, "c", "x"), 27),
        (("d", "e"), 28),
        (("d",), 29),
        (("d", "last"), 31),
        (("absent",), 1),
        ((), 1),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    tomli.loads(LINES)
    assert Lines(LINES).of(path) == line


@given(st.text(alphabet="ab=.,[]{}#\"'\\ \n\r\t1", max_size=60) | st.text(max_size=60))
def test_the_search_for_lines_never_fails(text: str) -> None:
    lines = Lines(text)
    assert 1 <= lines.of(("a", 0, "b")) <= text.count("\n") + 1


@given(
    st.lists(
        st.sampled_from(
            ['"""\n[x]\n"""', "'''\n\n'''", "[\n1, # ]\n[2]\n]", "{ a = [1] }", '"#"', "1.5", "2023-08-01"]
        ),
        max_size=12,
    )
)
def test_every_key_is_found_whatever_stands_before_it(values: list[str]) -> None:
    text = "".join(f"key{place} = {value}\n" for place, value in enumerate(values))
    assert set(tomli.loads(text)) == {f"key{place}" for place in range(len(values))}
    lines = Lines(text)
    for place in range(len(values)):
        assert lines.of((f"key{place}",)) == text[: text.index(f"key{place} =")].count("\n") + 1


@given(st.text(max_size=80))
def test_any_text_is_settings_or_is_rejected(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(text.encode(errors="surrogatepass"))
    try:
        outcome: object = read_settings(file).file
    except Rejected as error:
        outcome = len(error.details)
    assert outcome, "a rejection names at least one fault"
