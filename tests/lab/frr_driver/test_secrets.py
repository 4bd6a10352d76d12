"""Every command of FRR's grammar that takes a secret is known to ``sanitized``: the grammar is asked, in every node."""

import re
from collections.abc import Iterator

import pytest

from napalm_frr.sanitize import REMOVED, sanitized
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabInterface, LabNetwork, LabNode
from netmgr.ports.progress import Silent
from tests.lab.frr_driver.conftest import Router
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

CLIENT = "frrsecrets"
DAEMONS = (
    *("bgpd", "ospfd", "ospf6d", "ripd", "ripngd", "isisd", "pimd", "ldpd"),
    *("nhrpd", "eigrpd", "babeld", "pbrd", "bfdd", "fabricd", "vrrpd", "pathd"),
)
MODULES = {"bgpd": "bgpd_bmp", "pathd": "pathd_pcep"}
SR = ("segment-routing",)
TE = (*SR, "traffic-eng")
POLICY = (*TE, "policy color 1 endpoint 192.0.2.1")
BGP = ("router bgp 65001",)
#: How each node is entered, and the node as the prompt names it.
NODES = {
    (): "config",
    BGP: "config-router",
    (*BGP, "address-family ipv4 unicast"): "config-router-af",
    (*BGP, "address-family ipv6 unicast"): "config-router-af",
    (*BGP, "address-family ipv4 vpn"): "config-router-af",
    (*BGP, "address-family ipv4 flowspec"): "config-router-af",
    (*BGP, "address-family l2vpn evpn"): "config-router-af",
    (*BGP, "address-family l2vpn evpn", "vni 10"): "config-router-af-vni",
    (*BGP, "bmp targets X"): "config-bgp-bmp",
    (*BGP, "vnc defaults"): "config-router-vnc-defaults",
    (*BGP, "vnc nve-group X"): "config-router-vnc-nve-group",
    (*BGP, "vrf-policy X"): "config-router-vrf-policy",
    (*BGP, "segment-routing srv6"): "config-router-srv6",
    ("router ospf",): "config-router",
    ("router ospf6",): "config-ospf6",
    ("router rip",): "config-router",
    ("router ripng",): "config-router",
    ("router eigrp 1",): "config-router",
    ("router babel",): "config-router",
    ("router isis X",): "config-router",
    ("router openfabric X",): "config-router",
    ("interface eth1",): "config-if",
    ("interface eth1", "link-params"): "config-link-params",
    ("vrf red",): "config-vrf",
    ("key chain X",): "config-keychain",
    ("key chain X", "key 1"): "config-keychain-key",
    ("mpls ldp",): "config-ldp",
    ("mpls ldp", "address-family ipv4"): "config-ldp-af",
    ("mpls ldp", "address-family ipv4", "interface eth1"): "config-ldp-af-if",
    ("l2vpn X type vpls",): "config-l2vpn",
    ("l2vpn X type vpls", "member pseudowire mpw0"): "config-l2vpn-pw",
    ("bfd",): "config-bfd",
    ("bfd", "peer 192.0.2.1"): "config-bfd-peer",
    ("bfd", "profile X"): "config-bfd-profile",
    ("route-map X permit 10",): "config-route-map",
    SR: "config-sr",
    (*SR, "srv6"): "config-srv6",
    (*SR, "srv6", "locators"): "config-srv6-locators",
    (*SR, "srv6", "locators", "locator X"): "config-srv6-locator",
    TE: "config-sr-te",
    (*TE, "segment-list X"): "config-sr-te-segment-list",
    POLICY: "config-sr-te-policy",
    (*POLICY, "candidate-path preference 1 name x dynamic"): "config-sr-te-candidate",
    (*TE, "pcep"): "config-sr-te-pcep",
    (*TE, "pcep", "pce X"): "config-sr-te-pcep-pce-peer",
    (*TE, "pcep", "pce-config X"): "pcep-sr-te-pcep-pce-config",
    (*TE, "pcep", "pcc"): "config-sr-te-pcep-pcc",
    ("pbr-map X seq 1",): "config-pbr-map",
    ("nexthop-group X",): "config-nh-group",
    ("pseudowire mpw0",): "config-pw",
    ("line vty",): "config-line",
}
SMELLS = re.compile(
    r"passw|secret|key|md5|auth|token|credential|private(?!-as)|hash|snmp|community WORD", re.IGNORECASE
)
#: Commands that only undo, show or switch logging on: what they name is not kept.
FLEETING = re.compile(r"(\[no\] )?(no|show|clear|debug|find|list|log facility) ")
ALGORITHMS = "<md5|hmac-sha-1|hmac-sha-256|hmac-sha-384|hmac-sha-512>"
PEER = "<A.B.C.D|X:X::X:X|WORD>"
LINK = "area <A.B.C.D|(0-4294967295)> virtual-link A.B.C.D [authentication [<message-digest|null>]]"
#: Each command that takes a secret → lines of it, with where they stand. FRR is given all of them.
SECRETS = {
    f"neighbor {PEER} password LINE": [
        (BGP, "neighbor 192.0.2.1 password {}"),
        (BGP, "neighbor GROUP password {}"),
        (BGP, "neighbor 2001:db8::1 password {}"),
    ],
    "[no] neighbor A.B.C.D password WORD": [(("mpls ldp",), "neighbor 192.0.2.1 password {}")],
    f"{LINK} [<message-digest-key (1-255) md5 KEY|authentication-key AUTH_KEY>]": [
        (
            ("router ospf",),
            "area 1 virtual-link 192.0.2.1 authentication message-digest message-digest-key 1 md5 {}",
        ),
        (("router ospf",), "area 2 virtual-link 192.0.2.2 authentication authentication-key {}"),
    ],
    "ip ospf authentication-key AUTH_KEY [A.B.C.D]": [(("interface eth1",), "ip ospf authentication-key {}")],
    "ip ospf message-digest-key (1-255) md5 KEY [A.B.C.D]": [
        (("interface eth1",), "ip ospf message-digest-key 7 md5 {}"),
        (("interface eth2",), "ip ospf message-digest-key 7 md5 {} 192.0.2.1"),
    ],
    f"ipv6 ospf6 authentication key-id (1-65535) hash-algo {ALGORITHMS} key WORD": [
        (("interface eth1",), "ipv6 ospf6 authentication key-id 9 hash-algo hmac-sha-256 key {}")
    ],
    "area-password <clear|md5> WORD [authenticate snp <send-only|validate>]": [
        (("router isis X",), "area-password clear {}"),
    ],
    "domain-password <clear|md5> WORD [authenticate snp <send-only|validate>]": [
        (("router isis X",), "domain-password md5 {} authenticate snp validate"),
        (("router openfabric X",), "domain-password md5 {}"),
    ],
    "isis password <md5|clear> WORD": [(("interface eth1",), "isis password md5 {}")],
    "openfabric password <md5|clear> WORD": [(("interface eth2",), "openfabric password clear {}")],
    "ip rip authentication string LINE": [(("interface eth1",), "ip rip authentication string {}")],
    "key-string LINE": [(("key chain X", "key 1"), "key-string {}")],
    "enable password [(8-8)] LINE": [((), "enable password {}")],
    "password [(8-8)] LINE": [((), "password {}")],
    "tcp-md5-auth WORD": [
        ((*TE, "pcep", "pce X"), "tcp-md5-auth {}"),
        ((*TE, "pcep", "pce-config X"), "tcp-md5-auth {}"),
    ],
}
#: What FRR wants to know before it takes them.
GIVEN = (
    (BGP, "neighbor GROUP peer-group"),
    (BGP, "neighbor 192.0.2.1 remote-as 65002"),
    (BGP, "neighbor 2001:db8::1 remote-as 65002"),
    (("interface eth1",), "ip router isis X"),
    (("interface eth2",), "ip router openfabric X"),
)
#: Commands that smell of a secret and take none: modes, algorithms, numbers and names of key chains.
NO_SECRETS = {
    "[no] area <A.B.C.D|(0-4294967295)> authentication message-digest",
    "area <A.B.C.D|(0-4294967295)> authentication",
    f"cryptographic-algorithm {ALGORITHMS}",
    "ip authentication key-chain eigrp (1-65535) WORD",
    "ip authentication mode eigrp (1-65535) <md5|hmac-sha-256>",
    "ip ospf authentication <null|message-digest> [A.B.C.D]",
    "ip ospf authentication [A.B.C.D]",
    "ip rip authentication key-chain LINE",
    "ip rip authentication mode <md5 [auth-length <rfc|old-ripd>]|text>",
    "ipv6 ospf6 authentication keychain KEYCHAIN_NAME",
    "key (0-2147483647)",
    "key chain WORD",
    "service password-encryption",
    "username WORD nopassword",
}


