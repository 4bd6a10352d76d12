"""Two routers that somebody else configured, in the ways of FRR's own defaults: adopted, then changed."""

import shutil
from collections.abc import Iterator

import pytest

from netmgr.adapters.secrets_local import LocalSecrets
from tests.lab.site import ROOT, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

HOSTS = "inventory/pair/hosts.yaml"
FILES = {
    "config/netmgr.yaml": "lab: {lldp: true}\n",
    "inventory/pair/client.yaml": "id: pair\n",
    "inventory/pair/defaults.yaml": "platform: frr\n",
    HOSTS: "# Two routers.\nr1: {}  # the old one\nr2: {}\n",
    "inventory/pair/topology.yaml": 'links:\n  - endpoints: ["r1:eth1", "r2:eth1"]\n',
}


def by_hand(number, other):
    """What somebody typed: nothing of it is as netmgr would have written it."""
    return f"""
log syslog warnings
ip route 198.51.100.{number}/32 blackhole
interface eth1
 description by hand
 ip address 10.0.0.{number}/30
 ip ospf cost 7
 ip ospf message-digest-key 1 md5 orangejuice{number}
 ip ospf network point-to-point
 ip ospf priority 5
interface lo
 ip address 10.255.0.{number}/32
router ospf
 network 10.0.0.0/8 area 0
 log-adjacency-changes
router bgp {65000 + number}
 bgp log-neighbor-changes
 no bgp ebgp-requires-policy
 neighbor 10.0.0.{other} remote-as {65000 + other}
 neighbor 10.0.0.{other} password lemonade
 address-family ipv4 unicast
  network 198.51.100.{number}/32
  neighbor 10.0.0.{other} soft-reconfiguration inbound
 exit-address-family
 address-family ipv6 unicast
  neighbor 10.0.0.{other} activate
 exit-address-family
ip prefix-list old seq 7 permit 192.0.2.0/24
ip prefix-list old seq 9 deny any
route-map old permit 15
 description why
 match ip address prefix-list old
line vty
 password lemonade
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    workspace = tmp_path_factory.mktemp("pair-workspace")
    for name, text in FILES.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    site = Site(workspace, client="pair")
    site.run("lab", "up")
    for number, other in ((1, 2), (2, 1)):
        lines = "\n".join(["configure terminal", *by_hand(number, other).strip().splitlines()])
        site.console(f"r{number}", "sh", "-c", f"printf '%s' '{lines}' > /tmp/hand; vtysh < /tmp/hand")
    yield site
    site.run("lab", "down")


def hears(site, device):
    return "SysName" in site.console(device, "lldpcli", "show", "neighbors")


def test_a_network_of_somebody_else_s(pair):
    wait_until(lambda: hears(pair, "r1") and hears(pair, "r2"), seconds=30, every=0.5)
    before = {name: pair.running(name) for name in ("r1", "r2")}
    (pair.workspace / "inventory/pair/topology.yaml").unlink()
    refused = pair.document("deploy", "--yes", "-m", "too early", code=5)
    assert {each["gate"] for each in refused["refused"]} == {"takeover"}

    made = pair.document("adopt", "--secrets", "file")
    assert [(d["device"], d["status"], d["error"]) for d in made["devices"]] == [
        ("r1", "adopted", None),
        ("r2", "adopted", None),
    ]
    assert made["links"] == ["r1:eth1 — r2:eth1"]
    assert [d["facts"]["hostname"] for d in made["devices"]] == ["r1", "r2"]
    assert "lemonade" not in str(made)
    assert sorted(path.name for path in (pair.workspace / "secrets/pair").iterdir()) == [
        "bgp-10-0-0-2",
        "r1-ip-ospf-message-digest-key-1-md5",
        "r2-ip-ospf-message-digest-key-1-md5",
    ]
    text = (pair.workspace / HOSTS).read_text()
    assert text.startswith("# Two routers.\nr1:  # the old one\n")
    assert "lemonade" not in text
    assert "orangejuice" not in text
    pair.run("validate")
    assert [d["action"] for d in pair.document("plan")["devices"]] == ["none", "none"]
    again = pair.document("adopt", "--detailed-exitcode")
    assert (again["files"], again["secrets"]) == ([], [])
    assert {name: pair.running(name) for name in before} == before
    secrets = LocalSecrets(pair.workspace / "secrets", {})
    assert secrets.resolve("pair", made["secrets"][0]) == "lemonade"


def test_what_was_adopted_is_changed_without_a_takeover(pair):
    hosts = pair.workspace / HOSTS
    hosts.write_text(hosts.read_text().replace("description: by hand", "description: by netmgr"))
    made = pair.deploy("-m", "names")
    assert {d["device"]: d["outcome"] for d in made["devices"]} == {"r1": "applied", "r2": "applied"}
    running = [line.strip() for line in pair.running("r1").splitlines()]
    assert "description by netmgr" in running
    assert "neighbor 10.0.0.2 password lemonade" in running
    assert "network 10.0.0.0/8 area 0" in running
