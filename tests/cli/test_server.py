"""A register on a server: how it is made, who may do what in it, and the errors when it cannot be used."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from mureg.register.engines.postgres import schema as postgres_schema
from mureg.register.engines.postgres.database import PostgreSQL
from mureg.register.register import Register
from support import postgres_server
from support.command_line import Ended, Mureg
from support.sample_data import begin, listed, row, write_table

pytestmark = pytest.mark.slow


@pytest.fixture
def engine() -> str:
    """Every test here is of a server."""
    return "postgres"


@pytest.fixture
def base(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of its own, without a register; MUREG_DB names it."""
    url = postgres_server.new_database()
    monkeypatch.setenv("MUREG_DB", url)
    yield url
    postgres_server.drop_database(url)
    with postgres_server.admin() as admin:
        # Those that `roles` made belong to the server, on which others may be using them.
        mine = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
        for (role,) in admin.execute(mine, [f"{name_of(url)}_"]).fetchall():
            admin.execute(f"DROP ROLE {role}")


def role(url: str, name: str) -> str:
    """The name of a role that is this database's own."""
    return f"{name_of(url)}_{name}"


def name_of(url: str) -> str:
    found = re.search(r"/(t[0-9_]+)\?", url)
    assert found is not None
    return found[1]


def test_init_makes_the_register_and_prints_the_sql_of_the_roles(mureg: Mureg, base: str) -> None:
    ended = mureg.done("init")
    assert ended.out.startswith(f"Created: mureg.toml\nCreated: postgresql://postgres@/{name_of(base)}")
    assert f'CREATE ROLE "{name_of(base)}_mureg_reader" NOLOGIN;\n' in ended.out
    assert "a role for reading and a role for working" in ended.err
    again = mureg.done("init")
    assert again.out.startswith(f"Kept: mureg.toml\nKept: postgresql://postgres@/{name_of(base)}")
    assert listed(mureg) == []
    assert mureg("check") == Ended(0, "", "")


def test_a_dry_run_of_init_makes_nothing(mureg: Mureg, base: str) -> None:
    assert mureg.done("init", "--dry-run", "--json").json["made"][1].startswith("postgresql://postgres@/")
    assert not Path("mureg.toml").exists()
    ended = mureg("application", "list")
    assert (ended.code, ended.out) == (7, "")
    assert ended.err.startswith("Error: no register at postgresql://postgres@/")
    assert "mureg init" in ended.err


def test_who_is_no_superuser_needs_no_more_than_to_make_a_schema(
    mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.admin() as admin:
        admin.execute(f"CREATE ROLE {role(base, 'olga')} LOGIN")
        admin.execute(f"CREATE ROLE {role(base, 'petr')} LOGIN")
        admin.execute(f"GRANT CREATE ON DATABASE {name_of(base)} TO {role(base, 'olga')}")
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(base, role(base, "petr")))
    ended = mureg("init")
    assert (ended.code, ended.out) == (7, "")
    assert f"{role(base, 'petr')} is not allowed to create a schema" in ended.err
    assert f"CREATE SCHEMA mureg AUTHORIZATION {role(base, 'petr')}" in ended.err
    assert not Path("mureg.toml").exists()
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(base, role(base, "olga")))
    mureg.done("init")
    mureg.done("application", "import", write_table("a.csv", row("A-1")))
    assert listed(mureg) == ["A-1"]


def test_a_schema_made_by_the_administrator_is_enough(mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres_server.admin(base) as admin:
        admin.execute(f"CREATE ROLE {role(base, 'petr')} LOGIN")
        admin.execute(f"CREATE SCHEMA mureg AUTHORIZATION {role(base, 'petr')}")
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(base, role(base, "petr")))
    mureg.done("init")
    assert mureg("check") == Ended(0, "", "")


