"""A service log in a real file, and the exports of it."""

import pytest

from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".netmgr" / "store.db"


@pytest.fixture
def log(path):
    with open_sqlite(path, SystemClock()) as opened:
        yield opened


@pytest.fixture
def key(tmp_path):
    return SigningKey(tmp_path / ".netmgr" / "keys" / "log-ed25519")
