"""Larch's driver keeps netmgr's laws, on an emulated device. With a real one, only the fixture is another."""

import dataclasses
from pathlib import Path

import pytest
from netmgr_larch.form import LARCH

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.conformance import DRIVER_LAWS, Bench
from netmgr.lab.emulated.journal import read_journal
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.lab.frr.keys import new_key
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.ports.progress import Silent

NETWORK = LabNetwork(
    client="larches",
    nodes=(LabNode(device="sw1", platform="larch", interfaces=(LabInterface(name="port1"),)),),
)
BEFORE = LARCH.canonical("hostname sw1\nntp 192.0.2.123\ninterface port1\n  description one\n")
AFTER = LARCH.canonical(
    "hostname sw1\ninterface port1\n  description two\n  mtu 9000\nroute 0.0.0.0/0 via 10.0.0.254\n"
)


@dataclasses.dataclass(frozen=True)
class Device:
    name: str
    platform: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    made = EmulatedLab(tmp_path_factory.mktemp("larches") / "lab")
    made.up(NETWORK, Silent())
    yield made
    made.down(NETWORK.client)


@pytest.fixture
def bench(lab, tmp_path):
    (endpoint,) = lab_endpoints(lab, NETWORK.client, [Device("sw1", "larch")])
    endpoint = dataclasses.replace(endpoint, key_file=None)
    records = tmp_path / "somebody_else"
    records.write_text(f"[{endpoint.hostname}]:{endpoint.port} {new_key().public}\n")
    journal = Path(lab.directory(NETWORK.client)) / "sw1.journal"
    with lab.control(NETWORK.client) as control:
        yield Bench(
            form=LARCH,
            endpoint=endpoint,
            stranger=dataclasses.replace(endpoint, known_hosts=str(records)),
            before=BEFORE,
            after=AFTER,
            refused=f"{AFTER}teleport port1\n",
            shows="show version",
            settle=lambda text: control.ask("reset", "sw1", text=text),
            running=lambda: LARCH.canonical(control.ask("running", "sw1")),
            offered=lambda: sum(entry["event"] == "password offered" for entry in read_journal(journal)),
        )


@pytest.mark.parametrize("law", DRIVER_LAWS)
def test_the_driver_keeps_the_law(bench, law):
    assert list(DRIVER_LAWS[law](bench)) == []
