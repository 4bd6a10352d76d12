"""Any configuration to any other, and FRR's own tool as judge: after our delta, frr-reload.py has nothing to do."""

import pytest

from napalm_frr.driver import FRRDriver

pytestmark = pytest.mark.lab

CONFIGURATIONS = {
    "ibgp": """\
interface eth1
 ip address 10.1.0.1/24
router bgp 65001
 bgp router-id 10.255.0.1
 neighbor 10.0.0.1 remote-as 65001
 neighbor 10.0.0.1 update-source lo
 address-family ipv4 unicast
  neighbor 10.0.0.1 next-hop-self
""",
    "peer group": """\
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor EDGE peer-group
 neighbor EDGE remote-as external
 neighbor EDGE timers 3 9
 neighbor 10.0.0.1 peer-group EDGE
 neighbor 10.0.0.3 peer-group EDGE
 bgp listen range 10.5.0.0/16 peer-group EDGE
 address-family ipv4 unicast
  neighbor EDGE maximum-prefix 100
 address-family ipv6 unicast
  neighbor EDGE activate
""",
    "peer group without a common as": """\
router bgp 65001
 neighbor EDGE peer-group
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 peer-group EDGE
 neighbor 10.0.0.3 remote-as 65004
 neighbor 10.0.0.3 peer-group EDGE
 neighbor 10.0.0.3 password s3cret
""",
    "other as": """\
ip prefix-list OURS seq 5 permit 198.18.0.0/16 le 24
ip prefix-list OURS seq 10 deny any
ip prefix-list OURS description what we announce
route-map OUT permit 10
 description announce
 match ip address prefix-list OURS
 set metric 100
 set as-path prepend 65111 65111
route-map OUT deny 20
router bgp 65111
 bgp router-id 10.255.0.9
 no bgp default ipv4-unicast
 timers bgp 10 30
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 ebgp-multihop 3
 address-family ipv4 unicast
  network 198.18.1.0/24 route-map OUT
  redistribute connected
  neighbor 10.0.0.1 activate
  neighbor 10.0.0.1 prefix-list OURS out
  neighbor 10.0.0.1 soft-reconfiguration inbound
""",
    "ospf areas": """\
interface eth1
 ip address 10.0.0.0/31
 ip ospf area 1
 ip ospf cost 20
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 s3cret
interface eth2
 ip address 10.0.2.1/24
 ip ospf area 0
 ip ospf passive
router ospf
 ospf router-id 10.255.0.1
 auto-cost reference-bandwidth 10000
 timers throttle spf 50 100 5000
 redistribute static route-map OUT
 area 1 stub
 area 0 range 10.0.0.0/8
 default-information originate always metric 10
route-map OUT permit 10
""",
    "ospf otherwise": """\
interface eth1
 ip address 10.0.0.0/31
 ip ospf area 0
 ip ospf cost 30
 ip ospf authentication message-digest
 ip ospf message-digest-key 1 md5 other
router ospf
 ospf router-id 10.255.0.2
 auto-cost reference-bandwidth 40000
 timers throttle spf 10 20 500
 redistribute static
 default-information originate
""",
    "static routes": """\
no ip forwarding
ip router-id 10.255.0.1
ip route 0.0.0.0/0 10.0.0.1
ip route 0.0.0.0/0 10.0.0.3 200
ip route 198.18.3.0/24 Null0
ip route 198.18.4.0/24 eth1
ip route 198.18.5.0/24 10.0.0.1 tag 5
ipv6 route ::/0 2001:db8::1
ipv6 route 2001:db8:5::/48 blackhole
interface eth1
 ip address 10.0.0.0/31
 ip address 10.0.1.1/24
 ipv6 address 2001:db8::/127
""",
    "static routes otherwise": """\
no ipv6 forwarding
ip route 0.0.0.0/0 10.0.0.1 150
ip route 198.18.5.0/24 10.0.0.1 tag 6
ip route 198.18.6.0/24 reject
interface eth1
 ip address 10.0.1.1/24
 ip address 10.0.0.0/31
 shutdown
""",
    "lists": """\
access-list MGMT seq 5 permit 10.0.0.0/8
access-list MGMT seq 10 deny any
ip prefix-list A seq 5 permit 10.0.0.0/8 ge 16 le 24
ipv6 prefix-list B seq 5 permit 2001:db8::/32
bgp as-path access-list P seq 5 permit ^65002_
bgp community-list standard C seq 5 permit 65001:1
bgp large-community-list standard L seq 5 permit 65001:1:2
route-map IN permit 5
 match as-path P
 set local-preference 200
 on-match next
route-map IN permit 10
 match community C
 set community 65001:5 additive
 on-match goto 30
route-map IN permit 30
 call OUT
route-map OUT permit 10
line vty
 access-class MGMT
 exec-timeout 5 0
""",
    "lists otherwise": """\
log syslog informational
service password-encryption
access-list MGMT seq 5 permit 10.1.0.0/16
ip prefix-list A seq 5 permit 10.0.0.0/8
ip prefix-list A seq 7 permit 11.0.0.0/8
bgp community-list standard C seq 5 permit 65001:2
route-map IN deny 5
 match as-path P
route-map IN permit 10
 set local-preference 300
 set metric 5
line vty
 exec-timeout 20 0
""",
    "a vrf that is not there": """\
vrf red
 ip route 10.9.0.0/16 10.8.0.1
router bgp 65001 vrf red
 neighbor 10.8.0.1 remote-as 65009
router bgp 65001
 neighbor 10.0.0.1 remote-as 65002
""",
    "nothing": "",
}
# Once around, then around in strides: each configuration is reached from two others.
NAMES = list(CONFIGURATIONS)
WALK = [*NAMES, *(NAMES[5 * step % len(NAMES)] for step in range(1, len(NAMES)))]


@pytest.mark.parametrize("name", WALK)
def test_from_wherever_the_router_is(any_r1, name):
    driver, wanted = any_r1.open(), CONFIGURATIONS[name]
    driver.load_replace_candidate(config=wanted)
    driver.commit_config()
    assert any_r1.running() == FRRDriver.canonical(wanted)
    assert reload_differences(any_r1, wanted) == []


def reload_differences(router, text):
    """What frr-reload.py would do to reach the configuration, without what it always wants to do."""
    router.console(
        "sh", "-c", "cat > /run/wanted.conf", text="frr defaults traditional\nhostname r1\n" + text
    )
    shown = router.console(
        "/usr/bin/python3",
        "/usr/lib/frr/frr-reload.py",
        "--test",
        "--stdout",
        "--rundir",
        "/run",
        "/run/wanted.conf",
    )
    said = [line.strip() for line in shown.splitlines()]
    return [
        line
        for line in said
        if line and not line.startswith(("Lines To", "=====", "20")) and line not in ALWAYS
    ]


ALWAYS = ("no service integrated-vtysh-config", "no ipv6 forwarding", "no ip forwarding")
