"""The dialect of EOS, as far as the emulator takes it. Calibrated against the captures in tests/data/configs/eos.

The order of sections is that of `show running-config` of EOS 4.23 and later.
"""

from netmgr.lab.emulated.dialect import Dialect, Mode
from netmgr.lab.emulated.eos.secrets import as_stored

_NEIGHBOR = (
    r"neighbor \S+ (?:remote-as|description|update-source|password|timers|ebgp-multihop|weight|maximum-routes"
    r"|peer group|local-as|next-hop-self|send-community|allowas-in|local-v4-addr|local-v6-addr|shutdown|bfd"
    r"|route-reflector-client|default-originate)"
)
#: `route-map NAME in`: what is set is the direction, whatever the name.
_DIRECTION = r"neighbor \S+ (?:route-map|prefix-list)(?= \S+ {0}\b)"

_FAMILY_LINES = (
    r"(neighbor|network|redistribute|maximum-paths|aggregate-address|graceful-restart|default|advertise|bgp"
    r"|route-target|rd|distance|timers)\b"
)

_TOP = (
    r"(aaa|agent|alias|arp|banner|bfd|boot|class-map|clock|daemon|dns|dot1x|email|enable|errdisable|event-handler|"
    r"event-monitor|hardware|hostname|interface|ip|ipv6|key|lacp|lldp|load-interval|logging|mac|management|mlag|"
    r"monitor|mpls|ntp|peer-filter|policy-map|port-channel|priority-flow-control|privilege|prompt|ptp|qos|"
    r"queue-monitor|radius-server|redundancy|role|route-map|router|sampling|security|service|sflow|snmp-server|"
    r"spanning-tree|switchport|system|tacacs-server|tap|terminal|traffic-policy|transceiver|tunnel|username|"
    r"virtual-cable|vlan|vrf|vxlan)\b"
)

_INTERFACE = (
    r"(arp|bandwidth|bfd|channel-group|description|dhcp|encapsulation|error-correction|flowcontrol"
    r"|ip (?!route|routing|prefix-list|access-list|community-list|as-path|name-server|domain|host|http|ssh|tacacs"
    r"|radius|ftp|icmp|virtual-router mac-address|nat pool|dhcp snooping vlan)"
    r"|ipv6 (?!route|unicast-routing|prefix-list|access-list|host)|isis|l2|lacp|lldp (?:transmit|receive)|load-interval"
    r"|logging event|loopback|mac |mlag \d|mpls|mtu|ntp serve|ospfv3|phone|pim|port-channel|priority-flow-control|ptp"
    r"|qos|service-policy|sflow|shutdown|snmp|spanning-tree (?!mode|mst|vlan-id|priority)|speed|storm-control"
    r"|switchport|traffic-policy|transceiver|tunnel|unidirectional|vlan-id|vrf \S+$|vrrp|vxlan)"
)

