"""The modes of the routing protocols, as ``language`` has the others: prompt, table, what is shown at the end."""

_PEER = "neighbor (A.B.C.D|X:X::X|WORD)~"

#: What can be said of a neighbor outside and, in a VRF, inside an address family.
_SESSION = f"""
{_PEER} peer-group
{_PEER} remote-as! ASN
{_PEER} peer-group! WORD
{_PEER} inherit peer-session! WORD
{_PEER} local-as! ASN [no-prepend] [replace-as]
{_PEER} description! LINE
{_PEER} shutdown
{_PEER} password! [7] WORD
{_PEER} ebgp-multihop! [<1-255>]
{_PEER} ttl-security! hops <1-254>
{_PEER} update-source! INTERFACE
{_PEER} timers! <0-65535> <0-65535>
{_PEER} fall-over [bfd]
{_PEER} transport connection-mode! (active|passive)
"""
_ROUTES = f"""
{_PEER} activate                                                  @both
{_PEER} advertisement-interval! <0-600>
{_PEER} weight! <0-65535>
{_PEER} allowas-in! [<1-10>]
{_PEER} as-override
{_PEER} send-community [(both|standard|extended)]
{_PEER} next-hop-self [all]
{_PEER} route-reflector-client
{_PEER} default-originate! [route-map WORD]
{_PEER} remove-private-as [all]
{_PEER} soft-reconfiguration inbound
{_PEER} distribute-list WORD (in|out)!
{_PEER} prefix-list WORD (in|out)!
{_PEER} route-map WORD (in|out)!
{_PEER} filter-list <1-500> (in|out)!
{_PEER} maximum-prefix! <1-2147483647> [<1-100>] [(warning-only|restart <1-65535>)]
"""
_NETWORKS = """
bgp router-id! A.B.C.D
network A.B.C.D mask MASK! [route-map WORD]
network A.B.C.D! [route-map WORD]
network X:X::X/nn! [route-map WORD]
aggregate-address A.B.C.D MASK! [as-set] [summary-only]
aggregate-address X:X::X/nn! [summary-only]
redistribute (connected|static|rip)! [metric <0-4294967295>] [route-map WORD]
redistribute eigrp <1-65535>! [metric <0-4294967295>] [route-map WORD]
redistribute (ospf|ospfv3) <1-65535> [vrf WORD]! [metric <0-4294967295>] [match LINE] [route-map WORD]
"""
_AFTER = """
maximum-paths! <1-32>
maximum-paths ibgp! <1-32>
distance bgp! <1-255> <1-255> <1-255>
auto-summary                                                      @both
synchronization                                                   @both
default-information originate
"""

_BGP = f"""
bgp router-id! A.B.C.D
bgp log-neighbor-changes                                          @both
bgp cluster-id! (A.B.C.D|<1-4294967295>)
bgp confederation identifier! ASN
bgp confederation peers! ASN [ASN] [ASN] [ASN] [ASN] [ASN] [ASN] [ASN]
bgp graceful-restart! [(restart-time|stalepath-time) <1-3600>]
bgp bestpath (as-path multipath-relax|compare-routerid|med confed|med missing-as-worst)
bgp listen range A.B.C.D/nn! peer-group WORD
bgp default local-preference! <0-4294967295>
bgp default ipv4-unicast                                          @on
bgp asnotation dot
bgp always-compare-med
bgp deterministic-med
timers bgp! <0-65535> <0-65535>
{_NETWORKS}{_SESSION}{_ROUTES}{_AFTER}
address-family (ipv4|ipv6|vpnv4|vpnv6|l2vpn) [(unicast|multicast|evpn)]  -> bgp-family
address-family (ipv4|ipv6) [unicast] vrf WORD                     -> bgp-vrf-family
"""

