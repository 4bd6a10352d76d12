"""A host's addresses and routes, from the inventory to the commands that set them."""

from netmgr.lab.frr.hosts import host_addressing
from netmgr.model.lab import LabLink, LabNode
from netmgr.model.settings import Settings
from netmgr.platforms import FORMS
from netmgr.wiring import Wiring
from netmgr.workflows.lab import lab_network

FILES = {
    "config/netmgr.yaml": "{}\n",
    "inventory/field/client.yaml": "id: field\n",
    "inventory/field/hosts.yaml": """\
r1:
  platform: frr
h1:
  platform: linux
  data:
    interfaces:
      eth2: {ipv4: 192.0.2.9/24, ipv6: ["2001:db8:2::9/64"], enabled: false}
    static_routes:
      - {prefix: 0.0.0.0/0, next_hop: 10.0.0.0}
      - {prefix: "2001:db8:ff::/48", interface: eth2, preference: 20}
      - {prefix: 198.51.100.0/24, discard: true}
""",
    "inventory/field/topology.yaml": """\
links:
  - {endpoints: ["r1:eth1", "h1:eth1"], subnet: 10.0.0.0/31, mtu: 1400}
""",
}


def network(tmp_path, *, lldp=False, **files):
    for name, text in {**FILES, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    wiring = Wiring(tmp_path, Settings())
    return lab_network(wiring.inventories, wiring.templates, FORMS, "field", overlay=None, lldp=lldp)


def test_a_host_boots_with_what_the_inventory_says(tmp_path):
    booted = network(tmp_path)
    r1, h1 = booted.nodes
    assert r1.routes == ()
    assert [(i.name, i.mtu, i.addresses, i.enabled) for i in r1.interfaces] == [("eth1", 1400, (), True)]
    assert [(i.name, i.mtu, [str(a) for a in i.addresses], i.enabled) for i in h1.interfaces] == [
        ("eth1", 1400, ["10.0.0.1/31"], True),
        ("eth2", None, ["192.0.2.9/24", "2001:db8:2::9/64"], False),
    ]
    assert (h1.platform, h1.startup, h1.daemons) == ("linux", "", ())
    assert booted.links == (LabLink(a=("r1", "eth1"), b=("h1", "eth1")),)
    assert list(host_addressing(h1)) == [
        "address add 10.0.0.1/31 dev eth1",
        "address add 192.0.2.9/24 dev eth2",
        "address add 2001:db8:2::9/64 dev eth2 nodad",
        "route add 0.0.0.0/0 via 10.0.0.0",
        "route add blackhole 198.51.100.0/24",
        "route add 2001:db8:ff::/48 dev eth2 metric 20",
        "link set eth2 down",
    ]


def test_a_host_outside_is_a_host_too(tmp_path):
    """There is no template for it, and none is needed."""
    hosts = FILES["inventory/field/hosts.yaml"].replace("  data:", "  data:\n    lifecycle: external")
    _, h1 = network(tmp_path, **{"inventory/field/hosts.yaml": hosts}).nodes
    assert (h1.platform, h1.startup) == ("linux", "")


def test_lldpd_runs_on_all_of_them_or_on_none(tmp_path):
    assert [node.lldp for node in network(tmp_path).nodes] == [False, False]
    assert [node.lldp for node in network(tmp_path, lldp=True).nodes] == [True, True]


def test_a_router_without_anything_asks_for_no_command():
    assert list(host_addressing(LabNode(device="r1", platform="frr"))) == []
