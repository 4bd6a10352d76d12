"""Static routes, out of an IOS configuration."""

import re

from netmgr.model.routing import StaticRoute
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import (
    ADDRESS,
    NAME,
    Data,
    Known,
    Section,
    compact,
    prefix_length,
)

_ROUTE = (
    r"(?: vrf (?P<vrf>\S+))? (?P<prefix>{prefix}) (?P<target>\S+)(?: (?P<distance>\d+))?(?: tag (?P<tag>\d+))?"
    rf"(?: name (?P<name>{NAME}))?"
)


def read_static_routes(top: Section, known: Known) -> list[Data]:
    """Routes to one target. Others (out of an interface to a next hop, tracked ones) stay as they are."""
    found = []
    for word, prefix in (("ip", rf"{ADDRESS} {ADDRESS}"), ("ipv6", r"\S+/\d+")):
        for line, match in top.matching(f"{word} route" + _ROUTE.replace("{prefix}", prefix)):
            route = _route(match, known)
            if route is not None:
                top.take("static_routes", line)
                found.append(route)
    return found


def _route(match: re.Match[str], known: Known) -> Data | None:
    network, _, mask = match["prefix"].partition(" ")
    length = prefix_length(mask) if mask else None
    if (mask and length is None) or (match["vrf"] is not None and match["vrf"] not in known.vrfs):
        return None
    target, said = match["target"], Data()
    if target == "Null0":
        said["discard"] = True
    elif re.fullmatch(rf"{ADDRESS}|[0-9A-F]*:[0-9A-F:.]*", target):
        said["next_hop"] = target.lower()
    elif target in known.interfaces:
        said["interface"] = target
    route = compact(
        {
            "prefix": f"{network}/{length}" if mask else network.lower(),
            **said,
            "preference": int(match["distance"]) if match["distance"] not in (None, "1") else None,
            "tag": int(match["tag"]) if match["tag"] else None,
            "name": match["name"],
            "vrf": match["vrf"],
        }
    )
    return route if match["distance"] != "1" and fits(StaticRoute, route) else None