@pytest.fixture(scope="module")
def router(tmp_path_factory) -> Iterator[Router]:
    """A router that runs every daemon of FRR, with the modules that have commands of their own."""
    lab = FrrLab(tmp_path_factory.mktemp("secrets") / "lab", LabKit())
    interfaces = (LabInterface(name="eth1"), LabInterface(name="eth2"))
    node = LabNode(device="all", platform="frr", interfaces=interfaces, daemons=DAEMONS)
    try:
        router = Router(lab, lab.up(LabNetwork(client=CLIENT, nodes=(node,)), Silent()).devices[0], CLIENT)
        for daemon, module in MODULES.items():
            options = f's/^{daemon}_options="/&-M {module} /'
            router.console("sed", "-i", options, "/etc/frr/daemons")
            before = router.console("cat", f"/run/frr/{daemon}.pid")
            router.console("sh", "-c", f"/usr/lib/frr/watchfrr.sh restart {daemon} >/dev/null 2>&1")
            wait_until(lambda daemon=daemon, before=before: _restarted(router, daemon, before), seconds=20)
        yield router
        router.tidy()
    finally:
        lab.down(CLIENT)


def _restarted(router: Router, daemon: str, before: str) -> bool:
    now = router.console("cat", f"/run/frr/{daemon}.pid", check=False)
    return now not in ("", before) and daemon in router.vtysh("show daemons")


