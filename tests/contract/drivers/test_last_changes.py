"""Who changed emulated devices last, asked over the wire."""

import pytest

from netmgr.adapters.napalm_junos import JunosCommits
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.errors import DeviceError, Unreachable
from netmgr.model.last_change import LastChange
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent


@pytest.mark.parametrize("bench", ["ios", "junos"], indirect=True)
def test_a_commit_names_who_logged_in_and_the_console_nobody(bench):
    bench.settle(bench.before)
    with bench.session() as session:
        by_nobody = session.last_change()
        order = bench.order(bench.before, bench.after)
        session.load(bench.after)
        session.commit(order)
        session.confirm(order)
        named = session.last_change()
    assert isinstance(named, LastChange)
    user = bench.endpoint.username
    if bench.form.name == "ios":
        assert by_nobody is None
        assert (named.user, named.source, named.comment) == (user, "header", "")
    else:
        assert (by_nobody.user, by_nobody.comment) == ("root", "")
        assert (named.user, named.source) == (user, "commits")
        assert named.comment.startswith(f"netmgr {order.commit}")
    assert named.when.count(":") == 2


@pytest.mark.parametrize("bench", ["junos"], indirect=True)
def test_a_fleet_asks_over_the_connection_that_it_has(bench):
    bench.settle(bench.before)
    name = bench.endpoint.device
    with NornirFleet(FORMS, workers=2, timeout=10, step=Silent().step).session([bench.endpoint]) as session:
        assert type(session.last_changes([name])[name]) is Unreachable
        session.observe([name])
        assert session.last_changes([name])[name].user == "root"


@pytest.mark.parametrize("bench", ["eos"], indirect=True)
def test_a_platform_that_keeps_no_names_is_not_asked(bench):
    with bench.session() as session:
        heard = bench.offered()
        assert session.last_change() is None
        assert bench.offered() == heard


@pytest.mark.parametrize("bench", ["junos"], indirect=True)
def test_a_device_that_fails_to_say_is_an_error_of_its_own(bench, monkeypatch):
    def unknown(*_):
        raise ValueError("what is that?")

    monkeypatch.setattr(JunosCommits, "_history", unknown)
    with bench.session() as session, pytest.raises(DeviceError, match="what is that"):
        session.last_change()
