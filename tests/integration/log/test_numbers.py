"""Numbers in a store that was restored from a copy: what may have gone out since is not handed out again."""

import pytest

from netmgr.adapters.store_sql import open_sqlite
from netmgr.errors import NumbersHeld
from netmgr.model.numbering import EVERY, Counted
from tests.clock import ManualClock
from tests.contract.store.test_numbers import C, R, rebuilt, said, take

CLOCK = ManualClock()


def restored(log, path):
    """As `state backup` and `state restore` do it."""
    with log.copy().held() as held:
        revision, tables = held.revision, [(name, list(rows)) for name, rows in held.tables()]
    copied = open_sqlite(path, CLOCK)
    copied.copy().fill(revision, tables)
    return copied


def test_no_series_goes_on_by_itself_in_a_restored_store(tmp_path):
    with open_sqlite(tmp_path / "one.db", CLOCK) as log:
        take(log, R)
        take(log, R, "globex")
        with restored(log, tmp_path / "two.db") as copy:
            for client, counter in (("acme", R), ("globex", R), ("acme", C), ("new", C)):
                with pytest.raises(NumbersHeld):
                    take(copy, counter, client)
            assert copy.numbers() == (Counted(*EVERY, 0, held=True), Counted("example", "R-", 2, held=True))
            assert rebuilt(copy) == ()
            copy.continue_numbers("acme", R, 3, [said(R, 3)])
            assert (take(copy, R, "globex"), rebuilt(copy)) == ([3], ())
            with pytest.raises(NumbersHeld):
                take(copy, C)
            copy.continue_numbers("acme", C, 7, [said(C, 7)])
            assert take(copy, C) == [7]
            with restored(copy, tmp_path / "three.db") as again, pytest.raises(NumbersHeld):
                take(again, R)


def test_entries_that_were_cut_off_hold_their_series(tmp_path):
    """The table knows a number that no entry has any more: it may be with a client."""
    path = tmp_path / "one.db"
    with open_sqlite(path, CLOCK) as log:
        take(log, R)
        take(log, R)
        with log.database.writing("acme", "main") as connection:
            connection.exec_driver_sql("DELETE FROM entries WHERE seq = 2")
        assert [one.problem for one in rebuilt(log)] == ["wrong"]
        assert log.numbers() == (Counted("example", "R-", 2, held=True),)
        with pytest.raises(NumbersHeld):
            take(log, R)
        log.continue_numbers("acme", R, 3, [said(R, 3)])
        assert (take(log, R), rebuilt(log)) == ([3], ())
