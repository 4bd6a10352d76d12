"""Notice of changes: who gets which mail, what the log says, and what the gate makes of it."""

import json

import pytest

from netmgr.cli.main import run as netmgr
from netmgr.errors import InputError, Refused, UsageError
from netmgr.model.approval import plan_digest
from netmgr.model.selection import Selection
from netmgr.workflows.deploy import deploy, parse_plan, plan
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.notice import send
from netmgr.workflows.rollback import rollback
from netmgr.workflows.ticket import Described, close, open_ticket
from tests.integration.agreement.test_gate import other_loopbacks, run

ALWAYS = "{before: 2d}"
DAY = 86_400


def planned(world, **asked):
    return plan(world.runtime(), Selection(), DeployRequest(**asked))


def given(world, made):
    """As the saved plan is read again."""
    return parse_plan(world.wiring.plans.load("square", made.id), made.id)


def noticed(world, made, reason="Faster links", **how):
    return send(world.runtime(), given(world, made), reason=reason, **how)


def entries(world):
    return list(world.wiring.service_log.entries("square", kind="notice"))


def gates(made):
    return [refusal.gate for refusal in made.refused]


def test_each_contact_gets_a_mail_and_the_log_says_so(told):
    told.agree(ALWAYS)
    made = planned(told)
    sent = noticed(told, made)
    assert (sent.outcome, sent.contacts, sent.sent) == ("sent", 2, "2026-11-23T08:00:00.000000Z")
    assert sent.not_before == "2026-11-25T08:00:00.000000Z"
    first, second = told.mail.mails
    assert [mail["To"] for mail in (first, second)] == ["noc@square.example", "it@square.example"]
    assert first["Subject"] == "Square {{ 7*7 }}: planned change to 4 devices"
    assert first.get_content().splitlines() == [
        "We are going to change the configuration of your network.",
        "",
        "Devices: r1, r2, r3 and r4",
        "Reason: Faster links",
        "When: Not before 25 November 2026, 09:00 (Europe/Berlin)",
        f"Reference: {made.id}",
        "",
        "Please tell us soon if this does not suit you.",
    ]
    (entry,) = entries(told)
    assert (entry.action, entry.outcome, entry.visibility, entry.target) == (
        "send",
        "sent",
        "client",
        "network",
    )
    facts = dict(entry.facts)
    assert len(facts.pop("content")) == 64
    assert len(facts.pop("notifications")) == 2
    assert facts == {
        "plan": made.id,
        "digest": plan_digest(given(told, made)),
        "devices": ["r1", "r2", "r3", "r4"],
        "contacts": 2,
        "sent": sent.sent,
        "not_before": sent.not_before,
    }
    body = json.loads(told.wiring.service_log.body("square", entry.body.digest))
    assert body["to"] == ["mail:noc@square.example", "mail:it@square.example"]
    assert body["subject"] == first["Subject"]


def test_in_chinese_and_with_a_window(told):
    told.edit("inventory/square/client.yaml", lambda text: text + "locale: zh-CN\n")
    now = told.clock.now()
    noticed(told, planned(told), reason="链路扩容", window=(now, now.replace(hour=12)))
    mail = told.mail.mails[0]
    assert mail["Subject"] == "方正：计划变更4台设备"
    assert mail.get_content().splitlines()[2:5] == [
        "设备：r1、r2、r3和r4",
        "原因：链路扩容",
        "时间：2026年11月23日 09:00至2026年11月23日 13:00（Europe/Berlin）",
    ]


def test_the_gate_opens_when_notice_is_old_enough_to_the_second(told):
    told.agree(ALWAYS)
    made = planned(told)
    assert gates(made) == ["notice"]
    assert made.refused[0].remedy == f"`netmgr notice send {made.id} -c square`, or --break-glass REASON"
    noticed(told, made)
    told.clock.sleep(2 * DAY - 1)
    before = told.running()
    with pytest.raises(Refused, match=r"notice was sent at 2026-11-23T08:00:00\+00:00; 2d before is agreed"):
        run(told)
    assert told.running() == before
    told.clock.sleep(1)
    result = deploy(
        told.runtime(), Selection(), DeployRequest(), given=given(told, made), approve=lambda _: True
    )
    assert result.outcome == "applied"


def test_it_holds_for_a_plan_made_again_and_for_no_other(told):
    told.agree(ALWAYS)
    noticed(told, planned(told))
    told.clock.sleep(2 * DAY)
    assert gates(planned(told)) == []
    told.edit("inventory/square/hosts.yaml", lambda text: text.replace("10.255.0.4", "10.255.0.9"))
    assert gates(planned(told)) == ["notice"]


def test_in_service_hours_the_weekend_does_not_count(told):
    """Monday, 09:00 in Berlin; only Mondays from 08:00 to 18:00 are worked."""
    told.agree("{before: 12h, calendar: service}")
    sent = noticed(told, planned(told))
    assert sent.not_before == "2026-11-30T10:00:00.000000Z"
    told.clock.sleep(7 * DAY + 2 * 3600 - 1)
    assert gates(planned(told)) == ["notice"]
    told.clock.sleep(1)
    assert gates(planned(told)) == []


