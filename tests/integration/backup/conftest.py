"""A square whose backups somebody can open."""

import pytest

from netmgr.adapters.backups_git import make_identity
from netmgr.adapters.settings_yaml import load_settings
from netmgr.model.selection import Selection
from netmgr.wiring import Wiring
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest
from tests.integration.backup.square import whole


@pytest.fixture
def square(world):
    """The square with somebody to open its backups; deployed, without a backup yet."""
    public = make_identity(world.workspace / "offline.key")
    world.edit("config/netmgr.yaml", lambda text: f"{text}backups: {{recipients: [{public}]}}\n")
    wiring = Wiring(world.workspace, load_settings(world.workspace))
    wiring.clock, wiring.people = world.clock, world.wiring.people
    world.wiring = wiring
    for device in world.fleet.devices.values():
        device.shown = whole
    made = deploy(
        world.runtime(backups=None), Selection(), DeployRequest(), given=None, approve=lambda _: True
    )
    assert made.outcome == "applied"
    return world
