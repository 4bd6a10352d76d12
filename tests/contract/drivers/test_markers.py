"""Markers of emulated devices: another one after each change, and none that somebody could share."""

import pytest

from netmgr.adapters.napalm_junos import JunosCommits
from tests.waiting import wait_until


@pytest.mark.parametrize("bench", ["ios", "junos"], indirect=True)
def test_a_marker_is_another_one_after_each_commit_and_after_what_took_it_back(bench):
    def marker(session):
        told = []
        wait_until(lambda: told.append(session.marker()) or told[-1], seconds=10)
        return told[-1]

    bench.settle(bench.before)
    with bench.session() as session:
        before = marker(session)
        assert session.marker().model_copy(update={"uptime": before.uptime}) == before
        order = bench.order(bench.before, bench.after)
        session.load(bench.after)
        session.commit(order)
        assert session.marker() is None, "another commit may follow within this second"
        committed = marker(session)
        session.abort(order)
        aborted = marker(session)
    assert len({before.revision, committed.revision, aborted.revision}) == 3
    assert abs(before.booted - aborted.booted) <= 61, "IOS tells its uptime in minutes"
    assert aborted.uptime >= before.uptime


@pytest.mark.parametrize("bench", ["junos"], indirect=True)
def test_a_device_that_cannot_say_has_no_marker(bench, monkeypatch):
    def unknown(*_):
        raise ValueError("what is that?")

    monkeypatch.setattr(JunosCommits, "marker", unknown)
    with bench.session() as session:
        assert session.marker() is None
        assert session.read().running
