"""Labs for tests: one square of four routers for the whole run, and others for one test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from tests.lab.bench import Bench, ignore
from tests.lab.site import booted, site  # noqa: F401 - the one client that the tests of changes and of audits share


@pytest.fixture(scope="session")
def kit() -> LabKit:
    """What ``netmgr lab setup`` made; without it every test here fails and says so."""
    kit = LabKit()
    kit.locate()
    return kit


SQUARE = LabNetwork(
    client="square",
    nodes=tuple(
        LabNode(
            device=f"r{number}",
            platform="frr",
            interfaces=(
                LabInterface(name="eth1", mtu=9000),
                LabInterface(name="eth2"),
                LabInterface(name="wan0"),
            ),
        )
        for number in (1, 2, 3, 4)
    ),
    links=(
        LabLink(a=("r1", "eth1"), b=("r2", "eth1")),
        LabLink(a=("r2", "eth2"), b=("r3", "eth2")),
        LabLink(a=("r3", "eth1"), b=("r4", "eth1")),
        LabLink(a=("r4", "eth2"), b=("r1", "eth2")),
    ),
)


@pytest.fixture(scope="session")
def square(kit: LabKit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """r1-r2-r3-r4-r1; r1-r2 and r3-r4 have an MTU of 9000; wan0 has no link. Tests leave it as they found it."""
    # A path with each character that a mount option, a shell or ssh gives a meaning, and longer than a Unix socket's.
    state_dir = tmp_path_factory.mktemp("square") / "a b:c,d\\e'f" / ("long-" * 30) / "lab"
    lab = FrrLab(state_dir, kit)
    status = lab.up(SQUARE, ignore)
    yield Bench(lab, state_dir, status)
    lab.down("square")


@pytest.fixture
def boot(kit: LabKit, tmp_path: Path) -> Iterator[Callable[[LabNetwork], Bench]]:
    """Boots labs for one test and removes them after it."""
    lab = FrrLab(tmp_path / "lab", kit)
    clients: set[str] = set()

    def up(wanted: LabNetwork) -> Bench:
        clients.add(wanted.client)
        return Bench(lab, tmp_path / "lab", lab.up(wanted, ignore))

    yield up
    for client in clients:
        lab.down(client)
