"""Junos: what real devices ran, and what the templates render, is read back; whatever else there is stays as it is."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.adopt.law import ROOT, adopted, assert_law, canonical, captures, rendered

GOLDEN = sorted((ROOT / "tests" / "golden" / "junos").glob("*.conf"))
CAPTURES = {path.stem: canonical("junos", path.read_text()) for path in captures("junos")}


@pytest.mark.parametrize("name", CAPTURES)
def test_a_real_configuration_is_the_same_again(name):
    assert_law("junos", CAPTURES[name])


@pytest.mark.parametrize(
    ("name", "counts", "verbatim"),
    [
        (
            "sender-set",
            (34, 36),
            [
                "set system services ssh root-login allow",
                "set chassis fpc 0 pic 0 number-of-ports 12",
                "set policy-options community MYSTERY members 65000:672277L:36867",
                "set policy-options policy-statement ADVERTISE term mystery then community add MYSTERY",
            ],
        ),
        (
            "switch-set",
            (21, 21),
            [
                "set system extensions providers juniper license-type juniper deployment-scope commercial",
                "set system extensions providers chef license-type juniper deployment-scope commercial",
                "set system services ssh root-login allow",
                "set system services ssh tcp-forwarding",
                "set forwarding-options storm-control-profiles default all",
                "set protocols igmp-snooping vlan default",
            ],
        ),
    ],
)
def test_what_the_model_does_not_say_is_this(name, counts, verbatim):
    found = adopted("junos", CAPTURES[name])
    assert [line.text for line in found.unexplained] == verbatim
    # Without the hundreds of ports that ask for an address, of which a fresh switch is full.
    ours = [line for line in found.lines if line.feature is not None and " dhcp " not in line.text]
    assert (sum(line.explained for line in ours), len(ours)) == counts


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_rendered_configuration_is_the_same_again(path):
    assert_law("junos", path.read_text())


@pytest.mark.parametrize("verbatim", [True, False])
def test_a_vlans_interface_is_said_where_its_unit_is(verbatim):
    """Of captures of routers with anycast gateways: all of the unit's own lines may be verbatim."""
    address = "family inet address 10.1.0.1/24"
    lines = [
        "set system host-name r1",
        "set system services netconf ssh",
        f"set interfaces irb unit 100 {address}{' virtual-gateway-address 10.1.0.254' if verbatim else ''}",
        "set vlans servers l3-interface irb.100",
        "set vlans servers vlan-id 100",
    ]
    found = assert_law("junos", "\n".join(lines))
    assert [line.text for line in found.unexplained] == lines[2:3] * verbatim


def changed(before, after):
    before, after = before.splitlines(), after.splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_one_address_changed_is_one_line_changed():
    found = adopted("junos", CAPTURES["sender-set"])
    found.data["interfaces"]["ge-0/0/0"]["ipv4"] = "10.0.12.4/31"
    assert changed(CAPTURES["sender-set"], rendered("junos", found.data, found.secrets)) == (
        ["set interfaces ge-0/0/0 unit 0 family inet address 10.0.12.0/31"],
        ["set interfaces ge-0/0/0 unit 0 family inet address 10.0.12.4/31"],
    )


def test_one_neighbor_changed_is_its_lines_changed():
    found = adopted("junos", CAPTURES["sender-set"])
    neighbors = found.data["bgp"]["neighbors"]
    neighbors["10.0.12.9"] = neighbors.pop("10.0.12.1")
    assert changed(CAPTURES["sender-set"], rendered("junos", found.data, found.secrets)) == (
        ["set protocols bgp group TO-RECEIVER neighbor 10.0.12.1 export ADVERTISE"],
        ["set protocols bgp group TO-RECEIVER neighbor 10.0.12.9 export ADVERTISE"],
    )


def test_one_vlan_changed_is_one_line_changed():
    found = adopted("junos", CAPTURES["switch-set"])
    found.data["vlans"][1]["name"] = "users"
    found.data["vlans"][2] = {"name": "voice"}
    assert changed(CAPTURES["switch-set"], rendered("junos", found.data, found.secrets)) == (
        ["set vlans default vlan-id 1"],
        ["set vlans users vlan-id 1", "set vlans voice vlan-id 2"],
    )


