"""Changes of an EOS device over the wire: NAPALM's own driver, TLS verified, the device's journal as the oracle."""

import gc
import subprocess
import sys
import textwrap
from itertools import groupby

import pytest

from netmgr.errors import ConfigRejected, Fenced
from netmgr.model.digest import sha256_hex
from tests.integration.emulated.bench import Bench, config
from tests.waiting import wait_until

BASE = config("core1", "ntp server 192.0.2.1", "ntp server 192.0.2.2")
NEXT = config("core1", "ntp server 192.0.2.2", "logging host 192.0.2.9")


def committed(bench: Bench, session, before: str = BASE, after: str = NEXT, seconds: int = 60):
    """``after`` is committed and its timer runs; the order."""
    order = bench.order(before, after, seconds)
    session.load(after)
    state = session.commit(order)
    assert (state.state, state.running) == ("pending", sha256_hex(after))
    return order


def test_a_replace_takes_away_what_is_left_out_and_is_confirmed(core1):
    begun = core1.settle(BASE)
    with core1.session() as session:
        assert session.read().running == BASE
        diff = session.load(NEXT)
        assert "-ntp server 192.0.2.1" in diff
        assert "+logging host 192.0.2.9" in diff
        order = committed(core1, session)
        assert core1.running == NEXT
        assert core1.startup == BASE
        assert session.confirm(order).state == "confirmed"
        assert session.read().pending is None
    assert core1.running == core1.startup == NEXT
    assert "192.0.2.1\n" not in core1.ask("running")
    assert core1.events(begun) == ["armed", "commit", "confirmed", "saved"]


@pytest.mark.parametrize("version", ["4.23.0F", "4.31.2F", "4.32.1F"])
def test_a_pending_commit_is_seen_in_each_way_in_which_eos_tells_of_it(core1, version):
    """From 4.32 on beside the sessions, before it in the session."""
    core1.settle(BASE)
    core1.ask("version", version=version)
    try:
        with core1.session() as session:
            order = committed(core1, session)
            found = session.probe()
            assert found.pending == order.commit
            assert found.remaining is not None
            assert 50 < found.remaining <= 60
            assert session.abort(order).state == "rolled_back"
            assert session.probe().pending is None
    finally:
        core1.ask("version", version="4.31.2F")


def test_a_second_load_shows_no_difference(core1):
    core1.settle(NEXT)
    with core1.session() as session:
        assert session.load(NEXT) == ""


def test_a_banner_keeps_every_space_and_every_mark(core1):
    """NAPALM's driver would strip the lines, and drop those that begin with `!`."""
    banner = "banner login\n  ** two  spaces **\n! no comment\n!! nor this\n\n   end\nEOF\nbanner motd\n  hello\nEOF"
    after = config("core1", banner)
    assert "\n  ** two  spaces **\n! no comment\n!! nor this\n\n   end\nEOF\n" in after
    core1.settle(BASE)
    with core1.session() as session:
        assert session.confirm(committed(core1, session, after=after)).state == "confirmed"
    assert core1.running == core1.startup == after


def test_an_abort_brings_back_exactly_what_ran(core1):
    begun = core1.settle(BASE)
    shown = core1.ask("running")
    with core1.session() as session:
        order = committed(core1, session)
        state = session.abort(order)
        assert (state.state, state.running) == ("rolled_back", sha256_hex(BASE))
    assert core1.ask("running") == core1.ask("startup") == shown
    assert core1.events(begun) == ["armed", "commit", "reverted"]


def test_a_timer_that_ends_brings_back_what_ran(core1):
    begun = core1.settle(BASE)
    with core1.session() as session:
        order = committed(core1, session, seconds=1)
        wait_until(lambda: session.commit_state(order).state != "pending", seconds=5)
        assert session.commit_state(order).state == "rolled_back"
        assert session.confirm(order).state == "rolled_back"
    assert core1.running == core1.startup == BASE
    assert core1.events(begun) == ["armed", "commit", "reverted"]


def test_a_refused_abort_is_left_to_the_timer(core1):
    begun = core1.settle(BASE)
    core1.fault(r"configure session netmgr-\S{36} abort", "reject", times=-1)
    with core1.session() as session:
        order = committed(core1, session, seconds=2)
        state = session.abort(order)
        assert state.state == "pending"
        assert "the device refuses" in state.detail
        wait_until(lambda: session.abort(order).state == "rolled_back", seconds=6)
    assert core1.running == BASE
    words = [word for word, _ in groupby(core1.events(begun))]
    # An abort that was on its way when the timer ended is refused after it.
    assert words[:4] == ["armed", "commit", "fault", "reverted"]
    assert set(words[4:]) <= {"fault"}


