"""Things are looked through one at a time: each is answered with a key, and what was done last can be undone."""

import io
import sys
from collections.abc import Callable

import pytest

from mureg.cli.framework.input.key_prompt import Key, Then, look_through, require_terminal
from mureg.cli.framework.session import Session
from mureg.errors import Refused, WrongUsage, msg
from mureg.reports.language import Language

ACTIONS = [Key("p", "process it"), Key("2-9", "the lower tier", ("2",)), Key("x", "be refused"), Key("n", "do nothing")]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Look through three things with what is typed; gives what was done."""

    def look(typed: str) -> list[str]:
        done: list[str] = []
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))

        def act(item: str, name: str) -> Then:
            if name == "x":
                raise Refused(msg("{item} is refused", item=item))
            done.append(f"{name} {item}")
            return Then.NEXT if name == "p" else Then.AGAIN if name == "2-9" else Then.STAY

        look_through(
            Session(Language("en"), wants_json=False), ["a", "b", "c"], ACTIONS,
            show=lambda item: done.append(f"show {item}"), question=lambda item: msg("{item}?", item=item),
            act=act, undo=lambda item: done.append(f"undo {item}"),
        )  # fmt: skip
        return done

    return look


def test_each_is_shown_and_answered(answers: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert answers("p\ns\np\n") == ["show a", "p a", "show b", "show c", "p c"]
    assert capsys.readouterr().err == "a? [p,2-9,x,n,s,u,q,?] b? [p,2-9,x,n,s,u,q,?] c? [p,2-9,x,n,s,u,q,?] "


def test_an_action_may_leave_the_thing_to_be_answered_again(answers: Callable[[str], list[str]]) -> None:
    assert answers("2\np\nq\n") == ["show a", "2-9 a", "show a", "p a", "show b"]


def test_the_last_thing_done_is_undone_and_shown_again(answers: Callable[[str], list[str]]) -> None:
    assert answers("p\ns\nu\np\nq\n") == ["show a", "p a", "show b", "show c", "undo a", "show a", "p a", "show b"]


def test_what_left_the_thing_to_be_answered_is_undone_too(answers: Callable[[str], list[str]]) -> None:
    shown_again = ["show a", "2-9 a", "show a", "undo a", "show a"]
    assert answers("2\nu\nq\n") == shown_again
    assert answers("2\nu\nu\nq\n") == [*shown_again, "show a"]


def test_what_did_nothing_is_not_undone(answers: Callable[[str], list[str]]) -> None:
    assert answers("n\nu\nq\n") == ["show a", "n a", "show a", "show a"]


def test_nothing_is_undone_where_nothing_was_done(
    answers: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert answers("u\nq\n") == ["show a", "show a"]
    assert "nothing has been done here yet\n" in capsys.readouterr().err


def test_a_russian_keyboard_has_the_same_keys(answers: Callable[[str], list[str]]) -> None:
    assert answers("з\nЫ\nй\n") == ["show a", "p a", "show b", "show c"]


def test_the_end_of_the_input_quits(answers: Callable[[str], list[str]]) -> None:
    assert answers("p\n") == ["show a", "p a", "show b"]


def test_a_refusal_is_shown_and_the_thing_stays(
    answers: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert answers("x\np\nq\n") == ["show a", "show a", "p a", "show b"]
    assert "Error: a is refused\n" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["?\nq\n", "nothing like it\nq\n", "\nq\n"])
def test_anything_else_shows_what_can_be_typed(
    answers: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert answers(typed) == ["show a"]
    assert "p - process it\n" in (shown := capsys.readouterr().err)
    assert "u - undo the last thing that was done here\nq - quit\n? - show this help\n" in shown


def test_without_a_terminal_it_is_a_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("p\n"))
    with pytest.raises(WrongUsage) as error:
        require_terminal(Session(Language("en"), wants_json=False), "mureg application review", msg("see the help"))
    assert str(error.value) == "mureg application review asks questions, which needs a terminal"
