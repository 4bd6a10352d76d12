"""One lab of two emulated IOS devices for all tests of this directory."""

from collections.abc import Iterator

import pytest

from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.ports.progress import Silent
from tests.integration.emulated.ios.bench import CLIENT, NETWORK, SCALE, Bench


@pytest.fixture(scope="session")
def ios_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    lab = EmulatedLab(tmp_path_factory.mktemp("emulated-ios") / "lab", scale=SCALE)
    lab.up(NETWORK, Silent())
    yield lab
    lab.down(CLIENT)


@pytest.fixture(scope="session")
def ios_benches(ios_lab: EmulatedLab) -> Iterator[dict[str, Bench]]:
    with ios_lab.control(CLIENT) as control:
        yield {node.device: Bench(ios_lab, control, node.device) for node in NETWORK.nodes}


@pytest.fixture
def edge1(ios_benches: dict[str, Bench]) -> Iterator[Bench]:
    yield ios_benches["edge1"]
    ios_benches["edge1"].ask("no faults")
