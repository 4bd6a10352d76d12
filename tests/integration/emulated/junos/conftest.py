"""One lab of two emulated Junos devices for all tests of this directory."""

from collections.abc import Iterator

import pytest

from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.ports.progress import Silent
from tests.integration.emulated.junos.bench import CLIENT, NETWORK, SCALE, Bench
from tests.integration.emulated.test_eos_jump import bastion  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def junos_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    lab = EmulatedLab(tmp_path_factory.mktemp("junos") / "lab", scale=SCALE)
    lab.up(NETWORK, Silent())
    yield lab
    lab.down(CLIENT)


@pytest.fixture(scope="session")
def junos_benches(junos_lab: EmulatedLab) -> Iterator[dict[str, Bench]]:
    with junos_lab.control(CLIENT) as control:
        yield {node.device: Bench(junos_lab, control, node.device) for node in NETWORK.nodes}


@pytest.fixture
def edge1(junos_benches: dict[str, Bench]) -> Iterator[Bench]:
    yield junos_benches["edge1"]
    junos_benches["edge1"].ask("no faults")


@pytest.fixture
def edge2(junos_benches: dict[str, Bench]) -> Iterator[Bench]:
    yield junos_benches["edge2"]
    junos_benches["edge2"].ask("no faults")
