"""Two engineers with workspaces of their own and one PostgreSQL store: one writes, the other is told who does."""

import dataclasses
import shutil

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.errors import Refused
from netmgr.model.access import Actor
from netmgr.model.change import CommitOrder
from netmgr.model.people import People
from netmgr.ports.progress import Silent
from netmgr.wiring import Wiring
from netmgr.workflows.deploy import deploy
from netmgr.workflows.recover import recover
from netmgr.workflows.rollback import rollback
from netmgr.workflows.status import status
from tests.integration.change.deploying import (
    EVERYTHING,
    NAMES,
    DeployRequest,
    deploy_everything,
    outcomes,
    yes,
)
from tests.postgresql import PASSWORD


@pytest.fixture
def engineers(world, postgresql, monkeypatch, tmp_path_factory):
    """Makes a runtime for an engineer in a workspace of theirs; the devices are the same."""
    monkeypatch.setenv("NETMGR_SECRET__WORKSPACE__STORE", PASSWORD)
    url = postgresql.database()
    wirings = {}

    def runtime(person, **changes):
        if person not in wirings:
            workspace = tmp_path_factory.mktemp(person) / "work"
            shutil.copytree(world.workspace, workspace)
            (workspace / "config/netmgr.yaml").write_text(
                f"store: {url}\nstore_password: secret://env/store\n"
            )
            wirings[person] = wiring = Wiring(workspace, load_settings(workspace))
            wiring.clock, wiring.people = world.clock, People()
        made = wirings[person].runtime(
            client="square",
            target="network",
            actor=Actor(id=person, auth="os", on=f"host-of-{person}"),
            request=world.clock.new_id(),
            progress=Silent(),
            interrupted=lambda: False,
        )
        ours = {"fleet": world.fleet, "clock": world.clock, "endpoints": world.runtime().endpoints}
        return dataclasses.replace(made, **ours, **changes)

    yield runtime
    for wiring in wirings.values():
        wiring.service_log.close()


def test_b_is_refused_naming_a_and_then_finds_what_a_did(world, engineers):
    told = []

    def b_comes(_plan):
        with pytest.raises(Refused) as refusal:
            deploy_everything(engineers("p-b"))
        told.append(refusal.value)
        lock = status(engineers("p-b"), EVERYTHING, contact=False).lock
        assert (lock.holder, 40 < lock.left <= 60) == ("p-a on host-of-p-a", True)
        return True

    first = deploy(engineers("p-a"), EVERYTHING, DeployRequest(), given=None, approve=b_comes)
    assert first.outcome == "applied"
    (refusal,) = told
    assert (refusal.gate, refusal.code) == ("lock", 5)
    assert refusal.reason.startswith("p-a on host-of-p-a is changing square (network) since ")
    assert outcomes(deploy_everything(engineers("p-b"))) == dict.fromkeys(NAMES, "unchanged")
    entries = [(e.actor, e.phase) for e in engineers("p-b").log.entries("square", change=first.change)]
    assert entries == [("p-a", "intent"), ("p-a", "decision"), *[("p-a", "result")] * 5]


def test_b_recovers_what_a_left_open_and_a_confirm_of_a_comes_too_late(world, engineers):
    held = deploy_everything(engineers("p-a"), hold=True)
    with pytest.raises(Refused, match=f"{held.change} .* has no end yet"):
        deploy_everything(engineers("p-b"))
    (end,) = recover(engineers("p-b"))
    assert (end.change, end.outcome) == (held.change, "rolled_back")
    facts = next(
        e for e in engineers("p-a").log.entries("square", change=held.change) if e.phase == "intent"
    ).facts
    late = {
        item["device"]: CommitOrder(
            change=held.change,
            commit=item["commit"],
            epoch=facts["epoch"],
            expected=item["before"],
            after=item["after"],
            seconds=60,
            message="late",
        )
        for item in facts["devices"]
    }
    runtime = engineers("p-a")
    devices = runtime.inventories.load("square", overlay=None).devices
    with world.fleet.session(runtime.endpoints(devices)) as session:
        session.connect(NAMES)
        answers = session.confirm(late)
    assert {name: answer.state for name, answer in answers.items()} == dict.fromkeys(NAMES, "rolled_back")
    assert world.running() == dict.fromkeys(NAMES, "")


def test_what_is_not_shared_is_said(engineers):
    """Snapshots lie in the workspace that made the change."""
    first = deploy_everything(engineers("p-a"))
    with pytest.raises(Exception, match="snapshot") as error:
        rollback(engineers("p-b"), first.change, DeployRequest(), approve=yes)
    assert "\n" not in str(error.value)
    assert rollback(engineers("p-a"), first.change, DeployRequest(), approve=yes).outcome == "applied"
