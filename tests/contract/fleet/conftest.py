"""The real side of the fleet's contract: two FRR routers, NAPALM, Nornir."""

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.endpoint import Endpoint
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent

NETWORK = LabNetwork(
    client="contract",
    nodes=tuple(
        LabNode(device=name, platform="frr", interfaces=(LabInterface(name="eth1"),)) for name in ("r1", "r2")
    ),
    links=(LabLink(a=("r1", "eth1"), b=("r2", "eth1")),),
)


@pytest.fixture(scope="session")
def contract_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrrLab]:
    lab = FrrLab(tmp_path_factory.mktemp("contract") / "lab", LabKit())
    lab.up(NETWORK, Silent())
    yield lab
    lab.down(NETWORK.client)


@pytest.fixture
def frr_world(contract_lab: FrrLab) -> Callable[..., Any]:
    """Makes a World of the contract's tests out of the two routers."""
    status = contract_lab.status(NETWORK.client)
    assert status is not None
    endpoints = tuple(
        Endpoint(
            device=device.device,
            platform="frr",
            hostname=device.address,
            port=device.port,
            username=device.user,
            known_hosts=device.known_hosts,
            key_file=device.identity,
        )
        for device in status.devices
    )

    def cut(name: str, isolated: bool) -> None:
        state = "down" if isolated else "up"
        argv = contract_lab.console(NETWORK.client, name, ["ip", "link", "set", "eth0", state])
        subprocess.run(argv, check=True, timeout=20)

    def make(world: Callable[..., Any], clock: object) -> Any:
        for name in ("r1", "r2"):
            argv = contract_lab.console(NETWORK.client, name, ["rm", "-f", "/var/lib/netmgr-frr/epoch"])
            subprocess.run(argv, check=True, timeout=20)
        return world(NornirFleet(FORMS, workers=8, timeout=5, step=Silent().step), endpoints, cut, clock)

    return make