LINES = sorted(
    {
        line
        for text in (*CAPTURES.values(), *(path.read_text() for path in GOLDEN))
        for line in text.splitlines()
        if " dhcp " not in line and " host-name " not in line
    }
    | {
        "deactivate interfaces ge-0/0/1",
        "deactivate protocols bgp",
        "deactivate policy-options policy-statement import term 20",
        "deactivate system ntp",
        "deactivate vlans servers",
        "deactivate routing-options static route 203.0.113.0/24",
        "protect interfaces lo0",
        "set interfaces ge-0/0/1 unit 0 family inet address 10.0.0.0/31 primary",
        "set interfaces ge-0/0/1 unit 0 family inet address 127.0.0.1/8",
        "set interfaces ge-0/0/1 unit 0 family inet mtu 1500",
        "set interfaces ge-0/0/1 unit 7 family inet address 10.7.0.1/24",
        "set interfaces ge-0/0/1 flexible-vlan-tagging",
        "set interfaces ge-0/0/1 mtu 1500",
        "set interfaces ge-0/0/1 description unit",
        'set interfaces ge-0/0/1 description "two  spaces"',
        "set interfaces ae0 mtu 9192",
        "set interfaces ge-0/0/2 mtu 16000",
        "set interfaces lo0 mtu 1514",
        "set interfaces irb unit 20 family inet address 10.20.0.1/24",
        "set interfaces irb unit 30 family inet mtu 1400",
        "set vlans voice l3-interface irb.30",
        "set vlans vlan-20 l3-interface irb.20",
        "set interfaces xe-0/0/1 unit 0 family ethernet-switching vlan members all",
        "set interfaces xe-0/0/1 native-vlan-id 99",
        "set policy-options policy-statement named term statics from route-filter 10.9.0.0/16 exact",
        "set interfaces lo0 unit 1 family inet address 10.255.1.1/32",
        "set policy-options policy-statement import then accept",
        "set policy-options policy-statement open term 20 from protocol bgp",
        "set policy-options policy-statement open term 20 then accept",
        "set policy-options policy-statement open then next policy",
        "set policy-options community vpn members target:65000L:7",
        "set routing-instances blue vrf-target target:64500:9",
        "set routing-instances blue route-distinguisher 4200000000L:1",
        "set routing-instances red vrf-target import target:64500:1",
        "set routing-instances red vrf-target export target:64500:1",
        "set system syslog file messages daemon none",
        "set system syslog file messages match UI_COMMIT",
        "set system syslog user ops kernel critical",
        "set interfaces ge-0/0/1 unit 0 description itself",
        "set interfaces ge-0/0/1 unit 0 disable",
        "set interfaces irb unit 0 description itself",
        "set interfaces vlan unit 10 family inet address 10.88.0.1/24",
        "set interfaces pp0 unit 0 family inet address 10.89.0.1/24",
        "set policy-options policy-statement import term 20 from route-filter 10.0.0.0/8 through 10.1.0.0/16",
        "set policy-options policy-statement import term 20 then next term",
        "set policy-options policy-statement import term 20 then metric add 5",
        "set policy-options policy-statement in term 10 from neighbor 10.0.0.1",
        "set policy-options prefix-list exactly 2001:db8::/32",
        "set policy-options prefix-list mixed 192.0.2.1/24",
        "set policy-options community peers members 64496:*",
        'set policy-options as-path via-b "64500{2,}"',
        "set protocols bgp group customers neighbor 10.0.0.1 import other",
        "set protocols bgp group customers neighbor 10.0.0.9 shutdown",
        "set protocols bgp group customers export more",
        "set protocols bgp group internal cluster 10.255.0.77",
        "set protocols bgp group strange neighbor 10.0.0.77",
        "set protocols bgp group strange type internal",
        "set protocols bgp group strange peer-as 64777",
        "set protocols bgp hold-time 30",
        "set protocols ospf area 0.0.0.0 interface ge-0/0/1.0 te-metric 5",
        "set protocols ospf area 0.0.0.0 interface ge-0/0/9.0",
        "set protocols ospf area 0.0.0.2 interface ge-0/0/1.0 passive",
        "set protocols ospf area 0.0.0.0 interface all",
        "set protocols ospf area 0.0.0.0 interface ge-0/0/1.0 authentication simple-password orangejuice",
        "set routing-instances red routing-options static route 192.0.2.0/24 next-table inet.0",
        "set routing-instances red vrf-target target:64500:1",
        "set routing-options static route 203.0.113.0/24 next-hop 10.0.0.1",
        "set routing-options static route 203.0.113.0/24 no-readvertise",
        "set routing-options static route 198.51.100.0/24 next-hop ge-0/0/77.0",
        "set snmp community orangejuice clients 192.0.2.0/24",
        "set system login user ops uid 2001",
        "set system login user other authentication encrypted-password $6$orange$juice",
        "set system name-server 192.0.2.1 source-address 10.0.0.1",
        "set system syslog host 192.0.2.54 facility-override local7",
        "set vlans servers vlan-id-list 10-20",
        "set vlans 10 vlan-id 10",
        "set firewall family inet filter inbound term web from source-prefix-list exactly",
        "set firewall family inet filter inbound interface-specific",
    }
)
#: Without a name or NETCONF there is no device to adopt; without the line that puts an interface into its routing
#: instance, two customers with the same address would be one with two interfaces of that address.
KEPT = re.compile("set (system host-name |system services netconf ssh|routing-instances [^ ]+ interface )")
BASES = [*sorted(canonical("junos", path.read_text()) for path in GOLDEN), CAPTURES["sender-set"]]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(BASES),
    st.lists(st.sampled_from(LINES), max_size=8),
    st.sets(st.integers(0, 99), max_size=4),
)
def test_whatever_stands_beside_it_stays(base, more, gone):
    kept = [line for n, line in enumerate(base.splitlines()) if n not in gone or KEPT.match(line)]
    assert_law("junos", "\n".join([*kept, *more]))