def test_many_rows_come_in_without_the_right_to_temporary_tables(
    mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.admin(base) as admin:
        admin.execute(f"REVOKE TEMPORARY ON DATABASE {name_of(base)} FROM PUBLIC")
        admin.execute(f"CREATE ROLE {role(base, 'petr')} LOGIN")
        admin.execute(f"CREATE SCHEMA mureg AUTHORIZATION {role(base, 'petr')}")
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(base, role(base, "petr")))
    mureg.done("init")
    numbers = [f"A-{place:03}" for place in range(300)]
    mureg.done("application", "import", write_table("a.csv", *map(row, numbers)))
    assert listed(mureg) == numbers
    assert mureg("check") == Ended(0, "", "")


def test_the_roles_read_and_work_and_never_change_the_history(
    mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(mureg)
    with postgres_server.admin(base) as admin:
        roles = mureg.done("init", "--json").json["roles"]
        admin.execute(roles)
        admin.execute(roles)  # as for a second register on the same server, or after an upgrade
        admin.execute(f"CREATE ROLE {role(base, 'reader')} LOGIN IN ROLE {name_of(base)}_mureg_reader")
        admin.execute(f"CREATE ROLE {role(base, 'worker')} LOGIN IN ROLE {name_of(base)}_mureg_worker")
        admin.execute(f"CREATE ROLE {role(base, 'stranger')} LOGIN")
    worker, reader, stranger = (
        postgres_server.address_of(base, role(base, name)) for name in ("worker", "reader", "stranger")
    )
    monkeypatch.setenv("MUREG_DB", worker)
    mureg.done("application", "import", write_table("a.csv", row("A-1"), row("A-2")))
    mureg.done("application", "process", "A-1", "--on", "2023-08-14")
    mureg.done("application", "reject", "A-2", "--comment", "нет", "--on", "2023-08-14")
    mureg.done("undo")
    mureg.done("month", "close", "2023-08", "--leave", "A-2", "--without-statement", "--reason", "нет")
    mureg.done("month", "reopen", "2023-08", "--reason", "рано")
    for sql in ("UPDATE mureg.history SET done_by = 'x'", "TRUNCATE mureg.history CASCADE", "DROP TABLE mureg.month"):
        with psycopg.connect(worker) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql)
    monkeypatch.setenv("MUREG_DB", reader)
    assert listed(mureg) == ["A-1", "A-2"]
    assert mureg("check") == Ended(0, "", "")
    ended = mureg("application", "process", "A-2", "--on", "2023-08-14")
    assert (ended.code, ended.out) == (7, "")
    assert "permission denied in the register" in ended.err
    assert "mureg init prints the SQL" in ended.err
    monkeypatch.setenv("MUREG_DB", stranger)
    ended = mureg("application", "list")
    assert (ended.code, ended.out) == (7, "")
    assert "permission denied in the register" in ended.err


def test_a_role_of_one_database_does_not_work_in_another(
    mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = postgres_server.new_database()
    for url in (base, other):
        roles = mureg.done("init", "--db", url, "--json").json["roles"]
        with postgres_server.admin(url) as admin:
            admin.execute(roles)
    with postgres_server.admin(base) as admin:
        admin.execute(f"CREATE ROLE {role(base, 'worker')} LOGIN IN ROLE {name_of(base)}_mureg_worker")
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(base, role(base, "worker")))
    mureg.done("application", "import", write_table("a.csv", row("A-1")))
    monkeypatch.setenv("MUREG_DB", postgres_server.address_of(other, role(base, "worker")))
    ended = mureg("application", "import", "a.csv")
    assert (ended.code, ended.out) == (7, "")
    assert "permission denied in the register" in ended.err
    postgres_server.drop_database(other)


def test_names_of_roles_are_quoted_and_short_enough() -> None:
    long = [postgres_schema.roles("база" * 20 + end, "partner_7") for end in "12"]
    names = [re.findall(r'CREATE ROLE "([^"]*)"', sql) for sql in long]
    assert len({name for some in names for name in some}) == 4
    assert all(len(name.encode()) <= 63 and name.endswith(("_reader", "_worker")) for some in names for name in some)
    quoted = postgres_schema.roles("o'ne\"two", "mureg")
    assert "rolname = 'o''ne\"two_mureg_reader'" in quoted
    assert 'CREATE ROLE "o\'ne""two_mureg_reader"' in quoted


