"""The shared store: made once, durable, and one clear line for each way in which it cannot be used."""

import signal
import subprocess
import sys
import textwrap
import traceback
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, event, text

from netmgr.adapters.store_sql import open_store, schema
from netmgr.adapters.store_sql.leases import SqlLocks
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.entry import Body
from netmgr.workflows import log as workflow
from tests.postgresql import PASSWORD, Server
from tests.unit.log.drafts import draft, erasure
from tests.waiting import wait_until

CLOCK = SystemClock()


@pytest.fixture
def url(postgresql):
    return postgresql.database()


@pytest.fixture
def log(url):
    with open_store(url, CLOCK, password=PASSWORD) as opened:
        yield opened


def name(url):
    return url.rpartition("/")[2]


def test_migrations_make_exactly_the_tables_and_those_of_who_shares(log):
    whole = MetaData()
    for table in (*schema.metadata.tables.values(), *schema.shared.tables.values()):
        table.to_metadata(whole)
    with log._reader.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), whole) == []


def test_migrations_make_exactly_the_indexes_with_their_conditions(log, url, postgresql):
    direct = postgresql.database()
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(direct, password=PASSWORD)
    )
    for index in (index for table in schema.metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    schema.metadata.create_all(engine)
    engine.dispose()
    question = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'entries' ORDER BY indexname"
    indexes = postgresql.execute(question, name(url))
    assert indexes == postgresql.execute(question, name(direct))
    assert len(indexes) == 11


def test_a_second_opening_finds_the_same_store_and_durability_is_said(url, log):
    with open_store(url, CLOCK, password=PASSWORD) as again:
        assert again.identity == log.identity
    assert log.durability.startswith("PostgreSQL ")
    assert log.durability.endswith(", synchronous_commit on, fsync on")


def test_a_role_that_does_not_wait_for_the_disk_waits_here(url, postgresql):
    postgresql.execute(f"ALTER DATABASE {name(url)} SET synchronous_commit = off")
    with open_store(url, CLOCK, password=PASSWORD) as log:
        assert log.durability.endswith(", synchronous_commit on, fsync on")


MAKER = textwrap.dedent("""
    import sys
    from netmgr.adapters.store_sql import open_store
    from netmgr.adapters.system_clock import SystemClock
    sys.stdin.readline()
    with open_store(sys.argv[1], SystemClock(), password=sys.argv[2]) as log:
        print(log.identity)
""")


def test_who_comes_first_at_once_makes_it_once(url):
    command = [sys.executable, "-c", MAKER, url, PASSWORD]
    makers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for maker in makers:
        maker.stdin.write("go\n")
        maker.stdin.flush()
    identities = {maker.communicate(timeout=60)[0] for maker in makers}
    assert [maker.returncode for maker in makers] == [0, 0, 0]
    assert len(identities) == 1


@pytest.mark.faults  # takes long
def test_an_erased_body_is_in_no_file_of_the_database(log, url, postgresql):
    postgresql.execute("CHECKPOINT")
    (entry,) = log.append("acme", [draft(body=Body(b"forget-me-entirely" * 50, "text/plain"))])
    postgresql.execute("CHECKPOINT")
    ((oid,),) = postgresql.execute(f"SELECT oid FROM pg_database WHERE datname = '{name(url)}'")

    def files():
        found = subprocess.run(
            ["grep", "-rl", "forget-me-entirely", f"{postgresql.data}/base/{oid}"],
            capture_output=True,
            text=True,
            check=False,
        )
        return found.stdout.splitlines()

    assert files()
    log.erase("acme", entry.body.digest, erasure(entry.body.digest))
    postgresql.execute("CHECKPOINT")
    assert files() == []


BROKEN = {
    "a wrong password": (
        lambda server, database: (server.url(database), "wrong"),
        r"it cannot be reached; start the server, check the URL, the login and the network "
        r"\(.*password authentication failed for user \"netmgr\".*\)",
    ),
    "no such database": (
        lambda server, database: (server.url("nothing"), PASSWORD),
        r"it cannot be reached; .*database \"nothing\" does not exist.*",
    ),
    "no server": (
        lambda server, database: ("postgresql://netmgr@127.0.0.1:1/netmgr", PASSWORD),
        r"it cannot be reached; .*Connection refused.*",
    ),
    "a standby": (
        lambda server, database: (
            server.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on"),
            (server.url(database), PASSWORD),
        )[1],
        r"it cannot be written: this server is a standby, or read-only; name the primary \(25006: .*\)",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_one_line_without_the_password(postgresql, url, case):
    breaks, expected = BROKEN[case]
    broken, password = breaks(postgresql, name(url))
    with pytest.raises(StoreError) as error:
        open_store(broken, CLOCK, password=password)
    said = str(error.value)
    assert "\n" not in said
    where, _, what = said.partition(": service log: ")
    assert where == broken.replace("netmgr@", "")
    __import__("re").fullmatch(expected, what) or pytest.fail(what)
    told = "".join(traceback.format_exception(error.value))
    assert not any(secret in told for secret in (PASSWORD, "wrong'"))


def test_a_url_that_is_none_is_not_repeated():
    with pytest.raises(StoreError) as error:
        open_store("postgresql://netmgr@db.example/log?pasword=oops", CLOCK)
    assert str(error.value) == (
        "store: not a connection URI of libpq; write postgresql://USER@HOST:PORT/DATABASE"
    )


def test_without_psycopg_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as error:
        open_store("postgresql://netmgr@db.example/log", CLOCK)
    assert str(error.value) == (
        "store: psycopg is not installed, which postgresql:// needs; pip install 'netmgr[postgresql]'"
    )


@pytest.fixture
def own_server():
    server = Server.make()
    yield server
    server.remove()


def test_a_server_that_does_not_sync_is_not_used(own_server):
    own_server.stop()
    own_server.start("fsync=off")
    with pytest.raises(StoreError, match=r"the server runs with fsync = off, .*; set fsync = on there$"):
        open_store(own_server.database(), CLOCK, password=PASSWORD)


def backend(connection):
    return connection.execute(text("SELECT pg_backend_pid()")).scalar()


@pytest.mark.parametrize("committed", [True, False])
def test_a_commit_whose_answer_was_lost_is_looked_for(log, postgresql, committed):
    """The server's session ends in the commit: after it was done, or before."""
    log.append("acme", [draft()])
    happened = []

    @event.listens_for(log._writer, "commit")
    def lose(connection):
        if happened:
            return
        happened.append(True)
        pid = backend(connection)
        if committed:
            connection.connection.dbapi_connection.commit()
            connection.execute(text("SELECT 1"))
        postgresql.execute(f"SELECT pg_terminate_backend({pid}, 5000)")

    if committed:
        entries = log.append("acme", [draft(), draft()])
        assert [entry.seq for entry in entries] == [2, 3]
    else:
        with pytest.raises(StoreError):
            log.append("acme", [draft(), draft()])
    assert happened
    assert [entry.seq for entry in log.entries("acme")] == ([1, 2, 3] if committed else [1])
    (last,) = log.append("acme", [draft()])
    assert last.seq == (4 if committed else 2)


STOPPED = textwrap.dedent("""
    import os, signal, sys
    from sqlalchemy import event
    from netmgr.adapters.store_sql import open_store
    from netmgr.adapters.system_clock import SystemClock
    from tests.unit.log.drafts import draft
    log = open_store(sys.argv[1], SystemClock(), password=sys.argv[2])
    event.listen(log._writer, "commit", lambda _: os.kill(os.getpid(), signal.SIGSTOP), once=True)
    try:
        log.append("acme", [draft(on="stopped")])
    except Exception as error:
        print(error)
""")


def test_a_writer_that_is_stopped_in_its_transaction_keeps_others_waiting_for_seconds_only(url, log):
    command = [sys.executable, "-c", STOPPED, url, PASSWORD]
    stopped = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        state = Path(f"/proc/{stopped.pid}/stat")
        wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", seconds=60)
        (other,) = log.append("globex", [draft(client="globex")])
        (entry,) = log.append("acme", [draft(on="ops1")])
        stopped.send_signal(signal.SIGCONT)
        said, _ = stopped.communicate(timeout=30)
    finally:
        stopped.kill()
    assert (entry.seq, other.seq) == (1, 1)
    assert "service log: " in said
    assert [entry.on for entry in log.entries("acme")] == ["ops1"]


def test_a_lease_outlives_its_server(own_server):
    """After a crash every session is gone, also that of a holder who lives: nobody takes its lease before its time."""
    url = own_server.database()
    open_store(url, CLOCK, password=PASSWORD).close()
    locks = SqlLocks(url, PASSWORD, 60)
    with locks.hold("acme", "lab", "p-1 on ops1") as lease:
        own_server.kill()
        with pytest.raises(StoreError):
            lease.ensure()
        own_server.start()
        with (
            pytest.raises(Exception, match="p-1 on ops1 is changing"),
            locks.hold("acme", "lab", "p-2 on ops2"),
        ):
            pass
        lease.ensure()
        assert locks.held("acme", "lab").epoch == lease.epoch
    assert locks.held("acme", "lab") is None


def test_the_log_of_a_shared_store_verifies(log, tmp_path):
    from netmgr.adapters.signing_key import SigningKey

    log.append("acme", [draft(body=Body(b"x", "text/plain")) for _ in range(3)])
    found = workflow.verify(log, SigningKey(tmp_path / "key"), "acme")
    assert (found.holds, found.entries, found.present) == (True, 3, 3)
