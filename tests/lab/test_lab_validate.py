"""What a lab cannot boot is refused before anything is created, one line that names the device."""

from ipaddress import ip_interface, ip_network

import pytest

from netmgr.errors import LabError
from netmgr.lab.frr.validate import validate
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode, LabRoute


def node(device: str, *names: str, **settings: object) -> LabNode:
    interfaces = tuple(LabInterface(name=name) for name in names)
    return LabNode.model_validate({"device": device, "platform": "frr", "interfaces": interfaces} | settings)


A, B = node("a", "eth1"), node("b", "eth1")
LINK = LabLink(a=("a", "eth1"), b=("b", "eth1"))

REFUSED = [
    ((), (), "x: nothing to boot: the network has no device"),
    ((A, A), (), "a: 2 devices of this name in one lab"),
    ((node("a", platform="ios"),), (), "a: only frr and linux are booted as themselves, not platform ios"),
    (
        (node("a", "GigabitEthernet0"),),
        (),
        "a: 'GigabitEthernet0' cannot be an interface's name on Linux (15 characters at most)",
    ),
    ((node("a", "eth 1"),), (), "a: 'eth 1' cannot be an interface's name on Linux (15 characters at most)"),
    ((node("a", "a\nb"),), (), "a: 'a\\nb' cannot be an interface's name on Linux (15 characters at most)"),
    ((node("a", "lo"),), (), "a: 'lo' cannot be an interface's name on Linux (15 characters at most)"),
    ((node("a", "eth0"),), (), "a: eth0 is the lab's management interface; give the link another one"),
    ((node("a", "eth1", "eth1"),), (), "a: two interfaces named eth1"),
    ((node("a", daemons=("bgpd;reboot",)),), (), "a: 'bgpd;reboot' is not the name of an FRR daemon"),
    (
        (node("a", platform="linux", startup="hostname x"),),
        (),
        "a: a host of platform linux takes no startup configuration",
    ),
    (
        (node("a", routes=(LabRoute(prefix=ip_network("0.0.0.0/0")),)),),
        (),
        "a: a router's static routes are part of its configuration",
    ),
    (
        (node("a", interfaces=(LabInterface(name="eth1", addresses=(ip_interface("10.0.0.1/24"),)),)),),
        (),
        "a: eth1: a router's addresses are part of its configuration",
    ),
    (
        (node("a", interfaces=(LabInterface(name="eth1", enabled=False),)),),
        (),
        "a: eth1: a router's addresses are part of its configuration",
    ),
    ((A, node("b")), (LINK,), "b: a link ends at eth1, which no device of the lab has"),
    ((A,), (LINK,), "b: a link ends at eth1, which no device of the lab has"),
    ((A, B), (LINK, LINK), "a: eth1 is the end of two links"),
    ((A,), (LabLink(a=("a", "eth1"), b=("a", "eth1")),), "a: eth1 is the end of two links"),
]


@pytest.mark.parametrize(("nodes", "links", "message"), REFUSED)
def test_refused(nodes, links, message):
    with pytest.raises(LabError) as refused:
        validate(LabNetwork(client="x", nodes=nodes, links=links))
    assert str(refused.value) == message


def test_another_architecture(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(LabError, match=r"^the lab runs on aarch64 and x86_64, not on riscv64$"):
        validate(LabNetwork(client="x", nodes=(A,)))


def test_accepted():
    host = node("host", "eth1", platform="linux", daemons=())
    assert validate(LabNetwork(client="x", nodes=(A, B, host), links=(LINK,))) is None
