"""One lab of two emulated EOS devices for all tests of this directory."""

from collections.abc import Iterator

import pytest

from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.ports.progress import Silent
from tests.integration.emulated.bench import CLIENT, NETWORK, Bench


@pytest.fixture(scope="session")
def eos_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    lab = EmulatedLab(tmp_path_factory.mktemp("emulated") / "lab")
    lab.up(NETWORK, Silent())
    yield lab
    lab.down(CLIENT)


@pytest.fixture(scope="session")
def benches(eos_lab: EmulatedLab) -> Iterator[dict[str, Bench]]:
    with eos_lab.control(CLIENT) as control:
        yield {node.device: Bench(eos_lab, control, node.device) for node in NETWORK.nodes}


@pytest.fixture
def core1(benches: dict[str, Bench]) -> Iterator[Bench]:
    yield benches["core1"]
    benches["core1"].ask("no faults")


@pytest.fixture
def core2(benches: dict[str, Bench]) -> Iterator[Bench]:
    yield benches["core2"]
    benches["core2"].ask("no faults")