_INTO_OSPF = "[metric <0-16777214>] [metric-type (1|2)] [subnets] [tag <0-4294967295>] [route-map WORD]"
_OSPF = f"""
router-id! A.B.C.D
log-adjacency-changes! [detail]                                   @on
auto-cost reference-bandwidth! <1-4294967>
max-metric router-lsa! [on-startup <5-86400>]
area (<0-4294967295>|A.B.C.D)~ authentication! [message-digest]
area (<0-4294967295>|A.B.C.D)~ stub! [no-summary]
area (<0-4294967295>|A.B.C.D)~ nssa! [default-information-originate] [no-summary]
area (<0-4294967295>|A.B.C.D)~ default-cost! <0-16777215>
area (<0-4294967295>|A.B.C.D)~ range A.B.C.D MASK! [not-advertise]
timers throttle (spf|lsa)! <0-600000> <1-600000> <1-600000>
redistribute (connected|static)! {_INTO_OSPF}
redistribute bgp ASN! {_INTO_OSPF}
passive-interface default
passive-interface INTERFACE                                       @both
network A.B.C.D A.B.C.D area! (<0-4294967295>|A.B.C.D)
default-information originate! [always] [metric <0-16777214>] [metric-type (1|2)] [route-map WORD]
default-metric! <1-16777214>
distance! <1-255>
maximum-paths! <1-32>
capability vrf-lite
bfd all-interfaces
"""

_OSPF6 = """
router-id! A.B.C.D
log-adjacency-changes! [detail]                                   @on
auto-cost reference-bandwidth! <1-4294967>
area (<0-4294967295>|A.B.C.D)~ (stub|nssa)! [no-summary]
area (<0-4294967295>|A.B.C.D)~ range X:X::X/nn!
redistribute (connected|static|bgp ASN)! [metric <0-16777214>] [metric-type (1|2)] [route-map WORD]
passive-interface default
passive-interface INTERFACE                                       @both
default-information originate! [always] [metric <0-16777214>] [metric-type (1|2)]
maximum-paths! <1-32>
"""

_EIGRP_FAMILY = """
af-interface (default|INTERFACE)                                  -> af-interface
topology base                                                     -> af-topology
network A.B.C.D [A.B.C.D]
neighbor A.B.C.D INTERFACE
eigrp router-id! A.B.C.D
eigrp stub! LINE
"""

ROUTING: dict[str, tuple[str, str, str]] = {
    "bgp": ("config-router", _BGP, ""),
    "bgp-family": ("config-router-af", _NETWORKS + _ROUTES + _AFTER, "exit-address-family"),
    "bgp-vrf-family": (
        "config-router-af",
        _NETWORKS + _SESSION + _ROUTES + _AFTER,
        "exit-address-family",
    ),
    "ospf": ("config-router", _OSPF, ""),
    "ospf6": ("config-rtr", _OSPF6, ""),
    "ospfv3": (
        "config-router",
        f"{_OSPF6}address-family (ipv4|ipv6) unicast [vrf WORD] -> ospfv3-family",
        "",
    ),
    "ospfv3-family": ("config-router-af", _OSPF6, "exit-address-family"),
    "eigrp": (
        "config-router",
        "address-family (ipv4|ipv6) unicast [vrf WORD] autonomous-system <1-65535> -> eigrp-family\n"
        "network A.B.C.D [A.B.C.D]\neigrp router-id! A.B.C.D\npassive-interface (default|INTERFACE)\n"
        "redistribute LINE",
        "",
    ),
    "eigrp-family": ("config-router-af", _EIGRP_FAMILY, "exit-address-family"),
    "af-interface": (
        "config-router-af-interface",
        "passive-interface\nhello-interval! <1-65535>\nhold-time! <1-65535>\nauthentication LINE",
        "exit-af-interface",
    ),
    "af-topology": (
        "config-router-af-topology",
        "redistribute (bgp|ospf) WORD! [metric LINE]\nredistribute (connected|static)! [metric LINE]\n"
        "distance eigrp! <1-255> <1-255>",
        "exit-af-topology",
    ),
}