def test_neither_closing_nor_forgetting_a_connection_ends_a_commit(core1):
    """NAPALM's driver aborts in both."""
    core1.settle(BASE)
    with core1.session() as session:
        order = committed(core1, session)
        driver = session._driver
    del session, driver
    gc.collect()
    assert core1.running == NEXT
    with core1.session() as again:
        assert again.read().pending == order.commit
        assert again.commit_state(order).state == "pending"
        assert again.confirm(order).state == "confirmed"
    assert core1.running == core1.startup == NEXT


OTHER_PROCESS = """
import sys
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.model.change import CommitOrder
from pathlib import Path
from tests.integration.emulated.bench import CLIENT, Bench
lab = EmulatedLab(Path(sys.argv[1]))
order = CommitOrder.model_validate_json(sys.argv[3])
with lab.control(CLIENT) as control, Bench(lab, control, "core1").session() as session:
    print(session.probe().pending == order.commit)
    print(getattr(session, sys.argv[2])(order).state)
"""


@pytest.mark.parametrize(("what", "end"), [("confirm", "confirmed"), ("abort", "rolled_back")])
def test_another_process_ends_the_commit_of_one_that_was_killed(core1, what, end):
    core1.settle(BASE)
    with core1.session() as session:
        order = committed(core1, session)
        session._driver = None  # killed: nothing is closed
    base = core1.lab.directory("x").parent
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(OTHER_PROCESS), str(base), what, order.model_dump_json()],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["True", end], "")
    assert core1.running == core1.startup == (NEXT if end == "confirmed" else BASE)


# -- what is refused before anything is touched ----------------------------------------------------------------------


def test_a_line_that_the_device_does_not_take_stops_before_any_commit(core1):
    begun = core1.settle(BASE)
    with core1.session() as session, pytest.raises(ConfigRejected, match="Invalid input"):
        session.load(f"{NEXT}bogus line\n")
    assert core1.running == BASE
    assert core1.events(begun) == []
    assert "netmgr" not in core1.ask("execute", line="show configuration sessions")


def test_drift_since_the_plan_is_fenced(core1):
    begun = core1.settle(BASE)
    with core1.session() as session:
        order = core1.order(BASE, NEXT)
        session.load(NEXT)
        core1.ask("drift", text="ntp server 192.0.2.77")
        with pytest.raises(Fenced, match="changed since the plan"):
            session.commit(order)
        assert session.abort(order).state == "failed"
    assert "ntp server 192.0.2.77" in core1.running
    assert core1.events(begun) == ["drift"]


def test_lines_that_nobody_saved_are_back_after_an_abort(core1):
    """NAPALM's own rollback would load what was startup."""
    core1.settle(BASE)
    core1.ask("drift", text="ntp server 192.0.2.77")
    unsaved = core1.running
    with core1.session() as session:
        order = committed(core1, session, before=unsaved)
        assert session.abort(order).state == "rolled_back"
    assert (core1.running, core1.startup) == (unsaved, BASE)


def test_a_device_that_restarts_in_between_is_judged_by_what_it_runs(core1):
    core1.settle(BASE)
    with core1.session() as session:
        order = committed(core1, session)
        core1.ask("reboot")
        assert session.commit_state(order).state == "rolled_back"
    core1.ask("drift", text="ntp server 192.0.2.77")
    with core1.session() as session:
        order = committed(core1, session, before=core1.running)
        core1.ask("reboot")
        state = session.commit_state(order)
        assert (state.state, state.running) == ("failed", sha256_hex(BASE))


def test_somebody_who_is_configuring_is_not_overrun(core1):
    begun = core1.settle(BASE)
    core1.ask("execute", line="configure session alice\nntp server 192.0.2.5")
    with core1.session() as session, pytest.raises(Fenced, match="session alice"):
        session.load(NEXT)
    assert core1.running == BASE
    assert core1.events(begun) == []


def test_a_commit_that_waits_is_not_overrun(core1):
    core1.settle(BASE)
    with core1.session() as first, core1.session() as second:
        order = committed(core1, first)
        with pytest.raises(Fenced, match=order.commit):
            second.load(BASE)
        assert first.abort(order).state == "rolled_back"


def test_what_a_killed_process_left_open_is_cleaned_up(core1):
    core1.settle(BASE)
    core1.ask("execute", line="configure session netmgr-load-0123456789abcdef\nntp server 192.0.2.5")
    with core1.session() as session:
        assert session.load(BASE) == ""
    assert "netmgr" not in core1.ask("execute", line="show configuration sessions")
