"""Changes of an IOS device over the wire: NAPALM's driver, host keys verified, the journal as the oracle."""

import subprocess
import sys
import textwrap

import pytest

from netmgr.model.digest import sha256_hex
from tests.integration.emulated.ios.bench import Bench, config
from tests.waiting import wait_until

BASE = config("edge1", "ntp server 192.0.2.1", "ntp server 192.0.2.2")
NEXT = config("edge1", "ntp server 192.0.2.2", "logging host 192.0.2.9")


def committed(bench: Bench, session, before: str = BASE, after: str = NEXT, seconds: int = 600):
    """``after`` is committed and its timer runs; the order."""
    order = bench.order(before, after, seconds)
    session.load(after)
    state = session.commit(order)
    assert (state.state, state.running, state.detail) == ("pending", sha256_hex(after), "")
    return order


def test_a_replace_takes_away_what_is_left_out_and_is_confirmed(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        assert session.read().running == BASE
        diff = session.load(NEXT)
        assert "-ntp server 192.0.2.1" in diff
        assert "+logging host 192.0.2.9" in diff
        order = committed(edge1, session)
        assert session.read().pending == order.commit
        assert edge1.running == NEXT
        assert edge1.startup == BASE
        assert session.confirm(order).state == "confirmed"
        assert session.read().pending is None
    assert edge1.running == edge1.startup == NEXT
    assert "192.0.2.1\n" not in edge1.ask("running")
    assert edge1.events(begun) == ["armed", "replaced", "saved", "confirmed"]
    assert edge1.files == []


def test_a_second_load_shows_no_difference(edge1):
    edge1.settle(NEXT)
    with edge1.session() as session:
        assert session.load(NEXT) == ""
        session.discard()
    assert edge1.files == []


def test_an_abort_brings_back_exactly_what_ran(edge1):
    begun = edge1.settle(BASE)
    shown = edge1.ask("running")
    with edge1.session() as session:
        order = committed(edge1, session)
        state = session.abort(order)
        assert (state.state, state.running) == ("rolled_back", sha256_hex(BASE))
    assert edge1.ask("running") == edge1.ask("startup") == shown
    assert edge1.events(begun) == ["armed", "replaced", "reverted"]
    assert edge1.files == []


def test_a_timer_that_ends_brings_back_what_ran(edge1):
    begun = edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session, seconds=60)
        wait_until(lambda: session.commit_state(order).state != "pending", seconds=8)
        assert session.commit_state(order).state == "rolled_back"
        assert session.confirm(order).state == "rolled_back"
    assert edge1.running == edge1.startup == BASE
    assert edge1.events(begun) == ["armed", "replaced", "reverted"]
    assert edge1.files == []


OTHER_PROCESS = """
import sys
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.change import CommitOrder
from pathlib import Path
from tests.integration.emulated.ios.bench import CLIENT, Bench
lab = EmulatedLab(Path(sys.argv[1]))
order = CommitOrder.model_validate_json(sys.argv[3])
with lab.control(CLIENT) as control, Bench(lab, control, "edge1").session() as session:
    print(session.probe().pending == order.commit)
    print(getattr(session, sys.argv[2])(order).state)
"""


@pytest.mark.parametrize(("what", "end"), [("confirm", "confirmed"), ("abort", "rolled_back")])
def test_another_process_ends_the_commit_of_one_that_was_killed(edge1, what, end):
    edge1.settle(BASE)
    with edge1.session() as session:
        order = committed(edge1, session, seconds=3600)
        session._driver = None  # killed: nothing is closed
    base = edge1.lab.directory("x").parent
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(OTHER_PROCESS), str(base), what, order.model_dump_json()],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["True", end], "")
    assert edge1.running == edge1.startup == (NEXT if end == "confirmed" else BASE)