EOS = Dialect(
    name="eos",
    indent=3,
    leave=frozenset({"exit"}),
    natural=r"(interface|vlan) ",
    stored=as_stored,
    blocks=((r"banner (?:motd|login|exec)", "EOF"),),
    rewrites=(
        (r"^(ip address) (\S+) 255\.255\.255\.255$", r"\1 \2/32"),
        (r"^(ip address) (\S+) 255\.255\.255\.0$", r"\1 \2/24"),
        (r"^(username \S+) privilege 1 ", r"\1 "),
        (r"^(interface) (Et|Eth|ethernet)(?=\d)", r"\1 Ethernet"),
        (r"^(interface) (Lo|loopback)(?=\d)", r"\1 Loopback"),
    ),
    rank=(
        r"transceiver",
        r"service",
        r"agent|daemon|event-handler",
        r"(no )?logging",
        r"hostname|(no )?ip (?:name-server|domain)|dns",
        r"ntp",
        r"(no )?(?:radius-server|tacacs-server|ip (?:radius|tacacs))",
        r"snmp-server",
        r"(no )?spanning-tree",
        r"(no )?aaa|enable",
        r"username",
        r"clock",
        r"(no )?lldp|sflow|queue-monitor|errdisable",
        r"vlan",
        r"vrf instance",
        r"bfd",
        r"interface Port-Channel",
        r"interface Ethernet",
        r"interface Loopback",
        r"interface Management",
        r"interface Tunnel",
        r"interface Vlan",
        r"interface Vxlan",
        r"interface",
        r"mac ",
        r"ip virtual-router|ip address virtual",
        r"ip access-list|ipv6 access-list",
        r"ip route|ipv6 route",
        r"(no )?ip routing|(no )?ipv6 unicast-routing",
        r"ip prefix-list|ipv6 prefix-list|ip community-list|ip extcommunity-list|ip as-path",
        r"mlag",
        r"route-map",
        r"router bgp",
        r"router",
        r"banner",
        r"management",
    ),
    modes={
        "top": Mode(
            accepts=_TOP,
            opens=(
                (r"interface \S+.*", "interface"),
                (r"vlan \d[\d,-]*", "vlan"),
                (r"vrf instance \S+", "vrf"),
                (r"router bgp \S+", "bgp"),
                (r"router ospf \d+(?: vrf \S+)?", "ospf"),
                (r"(?:ipv6 router ospf \d+|router ospfv3)(?: vrf \S+)?", "ospf3"),
                (r"route-map \S+(?: (?:permit|deny) \d+)?", "route-map"),
                (r"ip(?:v6)? access-list (?:standard )?\S+", "access-list"),
                (r"ip(?:v6)? prefix-list \S+", "prefix-list"),
                (r"management \S+(?: \S+)?", "management"),
                (r"mlag configuration", "anything"),
                (
                    r"(?:aaa group server|class-map|policy-map|daemon|event-handler|peer-filter|role"
                    r"|monitor session) .*",
                    "anything",
                ),
                (
                    r"(?:tacacs-server policy|traffic-policy|qos profile|key chain|spanning-tree mst configuration).*",
                    "anything",
                ),
            ),
            single=(
                "hostname",
                r"ip domain-name",
                r"dns domain",
                r"clock timezone",
                r"spanning-tree mode",
                r"spanning-tree mst \S+ priority",
                r"banner \S+",
                r"username \S+(?= (?:priv|role|secret|nopass))",
                r"username \S+ ssh-key",
                r"snmp-server (?:location|contact|engineID local)",
                r"enable (?:password|secret)",
                r"logging (?:buffered|trap|console|level \S+|source-interface)",
                r"service routing protocols model",
                r"snmp-server community \S+",
                r"ntp server (?:vrf \S+ )?\S+",
                r"ntp local-interface",
                r"ip virtual-router mac-address",
                r"aaa authentication \S+ \S+",
                r"aaa authorization \S+ \S+",
                r"logging (?:vrf \S+ )?host \S+",
                r"ip as-path regex-mode",
                r"ip(?:v6)? prefix-list \S+ seq \d+",
                r"snmp-server user \S+",
                r"snmp-server host \S+",
                r"tacacs-server host \S+",
                r"radius-server host \S+",
            ),
            shown_no=r"aaa root|ip routing vrf|spanning-tree|ip http|lldp run|logging console",
            numbered=None,
        ),
        "interface": Mode(
            accepts=_INTERFACE,
            single=(
                "description",
                "mtu",
                "speed",
                r"ip address(?! virtual| .* secondary)",
                r"switchport mode",
                r"switchport access vlan",
                r"switchport trunk (?:native vlan|allowed vlan(?! add| remove))",
                "channel-group",
                r"encapsulation dot1q vlan",
                "vrf",
                r"ip ospf (?:cost|network|hello-interval|dead-interval|area|priority)",
                r"ipv6 ospf (?:cost|network|hello-interval|dead-interval|priority)",
                r"ospfv3 (?:cost|network|hello-interval|dead-interval)",
                r"ip access-group(?= \S+ in)",
                r"ip access-group(?= \S+ out)",
                r"ipv6 access-group(?= \S+ in)",
                r"ipv6 access-group(?= \S+ out)",
                "load-interval",
                "bandwidth",
                r"ip ospf message-digest-key \d+",
                r"ip ospf authentication(?:-key)?",
                "spanning-tree portfast",
            ),
            shown_no=r"switchport$|lldp|snmp trap",
            hidden=r"switchport|switchport mode access|switchport access vlan 1|mtu 1500",
            clears={
                "no switchport": r"switchport",
                "switchport": r"no switchport",
                r"vrf \S+": r"ip address|ipv6 address",
            },
        ),
        "vlan": Mode(accepts=r"(name|state|trunk group|private-vlan)\b", single=("name", "state")),
        "vrf": Mode(accepts=r"(rd|description|route-target)\b", single=("rd", "description")),
        "bgp": Mode(
            accepts=r"(?!bgp confederation peers \S+ \S)(?:"
            + _FAMILY_LINES
            + r"|(router-id|vlan|vrf|address-family|update|confederation|shutdown|dynamic|peer-filter|"
            r"bgp|neighbor|no-op)\b)",
            opens=(
                (r"address-family \S+(?: \S+)?", "bgp-family"),
                (r"vrf \S+", "bgp-vrf"),
                (r"vlan(?:-aware-bundle)? \S+", "bgp-vlan"),
            ),
            single=(
                "router-id",
                _DIRECTION.format("in"),
                _DIRECTION.format("out"),
                _NEIGHBOR,
                "maximum-paths",
                r"distance bgp",
                r"timers bgp",
                r"bgp cluster-id",
                r"bgp confederation identifier",
                r"graceful-restart restart-time",
            ),
            shown_no=r"bgp (?:default|log-neighbor)|neighbor \S+ (?:activate|send-community|route-reflector-client)",
            hidden=r"neighbor \S+ rib-in pre-policy retain|timers bgp 60 180|distance bgp 200 200 200",
        ),
        "bgp-family": Mode(
            accepts=_FAMILY_LINES,
            single=(_DIRECTION.format("in"), _DIRECTION.format("out"), _NEIGHBOR),
            shown_no=r"neighbor \S+ activate",
        ),
        "bgp-vrf": Mode(
            accepts=_FAMILY_LINES + r"|(router-id|local-as|address-family)\b",
            opens=((r"address-family \S+(?: \S+)?", "bgp-family"),),
            single=(
                "rd",
                "router-id",
                "local-as",
                _DIRECTION.format("in"),
                _DIRECTION.format("out"),
                _NEIGHBOR,
            ),
        ),
        "bgp-vlan": Mode(accepts=r"(rd|route-target|redistribute)\b", single=("rd",)),
        "ospf": Mode(
            accepts=r"(router-id|network|passive-interface|redistribute|max-lsa|area|log-adjacency|auto-cost|"
            r"default-information|distance|timers|bfd|maximum-paths|adjacency|graceful-restart|max-metric|mpls|"
            r"summary-address|distribute-list|shutdown|point-to-point)\b",
            single=("router-id", "auto-cost", "max-lsa", "maximum-paths", r"default-information originate"),
            shown_no=r"passive-interface",
        ),
        "ospf3": Mode(
            accepts=r"(router-id|passive-interface|redistribute|area|log-adjacency|auto-cost|default-information|"
            r"distance|timers|bfd|maximum-paths|adjacency|graceful-restart|max-metric|default|address-family|fips)\b",
            opens=((r"address-family \S+", "ospf3"),),
            single=("router-id", "auto-cost", "maximum-paths"),
            shown_no=r"passive-interface",
        ),
        "route-map": Mode(
            accepts=r"(match|set|description|continue|sub-route-map)\b",
            single=(
                r"match \S+(?: address)?(?: prefix-list| access-list)?",
                r"set (?:local-preference|metric|weight|ip next-hop)",
            ),
        ),
        "access-list": Mode(
            accepts=r"(\d+ )?(permit|deny|remark)\b|statistics|counters|fragment-rules|\d+$",
            single=(r"\d+",),
            numbered=r"(\d+) ",
        ),
        "prefix-list": Mode(
            accepts=r"seq\b|permit\b|deny\b|remark\b", single=(r"seq \d+",), numbered=r"seq (\d+)"
        ),
        "management": Mode(
            accepts=r"(shutdown|protocol|vrf|idle-timeout|port|authentication|cors|provider|transport|ssl|default-services|"
            r"cipher|key-exchange|hostkey|server-port|log-level|connection|api|password|session|certificate|key|tls|"
            r"local|client-alive|known-hosts|ip|ipv6|domain)\b",
            opens=((r"vrf \S+", "management"), (r"(?:ssl profile|transport \S+) .+", "management")),
            single=("idle-timeout", "port", "server-port"),
            shown_no=r"shutdown|protocol",
        ),
        "anything": Mode(
            accepts=r"(?!interface |vlan |router |vrf instance |management |route-map |ip |ipv6 ).*"
        ),
    },
)
