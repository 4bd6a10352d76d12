"""What goes wrong while a Junos device is changed, and what netmgr says of it: the word that its journal bears out.

One case table. Each case plays a change as a transaction does (load, commit, new login, confirm or abort, asked again
until its end) with one fault, and must have seen the fault fire.
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

COMMIT = r"commit-configuration .*confirmed.*"
CONFIRM = r"commit-configuration check"
BACK = r"commit-configuration log"
READ = r"get-configuration format=set database=committed"
HISTORY = r"get-commit-information"
LOCK = r"lock-configuration"
LOAD = r"load-configuration .*configuration-set"
#: Faults that wait before the commit; the others come once it is pending.
EARLY = (COMMIT, LOAD, LOCK)


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
    "the answer to the commit is lost": Case(COMMIT, "lost", "confirmed"),
    "the connection breaks before the commit": Case(COMMIT, "cut", "unknown"),
    "the commit is never answered": Case(COMMIT, "hang", "unknown"),
    "the commit is refused": Case(COMMIT, "reject", "unknown", text="configuration check-out failed"),
    "the disk is full": Case(COMMIT, "reject", "unknown", text="could not save to juniper.save+"),
    "the device says that it committed, and did not": Case(COMMIT, "ignore", "unknown"),
    "the device goes back by itself after the commit": Case(COMMIT, "revert", "rolled_back"),
    "half of the answer to the commit": Case(COMMIT, "truncate", "confirmed"),
    "the answer to the commit comes byte by byte": Case(COMMIT, "drip", "confirmed"),
    "a syslog line inside the answer to the commit": Case(
        COMMIT, "noise", "confirmed", text="Nov 29 00:00:00 edge1 mgd[1]: UI_COMMIT\n"
    ),
    "the timer ends just before the confirmation": Case(CONFIRM, "expire", "rolled_back"),
    "the answer to the confirmation is lost": Case(CONFIRM, "lost", "confirmed"),
    "the connection breaks before the confirmation": Case(CONFIRM, "cut", "confirmed"),
    "the confirmation is never answered": Case(CONFIRM, "hang", "confirmed"),
    "the confirmation is refused once": Case(CONFIRM, "reject", "confirmed", text="commit failed"),
    "every confirmation is refused": Case(CONFIRM, "reject", "rolled_back", text="commit failed", times=-1),
    "the device says that it confirmed, and did not": Case(CONFIRM, "ignore", "confirmed"),
    "the device goes back by itself after the confirmation": Case(CONFIRM, "revert", "rolled_back"),
    "every rollback is refused": Case(BACK, "reject", "rolled_back", "abort", text="no", times=-1),
    "the rollback's answer is lost": Case(BACK, "lost", "rolled_back", "abort"),
    "what ran before cannot be loaded": Case(
        r"load-configuration.*rollback=1.*", "reject", "rolled_back", "abort", text="no such file", times=-1
    ),
    "the timer ends just before the rollback": Case(BACK, "expire", "rolled_back", "abort"),
    "a line in the middle is refused": Case(LOAD, "reject", "unknown", text="syntax error"),
    "the device leaves lines out": Case(LOAD, "ignore", "unknown"),
    "the lock is denied": Case(LOCK, "reject", "unknown", text="locked by: root"),
    "no session is left after the commit": Case("login", "cut", "confirmed"),
    "an answer of 50 MB": Case(READ, "flood", "confirmed", amount=50),
    "half of a configuration": Case(READ, "truncate", "confirmed"),
    "a configuration byte by byte": Case(READ, "drip", "confirmed"),
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
    early = case.at in EARLY
    if early:
        bench.fault(case.at, case.what, text=case.text, amount=case.amount, times=case.times)
    committed: Any = _answer(session.load, NEXT)
    if not isinstance(committed, DeviceError):
        committed = _answer(session.commit, order)
    if not early:
        bench.fault(case.at, case.what, text=case.text, amount=case.amount, times=case.times)
    fine = isinstance(committed, CommitState) and committed.state == "pending"
    lost = isinstance(committed, DeviceError) and committed.kind == "unreachable"
    decision = case.decision if fine or lost else "abort"
    state: list[Any] = [None]

    def over() -> bool:
        unproved = isinstance(state[0], DeviceError) or state[0] is None
        if unproved and isinstance(_answer(session.relogin), DeviceError):
            return False
        step = getattr(session, decision) if decision == "abort" or fine or lost else session.commit_state
        state[0] = _answer(step, order)
        return isinstance(state[0], CommitState) and state[0].state != "pending"

    wait_until(over, seconds=20)
    with contextlib.suppress(DeviceError):
        session.close()
    return state[0]


@pytest.mark.parametrize("name", CASES)
def test_the_word_is_what_the_device_bears_out(edge1, name):
    case = CASES[name]
    begun = edge1.settle(BASE)
    order = edge1.order(BASE, NEXT, TIMER if case.times > 0 else TIMER // 2)
    state = change(edge1, case, order)
    edge1.ask("no faults")
    assert edge1.fired(begun), "the fault never happened"
    assert state.state in case.ends.split(" or ")
    wait_until(lambda: edge1.running in (BASE, NEXT), seconds=10)
    assert state.running == sha256_hex(edge1.running)
    assert edge1.journal[-1]["running"] == digest(edge1.ask("running"))
    with edge1.session() as session:
        session.load(BASE)  # nothing is left behind: no lock, no candidate, nothing pending
        session.discard()
        assert session.read().pending is None
