"""What tests of deploys share: how one is made, and what is asked of it."""

from netmgr.errors import DeviceError
from netmgr.model.selection import Selection
from netmgr.workflows.deploy import deploy
from netmgr.workflows.gates import DeployRequest

NAMES = ("r1", "r2", "r3", "r4")
EVERYTHING = Selection()


class LineLost(DeviceError):
    """The answer to an order did not arrive."""

    kind = "unreachable"


def yes(_plan):
    return True


def run(world, *, selection=EVERYTHING, given=None, request=None, **asked):
    runtime = world.runtime(**({"request": request} if request else {}))
    return deploy(runtime, selection, DeployRequest(**asked), given=given, approve=yes)


def deploy_everything(runtime, **asked):
    return deploy(runtime, EVERYTHING, DeployRequest(**asked), given=None, approve=yes)


def outcomes(result):
    return {device.device: device.outcome for device in result.devices}


def other_as(world, device="r1", asn=65099):
    number = 65000 + int(device[1])
    world.edit("inventory/square/hosts.yaml", lambda text: text.replace(f"asn: {number}", f"asn: {asn}"))
