"""The error boundary: no traceback, and never a word about what was written that is not so."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.command_line import Mureg

MUREG = [sys.executable, "-m", "mureg"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and /dev/full are POSIX"),
]


def environment() -> dict[str, str]:
    return {**os.environ, "MUREG_LANG": "en"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_reports_that_the_operation_was_written(example: Mureg) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*MUREG, "application", "process", "ZV-1042", "--on", "2023-08-28"],
            stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
        )  # fmt: skip
    assert ended.returncode == 1
    err = ended.stderr.decode()
    assert "cannot write the output" in err
    assert "operation 9 was written; see: mureg history" in err
    assert "nothing was written" not in err
    assert example.done("application", "show", "ZV-1042", "--json").json["status"] == "processed"


@pytest.mark.parametrize(("closed", "code"), [(2, 3), (1, 3)])
def test_a_closed_stream_changes_no_exit_code(example: Mureg, closed: int, code: int) -> None:
    line = f'"$0" -m mureg application show NOPE {closed}>&-'
    assert subprocess.run(["sh", "-c", line, sys.executable], env=environment(), check=False).returncode == code


# While Python itself is starting, nothing of ours can answer yet: this says when ours has begun to load the rest.
_STARTED = """
import os, sys
from mureg.__main__ import main
class Begun:
    def find_spec(self, name, *others):
        if name == "mureg.cli":
            os.write(1, b"!")
sys.meta_path.insert(0, Begun())
main()
"""


@pytest.mark.parametrize("milliseconds", range(0, 60, 5))
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_ctrl_c_while_mureg_is_being_loaded_is_quiet(
    example: Mureg, milliseconds: int, options: tuple[str, ...]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _STARTED, "application", "list", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert process.stdout is not None
    os.read(process.stdout.fileno(), 1)
    time.sleep(milliseconds / 1000)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    if process.returncode == 0:
        return  # it was quicker than the signal
    assert process.returncode == 130, err
    assert b"Traceback" not in err
    if options:
        assert json.loads(err)["error"]["code"] == "interrupted"


def test_an_interrupt_at_the_prompt_is_one_json_object_or_one_line(
    example: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mureg.operations.applications.processing.card", interrupted)
    plain = example("application", "show", "ZV-1042")
    assert (plain.code, plain.out, plain.err) == (130, "", "Error: interrupted\nnothing was written\n")
    ended = example("application", "show", "ZV-1042", "--json")
    assert (ended.code, ended.out, ended.error["code"]) == (130, "", "interrupted")


def test_no_password_is_shown(mureg: Mureg) -> None:
    ended = mureg("--db", "postgresql://anna:secret@host/base", "support")
    assert "secret" not in ended.out + ended.err
    assert "postgresql://anna@host/base" in ended.out


def test_the_next_step_is_one_that_will_be_taken(mureg: Mureg) -> None:
    mureg.done("init", "--example")
    Path("a.csv").write_text(
        "number,submitted_on,inn,multiuser,tier,users\nA-1,2023-08-01,7700123459,on,2-9,12\n", encoding="utf-8"
    )
    mureg.done("application", "import", "a.csv")
    assert "Next: mureg application set-multiuser A-1 --tier 10+" in mureg.done("application", "show", "A-1").out


def test_the_lines_to_add_for_a_missing_price_are_toml_in_russian_too(example: Mureg) -> None:
    settings = Path("mureg.toml")
    text = settings.read_text(encoding="utf-8").replace("from = 2023-08-01", "from = 2023-08-15")
    settings.write_text(text, encoding="utf-8")
    err = example("reconcile", "--month", "2023-08", lang="ru").err
    assert err.count("from = 2023-08-01") == 2
    assert 'tier = "2-9"' in err
    assert 'tier = "10+"' in err


def test_init_that_cannot_make_the_register_makes_no_settings_either(mureg: Mureg) -> None:
    Path("file").write_text("", encoding="utf-8")
    assert mureg("init", "--db", "file/mureg.db").code == 7
    assert not Path("mureg.toml").exists()
    assert mureg("init", "--db", "m.db", "--config", "file/mureg.toml").code == 4
    assert not Path("m.db").exists()


def test_ctrl_c_at_the_very_end_of_an_operation_reports_that_it_was_written(
    example: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mureg.register.engines.sqlite.database import SQLite

    run = SQLite.run

    def interrupted_after_commit(self: SQLite, sql: str, values: Mapping[str, object] | None = None) -> int:
        touched = run(self, sql, values)
        if sql == "COMMIT":
            raise KeyboardInterrupt
        return touched

    with monkeypatch.context() as patched:
        patched.setattr(SQLite, "run", interrupted_after_commit)
        ended = example("application", "process", "ZV-1042", "--on", "2023-08-28")
    assert ended.code == 130
    assert "operation 9 was written" in ended.err
    assert example.done("application", "show", "ZV-1042", "--json").json["status"] == "processed"


def test_a_secret_typed_in_the_wrong_place_is_not_repeated(mureg: Mureg) -> None:
    ended = mureg("check", "postgresql://olga:secret@host/base")
    assert ended.code == 2
    assert "secret" not in ended.err
