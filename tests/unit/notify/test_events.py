"""What of the log is news, how bad it is, and what it is about."""

import os

import pytest

from netmgr.model.chain import GENESIS, seal
from netmgr.notify.events import events
from tests.unit.log.drafts import NOON, draft, intent, result


def news(*drafts):
    links = seal("acme", "main", GENESIS, drafts, now=NOON, random=os.urandom, redact=bytes)
    return events(link.entry for link in links)


def looked(kind, outcome, device=None, **fields):
    return draft(**{"kind": kind, "action": kind, "outcome": outcome, "device": device} | fields)


CASES = {
    "a change": (result("c-1", outcome="applied"), ("change.applied", "info", "once", "network change c-1")),
    "that went back": (
        result("c-1", outcome="rolled_back"),
        ("change.rolled_back", "error", "once", "network change c-1"),
    ),
    "in doubt": (
        result("c-1", outcome="in_doubt"),
        ("change.in_doubt", "critical", "problem", "network change c-1"),
    ),
    "recovered": (
        result("c-1", kind="recover", action="recover", outcome="rolled_back"),
        ("recover.rolled_back", "error", "once", "network change c-1"),
    ),
    "held": (
        draft(phase="decision", change="c-1", facts={"decision": "hold"}),
        ("change.pending", "warning", "once", "network change c-1"),
    ),
    "drift": (
        looked("audit", "drifted", "core1"),
        ("audit.drifted", "warning", "problem", "network audit core1"),
    ),
    "none": (
        looked("audit", "compliant", "core1"),
        ("audit.compliant", "info", "well", "network audit core1"),
    ),
    "in the lab": (
        looked("audit", "unreachable", "core1", target="lab"),
        ("audit.unreachable", "warning", "problem", "lab audit core1"),
    ),
    "a backup of all": (looked("backup", "failed"), ("backup.failed", "error", "problem", "network backup")),
    "a set's": (
        looked("backup", "stored", facts={"set": "files"}),
        ("backup.stored", "info", "well", "network backup files"),
    ),
    "that somebody took out": (
        looked("backup", "exported", "core1", action="export"),
        ("backup.exported", "info", "once", "network backup core1 export"),
    ),
    "a log that was restored": (
        looked("state", "restored", action="restore"),
        ("state.restored", "warning", "once", "network state restore"),
    ),
    "a missed run": (
        looked("schedule", "missed", facts={"job": "nightly"}),
        ("schedule.missed", "warning", "recurring", "network schedule nightly schedule"),
    ),
    "of a kind from elsewhere": (
        looked("weather", "fair"),
        ("weather.fair", "info", "once", "network weather weather"),
    ),
}


@pytest.mark.parametrize(("entry", "told"), CASES.values(), ids=CASES)
def test_an_entry_is_news_of_this(entry, told):
    (event,) = news(entry)
    assert (event.name, event.severity, event.state, event.subject) == told


def test_what_has_not_ended_and_what_tells_of_telling_is_no_news():
    assert news(intent("c-1"), draft(), draft(kind="notify", action="send", outcome="failed")) == ()


def test_a_change_is_one_event_with_its_devices():
    (event,) = news(
        result("c-1", outcome="rolled_back", device="core2"),
        result("c-1", outcome="rolled_back", device="core1"),
        result("c-1", outcome="failed", device="edge1"),
        result("c-1", outcome="rolled_back"),
    )
    assert event.devices == {"failed": ("edge1",), "rolled_back": ("core1", "core2")}


def test_so_is_everything_else_that_is_summed_up():
    found = news(
        looked("playbook", "failed", "core1"),
        looked("playbook", "ok", "core2"),
        looked("playbook", "failed"),
        looked("access", "enrolled", "core1"),
    )
    assert [(event.name, event.device, event.devices) for event in found] == [
        ("playbook.failed", None, {"failed": ("core1",), "ok": ("core2",)}),
        ("access.enrolled", "core1", None),
    ]


def test_of_an_audit_each_device_is_an_event_and_the_sum_is_none():
    found = news(
        looked("audit", "drifted", "core1"),
        looked("audit", "compliant", "core2"),
        looked("audit", "drifted"),
        looked("audit", "compliant", request="r-2"),
    )
    assert [(event.device, event.name) for event in found] == [
        ("core1", "audit.drifted"),
        ("core2", "audit.compliant"),
        (None, "audit.compliant"),
    ]
