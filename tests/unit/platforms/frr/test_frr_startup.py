"""What a twin boots with: every line, told in the order and the sections that FRR needs."""

from netmgr.platforms import FORMS

CANONICAL = """\
interface lo
 ip address 10.1.255.1/32
router bgp 64496
 neighbor ibgp peer-group
 neighbor ibgp remote-as 64496
 neighbor 10.1.255.3 peer-group ibgp
 address-family ipv4 unicast
  network 203.0.113.0/24
  neighbor ibgp route-map in in
router ospf6
 ospf6 router-id 10.1.255.1
ip prefix-list default seq 5 permit 0.0.0.0/0
route-map in permit 10
 match ip address prefix-list default
"""


def test_equal_configurations_and_every_section_closed():
    form = FORMS["frr"]
    startup = form.startup(CANONICAL)
    assert form.canonical(startup) == CANONICAL
    lines = startup.splitlines()
    openers = [
        line for line in lines if line.strip().startswith(("interface", "router", "address-", "route-map"))
    ]
    assert len([line for line in lines if line.strip() == "exit"]) == len(openers)
    # What is referred to comes before what refers to it; OSPFv3 has its router id before an interface.
    assert lines.index("route-map in permit 10") < lines.index("router bgp 64496")
    assert lines.index("router ospf6") < lines.index("interface lo")


def test_nothing_to_run_is_nothing_to_boot_with():
    assert FORMS["frr"].startup("") == ""
    assert FORMS["linux"].startup("") == ""
