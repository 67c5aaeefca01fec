"""The quick tests of whole columns say the same as the parser of one cell."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mureg.domain.identifiers import is_inn, is_ogrn
from mureg.readers.applications.fields import FIELD_BY_NAME, FIELDS, parse_field
from mureg.readers.statements.fields import FIELDS as STATEMENT_FIELDS
from mureg.readers.tables.column_checks import all_inns, all_ogrns
from mureg.readers.tables.columns import Column, Field, Parser

_CELLS = {
    "number": ["ZV-1", "А/1-ё", " 5 ", "", "a\nb", "x" * 101, "x" * 100, "a  b", "№7.", "-", "\u202e1"],
    "type": ["На подключение", " change", "", "дарение", "ПРОЛОНГАЦИЯ"],
    "submitted_on": ["2023-08-07", "07.08.2023 10:00", "07.08.23", "", "٠٧.٠٨.٢٠٢٣", "2023-08-07T10:00:00Z"],
    "inn": ["7700123459", "770012345606", "101000021", "0101000021", "0000000000", "7700123459.0", "", "77001234b9"],
    "kpp": ["770001001", "7700ab001", "7700AB001", "10101001", "", " 770001001"],
    "ogrn": ["1237700000120", "", "1237700000121", "0000000000000", "318770000000017", "x"],
    "multiuser": ["Включен", "нет", "+", "", "ВЫКЛЮЧЁН", "2"],
    "tier": ["2-9", "от 2 до 9", "10+", "", "2", "2023-09-02", "02.сен"],
    "account": ["1AE-77", "", "x" * 100, "x" * 101, " A ", "учётка", "a\nb"],
    "payable": ["1800,00", "", "1 800,00 руб.", "-1", "сто", "1.800", "₽"],
    "discount_rate": ["40", "40%", "0,4", "", "101"],
    "processed_on": ["14.08.2023", "", "2023-08-14 10:00", "вчера"],
    "users": ["3", "3.0", "", "-1", "1000000", "1000001", "1 000", "٣", "3,5"],
}
_TEXTS = ["ООО «Ромашка»", " a ", "\u00a0b\u00a0", "", "#N/A", "#1", "a\0b", "\udc98", "x" * 150, "a\nb"]


def parser_of(field: Field, longest: int) -> Parser:
    """The parser of a whole cell, of an application or of a statement."""
    if field in FIELDS:
        return lambda cell: parse_field(field, cell, longest)
    return lambda cell: field.parse(field.strip(cell))


_FIELD_AND_CELLS = st.sampled_from((*FIELDS, *STATEMENT_FIELDS)).flatmap(
    lambda field: st.tuples(
        st.just(field),
        st.lists(st.one_of(st.sampled_from(_CELLS.get(field.name, _TEXTS) + _TEXTS), st.text(max_size=15))),
    )
)


@given(_FIELD_AND_CELLS, st.sampled_from([1, 20, 120, 10_000]))
@settings(max_examples=400)
def test_a_column_gives_what_the_parser_of_one_cell_gives(column: tuple[Field, list[str]], longest: int) -> None:
    field, cells = column
    parse = parser_of(field, longest)
    values, wrong = Column(field, parse, longest).values(cells)
    expected = list(map(parse, cells))
    assert list(values) == expected
    assert wrong == [place for place, value in enumerate(expected) if isinstance(value, tuple)]


def test_a_clean_column_gives_what_the_parser_of_one_cell_gives() -> None:
    for field in (*FIELDS, *STATEMENT_FIELDS):
        parse = parser_of(field, 10_000)
        for cell in _CELLS.get(field.name, _TEXTS):
            assert list(Column(field, parse, 10_000).values([cell] * 3)[0]) == [parse(cell)] * 3


_DIGITS = st.text("0123456789", min_size=9, max_size=15)


@given(st.lists(_DIGITS | st.sampled_from(["7700123459", "770012345606", "0101000021"]), max_size=5))
@example(["7700123459", "770012345606"])
@example(["0000000000"])
def test_a_column_of_inns_is_known_as_one(texts: list[str]) -> None:
    assert all_inns(texts) == all(map(is_inn, texts))


@given(st.integers(0, 10**10 - 1))
def test_the_check_digit_of_an_inn_is_the_same_by_both_ways(number: int) -> None:
    texts = [f"{number // 10:09d}{last}" for last in range(10)]
    # «No» of a column is only a «not sure»; nothing wrong may pass, and nothing right with a plain beginning may not.
    assert [all_inns([text]) for text in texts] == [is_inn(text) for text in texts]


@given(st.sampled_from([13, 15]), st.integers(10**9, 10**14 - 1))
def test_the_check_digit_of_an_ogrn_is_the_same_by_both_ways(length: int, number: int) -> None:
    body = f"{number:0{length - 1}d}"[: length - 1]
    texts = [body + str(last) for last in range(10)]
    certain = [all_ogrns([text]) for text in texts]
    assert certain == [is_ogrn(text) and not text.startswith("00") for text in texts]


def test_a_column_that_never_repeats_does_not_fill_the_memory() -> None:
    field = FIELD_BY_NAME["promotion"]
    column = Column(field, parser_of(field, 100), 100)
    for start in range(0, 50_000, 1_000):
        column.values([str(number) for number in range(start, start + 1_000)])
    assert len(column._remembered) <= 10_000
