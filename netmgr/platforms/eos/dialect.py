"""How EOS writes its configuration, and the lines of it that say nothing: each is data, with the reason beside it.

Compared with running configurations of EOS 4.21 to 4.36 and Arista's manual (User Manual, "Command-Line Interface",
"Configuration Files").
"""

import re
from dataclasses import dataclass

from netmgr.platforms.cli_tree import Block, Dialect

#: Comments are dropped by ``canonical``: a line of ``!!`` is a section's comment, and configuration.
DIALECT = Dialect(
    indent=3,
    comments=("! ",),
    blocks=(
        Block(re.compile(r"banner (?:login|motd)"), "EOF"),
        Block(re.compile(r"comment"), "EOF"),
        Block(re.compile(r"action bash"), "EOF"),
        Block(re.compile(r"code(?: unit \S+)?"), "EOF"),
    ),
)


@dataclass(frozen=True, slots=True)
class Silent:
    """A line that EOS shows, or takes and does not show, though it holds anyway."""

    pattern: str
    reason: str


_DEFAULT = "the default: whether EOS shows it depends on the version"
_ALWAYS = "every device shows it, and has it again after `rollback clean-config`"

#: At the top level. ``end`` ends the text; the others are what a device has that nobody has configured.
TOP = (
    Silent(r"end", "ends the text and is no configuration"),
    Silent(r"spanning-tree mode mstp", _ALWAYS),
    Silent(r"no aaa root", _ALWAYS),
    Silent(r"transceiver qsfp default-mode 4x10G", _ALWAYS),
    Silent(r"no service interface inactive port-id allocation disabled", _ALWAYS),
    Silent(r"hostname localhost", _DEFAULT),
    Silent(r"no ip routing(?: vrf \S+)?", "the default, shown for each VRF that does not route"),
    Silent(r"no ipv6 unicast-routing(?: vrf \S+)?", "the default, as for IPv4"),
    Silent(r"ip as-path regex-mode asn", _DEFAULT),
    # `candidate` puts it back: without it an older device would run ribd after its next start.
    Silent(r"service routing protocols model multi-agent", "the default since 4.30, shown by every version"),
    Silent(r"no enable password", _DEFAULT),
    Silent(r"aaa authentication login default local", _DEFAULT),
    Silent(r"clock timezone UTC", _DEFAULT),
)

#: Under an interface.
INTERFACE = (
    Silent(r"no shutdown", _DEFAULT),
    Silent(r"switchport mode access", _DEFAULT),
    Silent(r"switchport access vlan 1", _DEFAULT),
    Silent(r"switchport trunk native vlan 1", _DEFAULT),
    Silent(r"switchport trunk allowed vlan 1-4094", _DEFAULT),
    Silent(r"switchport", "the default of Ethernet interfaces and port channels"),
    Silent(r"mtu 1500", _DEFAULT),
    Silent(r"ip(?:v6)? ospf hello-interval 10", _DEFAULT),
    Silent(r"ip(?:v6)? ospf dead-interval 40", _DEFAULT),
    Silent(r"ip(?:v6)? ospf priority 1", _DEFAULT),
    Silent(r"ip(?:v6)? ospf network broadcast", _DEFAULT),
)

OSPF = (
    Silent(r"max-lsa 12000", "EOS adds it to each process"),
    Silent(r"auto-cost reference-bandwidth 100", _DEFAULT),
    Silent(r"no shutdown", _DEFAULT),
)

BGP = (
    Silent(r"bgp default ipv4-unicast", "the canonical form names every neighbor that is active"),
    Silent(r"no shutdown", _DEFAULT),
    Silent(r"bgp asn notation asplain", _DEFAULT),
    Silent(r"timers bgp 60 180", _DEFAULT),
    Silent(r"distance bgp 200 200 200", _DEFAULT),
)

SYSTEM_L1 = (
    Silent(r"unsupported speed action error", _ALWAYS),
    Silent(r"unsupported error-correction action error", _ALWAYS),
)

VLAN = (Silent(r"state active", _DEFAULT),)

#: Sections that exist whether or not something stands in them.
IMPLIED = re.compile(
    r"interface (?:Ethernet|Management)[0-9/]+|address-family ipv[46]|system l1|vlan 1|management api http-commands"
)

#: What a fresh device holds besides what the canonical form leaves out.
FRESH = re.compile(
    r"username admin .*|hostname .*|management api http-commands|   no shutdown|aaa authorization exec default local"
    r"|interface Management[0-9/]+|   ip(?:v6)? address .*|   vrf \S+|ip routing|vrf instance \S+|ip route .*"
)


def silent(rules: tuple[Silent, ...]) -> re.Pattern[str]:
    """One pattern for all the lines of ``rules``."""
    return re.compile("|".join(rule.pattern for rule in rules))
