"""What tests of approvals share: who is who, and what is asked, signed and refused."""

import pytest

from netmgr.errors import Refused
from netmgr.model.selection import Selection
from netmgr.workflows.approving import approve
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.gates import DeployRequest

HOUR = 3600
EVERYTHING = Selection()


def yes(*_):
    return True


def people(world, keys, p2="roles: {square: [approver]}"):
    def entry(person, rest):
        public = (keys / f"{person}.pub").read_text().strip()
        return f'{person}:\n  keys: ["{public}"]\n  {rest}\n'

    text = entry("p-1", "roles: {square: [engineer, approver]}") + entry("p-2", p2)
    text += entry("p-3", "roles: {square: [engineer]}")
    (world.workspace / "config/people.yaml").write_text(text)


def planned(world, **asked):
    return plan(world.runtime(), EVERYTHING, DeployRequest(**asked))


def run(world, *, given=None, runtime=None, **asked):
    return deploy(runtime or world.runtime(), EVERYTHING, DeployRequest(**asked), given=given, approve=yes)


def signed(world, keys, made, person="p-2", runtime=None):
    return approve(runtime or world.runtime(), made, key=str(keys / person), ask=yes)


def approvals(world):
    return list(world.wiring.service_log.entries("square", kind="approval"))


def refusal(action, world):
    """Why it is refused; no device was touched and no approval logged by it."""
    journal, logged = world.journal(), len(approvals(world))
    with pytest.raises(Refused) as raised:
        action()
    assert (world.journal(), len(approvals(world)), raised.value.code) == (journal, logged, 5)
    return raised.value
