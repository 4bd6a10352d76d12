"""The file: durable, private, complete or not there, and one clear line for each way in which it cannot be used."""

import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from netmgr.adapters.store_sql import open_sqlite, open_store, sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.entry import Body
from netmgr.workflows import log as workflow
from tests.unit.log.drafts import draft

CLOCK = SystemClock()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def run(program, *arguments, **options):
    """A Python program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )


@pytest.fixture
def shared(tmp_path_factory):
    """A directory that an ordinary user reaches, even where the tests run as root."""
    directory = Path(tempfile.mkdtemp(prefix="netmgr-log-"))
    directory.chmod(0o777)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def ordinary_user(shared):
    """File permissions do not bind root: be somebody whom they do."""
    open_sqlite(shared / "first" / "store.db", CLOCK).close()  # import everything while that is still allowed
    shutil.rmtree(shared / "first")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_store_is_made_private_and_durable(log, path):
    log.append("acme", [draft()])
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["store.db", "store.db-shm", "store.db-wal"]
    assert {mode(file) for file in files} == {0o600}
    assert mode(path.parent) == 0o700
    with log._writer.begin() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_file_that_others_may_read_is_made_private_again(path):
    open_sqlite(path, CLOCK).close()
    path.chmod(0o644)
    open_sqlite(path, CLOCK).close()
    assert mode(path) == 0o600


def test_a_store_keeps_its_identity_and_its_entries(path):
    with open_sqlite(path, CLOCK) as log:
        identity, entries = log.identity, log.append("acme", [draft(), draft()])
    with open_store(f"sqlite:///{path}", CLOCK) as log:
        assert (log.identity, tuple(log.entries("acme"))) == (identity, entries)


def test_a_directory_whose_name_means_something_to_sqlite_is_only_a_name(tmp_path):
    path = tmp_path / "a?mode=memory#b %41 ü" / "store.db"
    with open_sqlite(path, CLOCK) as log:
        log.append("acme", [draft()])
    with open_sqlite(path, CLOCK) as log:
        assert log.head("acme").seq == 1


def test_alembic_is_imported_only_where_the_schema_is_behind(path):
    program = """
        import sys
        from pathlib import Path
        from netmgr.adapters.store_sql import open_sqlite
        from netmgr.adapters.system_clock import SystemClock
        open_sqlite(Path(sys.argv[1]), SystemClock()).close()
        print("alembic" in sys.modules)
    """
    assert [run(program, path).stdout for _ in ("new", "there")] == ["False\n", "False\n"]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE numbers; UPDATE alembic_version SET version_num = '0006'")
    assert [run(program, path).stdout for _ in ("behind", "there")] == ["True\n", "False\n"]


def test_a_killed_creation_leaves_nothing_in_the_way(path):
    path.parent.mkdir(mode=0o700)
    for name in ("store.db.new", "store.db.new-wal", "store.db.new-shm"):
        (path.parent / name).write_bytes(b"half a database")
    with open_sqlite(path, CLOCK) as log:
        log.append("acme", [draft()])
    assert not list(path.parent.glob("*.new*"))


def test_many_processes_at_first_use_make_one_store(path):
    program = """
        import sys
        from pathlib import Path
        from netmgr.adapters.store_sql import open_sqlite
        from netmgr.adapters.system_clock import SystemClock
        with open_sqlite(Path(sys.argv[1]), SystemClock()) as log:
            print(log.identity)
    """
    children = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), str(path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    identities = [child.communicate(timeout=120)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert len(set(identities)) == 1


def refused(path, url=None):
    with pytest.raises(StoreError) as error:
        (open_store(url, CLOCK) if url else open_sqlite(path, CLOCK)).close()
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("url", ["mysql://ops:hunter2@db/netmgr", "sqlite://", "sqlite:///", "store.db"])
def test_another_kind_of_store_is_refused_without_showing_its_password(url):
    scheme = url.partition(":")[0]
    assert refused(None, url) == (
        f"store: {scheme}: not a store that this netmgr has; write sqlite:///PATH in config/netmgr.yaml"
    )


def test_a_directory_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / ".netmgr" / "store.db"
    assert refused(path).startswith(f"{tmp_path / 'file' / '.netmgr'}: cannot be made: Not a directory; ")


@pytest.mark.usefixtures("ordinary_user")
def test_an_unwritable_directory_is_refused(shared):
    directory = shared / "mine"
    directory.mkdir(mode=0o500)
    path = directory / "store.db"
    assert refused(path) == (
        f"{path}: service log: Permission denied; make the file and its directory writable for you"
    )
    assert list(directory.iterdir()) == []
    directory.chmod(0o700)
    open_sqlite(path, CLOCK).close()
    directory.chmod(0o500)
    assert refused(path).startswith(f"{path}: service log: it cannot be ")
    directory.chmod(0o700)


@pytest.mark.usefixtures("ordinary_user")
def test_a_read_only_file_is_refused(shared):
    path = shared / "mine" / "store.db"
    open_sqlite(path, CLOCK).close()
    path.chmod(0o400)
    assert refused(path) == f"{path}: service log: the file is read-only; make it writable for you"
    assert mode(path) == 0o400


def test_a_file_that_becomes_unwritable_refuses_the_entry(log, path):
    """The reader's half keeps working: what is logged can still be read and verified."""
    log.append("acme", [draft()])
    with log._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.rollback()
    with pytest.raises(StoreError) as error:
        log.append("acme", [draft()])
    assert str(error.value) == (
        f"{path}: service log: it cannot be written; make the file and its directory writable for you "
        "(attempt to write a readonly database)"
    )
    assert [entry.seq for entry in log.entries("acme")] == [1]


