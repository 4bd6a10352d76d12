"""What goes wrong while a Junos device is changed, and what netmgr says of it: the word that its journal bears out.

What comes once a commit is pending, and on the way back: confirmed or aborted as a transaction does, asked again until
its end. Each case must have seen its fault fire.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import pytest

from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.errors import DeviceError
from netmgr.lab.emulated.device import digest
from netmgr.model.change import CommitOrder, CommitState
from netmgr.model.digest import sha256_hex
from tests.integration.emulated.junos.bench import FORM, Bench, config
from tests.waiting import wait_until

BASE = config("edge1", "set system ntp server 192.0.2.1")
NEXT = config("edge1", "set system ntp server 192.0.2.2", "set system syslog host 192.0.2.9 any info")
#: Seconds for one answer in these tests, which wait for answers that never come.
PATIENCE = 1
#: Of the device's clock: four seconds here.
TIMER = 120

BACK = r"commit-configuration log"
READ = r"get-configuration format=set database=committed"
HISTORY = r"get-commit-information"


@dataclass(frozen=True)
class Case:
    """``at`` and ``what`` make the fault; ``ends`` is what becomes of the commit, ``decision`` what is tried."""

    at: str
    what: str
    ends: str
    decision: str = "confirm"
    text: str = ""
    amount: int = 0
    times: int = 1


CASES = {
    "every rollback is refused": Case(BACK, "reject", "rolled_back", "abort", text="no", times=-1),
    "the rollback's answer is lost": Case(BACK, "lost", "rolled_back", "abort"),
    "what ran before cannot be loaded": Case(
        r"load-configuration.*rollback=1.*", "reject", "rolled_back", "abort", text="no such file", times=-1
    ),
    "the timer ends just before the rollback": Case(BACK, "expire", "rolled_back", "abort"),
    "an answer of 50 MB": Case(READ, "flood", "confirmed", amount=50),
    "half of a configuration": Case(READ, "truncate", "confirmed"),
    "a history that is no XML": Case(HISTORY, "answer", "confirmed", text="<commit-information><<&\x1b[2J"),
    "a history of HTML": Case(HISTORY, "answer", "confirmed", text="<html><body>login</body></html>"),
}


def _answer(step: Any, *arguments: Any) -> Any:
    """What the step answers, or its error: like the fleet, which raises for no device."""
    try:
        return step(*arguments)
    except DeviceError as error:
        return error


def change(bench: Bench, case: Case, order: CommitOrder) -> CommitState:
    """One device's way through a transaction: the commit's state when it is over, or when nobody knows more."""
    session = NapalmSession(bench.endpoint, FORM, PATIENCE, JumpHosts(PATIENCE))
    session.open()
    session.load(NEXT)
    assert session.commit(order).state == "pending"
    bench.fault(case.at, case.what, text=case.text, amount=case.amount, times=case.times)
    state: list[Any] = [None]

    def over() -> bool:
        unproved = isinstance(state[0], DeviceError) or state[0] is None
        if unproved and isinstance(_answer(session.relogin), DeviceError):
            return False
        state[0] = _answer(getattr(session, case.decision), order)
        return isinstance(state[0], CommitState) and state[0].state != "pending"

    wait_until(over, seconds=20)
    with contextlib.suppress(DeviceError):
        session.close()
    return state[0]


@pytest.mark.tally("emulator faults")
@pytest.mark.parametrize("name", CASES)
def test_the_word_is_what_the_device_bears_out(edge1, name):
    case = CASES[name]
    begun = edge1.settle(BASE)
    order = edge1.order(BASE, NEXT, TIMER if case.times > 0 else TIMER // 2)
    state = change(edge1, case, order)
    edge1.ask("no faults")
    assert edge1.fired(begun), "the fault never happened"
    assert state.state == case.ends
    wait_until(lambda: edge1.running in (BASE, NEXT), seconds=10)
    assert state.running == sha256_hex(edge1.running)
    assert edge1.journal[-1]["running"] == digest(edge1.ask("running"))
    with edge1.session() as session:
        session.load(BASE)  # nothing is left behind: no lock, no candidate, nothing pending
        session.discard()
        assert session.read().pending is None
