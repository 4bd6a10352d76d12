"""An FRR configuration → device data. What the model cannot say exactly as FRR shows it stays verbatim."""

import re

from napalm_frr.device.canonical import parse, walk
from napalm_frr.sanitize import split
from netmgr.model.adoption import Adopted
from netmgr.platforms.adopting import Reading
from netmgr.platforms.frr.adopt_bgp import read_bgp
from netmgr.platforms.frr.adopt_interfaces import read_interfaces
from netmgr.platforms.frr.adopt_lines import Data, Lines, compact
from netmgr.platforms.frr.adopt_ospf import read_ospf
from netmgr.platforms.frr.adopt_policies import read_policies
from netmgr.platforms.frr.adopt_routes import read_routes
from netmgr.platforms.frr.ownership import LINES

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
    return reading.adopted(compact(data), feature=LINES.of, secret=_secret)


def _system(lines: Lines, data: Data) -> None:
    for line in lines.at():
        match = re.fullmatch(r"log syslog (\S+)", line)
        if match and match[1] in _SEVERITIES and "system" not in data:
            data["system"] = {"syslog": {"level": _SEVERITIES[match[1]]}}
            lines.take("syslog_level", (line,))


def _secret(line: str) -> tuple[str, str, str] | None:
    parts = split(line)
    return (*parts, "") if parts else None
