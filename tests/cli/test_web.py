"""`mureg web` as a command: what it prints, what it refuses, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from starlette.testclient import TestClient

from mureg.web import server
from mureg.web.office import Office
from mureg.web.sessions import Sessions
from support.browser import ORIGIN, PORT, office, visiting
from support.command_line import Mureg
from support.running_page import running_page

ADDRESS = "http://127.0.0.1:1/?token=t"
STOPS = {"en": "Ctrl-C stops mureg web\n", "ru": "Остановить mureg web: Ctrl-C\n"}


class Started(NamedTuple):
    """What was done instead of serving."""

    offices: list[Office]
    opened: list[str]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The command goes as far as its address, and ends."""
    result = Started([], [])

    def serve(office: Office, listener: socket.socket, opened: Callable[[str], None]) -> None:
        listener.close()
        result.offices.append(office)
        opened(ADDRESS)

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr("webbrowser.open", result.opened.append)
    monkeypatch.setattr("mureg.cli.commands.web.exit_without_waiting", lambda code: None)
    return result


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_address_goes_to_stdout_and_to_the_browser(example: Mureg, started: Started, lang: str) -> None:
    ended = example("web", lang=lang)
    assert (ended.code, ended.out, ended.err) == (0, f"{ADDRESS}\n", STOPS[lang])
    assert started.opened == [ADDRESS]
    assert started.offices[0].language == lang
    assert not started.offices[0].read_only


def test_no_browser_is_opened_and_nothing_can_be_written_where_it_is_asked_so(example: Mureg, started: Started) -> None:
    assert example("web", "--no-browser", "--read-only").out == f"{ADDRESS}\n"
    assert started.opened == []
    assert started.offices[0].read_only


def test_a_program_reads_the_address_as_json(example: Mureg, started: Started) -> None:
    ended = example("web", "--no-browser", "--json")
    assert ended.json == {"address": ADDRESS}
    assert started.offices


@pytest.mark.parametrize(
    ("lang", "error"),
    [
        ("en", "Error: mureg web listens on this computer only, and not on 0.0.0.0: it has no passwords\n"),
        ("ru", "Ошибка: mureg web доступен только с этого компьютера, а не на 0.0.0.0: в нём нет паролей\n"),
    ],
)
def test_other_computers_are_refused_with_the_reason(example: Mureg, started: Started, lang: str, error: str) -> None:
    ended = example("web", "--host", "0.0.0.0", lang=lang)  # noqa: S104  this is refused
    assert (ended.code, ended.out) == (5, "")
    assert ended.err.startswith(error)
    assert started.offices == []


@pytest.mark.parametrize(
    ("lang", "error"),
    [
        ("en", "Error: the port {} is in use\nleave --port out: mureg web takes a free one\n"),
        ("ru", "Ошибка: порт {} занят\nуберите --port: mureg web выберет свободный\n"),
    ],
)
def test_a_port_in_use_is_refused(example: Mureg, started: Started, lang: str, error: str) -> None:
    with server.listening("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        ended = example("web", "--port", str(port), lang=lang)
    assert (ended.code, ended.out, ended.err) == (5, "", error.format(port))
    assert started.offices == []


def test_a_port_that_the_system_does_not_give_is_refused_with_its_reason(
    example: Mureg, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forbidden(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Forbidden)
    ended = example("web", "--port", "80")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "Error: cannot listen on 127.0.0.1, port 80: Permission denied\nleave --port out: mureg web takes a free one\n"
    )


@pytest.mark.parametrize("port", ["65536", "-1", "x"])
def test_a_port_that_is_none_is_wrong_usage(example: Mureg, started: Started, port: str) -> None:
    ended = example("web", f"--port={port}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Error: invalid --port: ")
    assert ended.err.endswith("see the help: mureg web -h\n")
    assert started.offices == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_a_register_it_says_how_to_make_one(mureg: Mureg, started: Started) -> None:
    ended = mureg("web")
    assert (ended.code, ended.out) == (7, "")
    assert "mureg init" in ended.err
    assert started.offices == []


def test_broken_settings_stop_only_what_needs_them(example: Mureg, started: Started) -> None:
    settings = Path("mureg.toml")
    settings.write_text(settings.read_text(encoding="utf-8") + "\nwrong = [\n", encoding="utf-8")
    assert example("web", "--no-browser").code == 0
    sessions = Sessions()
    client = TestClient(server.application(started.offices[0], sessions, PORT), base_url=ORIGIN)
    first = client.get(f"/?token={sessions.new_token()}")
    assert first.status_code == 422
    assert "mureg.toml" in first.text
    assert "invalid TOML" in first.text
    listed = client.get("/applications")
    assert listed.status_code == 200
    assert "ZV-1042" in listed.text


@pytest.mark.parametrize(
    ("lang", "error"),
    [
        ("en", "Error: mureg web needs packages that are not installed: uvicorn\ninstall them: "),
        ("ru", "Ошибка: для mureg web не установлены пакеты: uvicorn\nустановите их: "),
    ],
)
def test_without_its_packages_it_says_how_to_install_them(
    example: Mureg, monkeypatch: pytest.MonkeyPatch, lang: str, error: str
) -> None:
    monkeypatch.setenv("MUREG_LANG", lang)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    script = "import sys; sys.modules['uvicorn'] = None; sys.argv[0] = 'mureg'; from mureg.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", script, "web"], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'{error}pip install "mureg[web]"\n'


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to another process")
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_ctrl_c_ends_it_without_an_error(example: Mureg, lang: str) -> None:
    with running_page(Path.cwd(), MUREG_LANG=lang) as page, visiting(page.address) as browser:
        assert browser.get("/applications").status == 200
    assert page.said == STOPS[lang]
    assert page.process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to another process")
def test_ctrl_c_does_not_wait_for_a_request_that_waits_for_the_register(example: Mureg) -> None:
    held = office()
    with running_page(Path.cwd()) as page, visiting(page.address) as browser:
        shown = browser.get("/application?number=ZV-1042")

        def process() -> None:
            with suppress(httpx2.HTTPError):  # the server has ended
                browser.send(shown, "/application/process")

        request = threading.Thread(target=process)
        with held.register() as register, register.operation(held.actor("test"), dry_run=True):
            request.start()
            time.sleep(1)
            page.process.send_signal(signal.SIGINT)
            assert page.process.wait(timeout=20) == 0
        request.join()
    assert page.said == STOPS["en"]
    assert example.done("application", "show", "ZV-1042", "--json").json["status"] == "new"
    example.done("check")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM and no SIGKILL")
@pytest.mark.parametrize("ending", ["SIGTERM", "SIGKILL"])
def test_after_any_end_it_starts_again_at_the_same_port(example: Mureg, ending: str) -> None:
    with server.listening("127.0.0.1", 0) as free:
        port = str(free.getsockname()[1])
    before = sorted(path.name for path in Path.cwd().iterdir())
    with running_page(Path.cwd(), "--port", port) as page, visiting(page.address) as browser:
        assert browser.get("/").status == 200
        page.process.send_signal(getattr(signal, ending))
        assert page.process.wait(timeout=20) == -getattr(signal, ending)
    assert page.said == STOPS["en"]
    assert sorted(path.name for path in Path.cwd().iterdir()) == before
    with running_page(Path.cwd(), "--port", port, "--json") as again:
        assert f":{port}/?token=" in json.loads(again.address)["address"]
