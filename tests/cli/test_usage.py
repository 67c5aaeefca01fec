"""The command line itself: help, global options, wrong usage, and the one error object."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mureg as package
from mureg import __version__
from mureg.cli.main import NOUNS
from support.command_line import Mureg
from support.commands import all_commands
from support.sample_data import row, write_table

pytestmark = pytest.mark.slow

# A process in another folder finds the same mureg, however this one has found it.
SOURCES = str(Path(package.__file__).resolve().parents[1])


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_a_help_with_examples(mureg: Mureg, words: list[str], lang: str, flag: str) -> None:
    ended = mureg(*words, flag, lang=lang)
    assert (ended.code, ended.err) == (0, "")
    title = "Examples" if lang == "en" else "Примеры"
    assert f"{title}:\n" in ended.out
    examples = ended.out.partition(f"{title}:\n")[2].strip().splitlines()
    assert all(line.strip().startswith(f"mureg {' '.join(words)}") for line in examples)


@pytest.mark.parametrize("words", [[], *([name] for name in NOUNS)], ids=" ".join)
def test_every_noun_has_a_help(mureg: Mureg, words: list[str]) -> None:
    assert mureg(*words, "-h").code == 0


@pytest.mark.parametrize("words", [[], ["application"], ["organization"], ["contract"]], ids=" ".join)
def test_a_noun_alone_shows_what_it_can_do(mureg: Mureg, words: list[str]) -> None:
    ended = mureg(*words)
    assert ended.code in (0, 2)
    assert "Commands:" in ended.out + ended.err


def test_every_command_takes_json_and_what_writes_takes_dry_run(mureg: Mureg) -> None:
    writes = {"init", "application import", "application set-multiuser", "application process", "application reject",
              "application amend", "application return", "application cancel", "undo", "reconcile", "month accept",
              "month carry", "month close", "month reopen", "invoice add", "invoice paid", "backup", "restore", "copy",
              "organization erase"}  # fmt: skip
    for words in all_commands():
        out = mureg(*words, "-h").out
        for option in ("--json", "--fields", "--db", "--config", "--lang", "--no-input"):
            assert option in out, words
        assert ("--dry-run" in out) is (" ".join(words) in writes), words


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize(
    "usage",
    [
        "application import FILE…",
        "application show [NUMBER]",
        "application set-multiuser [NUMBER…]",
        "application process [NUMBER…]",
        "application reject [NUMBER…]",
        "application cancel NUMBER",
        "application check [NUMBER…]",
        "organization show INN|NAME",
        "organization erase INN",
        "history [NUMBER]",
        "undo [OPERATION]",
        "month accept MONTH ID…",
        "month carry MONTH ID…",
        "month close MONTH",
        "month reopen MONTH",
        "month show MONTH",
        "invoice paid [N]",
        "invoice export N",
    ],
)
def test_the_help_puts_into_brackets_only_what_can_be_left_out(mureg: Mureg, usage: str, lang: str) -> None:
    words = [word for word in usage.split() if word.islower()]
    out = mureg.done(*words, "-h", lang=lang).out
    title = "Usage" if lang == "en" else "Использование"
    assert out.startswith(f"{title}: mureg {usage} [")
    for argument in usage.split()[len(words) :]:
        assert f"\n  {argument} " in out


@pytest.mark.parametrize("words", [[], ["application"], ["application", "show"]], ids=" ".join)
def test_the_names_in_a_help_are_always_in_the_same_order(words: list[str], tmp_path: Path) -> None:
    shown = {
        subprocess.run(
            [sys.executable, "-m", "mureg", *words, "-h"],
            env=os.environ | {"PYTHONHASHSEED": str(seed), "MUREG_LANG": "en", "PYTHONPATH": SOURCES},
            cwd=tmp_path, capture_output=True, check=True,
        ).stdout
        for seed in range(6)
    }  # fmt: skip
    assert len(shown) == 1
    assert b"  -h, --help" in shown.pop()


def test_the_version_is_printed(mureg: Mureg) -> None:
    assert mureg("--version") == (0, f"mureg {__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        (["aplication"], "did you mean: mureg application"),
        (["application", "lst"], "did you mean: mureg application list"),
        (["application", "set-multi"], "did you mean: mureg application set-multiuser"),
        (["reconsile"], "did you mean: mureg reconcile"),
        (["application", "list", "--statsu", "new"], "did you mean --status?"),
        (["xyzzy"], "mureg -h"),
        (["application", "list", "--xyzzy"], "mureg application list -h"),
        (["application", "show", "A-1", "A-2"], "mureg application show -h"),
        (["application", "list", "--status"], "mureg application list -h"),
        (["application", "list", "--json=yes"], "mureg application list -h"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_wrong_usage_comes_with_a_suggestion(example: Mureg, words: list[str], suggestion: str) -> None:
    ended = example(*words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: ")
    assert suggestion in ended.err


# A command that fails, and its exit code.
FAILURES = [
    (["application", "xyzzy"], 2, "usage"),
    (["application", "list", "--status", "x"], 2, "usage"),
    (["application", "list", "--xyzzy"], 2, "usage"),
    (["application", "process"], 2, "usage"),
    (["application", "set-multiuser", "ZV-1042"], 2, "usage"),
    (["application", "list", "--fields", "xyzzy"], 2, "usage"),
    (["reconcile"], 2, "usage"),
    (["reconcile", "--month", "x"], 2, "usage"),
    (["undo", "x"], 2, "usage"),
    (["application", "list", "--lang", "fr"], 2, "usage"),
    (["application", "show", "NOPE"], 3, "not_found"),
    (["history", "NOPE"], 3, "not_found"),
    (["organization", "show", "NOPE"], 3, "not_found"),
    (["application", "import", "nofile"], 3, "not_found"),
    (["undo", "99"], 3, "not_found"),
    (["application", "import", "examples/faults/wrong.csv"], 4, "rejected"),
    (["contract", "show", "--config", "nofile.toml"], 4, "rejected"),
    (["application", "process", "ZV-1030"], 5, "refused"),
    (["application", "cancel", "ZV-1042", "--reason", "x"], 5, "refused"),
    (["reconcile", "--month", "2023-07"], 5, "refused"),
    (["init", "--example"], 5, "refused"),
    (["application", "check", "ZV-1044"], 6, "differences"),
    (["application", "list", "--db", "nofile.db"], 7, "register_unusable"),
    (["application", "list", "--db", "examples/README.md"], 7, "register_unusable"),
    (["application", "list", "--db", "mysql://x/y"], 7, "register_unusable"),
]


@pytest.mark.parametrize(("words", "code", "name"), FAILURES, ids=[" ".join(words) for words, *_ in FAILURES])
def test_with_json_stderr_holds_exactly_one_object_on_failure(
    example: Mureg, words: list[str], code: int, name: str
) -> None:
    if code == 6:
        example.done("application", "import", write_table("w.csv", row("ONE", users="1")))
        words = ["application", "check", "ONE"]
    ended = example(*words, "--json")
    assert ended.code == code
    assert ended.err.count("\n") == 1
    error = ended.error
    assert set(error) == {"code", "message", "hint", "details"}
    assert error["code"] == name
    assert error["message"]
    assert error["hint"]
    if code != 6:
        assert ended.out == ""
    if "--fields" in words:
        return  # which means JSON
    plain = example(*words)
    assert plain.code == code
    assert plain.err.startswith(f"{'Warning' if code == 6 else 'Error'}: {error['message']}\n")
    assert plain.err.endswith(f"{error['hint']}\n")
    assert "Traceback" not in plain.err


@pytest.mark.parametrize(
    "words",
    [
        ["application", "list"],
        ["application", "show", "ZV-1042"],
        ["application", "show"],
        ["application", "check"],
        ["application", "set-multiuser", "--tier", "10+"],
        ["application", "process", "ZV-1042", "--on", "2023-08-28"],
        ["application", "reject", "ZV-1042", "--comment", "нет"],
        ["application", "cancel", "ZV-1030", "--reason", "нет"],
        ["application", "import", "examples/applications/partners.xlsx"],
        ["organization", "list"],
        ["organization", "show", "7700010303"],
        ["history"],
        ["undo"],
        ["contract", "show"],
        ["reconcile", "--month", "2023-08"],
        ["check"],
        ["support"],
        ["init"],
    ],
    ids=" ".join,
)
def test_with_json_stderr_is_empty_on_success(example: Mureg, words: list[str]) -> None:
    for terminal in (False, True):
        ended = example(*words, "--json", terminal=terminal)
        if ended.code == 5 and terminal:
            continue  # done already, by the first round
        assert (ended.code, ended.err) == (0, "")
        assert isinstance(ended.json, dict | list)


def test_global_options_are_accepted_before_and_after_the_command(example: Mureg) -> None:
    example.done("init", "--db", "other.db")
    for words in (
        ["--db", "other.db", "application", "list", "--json"],
        ["application", "--db", "other.db", "list", "--json"],
        ["application", "list", "--db", "other.db", "--json"],
        ["application", "list", "--db=other.db", "--json"],
    ):
        assert example.done(*words).json == []


def test_the_later_one_of_two_counts(example: Mureg) -> None:
    example.done("init", "--db", "other.db")
    assert example.done("--db", "mureg.db", "application", "list", "--db", "other.db", "--json").json == []


def test_a_number_that_begins_with_a_dash_is_a_fault_since_no_command_could_name_it(example: Mureg) -> None:
    ended = example("application", "import", write_table("w.csv", row("-1")))
    assert (ended.code, ended.out) == (4, "")
    assert "cannot begin with a hyphen" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ["application", "show", "\udcff"],
        ["application", "list", "--search", "\udcff"],
        ["application", "reject", "ZV-1042", "--comment", "\udcff"],
        ["application", "import", "\udcff.csv"],
        ["application", "list", "--db", "\udcff.db"],
        ["history", "\udcff"],
    ],
    ids=lambda words: words[1],
)
def test_bytes_that_are_no_text_are_no_bug_of_ours(example: Mureg, words: list[str]) -> None:
    ended = example(*words)
    assert ended.code in (2, 3, 7), ended


def test_fields_may_name_a_field_of_an_inner_object(example: Mureg) -> None:
    found = example.done("application", "show", "ZV-1042", "--fields", "number, multiuser.tier,inn").json
    assert found == {"number": "ZV-1042", "multiuser.tier": "2-9", "inn": "7700123459"}


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("words", [("list",), ("show", "ZV-1042"), ("check",)], ids=" ".join)
@pytest.mark.parametrize("fields", ["", " , "])
def test_fields_that_name_none_are_wrong_usage_that_lists_them(
    example: Mureg, words: tuple[str, ...], fields: str, lang: str
) -> None:
    ended = example("application", *words, "--fields", fields, lang=lang)
    assert (ended.code, ended.out) == (2, "")
    assert ended.error["message"] == {
        "en": "--fields needs at least one field", "ru": "в --fields не названо ни одного поля"
    }[lang]  # fmt: skip
    assert "number, " in ended.error["hint"]


@pytest.mark.parametrize("fields", ["", "xyzzy"])
def test_fields_that_a_result_has_not_do_not_hide_that_it_was_written(example: Mureg, fields: str) -> None:
    ended = example("application", "reject", "ZV-1042", "--comment", "нет", "--fields", fields)
    assert (ended.code, ended.out) == (2, "")
    assert ended.error["hint"] == ("available: operation, numbers; operation 9 was written; see: mureg history")


@pytest.mark.parametrize(
    ("lang", "hint"),
    [
        ("en", "put --json after the command: mureg COMMAND --json"),
        ("ru", "--json пишется после команды: mureg COMMAND --json"),
    ],
)
def test_the_error_of_json_before_the_command_shows_its_place(example: Mureg, lang: str, hint: str) -> None:
    ended = example("--json", "application", "list", lang=lang)
    assert (ended.code, ended.out) == (2, "")
    assert ended.error["hint"] == hint


def test_no_command_leaves_a_file_behind(example: Mureg) -> None:
    before = {path.name for path in Path().iterdir()}
    for words in all_commands():
        example(*words, "-h")
    assert {path.name for path in Path().iterdir()} == before
