"""An EOS configuration → device data. What the model cannot say exactly as EOS shows it stays verbatim."""

import re
from collections.abc import Iterator
from dataclasses import replace

from netmgr.model.adoption import Adopted, AdoptedLine
from netmgr.platforms.cli_tree import Line, read, walk
from netmgr.platforms.eos.adopt_bgp import read_bgp
from netmgr.platforms.eos.adopt_host import read_host
from netmgr.platforms.eos.adopt_interfaces import read_interfaces
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact
from netmgr.platforms.eos.adopt_ospf import read_ospf
from netmgr.platforms.eos.adopt_policies import read_policies
from netmgr.platforms.eos.adopt_routes import read_routes
from netmgr.platforms.eos.canonical import WAY_IN
from netmgr.platforms.eos.dialect import DIALECT
from netmgr.platforms.eos.secrets import parts
from netmgr.platforms.form import Path

#: The beginning of a line, or of the line that opens its section → the feature that it is of.
_FEATURES = (
    (r"hostname ", "hostname"),
    (r"username ", "users"),
    (r"(dns domain|ip domain-list) ", "domain"),
    (r"ip (name-server|domain lookup) ", "dns"),
    (r"ntp ", "ntp"),
    (r"logging trap ", "syslog_level"),
    (r"logging .*(host|source-interface) ", "syslog_servers"),
    (r"snmp-server ", "snmp"),
    (r"aaa |tacacs-server |radius-server |ip (tacacs|radius) ", "aaa"),
    (r"clock timezone ", "timezone"),
    (r"banner login", "banner"),
    (r"banner motd", "motd"),
    (r"vlan \d", "vlans"),
    (r"vrf instance ", "vrfs"),
    (r"interface Vxlan", None),
    (r"interface ", "interfaces"),
    (r"ip routing|ipv6 unicast-routing", "forwarding"),
    (r"ip(v6)? access-list ", "acls"),
    (r"ip(v6)? prefix-list ", "prefix_lists"),
    (r"ip as-path ", "as_path_lists"),
    (r"ip community-list ", "community_lists"),
    (r"route-map ", "route_maps"),
    (r"ip(v6)? route ", "static_routes"),
    (r"router ospf ", "ospf"),
    (r"ipv6 router ospf ", "ospf3"),
    (r"router bgp ", "bgp"),
)
_IN_INTERFACES = (
    (r"ip ospf ", "ospf"),
    (r"ipv6 ospf ", "ospf3"),
    (r"(no )?switchport", "switchport"),
    (r"channel-group |lacp ", "lag"),
    (r"vrf ", "vrf_interfaces"),
    (r"ip(v6)? access-group ", "packet_filters"),
    (r"mtu ", "mtu"),
    (r"ipv6 ", "ipv6"),
)
#: Families and services that the model has not: Ethernet VPN, labels, multicast.
_BEYOND_BGP = re.compile(r"vlan .*|vlan-aware-bundle .*|vpws .*|address-family (?!ipv[46]$).*")


def adopt(config: str) -> Adopted:
    """See ``PlatformForm.adopt``."""
    tree = read(config, DIALECT)
    lines = Lines(tree)
    data: Data = {}
    lines.take("", WAY_IN[:1], WAY_IN)  # of no feature: netmgr always says it
    read_interfaces(lines, data)
    read_policies(lines, data)
    read_host(lines, data, tree)
    read_routes(lines, data)
    read_ospf(lines, data)
    read_bgp(lines, data)
    found = lines.reading.adopted(compact(data), feature=_feature, secret=parts, indent=" " * DIALECT.indent)
    return replace(
        found,
        data={**found.data, **_with(found.data, lines.added)},
        lines=tuple(_with_text(tree, found.lines)),
    )


def _with(data: object, added: list[Data]) -> Data:
    """``extra_config`` with the lines that take something back."""
    extra = data.get("extra_config", []) if isinstance(data, dict) else []
    return {"extra_config": [*extra, *added]} if added else {}


def _with_text(tree: list[Line], lines: tuple[AdoptedLine, ...]) -> Iterator[AdoptedLine]:
    """The lines with the text that belongs to some of them, which is explained where its line is."""
    for (_, line), adopted in zip(walk(tree), lines, strict=True):
        yield adopted
        for row in line.block:
            yield replace(adopted, text=row)


def _feature(path: Path) -> str | None:
    if path[0].startswith("router bgp ") and any(_BEYOND_BGP.fullmatch(line) for line in path[1:]):
        return None
    if len(path) > 1 and path[0].startswith("interface ") and not path[0].startswith("interface Vxlan"):
        for beginning, feature in _IN_INTERFACES:
            if re.match(beginning, path[1]):
                return feature
    return next((feature for beginning, feature in _FEATURES if re.match(beginning, path[0])), None)
