"""What IOS can be told, mode by mode: data. The order of a table is the order in which the device shows its lines.

Calibrated against captures of IOS-XE 16.4 and Cisco's command references for 15M and 16/17. It holds what netmgr
renders, what the captures hold and what stands beside these on most devices: everything else is invalid input.
"""

from dataclasses import dataclass

from netmgr.lab.emulated.ios.grammar import Command, Grammar, commands
from netmgr.lab.emulated.ios.interfaces import INTERFACE
from netmgr.lab.emulated.ios.routing import ROUTING


@dataclass(frozen=True, slots=True)
class Mode:
    """One configuration mode: ``(config-NAME)`` in its prompt. ``closed`` is what the device shows at its end."""

    prompt: str
    grammar: Grammar
    closed: str = ""
    default: tuple[str, ...] = ()
    """Lines that an object of the mode is made with; as the setting's name, where the line has another value."""


def _mode(prompt: str, table: str, closed: str = "", default: tuple[str, ...] = ()) -> Mode:
    every: tuple[Command, ...] = commands(table)
    return Mode(prompt, Grammar(every), closed, default)


_ROUTE = "[permanent] [track <1-1000>]"
_SEVERITY = "(emergencies|alerts|critical|errors|warnings|notifications|informational|debugging|<0-7>)"
_GLOBAL = f"""
version! WORD                                                     @fixed
service nagle
no-service WORD
service (pad|config|dhcp|password-recovery)                       @both
service password-encryption                                       @both
service tcp-keepalives-in
service tcp-keepalives-out
service timestamps (debug|log)! (uptime|datetime [msec] [localtime] [show-timezone] [year])
service sequence-numbers
service unsupported-transceiver
service compress-config
platform punt-keepalive disable-kernel-core                       @both
platform console (serial|virtual|auto)
platform qfp utilization monitor load <0-100>
hostname! WORD
boot-start-marker                                                 @fixed
boot system LINE
boot-end-marker                                                   @fixed
vrf definition WORD                                               -> vrf
ip vrf WORD                                                       -> old-vrf
logging buffered! [<4096-2147483647>] [{_SEVERITY}]
logging (console|monitor)! [{_SEVERITY}] @on
enable secret! (0|5|8|9) HASH
enable secret! WORD
enable password! [7] WORD
aaa new-model                                                     @both
aaa group server (tacacs+|radius) WORD                            -> aaa-group
aaa authentication (login|enable|dot1x) WORD! LINE
aaa authorization (exec|network|console|config-commands) [WORD]! LINE
aaa authorization commands <0-15> WORD! LINE
aaa accounting (exec|commands <0-15>|network|system) WORD! LINE
aaa session-id common
clock timezone! WORD <0-23> [<0-59>]
clock timezone! WORD WORD [<0-59>]
clock summer-time! LINE
ip source-route                                                   @on
ip cef                                                            @both
ip domain lookup                                                  @on
ip domain lookup source-interface! INTERFACE
ip domain name! WORD
ip domain name vrf WORD! WORD
ip domain-name! WORD
ip domain list WORD
ip host WORD A.B.C.D
ip name-server [vrf WORD] (A.B.C.D|X:X::X) [(A.B.C.D|X:X::X)] [(A.B.C.D|X:X::X)]
ip routing                                                        @on
ip multicast-routing [distributed]
ip dhcp excluded-address LINE
ip dhcp snooping [vlan VLANS]
ipv6 unicast-routing
ipv6 cef
subscriber templating                                             @fixed
multilink bundle-name authenticated                               @fixed
license udi pid WORD sn WORD                                      @fixed
license LINE
license boot LINE
diagnostic bootup level! (minimal|complete)
errdisable recovery cause WORD
vtp mode! (server|client|transparent|off)
vtp domain! WORD
spanning-tree mode! (pvst|rapid-pvst|mst)
spanning-tree portfast [edge] (default|bpduguard default)
spanning-tree extend system-id                                    @fixed
spanning-tree vlan VLANS priority! <0-61440>
key chain WORD                                                    -> key-chain
archive                                                           -> archive
username WORD~! [privilege <0-15>] [view WORD] secret (0|5|8|9) HASH
username WORD~! [privilege <0-15>] [view WORD] secret WORD
username WORD~! [privilege <0-15>] [view WORD] password [(0|7)] WORD
username WORD~! [privilege <0-15>]
redundancy                                                        -> redundancy
vlan VLANS                                                        -> vlan
lldp run                                                          @both
cdp run                                                           @both
file prompt quiet
interface INTERFACE                                               -> interface
router eigrp WORD                                                 -> eigrp
router ospf <1-65535> [vrf WORD]                                  -> ospf
router ospfv3 <1-65535>                                           -> ospfv3
router bgp ASN                                                    -> bgp
virtual-service WORD                                              -> virtual-service
ip default-gateway! A.B.C.D
ip forward-protocol nd                                            @fixed
ip forward-protocol udp WORD
ip community-list standard WORD~ [seq <1-4294967295>] (permit|deny) COMMUNITY [COMMUNITY] [COMMUNITY] [COMMUNITY]
ip community-list expanded WORD~ [seq <1-4294967295>] (permit|deny) LINE
ip community-list <1-99>~ (permit|deny) COMMUNITY [COMMUNITY] [COMMUNITY] [COMMUNITY]
ip bgp-community new-format
ip as-path access-list <1-500>~ (permit|deny) LINE
ip http server                                                    @both
ip http port! <1-65535>
ip http access-class! [ipv4] WORD
ip http authentication (local|aaa)
ip http secure-server                                             @both
ip http client source-interface! INTERFACE
ip tftp source-interface! INTERFACE
ip ftp source-interface! INTERFACE
ip route [vrf WORD] A.B.C.D MASK (A.B.C.D|INTERFACE [A.B.C.D])! [<1-255>] [tag <1-4294967295>] [name WORD] {_ROUTE}
ip route [vrf WORD] A.B.C.D MASK (A.B.C.D|INTERFACE [A.B.C.D])! [<1-255>] [name WORD] [tag <1-4294967295>]
ip ssh version! (1|2)
ip ssh time-out! <1-120>
ip ssh authentication-retries! <0-5>
ip ssh source-interface! INTERFACE
ip ssh server algorithm (mac|encryption|kex)! LINE
ip ssh pubkey-chain                                               -> pubkey-chain
ip scp server enable
ip tacacs source-interface! INTERFACE
ip radius source-interface! INTERFACE
ip access-list standard (<1-99>|<1300-1999>|WORD)                 -> acl-standard
ip access-list extended (<100-199>|<2000-2699>|WORD)              -> acl-extended
access-list (<1-99>|<1300-1999>)~ (permit|deny) (any|host A.B.C.D|A.B.C.D A.B.C.D|A.B.C.D) [log]
access-list (<1-99>|<1300-1999>)~ remark LINE
access-list (<100-199>|<2000-2699>)~ LINE
ip prefix-list WORD~ description! LINE
ip prefix-list WORD~ seq <1-4294967294>! (permit|deny) A.B.C.D/nn [ge <0-32>] [le <0-32>]
ip prefix-list WORD~ (permit|deny) A.B.C.D/nn [ge <0-32>] [le <0-32>]
ip sla <1-2147483647>                                             -> ip-sla
ip sla schedule <1-2147483647>! LINE
logging history! WORD
logging trap! {_SEVERITY}
logging facility! WORD
logging origin-id! LINE
logging source-interface! INTERFACE [vrf WORD]
logging host (A.B.C.D|X:X::X|ipv6 X:X::X)~! [vrf WORD] [transport (udp|tcp) [port <1-65535>]]
logging A.B.C.D
ipv6 route [vrf WORD] X:X::X/nn (X:X::X|INTERFACE [X:X::X])! [<1-254>] [tag <1-4294967295>] [name WORD]
ipv6 prefix-list WORD~ description! LINE
ipv6 prefix-list WORD~ seq <1-4294967294>! (permit|deny) X:X::X/nn [ge <0-128>] [le <0-128>]
ipv6 prefix-list WORD~ (permit|deny) X:X::X/nn [ge <0-128>] [le <0-128>]
ipv6 router ospf <1-65535>                                        -> ospf6
ipv6 access-list WORD                                             -> acl-ipv6
route-map WORD~ (permit|deny) <0-65535>                           -> route-map
route-map WORD~                                                   -> route-map
snmp-server group WORD~ (v1|v2c|v3 (auth|noauth|priv))! [read WORD] [write WORD] [notify WORD] [access WORD]
snmp-server view WORD~ WORD! (included|excluded)
snmp-server user WORD~ WORD! v3 LINE                              @unshown
snmp-server community WORD! [view WORD] (RO|RW) [ipv6 WORD] [WORD]
snmp-server trap-source! INTERFACE
snmp-server source-interface (informs|traps)! INTERFACE
snmp-server location! LINE
snmp-server contact! LINE
snmp-server chassis-id! LINE
snmp-server ifindex persist
snmp-server enable traps [WORD] [WORD] [WORD] [WORD] [WORD]
snmp-server host (A.B.C.D|X:X::X)~ [vrf WORD] [(traps|informs)] [version (1|2c|3 (auth|noauth|priv))] WORD! [WORD]
snmp-server host (A.B.C.D|X:X::X)~ [vrf WORD] [(traps|informs)] [version (1|2c)] WORD! udp-port <1-65535>
tacacs-server host A.B.C.D! [key [(0|7)] WORD]
tacacs-server key! [(0|6|7)] WORD
tacacs server WORD                                                -> tacacs
radius server WORD                                                -> radius
control-plane                                                     -> control-plane
banner (motd|login|exec|incoming)! LINE
alias exec WORD! LINE
line con <0-0>                                                    -> line
line aux <0-0>                                                    -> line
line vty <0-1500> [<1-1500>]                                      -> line
ntp authentication-key <1-4294967295>! md5 WORD [7]
ntp authenticate
ntp trusted-key <1-4294967295>
ntp source! INTERFACE
ntp logging
ntp master! [<1-15>]
ntp access-group (peer|query-only|serve|serve-only)! WORD
ntp server [vrf WORD] (A.B.C.D|X:X::X|WORD)! [version <1-4>] [key <1-4294967295>] [source INTERFACE] [prefer]
ntp server [vrf WORD] (A.B.C.D|X:X::X|WORD)! [prefer] [key <1-4294967295>]
ntp peer [vrf WORD] (A.B.C.D|X:X::X|WORD)! [key <1-4294967295>] [prefer]
netconf-yang
restconf
end                                                               @fixed
"""