def test_a_guarded_table_cannot_be_emptied(example: Mureg) -> None:
    for table in ("history", "history_subject", "charge", "month", "statement", "resolution", "invoice"):
        with (
            postgres_server.admin(os.environ["MUREG_DB"]) as admin,
            pytest.raises(psycopg.errors.RaiseException, match="is closed to change"),
        ):
            admin.execute(f"TRUNCATE mureg.{table} CASCADE")


def test_texts_compare_by_code_points_whatever_the_language_of_the_server(example: Mureg) -> None:
    with postgres_server.admin(os.environ["MUREG_DB"]) as admin:
        others = admin.execute("""
            SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'mureg' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
        """).fetchall()
    assert others == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://olga:secret@127.0.0.1:1/base",
        "postgresql://127.0.0.1:1/base?user=olga&password=secret",
        "postgresql://olga:secret@no.such.host.invalid/base",
        "postgresql://olga:se/secret@host/base",
        "postgresql://olga:secret@host:port/base",
        "postgresql://olga:secret@host/base?nonsense=secret&x",
        "postgresql://nohost.invalid/base?user=olga&password=se@secret",
        "postgresql://olga:se@secret@nohost.invalid/base",
    ],
)
@pytest.mark.parametrize("command", [["application", "list"], ["init"], ["check", "--json"], ["support"]])
def test_the_error_of_an_address_without_a_server_has_no_password(
    mureg: Mureg, address: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUREG_DB", address)
    ended = mureg(*command)
    assert ended.code == (0 if command == ["support"] else 7)
    assert "secret" not in ended.out + ended.err
    if ended.code:
        assert "cannot reach" in ended.err or "is not the address of a server" in ended.err
    assert not Path("mureg.toml").exists()


def test_the_password_comes_from_the_surroundings_and_is_never_shown(
    mureg: Mureg, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_server.admin(base) as admin:
        admin.execute(f"DROP ROLE IF EXISTS {postgres_server.DISTRUSTED}")
        admin.execute(f"CREATE ROLE {postgres_server.DISTRUSTED} LOGIN PASSWORD 'Пароль-1'")
        admin.execute(f"CREATE SCHEMA mureg AUTHORIZATION {postgres_server.DISTRUSTED}")
    url = postgres_server.address_of(base, postgres_server.DISTRUSTED)
    monkeypatch.setenv("MUREG_DB", url)
    ended = mureg("init")
    assert (ended.code, ended.out) == (7, "")
    assert "cannot reach" in ended.err
    assert "(PGPASSWORD, ~/.pgpass or the service file)" in ended.err
    monkeypatch.setenv("PGPASSWORD", "Пароль-2")
    ended = mureg("init", "--json")
    assert ended.code == 7
    assert "Пароль" not in ended.err
    monkeypatch.setenv("PGPASSWORD", "Пароль-1")
    mureg.done("init")
    monkeypatch.delenv("PGPASSWORD")
    file = Path("pgpass")
    file.write_text(f"*:*:*:{postgres_server.DISTRUSTED}:Пароль-1\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file.absolute()))
    assert listed(mureg) == []
    monkeypatch.delenv("PGPASSFILE")
    # A password in the address is not shown either.
    monkeypatch.setenv("MUREG_DB", url.replace("@", ":%D0%9F%D0%B0%D1%80%D0%BE%D0%BB%D1%8C-1@"))
    mureg.done("application", "import", write_table("a.csv", row("A-1")))
    shown = "".join(
        mureg(*words).out for words in (["support"], ["history", "--json"], ["init"], ["backup", "b.db"], ["check"])
    )
    assert postgres_server.DISTRUSTED in shown
    assert "%D0%9F" not in shown
    assert "Пароль" not in shown


def test_a_missing_database_is_an_error(mureg: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUREG_DB", postgres_server.server().get_uri(database="no_such_base"))
    ended = mureg("application", "list")
    assert ended.code == 7
    assert 'database "no_such_base" does not exist' in ended.err
    assert "PGPASSWORD" in ended.err


def test_a_connection_lost_in_the_middle_of_an_operation_leaves_nothing(example: Mureg) -> None:
    before = len(example.done("history", "--json").json)
    url = os.environ["MUREG_DB"]
    done = threading.Event()

    def cut_when_it_waits() -> None:
        with postgres_server.admin(url) as admin:
            while not done.is_set():
                admin.execute("""
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'mureg' AND wait_event_type = 'Lock' AND datname = current_database()
                """)
                time.sleep(0.05)

    with postgres_server.admin(url) as holder:
        # Another session holds a row lock: the operation has begun, and waits.
        holder.execute("BEGIN; SELECT 1 FROM mureg.application WHERE number = 'ZV-1042' FOR UPDATE")
        cutter = threading.Thread(target=cut_when_it_waits)
        cutter.start()
        ended = example("application", "set-multiuser", "ZV-1042", "--off")
        done.set()
        cutter.join()
    assert (ended.code, ended.out) == (7, "")
    assert "was lost" in ended.err
    assert "nothing was written" in ended.err
    assert len(example.done("history", "--json").json) == before
    assert example("check") == Ended(0, "", "")


def test_a_connection_lost_at_the_very_end_is_reported_as_such(example: Mureg, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = PostgreSQL._commit

    def cut_and_commit(database: PostgreSQL) -> None:
        with postgres_server.admin(os.environ["MUREG_DB"]) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [database._connection.info.backend_pid])
        commit(database)

    with monkeypatch.context() as patch:
        patch.setattr(PostgreSQL, "_commit", cut_and_commit)
        ended = example("application", "set-multiuser", "ZV-1042", "--off")
    assert (ended.code, ended.out) == (7, "")
    assert "was lost while the operation was being committed: it may have been written\n" in ended.err
    assert "mureg history" in ended.err
    assert example("check") == Ended(0, "", "")


ASKS_TO_REPEAT = """
    CREATE SEQUENCE mureg.requests;
    CREATE FUNCTION mureg.ask() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
        IF nextval('mureg.requests') <= {times} THEN
            RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '{code}';
        END IF;
        RETURN NULL;
    END $body$;
    CREATE CONSTRAINT TRIGGER ask AFTER INSERT ON mureg.history {when}
    FOR EACH ROW EXECUTE FUNCTION mureg.ask();
"""


@pytest.fixture
def asking(base: str, mureg: Mureg) -> Callable[..., str]:
    """A register whose server asks for a given number of repeats; what its sequence counted afterwards."""
    mureg.done("init")
    mureg.done("application", "import", write_table("a.csv", row("A-1")))

    def ask(times: int, code: str = "40001", when: str = "DEFERRABLE INITIALLY DEFERRED") -> str:
        with postgres_server.admin(base) as admin:
            admin.execute(ASKS_TO_REPEAT.format(times=times, code=code, when=when))
        return base

    return ask


def requests_of(base: str) -> int:
    with postgres_server.admin(base) as admin:
        ((times,),) = admin.execute("SELECT last_value FROM mureg.requests").fetchall()
    return int(times)


def assert_sound(mureg: Mureg, base: str) -> None:
    """The register passes its checks once the trigger is gone, which mureg did not create."""
    assert "trigger ask ON history" in mureg("check").out
    with postgres_server.admin(base) as admin:
        admin.execute("DROP FUNCTION mureg.ask() CASCADE")
    assert mureg("check") == Ended(0, "", "")


@pytest.mark.parametrize("code", ["40001", "40P01"])
@pytest.mark.parametrize("when", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_what_the_server_asks_to_be_repeated_is_repeated(
    mureg: Mureg, asking: Callable[..., str], code: str, when: str
) -> None:
    base = asking(3, code, when)
    ended = mureg.done("application", "set-multiuser", "A-1", "--off", "--json")
    assert ended.json["operation"] == 2
    assert requests_of(base) == 4
    assert len(mureg.done("history", "--json").json) == 2
    assert_sound(mureg, base)


def test_what_cannot_be_read_twice_is_not_repeated(mureg: Mureg, asking: Callable[..., str]) -> None:
    base = asking(1)
    table = Path(write_table("b.csv", row("B-1"))).read_bytes()
    ended = mureg("application", "import", "-", stdin=table)
    assert (ended.code, ended.out) == (7, "")
    assert "another program changed the same rows" in ended.err
    assert "nothing was written; run the command again" in ended.err
    assert requests_of(base) == 1
    assert listed(mureg) == ["A-1"]


def test_a_server_that_always_asks_for_a_repeat_is_an_error(
    mureg: Mureg, asking: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mureg.cli.main._RETRY_SECONDS", 0.5)
    base = asking(1_000_000)
    ended = mureg("application", "set-multiuser", "A-1", "--off", "--json")
    assert (ended.code, ended.out) == (7, "")
    assert ended.error["message"] == "another program changed the same rows at the same time"
    assert requests_of(base) > 1
    assert_sound(mureg, base)


def test_a_command_that_the_server_stops_as_too_long_is_an_error(mureg: Mureg, asking: Callable[..., str]) -> None:
    base = asking(0, when="")
    with postgres_server.admin(base) as admin:
        admin.execute("""
            CREATE OR REPLACE FUNCTION mureg.ask() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
                PERFORM pg_sleep(60); RETURN NULL;
            END $body$
        """)
        admin.execute(f"ALTER DATABASE {name_of(base)} SET statement_timeout = '200ms'")
    ended = mureg("application", "set-multiuser", "A-1", "--off", lang="ru")
    assert (ended.code, ended.out) == (7, "")
    assert "statement_timeout" in ended.err
    assert "ничего не записано" in ended.err
    assert_sound(mureg, base)


def test_registers_of_several_partners_fit_into_one_database(mureg: Mureg, base: str) -> None:
    one, two = (f"{base}&schema=partner_{number}" for number in (1, 2))
    for url, number in ((one, "A-1"), (two, "B-1"), (base, "C-1")):
        ended = mureg.done("init", "--db", url)
        assert (f'CREATE ROLE "{name_of(base)}_partner_1_reader" NOLOGIN;\n' in ended.out) == (url == one)
        mureg.done("--db", url, "application", "import", write_table("a.csv", row(number)))
    assert [listed(mureg, "--db", url) for url in (one, two, base)] == [["A-1"], ["B-1"], ["C-1"]]
    with postgres_server.admin(base) as admin:
        for url in (one, two):
            admin.execute(mureg.done("init", "--db", url, "--json").json["roles"])
        granted = (
            f"SELECT has_table_privilege('{name_of(base)}_partner_1_worker', 'partner_{{}}.application', 'INSERT')"
        )
        assert [admin.execute(granted.format(number)).fetchone() for number in (1, 2)] == [(True,), (False,)]
    mureg.done("copy", one, f"{base}&schema=moved")
    assert listed(mureg, "--db", f"{base}&schema=moved") == ["A-1"]
    for url in (one, two, base, f"{base}&schema=moved"):
        assert mureg("check", "--db", url) == Ended(0, "", "")
    with (
        pytest.raises(psycopg.errors.RaiseException, match="history is closed to change"),
        postgres_server.admin(base) as admin,
    ):
        admin.execute("DELETE FROM partner_2.history")


def test_writing_in_one_schema_does_not_lock_another(mureg: Mureg, base: str) -> None:
    other = f"{base}&schema=other"
    for url in (base, other):
        mureg.done("init", "--db", url)
    with Register.making(f"{base}&schema=third"):
        mureg.done("--db", other, "application", "import", write_table("a.csv", row("A-1")))
    assert mureg("check", "--db", f"{base}&schema=third") == Ended(0, "", "")


@pytest.mark.parametrize(
    "names", ["schema=", "schema=A", "schema=a b", "schema=public", "schema=pg_x", 'schema=a"b', "schema=a&schema=b",
              "schema=" + "a" * 51, "schema=7a", "schema=information_schema"]
)  # fmt: skip
def test_what_can_be_no_schema_is_refused(mureg: Mureg, base: str, names: str) -> None:
    ended = mureg("init", "--db", f"{base}&{names}")
    assert (ended.code, ended.out) == (7, "")
    assert "does not name a valid schema" in ended.err
    assert "?schema=partner_7" in ended.err
