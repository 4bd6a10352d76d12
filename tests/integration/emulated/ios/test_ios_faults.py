"""What goes wrong on an IOS device and on the way to it: what the device says of it afterwards, by its own journal.

Each case changes a device while its fault happens, as a change does: load, commit, a new login, a decision, and what
the decision left pending is waited for. Then the device runs what it ran before or what was planned, and nothing else.
"""

from dataclasses import dataclass

import pytest

from netmgr.errors import DeviceError
from netmgr.model.change import CommitState
from netmgr.model.digest import sha256_hex
from tests.integration.emulated.ios.bench import Bench, config
from tests.waiting import wait_until

BASE = config("edge1", "ntp server 192.0.2.1")
NEXT = config("edge1", "logging host 192.0.2.9")
REPLACE = "configure replace .*"
SAVED_OK = "Building configuration...\n[OK]\n"


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and how the change ends. ``error`` and ``detail`` are parts of what was said."""

    at: str
    what: str
    ends: str
    error: str = ""
    detail: str = ""
    text: str = ""
    amount: int = 0
    times: int = 1
    decide: str = "confirm"
    seconds: int = 120


FAULTS = {
    "commit done, answer lost": Fault(REPLACE, "lost", "confirmed", error="commit: "),
    "commit done, answer lost, taken back": Fault(
        REPLACE, "lost", "rolled_back", error="commit: ", decide="abort"
    ),
    "connection cut before the commit": Fault(REPLACE, "cut", "rolled_back", error="commit: "),
    "the device hangs at the commit": Fault(REPLACE, "hang", "rolled_back", error="commit: ", times=1),
    "half of the answer to the commit": Fault(REPLACE, "truncate", "confirmed", error="commit: "),
    "an error in the middle of the commit": Fault(
        REPLACE,
        "reject",
        "rolled_back",
        text="%Error: internal failure in the middle of the batch\n",
        detail="%Error",
    ),
    "the configuration is locked": Fault(
        REPLACE,
        "reject",
        "rolled_back",
        text="%Configuration mode is locked by process '300' user 'bob'\n",
        detail="locked",
    ),
    "rollback aborted": Fault(
        REPLACE,
        "answer",
        "rolled_back",
        text="\nRollback aborted after 5 passes\n",
        detail="Rollback aborted",
    ),
    "the device says nothing": Fault(REPLACE, "ignore", "rolled_back", detail="does not say that it is done"),
    "the device says yes and does nothing": Fault(
        REPLACE, "ignore", "rolled_back", text="Total number of passes: 1\nRollback Done\n"
    ),
    "commit, then back by itself": Fault(REPLACE, "revert", "rolled_back", decide="abort"),
    "somebody types at the commit": Fault(
        REPLACE, "drift", "failed", text="ntp server 192.0.2.77", decide="abort"
    ),
    "the timer ends just before the confirmation": Fault("configure confirm", "expire", "rolled_back"),
    "the timer ends while the startup is written": Fault("write memory", "expire", "rolled_back"),
    "the confirmation is lost": Fault("configure confirm", "lost", "confirmed", error="confirm: "),
    "the confirmation is cut": Fault("configure confirm", "cut", "confirmed", error="confirm: "),
    "the confirmation is refused": Fault("configure confirm", "reject", "confirmed", detail="Invalid input"),
    "the startup cannot be written, and the device says [OK]": Fault(
        "write memory",
        "answer",
        "rolled_back",
        text=SAVED_OK,
        times=-1,
        detail="startup configuration is not what runs",
    ),
    "the abort is refused": Fault(
        "configure revert now", "reject", "rolled_back", decide="abort", detail="Invalid input"
    ),
    "the abort is lost": Fault(
        "configure revert now", "lost", "rolled_back", decide="abort", error="rollback: "
    ),
    "sessions exhausted at the new login": Fault("connect", "reject", "confirmed", error="connect: "),
    "a login that hangs": Fault(
        "login", "hang", "confirmed", error="no answer to the login in time", seconds=600
    ),
    "password changed": Fault("login", "reject", "confirmed", error="connect: "),
    "half of the configuration": Fault("show running-config", "truncate", "rolled_back", error="commit: "),
    "one byte a second": Fault("show running-config", "drip", "rolled_back", error="no whole answer within"),
    "50 MB": Fault("show running-config", "flood", "rolled_back", error="commit: ", amount=50),
    "pages": Fault("terminal length 0", "ignore", "confirmed"),
    "a message in the middle": Fault(
        "show running-config",
        "noise",
        "confirmed",
        text="*Nov 28 10:00:00.123: %SYS-5-CONFIG_I: Configured by x#y\n",
    ),
    "markup and templates in the middle": Fault(
        "show archive config rollback timer", "noise", "confirmed", text="<script>{{7*7}}</script>\x1b[2J\n"
    ),
}


def attempt(bench: Bench, fault: Fault) -> tuple[CommitState, list[str]]:
    """A change with the fault in it, to its end; what was said of it on the way."""
    order, said, session = bench.order(BASE, NEXT, seconds=fault.seconds), [], None

    def step(name: str) -> CommitState | None:
        nonlocal session
        try:
            if session is None or session._driver is None:
                session = bench.connect()
            if name == "load":
                session.load(NEXT)
                return None
            state: CommitState = getattr(session, name)(order)
        except DeviceError as error:
            said.append(str(error))
            if session is not None:
                bench.disconnect(session)
            session = None
            return None
        said.append(state.detail)
        return state

    before_login = fault.at in ("connect", "login", "terminal length 0")
    step("load")
    if not before_login:
        bench.fault(fault.at, fault.what, text=fault.text, amount=fault.amount, times=fault.times)
    step("commit")
    if session is not None:
        bench.disconnect(session)
        session = None
    if before_login:
        bench.fault(fault.at, fault.what, text=fault.text, amount=fault.amount, times=fault.times)
    state = step("commit_state") or step("commit_state")
    assert state is not None, said
    passed = state.state == "pending" and state.running == order.after
    decision = fault.decide if passed else "abort"
    found: list[CommitState] = []

    def over() -> bool:
        answer = step(decision)
        if answer is not None and answer.state != "pending":
            found.append(answer)
        return bool(found)

    wait_until(over, seconds=15)
    if session is not None:
        bench.disconnect(session)
    return found[-1], said


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Nobody waits a minute and a half for a device that hangs."""
    monkeypatch.setattr("netmgr.adapters.ios_driver.COMMIT_LIMIT", 3.0)


@pytest.mark.tally("IOS faults")
@pytest.mark.parametrize("name", FAULTS)
def test_the_device_is_as_before_or_as_planned(edge1, name):
    fault = FAULTS[name]
    begun = edge1.settle(BASE)
    state, said = attempt(edge1, fault)
    happened = [e["what"] for e in edge1.journal if e["n"] > begun and e["event"] == "fault"]
    assert happened[:1] == [fault.what]
    assert state.state == fault.ends, said
    assert any(fault.error in word for word in said), said
    assert any(fault.detail in word for word in said), said
    running = edge1.running
    if fault.ends == "failed":
        assert "ntp server 192.0.2.77" in running
        assert running.replace("ntp server 192.0.2.77\n", "") == BASE
    else:
        assert running == (NEXT if fault.ends == "confirmed" else BASE)
        assert edge1.startup == running
    assert state.running == sha256_hex(running)
    assert edge1.ask("execute", line="show archive config rollback timer").startswith("%No Rollback")
    assert not any("<script>" in word and "\n" in word for word in said)