@pytest.fixture(scope="module")
def grammar(router):
    """What vtysh lists in every node: (the nodes that were reached, their commands)."""
    steps = []
    for node in NODES:
        steps += ["configure terminal", *node, "list", "end"]
    shown = router.console("vtysh", "-E", *(word for step in steps for word in ("-c", step))).splitlines()
    nodes = [re.sub(r".*\((.*)\)# list", r"\1", line) for line in shown if line.endswith("# list")]
    return nodes, {line.strip() for line in shown if line.startswith("    ")}


def test_every_node_is_reached(grammar):
    assert grammar[0] == list(NODES.values())


def test_every_command_that_smells_of_a_secret_is_known(grammar):
    smelling = {each for each in grammar[1] if SMELLS.search(each) and not FLEETING.match(each)}
    assert smelling == SECRETS.keys() | NO_SECRETS


def test_the_secrets_of_a_router_are_not_shown(router):
    """FRR takes each line; what it shows of them has no secret left, in no configuration."""
    steps = []
    for node, line in GIVEN:
        steps += ["configure terminal", *node, line, "end"]
    lines = [(node, line) for examples in SECRETS.values() for node, line in examples]
    for number, (node, line) in enumerate(lines):
        steps += ["configure terminal", *node, line.format(f"s3cret-{number}"), "end"]
    router.console("vtysh", *(word for step in steps for word in ("-c", step)))
    driver = router.open()
    shown = driver.get_config("running")["running"]
    kept = sorted({int(number) for number in re.findall(r"s3cret-(\d+)", shown)})
    assert kept == list(range(len(lines)))
    driver.load_merge_candidate(config="password s3cret-c\n")
    clean = driver.get_config(sanitized=True)
    assert "s3cret" not in str(clean)
    assert clean["running"].count(REMOVED) == shown.count("s3cret-")
    assert clean["candidate"] == f"password {REMOVED}\n"


@pytest.mark.parametrize("line", [line for examples in SECRETS.values() for _, line in examples])
def test_a_secret_with_blanks(line):
    assert sanitized(f" {line.format('s3cret and more')}\n") == f" {line.split('{}')[0]}{REMOVED}\n"
