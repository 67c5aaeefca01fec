"""What is shown can be typed, in both languages, and hints name values in the user's language."""

import pytest

from mureg.reports.labels import LICENCE_STATE, STATUS, SWITCH, TIER
from mureg.reports.language import LANGUAGES, Language
from support.command_line import Mureg

OPTIONS = [
    ("application list", "--status", STATUS),
    ("application list", "--multiuser", {value: SWITCH[value] for value in ("on", "off")}),
    ("application list", "--tier", TIER),
    ("licence list", "--state", LICENCE_STATE),
    ("organization list", "--state", LICENCE_STATE),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("command", "option", "labels"), OPTIONS, ids=str)
def test_every_label_of_both_languages_means_its_value(
    example: Mureg, command: str, option: str, labels: dict[str, str], lang: str
) -> None:
    for value, label in labels.items():
        expected = example.done(*command.split(), option, value, "--fields", "inn").json
        for code in LANGUAGES:
            shown = Language(code).translate(label)
            for typed in (shown, shown.upper(), f" {shown} "):
                assert example.done(*command.split(), option, typed, "--fields", "inn", lang=lang).json == expected


@pytest.mark.parametrize("month", ["2023-08", "август 2023", "August 2023", "августа 2023", "08.2023"])
def test_months_are_typed_as_they_are_shown(example: Mureg, month: str) -> None:
    assert len(example.done("application", "list", "--month", month, "--json").json) == 15


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("today", ["today", "сегодня", "Сегодня"])
def test_today_is_understood_in_both_languages(example: Mureg, today: str, lang: str) -> None:
    assert example.done("contract", "show", "--on", today, lang=lang).out
    assert example.done("reconcile", "прошлый", "--json", lang=lang).json["charges"] == []


def test_hints_name_the_values_in_the_users_language(example: Mureg) -> None:
    ended = example("application", "list", "--status", "старое", lang="ru")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[1] == (
        "доступны: новое (new), обработано (processed), отклонено (rejected), отменено (cancelled)"
    )
    assert "или «сегодня»" in example("contract", "show", "--on", "вчера", lang="ru").err
    assert "«этот» или «прошлый»" in example("reconcile", "--month", "вчера", lang="ru").err


@pytest.mark.parametrize("command", ["application list", "licence list"])
@pytest.mark.parametrize("inn", ["123", "7700123458", "ромашка", ""])
def test_what_is_no_inn_is_wrong_usage_and_not_an_empty_list(example: Mureg, command: str, inn: str) -> None:
    ended = example(*command.split(), "--inn", inn)
    assert (ended.code, ended.out) == (2, "")


def test_reconcile_takes_the_month_with_or_without_the_option(example: Mureg) -> None:
    shown = example.done("reconcile", "2023-08", "--json")
    assert shown == example.done("reconcile", "--month", "2023-08", "--json")
    assert example("reconcile").code == 2


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("list", "application list"), ("process", "application process"), ("close", "month close"),
        ("lst", "application list"), ("aplication", "application"), ("months", "month"),
    ],
)  # fmt: skip
def test_a_verb_without_its_noun_suggests_the_command(mureg: Mureg, word: str, meant: str) -> None:
    ended = mureg(word)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(f"did you mean: mureg {meant}\n")
