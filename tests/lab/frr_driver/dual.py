"""Two dual-stack routers that hear each other's LLDP, with names and texts that are hard to read back."""

import json
import subprocess

from napalm_frr.driver import FRRDriver
from netmgr.lab.frr.lab import FrrLab
from netmgr.model.lab import LabInterface, LabLink, LabNetwork, LabNode
from tests.waiting import wait_until

CLIENT = "frrdual"
HARD_TEXT = 'to "r2" \\ --More-- {"a": <b>} 100%s $HOME'
_CABLES = ("eth1", "eth2")
_IGP = """\
 ip ospf area 0
 ip ospf hello-interval 1
 ip ospf dead-interval 4
 ip ospf network point-to-point
 ipv6 ospf6 area 0
 ipv6 ospf6 hello-interval 1
 ipv6 ospf6 dead-interval 4
 ipv6 ospf6 network point-to-point
"""
STARTUP = {
    "r1": f"""\
ip route 192.0.2.0/24 blackhole
ip route 198.51.100.0/25 10.0.2.2 77
ip route 198.51.100.0/25 10.0.1.1
ip route 198.51.100.128/25 10.255.0.2
ipv6 route 2001:db8:51::/48 blackhole
key chain OLD
 key 1
  key-string s3cret-chain
 exit
exit
interface eth1
 description {HARD_TEXT}
 ip address 10.0.1.0/31
 ipv6 address 2001:db8:1::/127
{_IGP}exit
interface eth2
 ip address 10.0.2.1/24
 ip ospf authentication-key s3cret-o
 ip ospf message-digest-key 1 md5 s3cret-md5
exit
interface lo
 ip address 10.255.0.1/32
 ip ospf area 0
 ipv6 address 2001:db8:ff::1/128
 ipv6 ospf6 area 0
exit
router bgp 65001
 bgp router-id 10.255.0.1
 no bgp ebgp-requires-policy
 neighbor 10.0.1.1 remote-as 65002
 neighbor 10.0.1.1 description {HARD_TEXT}
 neighbor 10.0.1.1 password s3cret-bgp
 neighbor 10.0.1.1 timers 3 9
 neighbor 10.0.1.1 timers connect 1
 neighbor 10.0.9.9 remote-as 65009
 neighbor 10.0.9.9 shutdown
 neighbor 2001:db8:1::1 remote-as 65002
 neighbor 2001:db8:1::1 timers connect 1
 address-family ipv4 unicast
  network 192.0.2.0/24
  neighbor 10.0.1.1 route-map IN in
  neighbor 10.0.1.1 route-map OUT out
  no neighbor 2001:db8:1::1 activate
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:51::/48
  neighbor 2001:db8:1::1 activate
 exit-address-family
exit
router ospf
 ospf router-id 10.255.0.1
exit
router ospf6
 ospf6 router-id 10.255.0.1
exit
route-map IN permit 10
 set local-preference 150
exit
route-map OUT permit 10
exit
""",
    "r2": f"""\
ip route 1.0.4.0/24 blackhole
ip route 1.0.4.128/25 blackhole
ipv6 route 2001:db8:52::/48 blackhole
interface eth1
 ip address 10.0.1.1/31
 ipv6 address 2001:db8:1::1/127
{_IGP}exit
interface eth2
 ip address 10.0.2.2/24
exit
interface lo
 ip address 10.255.0.2/32
 ip address 8.8.8.8/32
 ip ospf area 0
 ipv6 address 2001:db8:ff::2/128
 ipv6 ospf6 area 0
exit
router bgp 65002
 bgp router-id 10.255.0.2
 no bgp ebgp-requires-policy
 neighbor 10.0.1.0 remote-as 65001
 neighbor 10.0.1.0 password s3cret-bgp
 neighbor 10.0.1.0 timers connect 1
 neighbor 2001:db8:1:: remote-as 65001
 neighbor 2001:db8:1:: timers connect 1
 address-family ipv4 unicast
  network 1.0.4.0/24
  network 1.0.4.128/25
  neighbor 10.0.1.0 route-map TAGGED out
  no neighbor 2001:db8:1:: activate
 exit-address-family
 address-family ipv6 unicast
  network 2001:db8:52::/48
  neighbor 2001:db8:1:: activate
 exit-address-family
exit
router ospf
 ospf router-id 10.255.0.2
exit
router ospf6
 ospf6 router-id 10.255.0.2
exit
route-map TAGGED permit 10
 set as-path prepend 65010
 set community 65002:1 no-export
 set metric 30
exit
""",
}
# What r1 learns: (prefix, protocol).
LEARNED = (
    ("1.0.4.0/24", "bgp"),
    ("1.0.4.128/25", "bgp"),
    ("2001:db8:52::/48", "bgp"),
    ("10.255.0.2/32", "ospf"),
    ("8.8.8.8/32", "ospf"),  # where NAPALM's tests send their probes
    ("2001:db8:ff::2/128", "ospf6"),
    ("198.51.100.128/25", "static"),
)
# What r2 learns of r1, by BGP and OSPF: without it, answers to r1's loopback have no way back.
LEARNED_BY_R2 = ("192.0.2.0/24", "2001:db8:51::/48", "10.255.0.1/32", "2001:db8:ff::1/128")
NETWORK = LabNetwork(
    client=CLIENT,
    nodes=tuple(
        LabNode(
            device=name,
            platform="frr",
            interfaces=tuple(LabInterface(name=cable) for cable in _CABLES),
            startup=startup,
            lldp=True,
        )
        for name, startup in STARTUP.items()
    ),
    links=tuple(LabLink(a=("r1", cable), b=("r2", cable)) for cable in _CABLES),
)


def settled(lab: FrrLab, driver: FRRDriver) -> None:
    """Wait until r1's sessions are up, LLDP sees r2, each protocol has given its routes, and both kernels have them.

    OSPF's two ends are not ready together: r2 may have its routes five seconds after r1, as an LSA that comes too soon
    after the one before it is dropped and sent again later (RFC 2328, MinLSArrival and RxmtInterval).
    """

    def complete() -> bool:
        peers = driver.get_bgp_neighbors()["global"]["peers"]
        return (
            [name for name, peer in peers.items() if peer["is_up"]] == ["10.0.1.1", "2001:db8:1::1"]
            and driver.get_lldp_neighbors().keys() == set(_CABLES)
            and all(driver.get_route_to(prefix, protocol) for prefix, protocol in LEARNED)
            and forwarding(lab)
        )

    wait_until(complete, seconds=40)


def forwarding(lab: FrrLab) -> bool:
    """Whether both kernels have a route to all that the routers learn of each other."""
    there, back = _routed(lab, "r1"), _routed(lab, "r2")
    return there.issuperset(prefix for prefix, _ in LEARNED) and back.issuperset(LEARNED_BY_R2)


def _routed(lab: FrrLab, device: str) -> set[str]:
    """The prefixes that the router's kernel has routes to."""
    command = lab.console(CLIENT, device, ["sh", "-c", "ip -j -4 route; echo; ip -j -6 route"])
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    ipv4, ipv6 = (json.loads(line) for line in done.stdout.splitlines() if line)
    hosts = [(route["dst"], length) for routes, length in ((ipv4, 32), (ipv6, 128)) for route in routes]
    return {dst if "/" in dst else f"{dst}/{length}" for dst, length in hosts}
