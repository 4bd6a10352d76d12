"""An FRR configuration → device data. What the model cannot say exactly as FRR shows it stays verbatim."""

import re

from napalm_frr.device.canonical import parse, walk
from napalm_frr.sanitize import split
from netmgr.model.adoption import Adopted
from netmgr.platforms.adopting import Path, Reading
from netmgr.platforms.frr.adopt_bgp import read_bgp
from netmgr.platforms.frr.adopt_interfaces import read_interfaces
from netmgr.platforms.frr.adopt_lines import Data, Lines, compact
from netmgr.platforms.frr.adopt_ospf import read_ospf
from netmgr.platforms.frr.adopt_policies import read_policies
from netmgr.platforms.frr.adopt_routes import read_routes

#: FRR's words for RFC 5424's severities.
_SEVERITIES = {
    "emergencies": "emergency",
    "alerts": "alert",
    "critical": "critical",
    "errors": "error",
    "warnings": "warning",
    "notifications": "notice",
    "informational": "informational",
    "debugging": "debug",
}
#: The beginning of a line, or of the line that opens its section → the feature that it is of.
_FEATURES = (
    (r"log syslog( |$)", "syslog_level"),
    (r"(ipv6 )?access-list ", "acls"),
    (r"(ip|ipv6) prefix-list ", "prefix_lists"),
    (r"bgp as-path ", "as_path_lists"),
    (r"bgp community-list ", "community_lists"),
    (r"route-map ", "route_maps"),
    (r"(ip|ipv6) route ", "static_routes"),
    (r"router ospf( |$)", "ospf"),
    (r"router ospf6( |$)", "ospf3"),
    (r"router bgp( |$)", "bgp"),
    (r"vrf ", "vrfs"),
    (r"interface ", "interfaces"),
)
_IN_INTERFACES = ((r"ip ospf ", "ospf"), (r"ipv6 ospf6 ", "ospf3"))


def adopt(config: str) -> Adopted:
    """See ``PlatformForm.adopt``."""
    tree = parse(config)
    reading = Reading(walk(tree))
    lines = Lines(tree, reading)
    data: Data = {}
    _system(lines, data)
    read_interfaces(lines, data)
    read_policies(lines, data)
    read_routes(lines, data)
    read_ospf(lines, data)
    read_bgp(lines, data)
    return reading.adopted(compact(data), feature=_feature, secret=_secret)


def _system(lines: Lines, data: Data) -> None:
    for line in lines.at():
        match = re.fullmatch(r"log syslog (\S+)", line)
        if match and match[1] in _SEVERITIES and "system" not in data:
            data["system"] = {"syslog": {"level": _SEVERITIES[match[1]]}}
            lines.take("syslog_level", (line,))


def _feature(path: Path) -> str | None:
    if len(path) > 1 and path[0].startswith("interface "):
        for beginning, feature in _IN_INTERFACES:
            if re.match(beginning, path[1]):
                return feature
    return next((feature for beginning, feature in _FEATURES if re.match(beginning, path[0])), None)


def _secret(line: str) -> tuple[str, str, str] | None:
    parts = split(line)
    return (*parts, "") if parts else None
