"""Failures that programs find: one ticket for each, resolved when it is over, and no act of anybody's."""

import pytest

from netmgr.adapters.samples_memory import MemorySamples
from netmgr.errors import NetmgrError, StoreError
from netmgr.model.access import Actor
from netmgr.model.probe import Probed
from netmgr.model.schedule import AuditJob
from netmgr.model.selection import Selection
from netmgr.workflows import ticket as desk
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.probing import probe
from netmgr.workflows.ticket_views import Wanted, show, tickets

SEVERE = "{impact: extensive, urgency: critical}"


class Answers:
    """In place of the network."""

    def __init__(self):
        self.down = set()

    def probe(self, endpoints, _timeout):
        return {one.device: Probed("down" if one.device in self.down else "up") for one in endpoints}


@pytest.fixture
def probed(world):
    """A client whose devices are probed; each call takes the next sample."""
    world.edit(
        "inventory/square/client.yaml", lambda text: f"{text}probe: {{down_after: 1, ticket: {SEVERE}}}\n"
    )
    answers, samples = Answers(), MemorySamples()

    def sampled(*down, runtime=None, **changes):
        answers.down = set(down)
        world.clock.elapsed += 60
        made = world.runtime(open_prober=lambda: answers, open_samples=lambda: samples, **changes)
        return probe(made)

    return sampled


def desk_of(world):
    """Every ticket: id, state, condition."""
    listed = tickets(world.runtime(), Wanted(), count=99)
    return [(one.ticket.id, one.ticket.state, one.ticket.condition) for one in reversed(listed)]


def acts(world):
    return [
        (one.ticket, one.action, one.auth)
        for one in world.wiring.service_log.entries("square", kind="ticket")
    ]


def test_a_device_that_is_down_opens_one_ticket_and_its_recovery_resolves_it(world, probed):
    probed()
    for _ in range(3):
        probed("r2")
    assert desk_of(world) == [("T-1", "open", "probe.down.r2")]
    probed("r2", "r3")
    probed("r3")
    assert desk_of(world) == [("T-1", "resolved", "probe.down.r2"), ("T-2", "open", "probe.down.r3")]
    shown = show(world.runtime(), "T-1")
    assert (shown.subject, shown.ticket.devices, shown.ticket.priority) == (
        "r2 is down",
        ("r2",),
        "emergency",
    )
    transitions = [one.id for one in world.wiring.service_log.entries("square", kind="probe", device="r2")]
    assert [link.ref for link in shown.ticket.links] == transitions
    assert {auth for _, _, auth in acts(world)} == {"service"}
    events = world.wiring.service_log.records.get("square", "ticket", "T-1").document["events"]
    assert not any(row[4] for row in events)
    probed("r2", "r3")
    assert desk_of(world)[2] == ("T-3", "open", "probe.down.r2")


def test_who_closes_it_while_it_is_down_has_closed_it(world, probed):
    probed("r1")
    desk.close(world.runtime(), "T-1", outcome="duplicate")
    probed("r1")
    assert desk_of(world) == [("T-1", "closed", "probe.down.r1")]
    probed()
    probed("r1")
    assert desk_of(world)[1:] == [("T-2", "open", "probe.down.r1")]


def test_what_was_reopened_is_left_to_people(world, probed):
    probed("r1")
    probed()
    desk.reopen(world.runtime(), "T-1", note="why was that?")
    probed()
    assert desk_of(world) == [("T-1", "in_progress", "probe.down.r1")]


def test_what_a_run_that_was_cut_short_left_undone_the_next_one_does(world, probed, monkeypatch):
    append = world.wiring.service_log.append

    def dies(client, drafts, **more):
        if any(draft.kind == "ticket" for draft in drafts):
            raise StoreError("the disk is full")
        return append(client, drafts, **more)

    for down, state in ((("r1",), "open"), ((), "resolved")):
        monkeypatch.setattr(world.wiring.service_log, "append", dies)
        with pytest.raises(NetmgrError):
            probed(*down)
        monkeypatch.setattr(world.wiring.service_log, "append", append)
        probed(*down)
        assert desk_of(world) == [("T-1", state, "probe.down.r1")]


def test_no_ticket_where_nobody_asked_for_it_and_none_of_a_lab(world, probed):
    probed("r1", target="lab")
    world.edit("inventory/square/client.yaml", lambda text: text.replace(f", ticket: {SEVERE}", ""))
    probed("r1")
    assert desk_of(world) == []


def audited(world, **said):
    """The nightly audit, as the scheduler makes it."""
    runtime = world.runtime(actor=Actor(id="p-1", auth="service", on="ops1"))
    options = AuditJob.model_validate(
        {"job": "audit", "cron": "0 2 * * *", "ticket": {"impact": "limited", "urgency": "high"}, **said}
    )
    return JOBS["audit"].run(runtime, options, world.clock.now())


@pytest.fixture
def deployed(world):
    deploy(world.runtime(), Selection(), DeployRequest(), given=None, approve=lambda _: True)
    return world


def test_what_an_audit_finds_wrong_opens_tickets_until_an_audit_finds_it_well(deployed):
    r1, r2 = deployed.fleet.devices["r1"], deployed.fleet.devices["r2"]
    well = r1.running
    r1.running = "ip route 192.0.2.0/24 blackhole\n" + well
    r2.reachable = False
    for _ in range(2):
        assert audited(deployed) == "unreachable"
    assert desk_of(deployed) == [("T-1", "open", "audit.drifted.r1"), ("T-2", "open", "audit.unreachable.r2")]
    r1.reachable, r2.reachable = False, True
    r2.running = "ip route 192.0.2.0/24 blackhole\n" + r2.running
    audited(deployed)
    assert desk_of(deployed) == [
        ("T-1", "open", "audit.drifted.r1"),
        ("T-2", "resolved", "audit.unreachable.r2"),
        ("T-3", "open", "audit.unreachable.r1"),
        ("T-4", "open", "audit.drifted.r2"),
    ]
    r1.reachable, r1.running = True, well
    audited(deployed, devices=["r1"])
    assert [state for _, state, _ in desk_of(deployed)] == ["resolved", "resolved", "resolved", "open"]
    assert {auth for _, _, auth in acts(deployed)} == {"service"}
    assert show(deployed.runtime(), "T-1").subject == "r1 configuration is not as agreed"


def test_an_audit_that_does_not_come_about_opens_one_too(deployed):
    file = deployed.workspace / "inventory/square/topology.yaml"
    whole = file.read_text()
    file.write_text("links: 7\n")
    for _ in range(2):
        with pytest.raises(NetmgrError):
            audited(deployed)
    assert desk_of(deployed) == [("T-1", "open", "audit.failed")]
    file.write_text(whole)
    assert audited(deployed) == "compliant"
    assert desk_of(deployed) == [("T-1", "resolved", "audit.failed")]


def test_an_audit_by_hand_opens_none(deployed):
    deployed.fleet.devices["r1"].reachable = False
    audited(deployed, ticket=None)
    assert desk_of(deployed) == []
