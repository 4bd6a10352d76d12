"""Is this device, asset, service, hour covered? It is Monday, 08:00 UTC, 09:00 in Berlin."""

from datetime import UTC, datetime

import pytest

from netmgr.errors import UsageError
from netmgr.workflows.coverage import covers
from tests.integration.agreement.conftest import FILE

ASSETS = "files: {kind: server}\nold: {kind: server, in_scope: false}\nline: {kind: line}\n"
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def covered(signing):
    signing.edit(
        FILE,
        lambda text: text.replace(
            "[faults, network]", "[faults, network]\n  devices: {except: [r4]}\n  assets: {kinds: [server]}"
        ),
    )
    (signing.workspace / "inventory/square/assets.yaml").write_text(ASSETS)
    signing.sign()
    return signing


IN_FORCE = (True, "term", "the agreement is in force")
NOW = (True, "calendar", "it is in the service hours")


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ({}, []),
        ({"service": "network"}, [(True, "coverage.services", "network is among the services")]),
        ({"service": "backup"}, [(False, "coverage.services", "backup is not among the services")]),
        ({"device": "r1"}, [(True, "coverage.devices", "r1 is covered")]),
        ({"device": "r4"}, [(False, "coverage.devices", "r4 is not among the devices covered")]),
        ({"asset": "files"}, [(True, "coverage.assets", "files is covered")]),
        ({"asset": "old"}, [(False, "in_scope", "old is out of scope by its own word")]),
        ({"asset": "line"}, [(False, "coverage.assets", "line is not among the assets covered")]),
    ],
)
def test_the_answer_names_the_clause(covered, asked, answers):
    found = covers(covered.runtime(), **asked)
    assert [(one.covered, one.clause, one.why) for one in found] == [IN_FORCE, NOW, *answers]


def test_at_night_there_are_emergencies_only(covered):
    (_, hour) = covers(covered.runtime(), at=NIGHT)
    assert (hour.covered, hour.clause) == (True, "emergency")


def test_without_a_signature_nothing_is_covered(signing):
    (answer,) = covers(signing.runtime(), service="network")
    assert (answer.covered, answer.why) == (False, "nothing is signed")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"device": "r5"}, "--device r5: no such device"),
        ({"asset": "file"}, "--asset file: no such asset; did you mean 'files'"),
    ],
)
def test_what_is_not_there_is_told(covered, asked, message):
    with pytest.raises(UsageError, match=message):
        covers(covered.runtime(), **asked)
