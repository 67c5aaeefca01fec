"""Sentences with their values, and the kinds of errors with their exit codes."""

from datetime import date

import pytest

from mureg import errors
from mureg.errors import N_, Fault, Message, MuregError, Rejected, msg, plural


def test_a_sentence_is_filled_with_its_values() -> None:
    assert str(msg("{number} was processed on {day}", number="ZV-1", day=date(2023, 8, 14))) == (
        "ZV-1 was processed on 2023-08-14"
    )


def test_a_sentence_without_values_is_shown_as_it_is() -> None:
    assert str(msg("write {braces} as they are")) == "write {braces} as they are"


def test_a_value_is_never_taken_for_a_template() -> None:
    assert str(msg("no application {number}", number="{number}{0}")) == "no application {number}{0}"


def test_a_value_may_be_called_template() -> None:
    assert str(msg("{template}", template="x")) == "x"


def test_a_value_may_be_a_sentence_itself() -> None:
    inner = plural("{count} row", "{count} rows", count=2)
    assert str(msg("{file}: {what}", file="a.csv", what=inner)) == "a.csv: 2 rows"


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 rows of a"), (1, "1 row of a"), (2, "2 rows of a"), (21, "21 rows of a")]
)
def test_a_count_chooses_between_two_sentences(count: int, text: str) -> None:
    assert str(plural("{count} row of {file}", "{count} rows of {file}", count=count, file="a")) == text


def test_sentences_are_the_same_if_their_templates_and_values_are() -> None:
    assert msg("{a}", a=1) == Message("{a}", {"a": 1}) == msg("{a}", a=1)
    assert msg("{a}", a=1) != msg("{a}", a=2)


def test_a_marked_text_is_the_text() -> None:
    assert N_("list price") == "list price"


def test_an_error_owns_its_sentence_its_hint_and_its_details() -> None:
    fault = Fault(msg("no"), file="a.csv", row=7)
    error = Rejected(msg("{count} faults", count=1), msg("look"), (each for each in [fault]))
    assert str(error) == "1 faults"
    assert str(error.hint) == "look"
    assert error.details == (fault,)
    bare = Rejected(msg("no"))
    assert (bare.hint, bare.details) == (None, ())


def test_every_kind_of_error_has_the_exit_code_that_the_interface_promises() -> None:
    kinds = {
        kind.code: kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, MuregError)
    }
    assert kinds == {
        "bug": 1, "usage": 2, "not_found": 3, "ambiguous": 3, "rejected": 4, "refused": 5, "differences": 6,
        "register_unusable": 7, "interrupted": 130, "output": 1,
    }  # fmt: skip
