"""One emulated device of each of netmgr's platforms that has no real one here, as a bench for the laws of drivers."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from netmgr.adapters.endpoints import lab_endpoints
from netmgr.conformance import Bench
from netmgr.lab.emulated.journal import read_journal
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.lab.emulated.pki import Authority
from netmgr.lab.frr.keys import new_key
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent

CLIENT = "drivers"
#: Platform → an interface, what any configuration has, what one of them has, what no device takes, a command.
TEXTS = {
    "eos": (
        "Ethernet1",
        "hostname eos1\nmanagement api http-commands\n   no shutdown\n",
        ("logging host 192.0.2.1\n", "logging host 192.0.2.2\n"),
        "interface Ethernet1\n   teleport\n",
        "show version",
    ),
    "ios": (
        "GigabitEthernet1",
        "hostname ios1\narchive\n path flash:backup\nip scp server enable\n"
        "interface GigabitEthernet1\n no ip address\n shutdown\nline vty 0 4\n transport input ssh\n",
        ("logging host 192.0.2.1\n", "logging host 192.0.2.2\n"),
        "interface GigabitEthernet1\n teleport\n",
        "show version",
    ),
    "junos": (
        "ge-0/0/0",
        'set system host-name junos1\nset system root-authentication encrypted-password "$6$salt$hash"\n'
        "set system services ssh\nset system services netconf ssh\n",
        ("set system syslog host 192.0.2.1 any info\n", "set system syslog host 192.0.2.2 any info\n"),
        "set interfaces ge-0/0/0 teleport\n",
        "show version",
    ),
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedLab]:
    made = EmulatedLab(tmp_path_factory.mktemp("drivers") / "lab")
    nodes = tuple(
        LabNode(
            device=f"{name}1",
            platform=name,
            interfaces=(LabInterface(name=interface),),
            startup=FORMS[name].startup(FORMS[name].canonical(common)),
        )
        for name, (interface, common, *_) in TEXTS.items()
    )
    made.up(LabNetwork(client=CLIENT, nodes=nodes), Silent())
    yield made
    made.down(CLIENT)


@dataclasses.dataclass(frozen=True)
class Named:
    """As much of an inventory's device as endpoints ask for."""

    name: str
    platform: str


def stranger(endpoint: Any, directory: Path) -> Any:
    """The endpoint with the keys of somebody else on record."""
    records = directory / "somebody_else"
    records.write_text(f"[{endpoint.hostname}]:{endpoint.port} {new_key().public}\n")
    Path(f"{records}.pem").write_text(Authority.new("somebody else").pem)
    return dataclasses.replace(endpoint, known_hosts=str(records))


@pytest.fixture
def bench(request: pytest.FixtureRequest, lab: EmulatedLab, tmp_path: Path) -> Iterator[Bench]:
    platform: str = request.param
    device, form = f"{platform}1", FORMS[platform]
    _, common, (first, second), refused, shows = TEXTS[platform]
    (endpoint,) = lab_endpoints(lab, CLIENT, [Named(device, platform)])  # type: ignore[list-item]
    endpoint = dataclasses.replace(endpoint, key_file=None)
    journal = lab.directory(CLIENT) / f"{device}.journal"
    with lab.control(CLIENT) as control:
        ask: Callable[..., Any] = control.ask
        yield Bench(
            form=form,
            endpoint=endpoint,
            stranger=stranger(endpoint, tmp_path),
            before=form.canonical(common + first),
            after=form.canonical(common + second),
            refused=common + second + refused,
            shows=shows,
            settle=lambda text: ask("reset", device, text=text),
            running=lambda: form.canonical(ask("running", device)),
            offered=lambda: sum(e["event"] in ("password offered", "request") for e in read_journal(journal)),
        )
