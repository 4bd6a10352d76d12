"""Every store, for the contract that each of them is held to."""

import pytest

from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.adapters.store_sql import open_sqlite, open_store
from tests.clock import ManualClock
from tests.postgresql import PASSWORD


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def make(request, tmp_path, clock):
    """Make a store; ``redact`` and ``projections`` are its options."""
    opened = []

    def make_store(**options):
        if request.param == "memory":
            return MemoryServiceLog(clock, **options)
        if request.param == "sqlite":
            opened.append(open_sqlite(tmp_path / f"log{len(opened)}.db", clock, **options))
        else:
            url = request.getfixturevalue("postgresql").database()
            opened.append(open_store(url, clock, password=PASSWORD, **options))
        return opened[-1]

    yield make_store
    for store in opened:
        store.close()


@pytest.fixture
def log(make):
    return make()
