"""Any configuration to any other, and FRR's own tool as judge: after our delta, frr-reload.py has nothing to do."""

import pytest

from napalm_frr.device.canonical import parse
from napalm_frr.device.delta import delta, script
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


# Two values of every setting that the delta replaces in place, without removing the old value first.
OLD_VALUES = """\
ip prefix-list P seq 5 permit 10.0.0.0/8
ip prefix-list P description one
ip prefix-list Q seq 5 permit 10.0.0.0/8
ipv6 prefix-list P6 seq 5 permit 2001:db8::/32
ipv6 prefix-list P6 description one
bgp as-path access-list L seq 5 permit _1_
bgp as-path access-list M seq 5 permit _2_
access-list D seq 5 permit any
access-list E seq 5 permit any
interface eth1
 description one
 bandwidth 1000
 ip ospf cost 1
 ip ospf priority 5
 ip ospf hello-interval 1
 ip ospf dead-interval 4
 ip ospf retransmit-interval 3
 ip ospf transmit-delay 3
 ip ospf network point-to-point
router bgp 65001
 bgp router-id 1.1.1.1
 timers bgp 3 9
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 description one
 neighbor 10.0.0.1 password one
 neighbor 10.0.0.1 update-source 10.0.0.0
 neighbor 10.0.0.1 advertisement-interval 1
 neighbor 10.0.0.1 timers 3 9
 neighbor 10.0.0.1 timers connect 1
 neighbor 10.0.0.1 ebgp-multihop 2
 address-family ipv4 unicast
  neighbor 10.0.0.1 maximum-prefix 10
  neighbor 10.0.0.1 route-map R in
  neighbor 10.0.0.1 route-map R out
  neighbor 10.0.0.1 prefix-list P in
  neighbor 10.0.0.1 filter-list L in
  neighbor 10.0.0.1 distribute-list D out
  maximum-paths 2
  maximum-paths ibgp 2
router ospf
 ospf router-id 1.1.1.1
 auto-cost reference-bandwidth 1000
 timers throttle spf 1 2 3
route-map R permit 10
 description one
 match ip address prefix-list P
 set metric 1
 set local-preference 1
 set weight 1
 set origin igp
 set ip next-hop 10.0.0.1
 set community 1:1
 set large-community 1:1:1
 set as-path prepend 1
route-map R permit 20
 match ipv6 address prefix-list P6
route-map S permit 10
"""
NEW_VALUES = """\
ip prefix-list P seq 5 deny 11.0.0.0/8 le 24
ip prefix-list P description two
ip prefix-list Q seq 5 permit 10.0.0.0/8
ipv6 prefix-list P6 seq 5 deny 2001:db8:1::/48
ipv6 prefix-list P6 description two
bgp as-path access-list L seq 5 permit _1_
bgp as-path access-list M seq 5 permit _2_
access-list D seq 5 permit any
access-list E seq 5 permit any
interface eth1
 description two
 bandwidth 2000
 ip ospf cost 2
 ip ospf priority 6
 ip ospf hello-interval 2
 ip ospf dead-interval 8
 ip ospf retransmit-interval 4
 ip ospf transmit-delay 4
 ip ospf network non-broadcast
router bgp 65001
 bgp router-id 1.1.1.2
 timers bgp 4 12
 neighbor 10.0.0.1 remote-as 65003
 neighbor 10.0.0.1 description two
 neighbor 10.0.0.1 password two
 neighbor 10.0.0.1 update-source lo
 neighbor 10.0.0.1 advertisement-interval 2
 neighbor 10.0.0.1 timers 4 12
 neighbor 10.0.0.1 timers connect 2
 neighbor 10.0.0.1 ebgp-multihop 3
 address-family ipv4 unicast
  neighbor 10.0.0.1 maximum-prefix 20
  neighbor 10.0.0.1 route-map S in
  neighbor 10.0.0.1 route-map S out
  neighbor 10.0.0.1 prefix-list Q in
  neighbor 10.0.0.1 filter-list M in
  neighbor 10.0.0.1 distribute-list E out
  maximum-paths 3
  maximum-paths ibgp 3
router ospf
 ospf router-id 1.1.1.2
 auto-cost reference-bandwidth 2000
 timers throttle spf 2 3 4
route-map R permit 10
 description two
 match ip address prefix-list Q
 set metric 2
 set local-preference 2
 set weight 2
 set origin egp
 set ip next-hop 10.0.0.2
 set community 2:2
 set large-community 2:2:2
 set as-path prepend 2 2
route-map R permit 20
 match ipv6 address prefix-list P7
route-map S permit 10
"""


def test_every_setting_with_one_value_is_replaced_in_place(any_r1):
    driver = any_r1.open()
    driver.load_replace_candidate(config=OLD_VALUES)
    driver.commit_config()
    changes = delta(parse(OLD_VALUES), parse(NEW_VALUES))
    assert [path for path in changes if path[-1].startswith("no ")] == []
    any_r1.console("vtysh", "-f", "/proc/self/fd/0", text=script(changes)[0])
    assert any_r1.running() == FRRDriver.canonical(NEW_VALUES)


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