_LINE = """
access-class WORD (in|out)! [vrf-also]
exec-timeout! <0-35791> [<0-2147483>]
privilege level! <0-15>
password! [(0|7)] WORD
authorization exec! WORD
logging synchronous
login! (local|authentication WORD)
login!                                                            @both
ipv6 access-class WORD (in|out)!
length! <0-512>
width! <0-512>
history size! <0-256>
transport preferred! (none|ssh|telnet|all)
transport input! (ssh|telnet|all|none) [telnet]
transport output! (ssh|telnet|all|none) [telnet]
stopbits! (1|1.5|2)
exec                                                              @on
"""

_PORT = "(eq WORD [WORD] [WORD]|neq WORD|gt WORD|lt WORD|range WORD WORD)"
_FROM_TO = "(any|host A.B.C.D|A.B.C.D A.B.C.D|object-group WORD)"
_FROM_TO_6 = "(any|host X:X::X|X:X::X/nn)"
_PROTOCOL = "(ip|icmp|ospf|esp|ahp|gre|pim|igmp|eigrp|igrp|ipinip|nos|pcp|<0-255>)"
_TAIL = "[(established|fragments|dscp WORD|WORD)] [(log|log-input)]"

_EXTENDED = f"""
[<1-2147483647>!] remark LINE
[<1-2147483647>!] (permit|deny) (tcp|udp) {_FROM_TO} [{_PORT}] {_FROM_TO} [{_PORT}] {_TAIL}
[<1-2147483647>!] (permit|deny) {_PROTOCOL} {_FROM_TO} {_FROM_TO} {_TAIL}
<1-2147483647>~
"""
_STANDARD = """
[<1-2147483647>!] remark LINE
[<1-2147483647>!] (permit|deny) (any|host A.B.C.D|A.B.C.D A.B.C.D|A.B.C.D) [log]
<1-2147483647>~
"""
_ACL6 = f"""
[sequence <1-4294967295>!] remark LINE
[sequence <1-4294967295>!] (permit|deny) (tcp|udp) {_FROM_TO_6} [{_PORT}] {_FROM_TO_6} [{_PORT}] {_TAIL}
[sequence <1-4294967295>!] (permit|deny) (ipv6|icmp|esp|ahp|pcp|sctp|<0-255>) {_FROM_TO_6} {_FROM_TO_6} {_TAIL}
"""

