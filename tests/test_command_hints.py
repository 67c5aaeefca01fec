"""How a command is written in a hint: what is quoted, a shell reads as one argument and runs none of it."""

import shlex
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mureg.command_hints import quoted


@pytest.mark.skipif(sys.platform == "win32", reason="Windows quotes in its own way")
@pytest.mark.parametrize(
    ("argument", "typed"),
    [
        ("ZV-1042", "ZV-1042"),
        ("А/1_б.2", "А/1_б.2"),
        ("№ 7", '"№ 7"'),
        ("a&b", '"a&b"'),
        ("it's", '"it\'s"'),
        ("$(date)", "'$(date)'"),
        ("`date`", "'`date`'"),
        ('a"b', "'a\"b'"),
        ("a\\", "'a\\'"),
    ],
)
def test_an_argument_is_quoted_only_where_a_shell_needs_it(argument: str, typed: str) -> None:
    assert quoted(argument) == typed


@pytest.mark.parametrize(
    ("argument", "typed"),
    [
        ("ZV-1042", "ZV-1042"),
        ("№ 7", '"№ 7"'),
        ("a&b", '"a&b"'),
        ("it's", '"it\'s"'),
        ("wow!", '"wow!"'),
        ('a"b', '"a""b"'),
        ('a\\"b', '"a\\\\""b"'),
        (r"in box\a.csv", r'"in box\a.csv"'),
        ("a\\", '"a\\\\"'),
        ("$(date)", '"`$(date)"'),
        ("`date`", '"``date``"'),
    ],
)
def test_on_windows_it_is_in_double_quotes(argument: str, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert quoted(argument) == typed


@pytest.mark.skipif(sys.platform == "win32", reason="the shells of Windows read otherwise")
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x44F, exclude_categories=["Cc"]), min_size=1))
def test_a_shell_reads_the_argument_that_was_quoted(argument: str) -> None:
    typed = quoted(argument)
    assert shlex.split(typed) == [argument]
    # A shell replaces $ and ` inside double quotes too.
    assert typed.startswith("'") or not set("$`") & set(argument)
