"""The line of every key of a TOML text."""

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from mureg.settings.line_numbers import Lines

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
def test_every_key_is_found_whatever_is_before_it(values: list[str]) -> None:
    text = "".join(f"key{place} = {value}\n" for place, value in enumerate(values))
    assert set(tomli.loads(text)) == {f"key{place}" for place in range(len(values))}
    lines = Lines(text)
    for place in range(len(values)):
        assert lines.of((f"key{place}",)) == text[: text.index(f"key{place} =")].count("\n") + 1
