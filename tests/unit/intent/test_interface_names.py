"""What platforms' interface names say, and what an interface of each kind may have."""

import pytest

from netmgr.errors import InputError
from netmgr.platforms import FORMS
from netmgr.platforms.form import NamedInterface
from tests.unit.intent.resolving import intent_of, interface
from tests.unit.intent.test_ranges import everything

NAMED = {
    ("eos", "Ethernet1"): NamedInterface("ethernet"),
    ("eos", "Ethernet3/1/4"): NamedInterface("ethernet"),
    ("eos", "Port-Channel10"): NamedInterface("lag"),
    ("eos", "Vlan4094"): NamedInterface("svi", vlan=4094),
    ("eos", "Loopback0"): NamedInterface("loopback"),
    ("eos", "Management1"): NamedInterface("management"),
    ("eos", "Port-Channel1.20"): NamedInterface("subinterface", parent="Port-Channel1"),
    ("eos", "Vxlan1"): NamedInterface("tunnel"),
    ("eos", "eth1"): None,
    ("eos", "Ethernet1/1/1/1"): None,
    ("ios", "GigabitEthernet1"): NamedInterface("ethernet"),
    ("ios", "TenGigabitEthernet1/0/1"): NamedInterface("ethernet"),
    ("ios", "TwentyFiveGigE1/0/1"): NamedInterface("ethernet"),
    ("ios", "Port-channel1"): NamedInterface("lag"),
    ("ios", "Vlan10"): NamedInterface("svi", vlan=10),
    ("ios", "GigabitEthernet0/1.10"): NamedInterface("subinterface", parent="GigabitEthernet0/1"),
    ("ios", "Tunnel0"): NamedInterface("tunnel"),
    ("ios", "Port-Channel1"): None,
    ("ios", "Gi0/1"): None,
    ("junos", "ge-0/0/0"): NamedInterface("ethernet"),
    ("junos", "xe-0/0/0:3"): NamedInterface("ethernet"),
    ("junos", "ae0"): NamedInterface("lag"),
    ("junos", "irb.10"): NamedInterface("svi", vlan=10),
    ("junos", "lo0"): NamedInterface("loopback"),
    ("junos", "em1"): NamedInterface("management"),
    ("junos", "ge-0/0/0.100"): NamedInterface("subinterface", parent="ge-0/0/0"),
    ("junos", "ge-0/0"): None,
    ("frr", "eth1"): None,
}


@pytest.mark.parametrize(("platform", "name"), NAMED, ids="-".join)
def test_what_a_name_says(platform, name):
    assert FORMS[platform].named(name) == NAMED[platform, name]


@pytest.mark.parametrize("platform", [name for name, form in FORMS.items() if form.interface_names])
def test_examples_and_the_loopback_are_of_their_kind(platform):
    form = FORMS[platform]
    assert [form.named(names.example).kind for names in form.interface_names] == [
        names.kind for names in form.interface_names
    ]
    assert form.named(form.loopback).kind == "loopback"


def test_every_problem_of_kinds():
    hosts = """
r1:
  platform: eos
  data:
    vlans: {10: {}}
    interfaces:
      eth1: {}
      Vlan10: {}
      Vlan20: {}
      Vlan1: {}
      Loopback5: {mode: access}
      Ethernet1: {vlan_id: 10}
      Ethernet2.10: {}
      Ethernet2.20: {vlan_id: 20}
      Ethernet2.21: {vlan_id: 20}
      Ethernet3: {lag: Ethernet4}
      Ethernet4: {}
      Loopback6: {lag: Port-Channel1}
      Port-Channel1: {}
"""
    examples = ", ".join(names.example for names in FORMS["eos"].interface_names)
    with pytest.raises(InputError) as refused:
        intent_of(hosts, forms={"eos": everything(FORMS["eos"])}, defaults_yaml="{}\n")
    assert list(refused.value.problems) == [
        f"inventory/acme/hosts.yaml:{line}"
        for line in (
            f"7: r1: 'eth1' is no interface of platform eos; write it like {examples}",
            "9: r1: Vlan20 is the interface of VLAN 20, which is not declared; write it under vlans",
            "11: r1: Loopback5: mode: access is for ports and aggregates; remove it",
            "12: r1: Ethernet1: vlan_id is for subinterfaces; remove it",
            "13: r1: Ethernet2.10: a subinterface needs its tag; write vlan_id",
            "15: r1: Ethernet2.21: vlan_id 20 is also Ethernet2.20's; give each its own",
            "16: r1: Ethernet3: Ethernet4 is no aggregate; write it like Port-Channel1",
            "18: r1: Loopback6: only ports are members of an aggregate; remove lag",
        )
    ]


def test_what_the_name_says_reaches_the_intent():
    hosts = """
r1:
  platform: eos
  data:
    vlans: {10: {}}
    interfaces:
      Vlan10: {ipv4: 192.0.2.1/24}
      Ethernet1.20: {vlan_id: 20}
      Ethernet2: {lag: Port-Channel1}
      Port-Channel1: {mode: trunk}
"""
    intent = intent_of(hosts, forms={"eos": everything(FORMS["eos"])}, defaults_yaml="{}\n")
    svi, sub = interface(intent, "r1", "Vlan10"), interface(intent, "r1", "Ethernet1.20")
    assert (svi.kind, svi.vlan, svi.routed) == ("svi", 10, True)
    assert (sub.kind, sub.parent, sub.vlan, sub.routed) == ("subinterface", "Ethernet1", 20, False)
    member, lag = interface(intent, "r1", "Ethernet2"), interface(intent, "r1", "Port-Channel1")
    assert (member.kind, member.lag, member.lag_mode) == ("ethernet", "Port-Channel1", "active")
    assert (lag.kind, lag.switchport.mode) == ("lag", "trunk")
