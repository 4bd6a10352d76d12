"""EOS: everything that the templates render is read back, captured configurations come out as they went in, and what is
added to the data adds its own lines alone.
"""

import copy
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.adopt.law import ROOT, adopted, assert_law, canonical, captures, rendered

GOLDEN = sorted((ROOT / "tests" / "golden" / "eos").glob("*.conf"))
CAPTURES = captures("eos")

#: What the golden files hold beyond what is read: verbatim lines, and OSPF where interfaces or VRFs differ.
VERBATIM = {
    "extra-config": [
        "spanning-tree mode rapid-pvst",
        "load-interval 5",
        "mlag configuration",
        "domain-id a",
        "peer-link Port-Channel1",
        "graceful-restart",
        "neighbor 10.0.0.1 additional-paths receive",
    ],
    "ospf": [
        "ip ospf cost 10",
        "ip ospf hello-interval 1",
        "ip ospf dead-interval 4",
        "ip ospf network point-to-point",
        "ip ospf authentication message-digest",
        "ip ospf area 0.0.0.0",
        "ip ospf message-digest-key 7 md5 0 hush-os",
        "ip ospf neighbor bfd",
        "area 0.0.0.2 stub no-summary",
        "area 0.1.0.1 nssa",
        "network 10.10.0.0/16 area 0.0.0.2",
        "area 0.0.0.2 stub no-summary",
        "area 0.1.0.1 nssa",
    ],
    "vrfs": [
        "ip ospf area 0.0.0.0",
        "ipv6 ospf 3 area 0.0.0.0",
        "ip ospf area 0.0.0.0",
        "router ospf 2 vrf blue",
        "router-id 10.255.0.1",
        "router ospf 3 vrf red",
        "router-id 10.255.0.1",
        "ipv6 router ospf 3 vrf red",
        "router-id 10.255.0.1",
    ],
}

#: What the captures hold of features that the model has, beyond the model.
REST = {
    "bgp": [],
    "evpn-leaf": [
        ("vlans", "trunk group LEAF_PEER_L3"),
        ("vlans", "trunk group MLAG"),
        ("switchport", "switchport trunk group LEAF_PEER_L3"),
        ("switchport", "switchport trunk group MLAG"),
        ("interfaces", "mlag 5"),
        ("interfaces", "mlag 6"),
        ("bgp", "neighbor EVPN-OVERLAY-PEERS maximum-routes 0"),
    ],
}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_golden_files_are_read(path):
    found = assert_law("eos", re.sub(r"secret://env/(\S+)", r"hush-\1", path.read_text()))
    assert [line.text.strip() for line in found.unexplained] == VERBATIM.get(path.stem, [])


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_captures_come_out_as_they_went_in(path):
    found = assert_law("eos", path.read_text())
    rest = [(line.feature, line.text.strip()) for line in found.unexplained if line.feature]
    assert rest == REST[path.stem]


def test_secrets_that_are_hidden_differently_are_one():
    """Three groups have one password, which EOS shows in three ways."""
    found = adopted("eos", CAPTURES[-1].read_text())
    assert found.secrets["bgp-evpn-overlay-peers"] == "@rista123"
    assert {*found.secrets} == {"bgp-evpn-overlay-peers", "user-admin"}


def test_ospf_into_bgp_is_both_versions_where_both_run():
    """The data says it of OSPF and OSPFv3 at once: one alone stays verbatim."""
    text = (ROOT / "tests" / "golden" / "eos" / "bgp-peer-groups.conf").read_text()
    text = re.sub(r"secret://env/(\S+)", r"hush-\1", text)
    assert adopted("eos", text).data["bgp"]["redistribute"] == {"ospf": {"policy": "out"}}
    found = assert_law("eos", text.replace("   redistribute ospfv3 route-map out\n", ""))
    assert [line.text.strip() for line in found.unexplained] == ["redistribute ospf route-map out"]


def test_a_group_that_is_active_nowhere_keeps_what_it_would_exchange():
    """The data says that of families alone: what none has stays verbatim."""
    text = (
        "router bgp 1\n   router-id 10.0.0.1\n   no bgp default ipv4-unicast\n   neighbor g peer group\n"
        "   neighbor g remote-as 2\n   neighbor g next-hop-self\n   neighbor g send-community\n"
        "   neighbor g maximum-routes 5\n"
    )
    found = assert_law("eos", f"hostname r1\n{text}")
    assert found.data["bgp"]["peer_groups"]["g"]["peer_as"] == 2
    assert [line.text.strip() for line in found.unexplained] == [
        "neighbor g next-hop-self", "neighbor g send-community", "neighbor g maximum-routes 5",
    ]  # fmt: skip


def test_servers_keep_their_order_around_one_that_stays_verbatim():
    text = (
        "hostname r1\nip name-server 192.0.2.1\nip name-server 192.0.2.2 priority 3\nip name-server 192.0.2.3\n"
        "tacacs-server host 192.0.2.4 key 0 a\ntacacs-server host 192.0.2.5 single-connection key 0 b\n"
        "tacacs-server host 192.0.2.6 key 0 c\nradius-server host 192.0.2.7 key 0 d\n"
    )
    found = assert_law("eos", text)
    assert found.data["system"]["dns"] == ["192.0.2.1"]
    assert [server["address"] for server in found.data["system"]["aaa"]["servers"]] == [
        "192.0.2.4",
        "192.0.2.7",
    ]


def test_a_community_whose_access_list_is_not_there_stays_verbatim():
    found = assert_law("eos", "hostname r1\nsnmp-server community hush ro there-is-none\n")
    assert [line.text for line in found.unexplained] == ["snmp-server community hush ro there-is-none"]


def changed(path, change):
    """(lines that are gone, lines that are new) when the adopted data is changed."""
    text = path.read_text()
    found = adopted("eos", text)
    data = copy.deepcopy(dict(found.data))
    change(data)
    before = canonical("eos", text).splitlines()
    after = rendered("eos", data, {**found.secrets, "new": "hush"}).splitlines()
    return [line.strip() for line in before if line not in after], [
        line.strip() for line in after if line not in before
    ]


LEAF = CAPTURES[-1]


def test_one_more_vlan_and_another_trunk():
    def change(data):
        data["vlans"][999] = {"name": "new"}
        data["interfaces"]["Port-Channel5"]["trunk_vlans"] = ["210-211", 999]

    # The other trunk still allows 210 and 211.
    assert changed(LEAF, change) == (
        [],
        ["vlan 999", "name new", "switchport trunk allowed vlan 210-211,999"],
    )


def test_another_neighbor():
    def change(data):
        del data["bgp"]["neighbors"]["172.31.255.6"]
        data["bgp"]["neighbors"]["172.31.255.8"] = {
            "peer_group": "IPv4-UNDERLAY-PEERS",
            "auth_password": "secret://age/new",
        }

    assert changed(LEAF, change) == (
        ["neighbor 172.31.255.6 peer group IPv4-UNDERLAY-PEERS"],
        [
            "neighbor 172.31.255.8 peer group IPv4-UNDERLAY-PEERS",
            "neighbor 172.31.255.8 password 0 hush",
        ],
    )


_SECTIONS = st.sampled_from(
    [part for path in CAPTURES for part in re.split(r"^!\n", path.read_text(), flags=re.MULTILINE)]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_SECTIONS, max_size=20, unique=True))
def test_the_law_holds_for_parts_of_configurations(parts):
    """Sections that name what is not there any more: a reader takes nothing that the data could not say."""
    assert_law("eos", "!\n".join(["hostname r1\n", *(part for part in parts if "hostname" not in part)]))
