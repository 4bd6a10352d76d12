"""Who is told what: rules, nobody twice of the same, and that a problem is over."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from netmgr.model.client import Contact
from netmgr.model.notification import Event
from netmgr.model.notify_settings import NotifySettings
from netmgr.notify.routing import route

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CONTACTS = [
    Contact(name="NOC", email="noc@acme.example", roles=("technical", "notice")),
    Contact(name="Desk", phone="+49 30 1", roles=("technical",)),
    Contact(name="IT", email="it@acme.example", roles=("report",)),
]
MAIL = {"server": "mail.example", "from": "netmgr@msp.example"}
HOOK = {"url": "https://hooks.example/x", "secret": "secret://file/chat"}


def settings(*rules, **more):
    return NotifySettings.model_validate(
        {"mail": MAIL, "webhooks": {"chat": HOOK}, "rules": list(rules)} | more
    )


def event(name="audit.drifted", device="core1", *, hours=0, severity=None, **known):
    kind, _, outcome = name.partition(".")
    bad = {"drifted": "warning", "error": "error", "in_doubt": "critical", "failed": "error"}
    severity = severity or bad.get(outcome, "info")
    looks = "well" if severity == "info" else "problem"
    made = {
        "state": looks if kind == "audit" else "once",
        "subject": f"network {kind} {device}",
        "target": "network",
        "request": f"r-{hours}",
        "stream": "main",
        "seq": 1 + hours,
    } | known
    time = (NOW + timedelta(hours=hours)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return Event(name, severity, action=kind, outcome=outcome, device=device, time=time, **made)


class Desk:
    """Routes one batch after the other, and remembers."""

    def __init__(self, *rules, client="acme", **more):
        self.settings, self.client, self.standing = settings(*rules, **more), client, {}

    def told(self, *news):
        made = route(self.client, news, self.standing, settings=self.settings, contacts=CONTACTS, now=NOW)
        self.standing = {key: each for key, each in self.standing.items() if key not in made.over}
        self.standing |= {(each.recipient, each.subject): each for each in made.standing}
        return made.notifications

    def states(self, *news):
        """(recipient, what is said of each item) of every message."""
        return [
            (each.recipient, *(item["state"] for item in json.loads(each.document)["items"]))
            for each in self.told(*news)
        ]


NOC, CHAT = "mail:noc@acme.example", "webhook:chat"

RULES = {
    "a role": ({"to": "role:technical"}, [NOC]),
    "an address": ({"to": "mail:a@msp.example"}, ["mail:a@msp.example"]),
    "several": (
        {"to": ["webhook:chat", "role:report", "role:technical"]},
        [CHAT, "mail:it@acme.example", NOC],
    ),
    "a role that nobody has": ({"to": "role:billing"}, []),
    "too mild": ({"to": "role:technical", "severity": "error"}, []),
    "another event": ({"to": "role:technical", "events": "change.*"}, []),
    "this event": ({"to": "role:technical", "events": ["change.*", "audit.drifted"]}, [NOC]),
    "its kind": ({"to": "role:technical", "events": "audit"}, [NOC]),
    "a glob of kinds": ({"to": "role:technical", "events": "aud*"}, [NOC]),
    "another client": ({"to": "role:technical", "clients": "globex"}, []),
    "this client": ({"to": "role:technical", "clients": ["globex", "acme"]}, [NOC]),
    "the lab": ({"to": "role:technical", "targets": "lab"}, []),
}


@pytest.mark.parametrize(("rule", "recipients"), RULES.values(), ids=RULES)
def test_a_rule_means_these(rule, recipients):
    assert [recipient for recipient, *_ in Desk(rule).states(event())] == recipients


def test_who_is_named_twice_is_told_once():
    desk = Desk({"to": ["role:technical", "mail:noc@acme.example"]}, {"to": "role:notice"})
    assert desk.states(event()) == [(NOC, "problem")]


def test_a_problem_is_told_once_until_it_is_over():
    desk = Desk({"to": "role:technical"})
    assert desk.states(event()) == [(NOC, "problem")]
    assert desk.states(event(hours=1)) == []
    assert desk.states(event("audit.error", hours=2)) == [(NOC, "problem")]
    assert desk.states(event("audit.compliant", hours=3)) == [(NOC, "recovered")]
    assert desk.states(event("audit.compliant", hours=4)) == []
    assert desk.states(event(hours=5)) == [(NOC, "problem")]


def test_a_problem_that_lasts_is_told_again_after_a_day():
    desk = Desk({"to": "role:technical"})
    desk.told(event())
    assert desk.states(event(hours=23)) == []
    (told,) = desk.told(event(hours=24))
    (item,) = json.loads(told.document)["items"]
    assert (item["state"], item["since"]) == ("again", "2026-11-23T08:00:00.000000Z")
    assert desk.states(event(hours=47)) == []
    assert desk.states(event(hours=48)) == [(NOC, "again")]
    never = Desk({"to": "role:technical"}, remind_hours=0)
    never.told(event())
    assert never.states(event(hours=999)) == []


def test_who_knows_of_a_problem_hears_that_it_became_milder():
    desk = Desk({"to": "role:technical", "severity": "error"})
    assert desk.states(event("audit.error")) == [(NOC, "problem")]
    assert desk.states(event("audit.drifted", hours=1)) == [(NOC, "problem")]
    assert desk.states(event("audit.drifted", hours=30)) == []
    assert desk.states(event("audit.compliant", hours=31)) == [(NOC, "recovered")]


def test_who_did_not_know_of_a_problem_does_not_hear_of_its_end():
    desk = Desk({"to": "role:technical", "severity": "error"}, {"to": "webhook:chat"})
    assert desk.states(event()) == [(CHAT, "problem")]
    assert desk.states(event("audit.compliant", hours=1)) == [(CHAT, "recovered")]


def test_what_happens_once_is_told_each_time():
    desk = Desk({"to": "role:technical"})
    for _ in range(2):
        assert desk.states(event("playbook.failed", None)) == [(NOC, "once")]


@pytest.mark.parametrize("remind_hours", [24, 0])
def test_a_job_that_fails_at_every_run_is_told_once_a_day(remind_hours):
    desk = Desk({"to": "role:technical"}, remind_hours=remind_hours)
    told = [
        desk.states(event("schedule.failed", "tell", hours=hour, state="recurring")) for hour in range(49)
    ]
    assert [hour for hour, states in enumerate(told) if states] == [0, 24, 48]
    assert (
        desk.states(event("schedule.missed", "tell", hours=49, state="recurring", severity="warning")) != []
    )
    assert desk.states(event("schedule.failed", "other", hours=49, state="recurring")) == [(NOC, "once")]


def test_a_message_has_the_worst_of_very_much_news():
    desk = Desk({"to": "role:technical"})
    desk.told(event(device="r0"))
    over = event("audit.compliant", device="r0", hours=1)
    (made,) = desk.told(
        over, *(event(device=f"d{n}", hours=1) for n in range(300)), event("audit.error", hours=1)
    )
    document = json.loads(made.document)
    assert (len(document["items"]), document["omitted"]) == (200, 102)
    assert document["items"][0]["event"] == "audit.error"
    assert {item["state"] for item in document["items"]} == {"problem"}
    assert len(desk.standing) == 301


def test_a_change_in_doubt_is_over_when_it_is_recovered():
    desk = Desk({"to": "role:technical"})
    doubt = {"subject": "network change c-1", "change": "c-1"}
    assert desk.states(event("change.in_doubt", None, state="problem", **doubt)) == [(NOC, "problem")]
    assert desk.states(event("recover.applied", None, hours=1, state="once", **doubt)) == [(NOC, "recovered")]
    assert desk.states(event("recover.applied", None, hours=2, state="once", **doubt)) == []


def test_one_command_is_one_message_to_each():
    desk = Desk({"to": ["role:technical", "webhook:chat"]})
    news = [event(device=f"r{n}") for n in range(3)] + [
        event("audit.error", "r3"),
        event(device="r9", hours=1),
    ]
    told = desk.told(*news)
    assert [(each.recipient, each.severity, len(json.loads(each.document)["items"])) for each in told] == [
        (NOC, "error", 4),
        (CHAT, "error", 4),
        (NOC, "warning", 1),
        (CHAT, "warning", 1),
    ]
    (over,) = desk.told(event("audit.compliant", "r3", hours=2), event("audit.drifted", "r0", hours=2))[:1]
    assert json.loads(over.document)["recovered"] is True
    assert over.severity == "info"


def test_the_same_news_has_the_same_id_for_the_same_recipient_and_no_other():
    ids = [
        each.id
        for client in ("acme", "acme", "globex")
        for each in Desk({"to": ["role:technical", "webhook:chat"]}, client=client).told(
            event(), event(device="core2", hours=1)
        )
    ]
    assert ids[:4] == ids[4:8]
    assert len(set(ids)) == 8