def test_judged_for_the_time_that_is_asked_about(told):
    told.agree(ALWAYS)
    noticed(told, planned(told))
    then = told.clock.now().replace(day=25)
    assert gates(planned(told, at=then)) == []
    assert gates(planned(told, at=then.replace(hour=7))) == ["notice"]


def test_broken_glass_passes_and_the_way_back_is_free(told):
    told.agree(ALWAYS)
    first = run(told, break_glass="the link is down")
    assert first.outcome == "applied"
    assert (
        rollback(told.runtime(), first.change, DeployRequest(), approve=lambda _: True).outcome == "applied"
    )


def test_the_lab_is_not_bound_and_told_of(told):
    told.agree(ALWAYS)
    lab = plan(told.runtime(target="lab"), Selection(), DeployRequest())
    assert gates(lab) == []
    assert gates(plan(told.runtime(target="lab"), Selection(), DeployRequest(gates=True))) == ["notice"]
    with pytest.raises(UsageError, match="is for the lab: nobody is told of it"):
        noticed(told, lab)


def test_without_a_clause_nothing_is_asked(told):
    told.sign()
    assert gates(planned(told)) == []


def test_what_is_not_taken_is_no_notice_until_it_is_and_nobody_gets_it_twice(told):
    told.agree(ALWAYS)
    made = planned(told)
    told.mail.down()
    assert noticed(told, made).outcome == "deferred"
    told.clock.sleep(2 * DAY)
    assert gates(planned(told)) == ["notice"]
    told.mail.up()
    told.mail.refused["it@square.example"] = "550 5.1.1 no such mailbox"
    sent = noticed(told, made)
    assert (sent.outcome, sent.not_before, len(sent.problems)) == ("failed", None, 1)
    told.mail.refused.clear()
    again = noticed(told, made)
    assert (again.outcome, again.sent) == ("sent", "2026-11-25T08:00:00.000000Z")
    assert noticed(told, made) == again
    assert [entry.outcome for entry in entries(told)] == ["deferred", "failed", "sent"]
    assert sorted(mail["To"] for mail in told.mail.mails) == ["it@square.example", "noc@square.example"]


@pytest.mark.parametrize(
    ("file", "text", "error", "why"),
    [
        ("inventory/square/client.yaml", "id: square\n", UsageError, "no contact has the role notice"),
        ("config/notify.yaml", "allow: []\n", InputError, "notice is sent by mail; write mail"),
    ],
)
def test_where_nobody_can_be_told_nothing_is_logged(told, file, text, error, why):
    made = planned(told)
    (told.workspace / file).write_text(text)
    with pytest.raises(error, match=why):
        noticed(told, made)
    assert entries(told) == []


def test_of_nothing_nobody_is_told(told):
    run(told)
    with pytest.raises(UsageError, match="changes nothing"):
        noticed(told, planned(told))
    other_loopbacks(told)
    now = told.clock.now()
    with pytest.raises(UsageError, match="ends before it begins"):
        noticed(told, planned(told), window=(now, now))


def test_in_an_emergency_it_is_told_afterwards(told):
    """The ticket says that it is one; where the agreement does not let it, or once it is over, it helps nothing."""
    told.agree(ALWAYS)
    opened = {
        priority: open_ticket(told.runtime(), Described(subject="down", priority=priority))
        for priority in ("urgent", "other")
    }
    for identity, found in ((opened["other"], ["notice"]), ("INC-4711", ["notice"]), (opened["urgent"], [])):
        assert gates(planned(told, ticket=identity)) == found
    assert run(told, ticket=opened["urgent"]).outcome == "applied"
    other_loopbacks(told)
    close(told.runtime(), opened["urgent"], outcome="cancelled")
    assert gates(planned(told, ticket=opened["urgent"])) == ["notice"]


def test_on_the_command_line(told, capsys, monkeypatch):
    monkeypatch.setattr("netmgr.cli.notice.reading_runtime", lambda context, _target: told.commands(context))
    told.agree(ALWAYS)
    made = planned(told)
    command = ["-w", str(told.workspace), "-c", "square", "notice", "send", made.id, "-m", "Faster  links"]
    window = ["--from", "2026-11-24T22:00:00+01:00", "--to", "2026-11-25T04:00:00+01:00"]
    told.mail.down()
    assert netmgr([*command, *window]) == 1
    assert capsys.readouterr().out == (
        f"plan {made.id}: not sent to everybody yet: it is tried again; then send it again\n"
    )
    told.mail.up()
    told.clock.sleep(600)
    assert netmgr([*command, *window]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"plan {made.id}: sent to 2 contact(s) at 2026-11-23T08:10:00.000000Z",
        "deploy from 2026-11-25T08:10:00.000000Z on",
    ]
    assert err.splitlines() == ["the announced window begins sooner than that"]
    assert "Reason: Faster links" in told.mail.mails[0].get_content()
    assert netmgr([*command, *window, "-o", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["schema"], shown["outcome"], shown["begins"]) == (
        "netmgr.notice/1",
        "sent",
        "2026-11-24T21:00:00.000000Z",
    )
    assert netmgr([*command, *window[:2]]) == 64
    assert netmgr(["-w", str(told.workspace), "-c", "square", "notice", "send", "gone", "-m", "x"]) == 1
