"""What an IOS interface can be told: a table as in ``language``."""

INTERFACE = """
description! LINE
switchport                                                        @on
switchport access vlan! <1-4094>
switchport voice vlan! <1-4094>
switchport trunk encapsulation! dot1q
switchport trunk native vlan! <1-4094>
switchport trunk allowed vlan! (VLANS|none|all)
switchport mode! (access|trunk|dynamic (auto|desirable))
switchport nonegotiate
encapsulation dot1Q! <1-4094> [native]
vrf forwarding! WORD
ip vrf forwarding! WORD
ip dhcp client class-id! LINE
ip address! A.B.C.D MASK                                          @both
ip address A.B.C.D MASK secondary
ip address! dhcp
ip unnumbered! INTERFACE
ip access-group WORD (in|out)!
ip access-group <1-2699> (in|out)!
ip helper-address A.B.C.D
ip redirects                                                      @on
ip unreachables                                                   @on
ip proxy-arp                                                      @on
ip verify unicast source reachable-via (rx|any)
ip flow (ingress|egress)
ip mtu! <68-18000>
ip tcp adjust-mss! <500-1460>
ip ospf <1-65535> area! (<0-4294967295>|A.B.C.D)
ip ospf authentication! [(message-digest|null)]
ip ospf authentication-key! [(0|7)] WORD
ip ospf message-digest-key <1-255> md5! [(0|7)] WORD
ip ospf network! (broadcast|non-broadcast|point-to-point|point-to-multipoint)
ip ospf dead-interval! <1-65535>
ip ospf hello-interval! <1-65535>
ip ospf priority! <0-255>
ip ospf mtu-ignore
ip ospf cost! <1-65535>
ip ospf bfd
standby version! (1|2)
standby <0-4095> (ip|ipv6)! [(A.B.C.D|X:X::X|autoconfig)]
standby <0-4095> priority! <0-255>
standby <0-4095> preempt
standby <0-4095> authentication! LINE
vrrp <1-255> ip! A.B.C.D
vrrp <1-255> priority! <1-254>
load-interval! <30-600>
bandwidth! <1-100000000>
delay! <1-16777215>
mtu! <64-18000>
shutdown
keepalive! [<0-32767>]                                            @on
speed! (10|100|1000|2500|5000|10000|auto)
duplex! (auto|full|half)
negotiation auto                                                  @both
media-type! WORD
mop enabled                                                       @both
mop sysid                                                         @both
cdp enable                                                        @on
lldp (transmit|receive)                                           @on
tunnel source! (A.B.C.D|X:X::X|INTERFACE)
tunnel destination! (A.B.C.D|X:X::X)
tunnel mode! LINE
ipv6 address X:X::X/ifnn [(eui-64|anycast)]
ipv6 address! X:X::X link-local
ipv6 enable
ipv6 mtu! <1280-9976>
ipv6 nd ra suppress [all]
ipv6 traffic-filter WORD (in|out)!
ipv6 ospf <1-65535> area! (<0-4294967295>|A.B.C.D)
ipv6 ospf network! (broadcast|non-broadcast|point-to-point|point-to-multipoint)
ipv6 ospf cost! <1-65535>
ipv6 ospf (hello-interval|dead-interval|priority)! <0-65535>
ipv6 ospf bfd
ospfv3 <1-65535> (ipv4|ipv6) area! (<0-4294967295>|A.B.C.D)
ospfv3 <1-65535> [(ipv4|ipv6)] network! (broadcast|non-broadcast|point-to-point|point-to-multipoint)
ospfv3 <1-65535> [(ipv4|ipv6)] cost! <1-65535>
ospfv3 network! (broadcast|non-broadcast|point-to-point|point-to-multipoint)
ospfv3 (cost|hello-interval|dead-interval|priority)! <0-65535>
service-policy (input|output)! WORD
spanning-tree portfast! [(edge|disable|trunk)] [trunk]
spanning-tree bpduguard! (enable|disable)
spanning-tree guard! (root|loop|none)
spanning-tree cost! <1-200000000>
storm-control (broadcast|multicast) level! LINE
channel-group! <1-512> mode (active|passive|on|auto|desirable)
lacp rate! (fast|normal)
lacp port-priority! <0-65535>
bfd interval! LINE
"""
