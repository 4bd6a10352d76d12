"""Changes of a Junos device over the wire: NAPALM's own driver, the host key verified, the journal as the oracle."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.errors import (
    AuthenticationFailed,
    ConfigRejected,
    DeviceError,
    Fenced,
    HostKeyRejected,
    Unreachable,
)
from netmgr.model.digest import sha256_hex
from netmgr.model.state import AdjacencyState
from tests.integration.emulated.junos.bench import FORM, TIMEOUT, Bench, config
from tests.waiting import wait_until

BASE = config("edge1", "set system ntp server 192.0.2.1", "set system ntp server 192.0.2.2")
NEXT = config("edge1", "set system ntp server 192.0.2.2", "set system syslog host 192.0.2.9 any info")
LONG = 6000  # seconds of the device's clock: longer than any test


def committed(bench: Bench, session, before: str = BASE, after: str = NEXT, seconds: int = LONG):
    """``after`` is committed and its timer runs; the order."""
    order = bench.order(before, after, seconds)
    session.load(after)
    state = session.commit(order)
    assert (state.state, state.running) == ("pending", sha256_hex(after))
    return order


def test_a_replace_takes_away_what_is_left_out_and_is_confirmed(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        assert session.read().running == BASE
        diff = session.load(NEXT)
        assert "-       server 192.0.2.1;" in diff or "-  server 192.0.2.1;" in diff
        order = committed(edge1, session)
        assert edge1.running == NEXT
        assert session.confirm(order).state == "confirmed"
        assert session.read().pending is None
    assert edge1.running == NEXT
    assert "192.0.2.1\n" not in edge1.ask("running")
    assert edge1.events(begun) == ["armed", "committed", "confirmed"]


def test_a_second_load_shows_no_difference(edge1):
    edge1.settle(NEXT)
    with edge1.session() as session:
        assert session.load(NEXT) == ""


def test_an_abort_brings_back_exactly_what_ran(edge1):
    edge1.settle(BASE)
    shown = edge1.ask("running")
    with edge1.session() as session:
        order = committed(edge1, session)
        state = session.abort(order)
        assert (state.state, state.running) == ("rolled_back", sha256_hex(BASE))
        assert session.read().pending is None
    assert edge1.ask("running") == shown


def test_a_timer_that_expires_brings_back_what_ran(edge1):
    begun = edge1.settle(BASE)
    shown = edge1.ask("running")
    with edge1.session() as session:
        order = committed(edge1, session, seconds=60)
    wait_until(lambda: edge1.running == BASE, seconds=10)
    assert edge1.ask("running") == shown
    with edge1.session() as session:
        state = session.commit_state(order)
        assert (state.state, state.running) == ("rolled_back", sha256_hex(BASE))
        assert session.confirm(order).state == "rolled_back"
    assert edge1.events(begun) == ["armed", "committed", "reverted"]


def test_a_pending_commit_is_told_with_its_id_and_what_is_left(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session)
        assert session.read().pending == order.commit
    session = NapalmSession(edge1.endpoint, FORM, TIMEOUT, JumpHosts(TIMEOUT))
    probe = session.probe()
    assert probe.pending == order.commit
    assert 0 < probe.remaining <= LONG
    session.abort(order)
    session.close()


@pytest.mark.parametrize("end", ["confirm", "abort"])
def test_another_process_ends_what_this_one_began(edge1, end):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session)
    script = f"""
        import json, sys
        from netmgr.adapters.jump_hosts import JumpHosts
        from netmgr.adapters.napalm_session import NapalmSession
        from netmgr.model.change import CommitOrder
        from netmgr.model.endpoint import Endpoint
        from netmgr.platforms.junos import JUNOS
        endpoint, order = json.loads(sys.stdin.read())
        session = NapalmSession(Endpoint(**endpoint), JUNOS, {TIMEOUT}, JumpHosts({TIMEOUT}))
        session.open()
        print(session.{end}(CommitOrder.model_validate(order)).state)
        session.close()
    """
    endpoint = {key: getattr(edge1.endpoint, key) for key in
                ("device", "platform", "hostname", "port", "username", "known_hosts", "key_file")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        input=json.dumps([endpoint, order.model_dump()]), capture_output=True, text=True, timeout=30, check=True,
        cwd=Path(__file__).parents[4],
    )  # fmt: skip
    word, running = {"confirm": ("confirmed", NEXT), "abort": ("rolled_back", BASE)}[end]
    assert done.stdout.strip() == word
    assert edge1.running == running
    assert "pending" not in edge1.ask("execute", line="show system commit")


def test_drift_is_read_and_refuses_the_commit(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        edge1.ask("drift", text="set system ntp server 192.0.2.77")
        drifted = session.read()
        assert drifted.running == edge1.running != BASE
        order = edge1.order(BASE, NEXT)
        session.load(NEXT)
        with pytest.raises(Fenced, match="changed since the plan"):
            session.commit(order)
        assert session.commit_state(order).state == "unknown"
    assert edge1.events(begun) == ["drift"]


def test_an_order_that_never_came_is_unknown(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        state = session.commit_state(edge1.order(BASE, NEXT))
        assert (state.state, state.running) == ("unknown", sha256_hex(BASE))


# -- whom we speak to ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", ["wrong", "none", "no file"])
def test_a_host_key_that_is_not_on_record_is_refused_before_anything_is_offered(
    edge1, edge2, tmp_path, known
):
    records = tmp_path / "known_hosts"
    own, other = edge1.endpoint, edge2.endpoint
    lines = Path(other.known_hosts).read_text().splitlines()
    theirs = next(line.split(" ", 1)[1] for line in lines if f":{other.port} " in line)
    if known == "wrong":
        records.write_text(f"[127.0.0.1]:{own.port} {theirs}\n")
    elif known == "none":
        records.write_text("")
    begun = edge1.last
    with (
        pytest.raises(HostKeyRejected),
        edge1.session(known_hosts=str(records), password="canary", key_file=None),
    ):
        pass
    assert [entry["event"] for entry in edge1.journal if entry["n"] > begun] == []


def test_a_password_is_enough_and_a_wrong_one_is_told(edge1):
    password = (Path(edge1.endpoint.known_hosts).parent / "password").read_text()
    with edge1.session(password=password, key_file=None) as session:
        assert session.read().pending is None
    refused = pytest.raises(AuthenticationFailed, match="login as admin refused")
    with refused, edge1.session(password="x", key_file=None):
        pass


def test_an_ipv6_address_is_an_address(edge1):
    """PyEZ refuses it as a name; nobody listens there."""
    with pytest.raises(Unreachable, match="cannot connect"), edge1.session(hostname="::1"):
        pass


def test_who_may_not_see_secrets_reads_nothing(edge1):
    """Junos masks them for such a class; a snapshot of that would bring a device back without its passwords."""
    line = "set system root-authentication encrypted-password /* SECRET-DATA */"
    edge1.fault("get-configuration.*", "answer", text=f"<configuration-set>\n{line}\n</configuration-set>")
    with edge1.session() as session, pytest.raises(DeviceError, match="may not see secrets"):
        session.read()


# -- hazards: one candidate, one lock, and a commit that confirms whatever waits -------------------------------


def test_a_failed_commit_gives_the_lock_back(edge1):
    edge1.settle(BASE)
    without_as = NEXT.replace(
        "set protocols bgp group X neighbor 10.0.0.1 peer-as 65002",
        "set protocols bgp group X neighbor 10.0.0.1",
    )
    assert without_as != NEXT
    with edge1.session() as session, edge1.session() as another:
        order = edge1.order(BASE, FORM.canonical(without_as))
        session.load(FORM.canonical(without_as))
        with pytest.raises(ConfigRejected, match="peer AS number must be configured"):
            session.commit(order)
        assert session.commit_state(order).state == "unknown"
        another.load(NEXT)
        another.discard()
    assert edge1.running == BASE


def test_a_refused_line_gives_the_lock_back_and_leaves_no_candidate(edge1):
    edge1.settle(BASE)
    bad = NEXT + "set system host-nam oops\n"
    with edge1.session() as session, edge1.session() as another:
        with pytest.raises(ConfigRejected, match=r"load: syntax error: host-nam: \[edit system\]"):
            session.load(bad)
        assert another.load(BASE) == ""
        another.discard()
    assert edge1.running == BASE


def test_what_somebody_else_left_in_the_candidate_is_never_committed(edge1):
    edge1.settle(BASE)
    with edge1.session() as session, edge1.session() as another:
        another._driver.device.cu.load("set system host-name intruder", format="set")
        with pytest.raises(Fenced, match="load: configuration database modified: somebody has edited it"):
            session.load(NEXT)
        another._driver.device.cu.rollback(0)
        session.load(NEXT)
        session.discard()
    assert edge1.running == BASE


def test_a_commit_waits_for_nobody_who_holds_the_lock(edge1):
    edge1.settle(BASE)
    with edge1.session() as session, edge1.session() as another:
        another.load(NEXT)
        with pytest.raises(Fenced, match="locked by"):
            session.load(NEXT)
        another.discard()
        session.load(NEXT)
        session.discard()


def test_somebody_elses_timer_is_not_confirmed_by_our_commit(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session, edge1.session() as another:
        order = committed(edge1, another)
        ours = edge1.order(NEXT, BASE)
        session.load(BASE)
        with pytest.raises(Fenced, match=f"commit {order.commit} is pending"):
            session.commit(ours)
        assert session.confirm(ours).state == session.abort(ours).state == "unknown"
        assert (
            session.confirm(edge1.order(BASE, NEXT)).state == "unknown"
        )  # the same, and not the same commit
        assert another.read().pending == order.commit
        another.abort(order)
    assert edge1.running == BASE
    assert edge1.events(begun).count("confirmed") == 1  # by the abort, which is a commit


@pytest.mark.parametrize(
    ("end", "field", "why"),
    [
        ("confirm", "after", "does not run what was planned"),
        ("abort", "expected", "not the one from before the change"),
    ],
)
def test_nothing_is_ended_that_is_not_what_the_order_says(edge1, end, field, why):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session)
        state = getattr(session, end)(order.model_copy(update={field: sha256_hex("something else")}))
        assert (state.state, why in state.detail) == ("pending", True)
        assert session.abort(order).state == "rolled_back"
    assert edge1.running == BASE


def test_a_confirm_commits_nothing_that_somebody_else_typed(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session, edge1.session() as another:
        order = committed(edge1, session)
        another._driver.device.cu.load("set system host-name intruder", format="set")
        assert session.confirm(order).state == "confirmed"
        another._driver.device.cu.rollback(0)
    assert edge1.running == NEXT
    assert edge1.events(begun) == ["armed", "committed", "confirmed"]


def test_a_candidate_that_became_another_is_not_committed(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = edge1.order(BASE, NEXT)
        session.load(NEXT)
        session._driver.device.cu.load("set system host-name intruder", format="set")
        with pytest.raises(Fenced, match="the candidate is not what was loaded"):
            session.commit(order)
    assert edge1.running == BASE


def test_an_abort_while_somebody_else_edits_leaves_it_to_the_timer(edge1):
    edge1.settle(BASE)
    with edge1.session() as session, edge1.session() as another:
        order = committed(edge1, session)
        another._driver.device.cu.load("set system host-name intruder", format="set")
        state = session.abort(order)
        assert (state.state, "its timer brings it back" in state.detail) == ("pending", True)
        another._driver.device.cu.rollback(0)
        assert session.abort(order).state == "rolled_back"
    assert edge1.running == BASE


def test_a_line_that_the_device_leaves_out_is_found_before_the_commit(edge1):
    edge1.settle(BASE)
    edge1.fault("load-configuration.*", "ignore")
    with edge1.session() as session, pytest.raises(ConfigRejected, match="did not take set system syslog"):
        session.load(NEXT)
    assert edge1.running == BASE


# -- state -----------------------------------------------------------------------------------------------------


def test_adjacencies_are_those_that_both_ends_want(edge1, edge2):
    edge1.settle(config("edge1"))
    with edge1.session() as session:
        ospf, bgp = session.adjacencies()
        assert (ospf.protocol, ospf.peer, ospf.up, ospf.detail) == ("ospf", "ge-0/0/0", True, "Full")
        assert 0 < ospf.expires <= 40
        assert bgp == AdjacencyState(protocol="bgp", peer="10.0.0.1", up=True, detail="Established")
        edge2.ask("drift", text="set interfaces ge-0/0/0 disable")
        assert [(state.protocol, state.up) for state in session.adjacencies()] == [("bgp", False)]
        edge2.ask("drift", text="delete interfaces ge-0/0/0 disable")
        assert [(state.protocol, state.up) for state in session.adjacencies()] == [
            ("ospf", True),
            ("bgp", True),
        ]


def test_what_is_shown_is_what_an_audit_reads(edge1):
    edge1.settle(BASE)
    session = NapalmSession(edge1.endpoint, FORM, TIMEOUT, JumpHosts(TIMEOUT))
    seen = session.observe()
    assert seen.startup == seen.reading.running == BASE
    assert {(each.name, each.enabled, each.addresses) for each in seen.interfaces} == {
        ("ge-0/0/0", True, frozenset({"10.0.0.0/31"})),
        ("ge-0/0/1", True, frozenset()),
        ("lo0", True, frozenset({"192.0.2.1/32"})),
    }
    session.close()
