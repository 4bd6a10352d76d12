"""kill -9 of who issues invoices, many at once for several clients: numbers have no gap, and none is there twice."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from netmgr.adapters.store_sql import open_store
from netmgr.adapters.system_clock import SystemClock
from netmgr.model.numbering import Counted
from netmgr.service.records import PROJECTIONS
from tests.faults import issuers
from tests.faults.tally import Cases
from tests.postgresql import PASSWORD

pytestmark = pytest.mark.tally("invoices issued by killed issuers")


@pytest.mark.parametrize(
    ("store", "workers", "each", "kills"),
    [
        ("sqlite", 5, 3, 4),
        pytest.param("sqlite", 20, 20, 60, marks=pytest.mark.faults),
        pytest.param("postgresql", 20, 20, 60, marks=pytest.mark.faults),
    ],
)
def test_each_number_is_in_exactly_one_entry(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    cases: Cases,
    store: str,
    workers: int,
    each: int,
    kills: int,
) -> None:
    cases.expect(workers * each)
    url = f"sqlite:///{tmp_path}/log.db"
    if store == "postgresql":
        url = request.getfixturevalue("postgresql").database()
    open_store(url, SystemClock(), password=PASSWORD).close()
    words = [sys.executable, "-m", issuers.__name__, url, PASSWORD, *map(str, (workers, each, kills))]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stderr
    said = [json.loads(line) for line in ran.stdout.splitlines()]
    acknowledged = {(one["client"], one["request"]): one["number"] for one in said if "number" in one}
    assert sum("killed" in one for one in said) == kills
    with open_store(url, SystemClock(), password=PASSWORD, projections=PROJECTIONS) as log:
        entries = {
            (client, entry.request): entry.facts["number"]
            for client in issuers.CLIENTS
            for entry in log.entries(client, kind="invoice")
        }
        counted = Counter(
            entry.facts["count"]
            for client in issuers.CLIENTS
            for entry in log.entries(client, kind="invoice")
        )
        assert sorted(counted) == list(range(1, workers * each + 1))
        assert set(counted.values()) == {1}
        assert entries == acknowledged  # a request that was cut off and repeated has one number, the same
        assert log.numbers() == (Counted("example", "R-", workers * each),)
        assert [log.records.rebuild(client).differences for client in issuers.CLIENTS] == [()] * 4
    for _ in counted:
        cases.hold()
