"""Static routes, in VRFs too."""

import re

from netmgr.model.fields import Name
from netmgr.model.routing import StaticRoute
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_lines import Data, Lines

_ROUTE = r"(ip|ipv6) route (\S+) (\S+)(?: (\d+))?"


def read_routes(lines: Lines, data: Data) -> None:
    """The default table's routes, then each VRF's."""
    routes = data.setdefault("static_routes", [])
    _routes(lines, routes, None, ())
    for opener, match in lines.matching(r"vrf (\S+)"):
        if not fits(Name, match[1]):
            continue
        before = len(routes)
        _routes(lines, routes, match[1], (opener,))
        if len(routes) > before:
            data.setdefault("vrfs", {})[match[1]] = {}
            lines.take("vrfs", (opener,))


def _routes(lines: Lines, routes: list[Data], vrf: str | None, path: tuple[str, ...]) -> None:
    for line, match in lines.matching(_ROUTE, *path):
        target, preference = match[3], match[4]
        route: Data = {"prefix": match[2]}
        if target == "blackhole":
            route["discard"] = True
        elif re.fullmatch(r"[0-9.]+|.*:.*", target):
            route["next_hop"] = target
        elif target in lines.interfaces:
            route["interface"] = target
        if preference is not None:
            route["preference"] = int(preference)
        if vrf is not None:
            route["vrf"] = vrf
        family = "ipv6" if ":" in match[2] else "ip"
        if preference == "1" or family != match[1] or not fits(StaticRoute, route):
            continue
        routes.append(route)
        lines.take("static_routes" if vrf is None else "vrfs", (*path, line))