@pytest.mark.parametrize("content", [b"", b"# not a database\n" * 400], ids=["empty", "text"])
def test_a_file_that_is_no_log_is_refused_and_left_alone(path, content):
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    message = refused(path)
    assert message.startswith(f"{path}: ")
    assert "not a service log" in message
    assert path.read_bytes() == content or content == b""


def test_another_programs_database_is_refused_and_left_alone(path):
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE contacts (name TEXT)")
    assert refused(path) == f"{path}: it is not a service log; move it away or restore the log from a backup"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("contacts",)]


def test_a_damaged_file_is_refused(path):
    with open_sqlite(path, CLOCK) as log:
        log.append("acme", [draft() for _ in range(500)])
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    message = refused(path)
    assert message.startswith(f"{path}: service log: the file is damaged; restore it from a backup (")


def test_a_damaged_page_is_one_line_when_it_is_met(path):
    with open_sqlite(path, CLOCK) as log:
        log.append("acme", [draft(facts={"filler": "x" * 1000}) for _ in range(500)])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * (path.stat().st_size // 4))
    with open_sqlite(path, CLOCK) as log, pytest.raises(StoreError) as error:
        list(log.entries("acme"))
    assert str(error.value).startswith(f"{path}: service log: ")
    assert "\n" not in str(error.value)


def test_a_newer_schema_is_refused(path):
    open_sqlite(path, CLOCK).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0009'")
    assert refused(path) == (
        f"{path}: the service log's schema (0009) is newer than this netmgr knows (0007); upgrade netmgr to use it"
    )


def fill(log):
    """Let the file grow no further."""
    with log._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()


def test_a_full_disk_refuses_the_entry_and_changes_nothing(log, path):
    log.append("acme", [draft()])
    fill(log)
    big = draft(body=Body(b"x" * 1_000_000, "text/plain"))
    with pytest.raises(StoreError) as error:
        log.append("acme", [draft(), big])
    assert str(error.value) == (
        f"{path}: service log: the disk is full; free some space and repeat (database or disk is full)"
    )
    assert [entry.seq for entry in log.entries("acme")] == [1]
    assert [entry.seq for entry in log.append("acme", [draft()])] == [2]


def test_a_write_that_the_system_refuses_leaves_every_acknowledged_entry(log, path, key):
    """The kernel itself fails the write, half way through a batch."""
    log.append("acme", [draft()])
    program = """
        import sys
        from pathlib import Path
        from netmgr.adapters.store_sql import open_sqlite
        from netmgr.adapters.system_clock import SystemClock
        from netmgr.errors import StoreError
        from netmgr.model.entry import Body
        from tests.unit.log.drafts import draft
        with open_sqlite(Path(sys.argv[1]), SystemClock()) as log:
            try:
                while True:
                    entries = log.append("acme", [draft(), draft(body=Body(b"x" * 20_000, "text/plain"))])
                    print(entries[-1].seq, flush=True)
            except StoreError as error:
                print(error)
    """

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    *acknowledged, message = run(program, path, preexec_fn=limit).stdout.splitlines()
    assert len(acknowledged) >= 3
    assert message.startswith(f"{path}: service log: reading or writing failed; check the disk")
    assert log.head("acme").seq == int(acknowledged[-1])
    assert workflow.verify(log, key, "acme").holds


def test_a_log_that_is_held_too_long_is_one_line(log, path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_sqlite(path, CLOCK) as waiting, pytest.raises(StoreError) as error:
            waiting.append("acme", [draft()])
        other.execute("ROLLBACK")
    assert str(error.value) == (
        f"{path}: service log: another netmgr has been writing to it for too long; "
        "wait until that command ends and repeat (database is locked)"
    )
    assert log.head("acme") is None


def test_no_body_reaches_an_error_or_its_traceback(log, path):
    log.append("acme", [draft()])
    fill(log)
    secret = draft(body=Body(b"hunter2" * 20_000, "text/plain"))
    try:
        log.append("acme", [secret])
    except StoreError as error:
        shown = "".join(traceback.format_exception(error))
    assert "INSERT INTO" in shown
    assert "[SQL parameters hidden due to hide_parameters=True]" in shown
    assert "hunter2" not in shown
