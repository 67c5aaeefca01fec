"""`mureg web`: its start, its pages beside one that only renders and beside datasette, ten people at once, memory."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bench import Bench, Measure
from measuring import MIB, Finished, Line, in_pairs
from registers import register_of

_HERE = Path(__file__).parent
_MONTHS = 36
# One run of a measure asks so often.
_REQUESTS = 60
_PEOPLE, _OF_EACH = 10, 40
PAGES = {
    "today": "/",
    "a page of the list": "/applications",
    "a card": "/application?number=ZV-00000500",
    "a page of the history": "/history",
    "a page of the licences": "/licences",
    "a page of the organizations": "/organizations",
    "the months": "/months",
    "a month": "/month?month=2023-08",
    "the invoices": "/invoices",
}


class Server:
    """A process that serves, with one connection to it."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self._process = process
        self.host, _, path = address.removeprefix("http://").partition("/")
        self._cookie = ""
        self.connection = http.client.HTTPConnection(self.host)
        self._cookie = (self._asked(self.connection, f"/{path}").getheader("set-cookie") or "").partition(";")[0]

    def _asked(self, connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
        connection.request("GET", path, headers={"cookie": self._cookie} if self._cookie else {})
        answer = connection.getresponse()
        answer.read()
        return answer

    def ask(self, path: str, connection: http.client.HTTPConnection | None = None) -> float:
        """The seconds of one request."""
        began = time.perf_counter()
        answer = self._asked(connection or self.connection, path)
        if answer.status != 200:
            sys.exit(f"{self.host}{path}: {answer.status}")
        return time.perf_counter() - began

    def ask_often(self, path: str) -> Finished:
        """So many requests, with the server's processor time."""
        # A server closes a connection that was idle for some seconds, while others were measured.
        self.connection.close()
        self.ask(path)
        cpu, began = self.cpu_seconds, time.perf_counter()
        for _ in range(_REQUESTS):
            self.ask(path)
        seconds = time.perf_counter() - began
        return Finished(seconds / _REQUESTS, (self.cpu_seconds - cpu) / _REQUESTS, self.peak_mib)

    @property
    def cpu_seconds(self) -> float:
        """The processor time of the server since its start (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def peak_mib(self) -> float:
        """Its peak memory (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / MIB


@contextmanager
def served(command: Sequence[str], folder: Path) -> Iterator[Server]:
    """A server whose first line on stdout is its address."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        server = Server(process, process.stdout.readline().strip())
        yield server
        server.connection.close()
    finally:
        process.terminate()
        process.communicate()


def web(bench: Bench, register: Path) -> list[str]:
    """The command line of the page."""
    return bench.mureg("web", "--no-browser", db=register)


def floor(bench: Bench, register: Path) -> list[str]:
    """The command line of the page that only renders."""
    script = str(_HERE / "page_floor.py")
    return [str(bench.required("mureg")), script, str(register), str(bench.settings()), *PAGES.values()]


def start(bench: Bench) -> list[Line]:
    """From the start of the process to the first page."""
    register = register_of(bench, 1_000, _MONTHS)

    def started(command: Sequence[str]) -> Finished:
        began = time.perf_counter()
        with served(command, bench.folder) as server:
            server.ask("/")
            return Finished(time.perf_counter() - began, server.cpu_seconds, server.peak_mib)

    pairs = in_pairs(partial(started, floor(bench, register)), partial(started, web(bench, register)), bench.pairs)
    seconds = Line("`mureg web`, start to first page", "—", 1.5, [each.seconds for each in pairs.ours], " s")
    return [seconds, pairs.line("the same", "a Starlette page that only renders", None)]


def pages(bench: Bench) -> list[Line]:
    """Each page beside the same template with its values ready, and in a register of millions beside a small one."""
    count = bench.scaled(5_000_000)
    small, large = register_of(bench, 1_000, _MONTHS), register_of(bench, count, _MONTHS)
    # A thousand of three years have fewer charges in a month than a page shows.
    of_one_year = register_of(bench, 1_000, 12)
    month, lines = PAGES["a month"], []
    with (
        served(web(bench, small), bench.folder) as ours,
        served(web(bench, of_one_year), bench.folder) as ours_of_one_year,
        served(web(bench, large), bench.folder) as ours_large,
        served(floor(bench, small), bench.folder) as rendering,
    ):
        for name, path in PAGES.items():
            of_large = in_pairs(partial(ours.ask_often, path), partial(ours_large.ask_often, path), bench.pairs)
            milliseconds = [each.cpu_seconds * 1_000 for each in of_large.floors]
            lines.append(Line(f"{name}, of 1,000", "the server's processor time", 30, milliseconds, " ms"))
            lines.append(of_large.line(f"{name}, of {count:,}", "of 1,000", 1.3, by_processor=True))
            beside = in_pairs(partial(rendering.ask_often, path), partial(ours.ask_often, path), bench.pairs)
            lines.append(beside.line(f"{name}, of 1,000", "only rendered", None, by_processor=True))
        full = partial(ours_of_one_year.ask_often, month), partial(ours_large.ask_often, month)
        name = f"a month with a full page, of {count:,}"
        lines.append(in_pairs(*full, bench.pairs).line(name, "of 1,000", 1.3, by_processor=True))
        lines.append(Line(f"all of it, of {count:,}", "peak memory", 150, [ours_large.peak_mib], " MiB"))
    return lines


def beside_datasette(bench: Bench) -> list[Line]:
    """A page of the list beside datasette's of the same table, fifty rows each."""
    if bench.python("datasette") is None:
        return []
    register = register_of(bench, 1_000, _MONTHS)
    port = "8765"
    command = [bench.script("datasette"), "serve", str(register), "--port", port, "--setting", "num_sql_threads", "3"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    path = f"/{register.stem}/application?_size=50"
    try:
        peer = _when_it_answers(lambda: Server(process, f"http://127.0.0.1:{port}/"))
        with served(web(bench, register), bench.folder) as ours:
            pairs = in_pairs(
                partial(peer.ask_often, path), partial(ours.ask_often, PAGES["a page of the list"]), bench.pairs
            )
        peer.connection.close()
    finally:
        process.terminate()
        process.communicate()
    return [pairs.line("a page of the list", "datasette, fifty rows of the same table", None, by_processor=True)]


def _when_it_answers(connect: Callable[[], Server]) -> Server:
    for _ in range(100):
        try:
            return connect()
        except OSError:
            time.sleep(0.1)
    sys.exit("datasette does not answer")


def many(bench: Bench) -> list[Line]:
    """Ten people at once, each going through the pages."""
    register = register_of(bench, bench.scaled(5_000_000), _MONTHS)
    with served(web(bench, register), bench.folder) as server:

        def person(number: int) -> list[float]:
            connection = http.client.HTTPConnection(server.host)
            paths = list(PAGES.values())
            with closing(connection):
                return [server.ask(paths[(number + turn) % len(paths)], connection) for turn in range(_OF_EACH)]

        person(0)
        ratios = []
        for _ in range(bench.pairs):
            with ThreadPoolExecutor(_PEOPLE) as pool:
                seconds = sorted(each for found in pool.map(person, range(_PEOPLE)) for each in found)
            ratios.append(seconds[len(seconds) * 99 // 100] / statistics.median(seconds))
        peak = server.peak_mib
    return [
        Line("ten people at once: the slowest of a hundred pages", "the median", 5, ratios),
        Line("ten people at once", "peak memory", 150, [peak], " MiB"),
    ]


MEASURES: dict[str, Measure] = {
    "page-start": start,
    "pages": pages,
    "page-datasette": beside_datasette,
    "page-many": many,
}
