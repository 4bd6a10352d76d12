"""An IOS configuration → device data. What the model cannot say exactly as IOS shows it stays verbatim."""

import re
from collections.abc import Iterator
from dataclasses import replace

from netmgr.model.adoption import Adopted, AdoptedLine
from netmgr.platforms.adopting import Reading
from netmgr.platforms.cli_tree import Line
from netmgr.platforms.form import Path
from netmgr.platforms.ios.adopt_bgp import read_bgp
from netmgr.platforms.ios.adopt_interfaces import read_interfaces, read_vlans, read_vrf_policies, read_vrfs
from netmgr.platforms.ios.adopt_lines import Data, Known, Section, compact
from netmgr.platforms.ios.adopt_ospf import OspfReader
from netmgr.platforms.ios.adopt_policies import read_lists
from netmgr.platforms.ios.adopt_route_maps import read_route_maps
from netmgr.platforms.ios.adopt_routes import read_static_routes
from netmgr.platforms.ios.adopt_system import banner_text, read_system
from netmgr.platforms.ios.canonical import DIALECT, tree
from netmgr.platforms.ios.secrets import split

#: The beginning of a line, or of the line that opens its section → the feature that it is of.
_FEATURES = (
    ("hostname ", "hostname"),
    ("ip domain name ", "domain"),
    ("ip name-server ", "dns"),
    ("ntp authentication-key |ntp trusted-key |ntp authenticate", "ntp_keys"),
    ("ntp ", "ntp"),
    ("logging host ", "syslog_servers"),
    ("logging trap ", "syslog_level"),
    ("snmp-server community ", "snmp_communities"),
    ("snmp-server host ", "snmp_hosts"),
    ("snmp-server (?:group|user) ", "snmp_users"),
    ("snmp-server ", "snmp"),
    ("aaa |tacacs|radius", "aaa"),
    ("username ", "users"),
    ("banner ", "banner"),
    ("clock timezone |clock summer-time ", "timezone"),
    ("vlan \\d+$", "vlans"),
    ("vrf definition |ip vrf ", "vrfs"),
    ("interface ", "interfaces"),
    ("router ospf ", "ospf"),
    ("ipv6 router ospf |router ospfv3 ", "ospf3"),
    ("router bgp ", "bgp"),
    ("ip route |ipv6 route ", "static_routes"),
    ("ip prefix-list |ipv6 prefix-list ", "prefix_lists"),
    ("ip community-list ", "community_lists"),
    ("ip as-path ", "as_path_lists"),
    ("route-map ", "route_maps"),
    ("ip access-list extended |ipv6 access-list ", "packet_filters"),
    ("ip access-list |access-list ", "acls"),
)
_IN_INTERFACES = (
    ("ip ospf ", "ospf"),
    ("ipv6 ospf |ospfv3 ", "ospf3"),
    ("ip access-group |ipv6 traffic-filter ", "packet_filters"),
    ("switchport|no switchport", "switchport"),
    ("channel-group ", "lag"),
)


def adopt(config: str) -> Adopted:
    """See ``PlatformForm.adopt``."""
    lines = tree(config)
    reading = Reading(path for path, _ in _paths(lines, ()))
    top, known = Section(reading, (), lines), Known()
    read_vlans(top, known)
    read_vrfs(top, known)
    lists = read_lists(top, known)
    read_interfaces(top, known)
    route_maps = read_route_maps(top, known)
    read_vrf_policies(top, known)
    data: Data = {
        "system": read_system(top, known),
        "vlans": known.vlans,
        "interfaces": known.interfaces,
        **lists,
        "route_maps": route_maps,
        "static_routes": read_static_routes(top, known),
        "ospf": OspfReader(top, known).read(),
        "bgp": read_bgp(top, known),
        "vrfs": known.vrfs,
    }
    data["forwarding"] = _forwarding(top, data)
    found = reading.adopted(compact(data), feature=_feature, secret=split)
    return replace(found, lines=tuple(_with_ends(lines, found.lines)))


def _paths(lines: list[Line], above: Path) -> Iterator[tuple[Path, Line]]:
    """Every line with its path. Verbatim text that stays as it is follows the line that it belongs to."""
    for line in lines:
        path = (*above, line.text)
        yield path, line
        if banner_text(line) is None:
            yield from (((*above, row.removeprefix(" " * len(above))), line) for row in line.block)
        yield from _paths(line.children, path)


def _with_ends(lines: list[Line], found: tuple[AdoptedLine, ...]) -> Iterator[AdoptedLine]:
    """The lines that end sections, and banners' text, are explained where what they belong to is."""
    given = iter(found)

    def section(inside: list[Line], blanks: str) -> Iterator[AdoptedLine]:
        for line in inside:
            opener = next(given)
            yield opener
            for row in line.block:
                yield replace(opener, text=row) if banner_text(line) is not None else next(given)
            yield from section(line.children, f"{blanks} ")
            for pattern, end in DIALECT.ends.items():
                if pattern.fullmatch(line.text):
                    yield replace(opener, text=f"{blanks}{end}")

    return section(lines, "")


def _forwarding(top: Section, data: Data) -> Data:
    """Whether it routes. IPv6 is said where the intent would take it otherwise."""
    found: Data = {}
    if top.only("no ip routing"):
        top.take("forwarding", "no ip routing")
        found["ipv4"] = False
    on = top.only("ipv6 unicast-routing")
    if on:
        top.take("forwarding", on[0])
    bgp = data["bgp"]
    used = (
        any("ipv6" in interface and "vrf" not in interface for interface in data["interfaces"].values())
        or any(":" in route["prefix"] and "vrf" not in route for route in data["static_routes"])
        or any(":" in name for name in (*bgp.get("neighbors", ()), *bgp.get("networks", ())))
    )
    if used != (on is not None):
        found["ipv6"] = on is not None
    return found


def _feature(path: Path) -> str | None:
    if len(path) > 1 and path[0].startswith("interface "):
        for beginning, feature in _IN_INTERFACES:
            if re.match(beginning, path[1]):
                return feature
    return next((feature for beginning, feature in _FEATURES if re.match(beginning, path[0])), None)
