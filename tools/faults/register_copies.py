"""Registers for one use each, on either engine, and what is in them."""

import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from mureg.register.engines.schema import TABLES
from mureg.register.history import HistoryRecord
from support import raw_sql


class RegisterCopies:
    """Registers in a folder, or in databases of a server: snapshots, and a new copy of one for each use."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder, self.engine = folder, engine
        self._snapshots: dict[str, str] = {}
        self._databases: list[str] = []

    def new(self) -> str:
        """A free place."""
        if self.engine == "sqlite":
            place = Path(tempfile.mkdtemp(dir=self.folder)) / "mureg.db"
            return str(place)
        from support import postgres_server

        url = postgres_server.new_database()
        self._databases.append(url)
        return url

    def keep(self, name: str, url: str) -> None:
        """Keep the register at the place as a snapshot."""
        self._snapshots[name] = url

    def copy_of(self, name: str) -> str:
        """A place with a copy of a snapshot."""
        if self.engine == "sqlite":
            place = self.new()
            shutil.copy(self._snapshots[name], place)
            return place
        from support import postgres_server

        url = postgres_server.new_database(template=self._snapshots[name])
        self._databases.append(url)
        return url

    def wait_until_closed(self, url: str) -> None:
        """Wait until a server has closed the sessions of killed processes."""
        if "://" not in url:
            return
        from support import postgres_server

        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with postgres_server.admin(url) as connection:
            while connection.execute(sql).fetchall() != [(0,)]:
                time.sleep(0.002)

    def drop(self, url: str) -> None:
        """Remove a place."""
        if "://" not in url:
            shutil.rmtree(Path(url).parent)
            return
        from support import postgres_server

        postgres_server.drop_database(url)
        self._databases.remove(url)

    def close(self) -> None:
        """Remove every place."""
        for url in list(self._databases):
            self.drop(url)


def has_register(target: str) -> bool:
    """Whether a register was made."""
    if "://" not in target:
        return Path(target).exists()
    from support import postgres_server

    with postgres_server.admin(target) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'mureg'").fetchall())


def content_without_chance(url: str) -> list[list[Any]]:
    """The content of a register without what differs from run to run: instants, salts, and hashes of those."""
    tables = raw_sql.content(url)
    people, history = TABLES.index("person"), TABLES.index("history")
    names = {row[0]: f"<{row[1]} {row[3]} {row[4]}>" for row in tables[people]}

    def plain(cell: Any) -> Any:
        if not isinstance(cell, str):
            return cell
        cell = re.sub(r'"(?:images|rows)_sha256":"\w+"', "", cell)
        return re.sub(r"[0-9a-f]{64}", lambda found: names.get(found[0], found[0]), cell)

    tables[people] = [(names[row[0]], row[1], *row[3:]) for row in tables[people]]
    hash_ = HistoryRecord._fields.index("hash")
    tables[history] = [(row[0], *row[2:hash_], *row[hash_ + 1 :]) for row in tables[history]]
    return [sorted((tuple(map(plain, row)) for row in rows), key=repr) for rows in tables]