_ROUTE_MAP = """
description! LINE
match as-path <1-500> [<1-500>] [<1-500>]
match community (<1-500>|WORD) [(<1-500>|WORD)] [exact-match]
match (ip|ipv6) address prefix-list WORD [WORD] [WORD]
match (ip|ipv6) address WORD [WORD]
match (ip|ipv6) next-hop prefix-list WORD
match interface INTERFACE
match tag <0-4294967295>
match metric <0-4294967295>
match local-preference <0-4294967295>
match source-protocol WORD [WORD]
match route-type (internal|external|local)
set as-path prepend! ASN [ASN] [ASN] [ASN] [ASN] [ASN]
set comm-list WORD delete
set community! (none|COMMUNITY) [COMMUNITY] [COMMUNITY] [COMMUNITY] [additive]
set extcommunity rt! RT [RT] [RT] [additive]
set ip next-hop! (self|peer-address|A.B.C.D)
set ipv6 next-hop! X:X::X
set local-preference! <0-4294967295>
set metric! [(+|-)] <0-4294967295>
set metric-type! (type-1|type-2|internal|external)
set origin! (igp|incomplete)
set tag! <0-4294967295>
set weight! <0-65535>
continue! [<1-65535>]
"""

MODES: dict[str, Mode] = {
    "config": _mode("config", _GLOBAL),
    "interface": _mode("config-if", INTERFACE, default=("no ip address", "shutdown")),
    "vrf": _mode(
        "config-vrf",
        """
        description! LINE
        rd! RT
        route-target (export|import|both) RT
        address-family (ipv4|ipv6) [(unicast|multicast)]               -> vrf-family
        """,
    ),
    "old-vrf": _mode("config-vrf", "description! LINE\nrd! RT\nroute-target (export|import|both) RT"),
    "vrf-family": _mode(
        "config-vrf-af",
        "import map! WORD\nexport map! WORD\nroute-target (export|import) RT\nroute-target both RT",
        closed="exit-address-family",
    ),
    "vlan": _mode("config-vlan", "name! WORD\nstate! (active|suspend)\nshutdown"),
    "line": _mode("config-line", _LINE),
    "acl-standard": _mode("config-std-nacl", _STANDARD),
    "acl-extended": _mode("config-ext-nacl", _EXTENDED),
    "acl-ipv6": _mode("config-ipv6-acl", _ACL6),
    "route-map": _mode("config-route-map", _ROUTE_MAP),
    "archive": _mode(
        "config-archive",
        "log config -> archive-log\npath! LINE\nmaximum! <1-14>\nwrite-memory\ntime-period! <1-525600>",
    ),
    "archive-log": _mode(
        "config-archive-log-cfg",
        "logging enable\nlogging size! <1-1000>\nnotify syslog [contenttype plaintext]\nhidekeys",
    ),
    "tacacs": _mode(
        "config-server-tacacs",
        "address (ipv4|ipv6)! (A.B.C.D|X:X::X)\nkey! [(0|6|7)] WORD\ntimeout! <1-1000>\nport! <1-65535>",
    ),
    "radius": _mode(
        "config-radius-server",
        "address (ipv4|ipv6)! (A.B.C.D|X:X::X) [auth-port <0-65535>] [acct-port <0-65535>]\n"
        "timeout! <1-1000>\nretransmit! <0-100>\nkey! [(0|6|7)] WORD",
    ),
    "aaa-group": _mode(
        "config-sg",
        "server name WORD\nserver-private A.B.C.D! [key [(0|7)] WORD]\nip vrf forwarding! WORD\n"
        "ip (tacacs|radius) source-interface! INTERFACE",
    ),
    "key-chain": _mode("config-keychain", "key <0-2147483647> -> key"),
    "key": _mode(
        "config-keychain-key",
        "key-string! [(0|7)] WORD\naccept-lifetime! LINE\nsend-lifetime! LINE\ncryptographic-algorithm! WORD",
    ),
    "redundancy": _mode("config-red", "mode! (sso|none|rpr)"),
    "virtual-service": _mode("config-virt-serv", "activate\nvnic LINE"),
    "control-plane": _mode("config-cp", "service-policy (input|output)! WORD"),
    "ip-sla": _mode("config-ip-sla", "icmp-echo! LINE\nfrequency! <1-604800>"),
    "pubkey-chain": _mode("conf-ssh-pubkey", "username WORD -> pubkey-user"),
    "pubkey-user": _mode("conf-ssh-pubkey-user", "key-hash (ssh-rsa|ssh-ed25519)! LINE"),
    **{name: _mode(prompt, table, closed) for name, (prompt, table, closed) in ROUTING.items()},
}
