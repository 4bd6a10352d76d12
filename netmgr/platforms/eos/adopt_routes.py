"""Static routes."""

from netmgr.model.routing import StaticRoute
from netmgr.platforms.adopting import fits
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact

_ROUTE = (
    r"ip(?:v6)? route (?:vrf (?P<vrf>\S+) )?(?P<prefix>\S+/\d+) (?P<to>\S+)(?: (?P<preference>\d+))?"
    r"(?: tag (?P<tag>\d+))?(?: name (?P<name>\S+))?"
)


def read_routes(lines: Lines, data: Data) -> None:
    """``static_routes``."""
    found = []
    for line, match in lines.matching(_ROUTE):
        target = match["to"]
        route = compact(
            {
                "prefix": match["prefix"],
                "discard": True if target == "Null0" else None,
                "interface": target if target in lines.vrf_of else None,
                "next_hop": target if target[0].isdigit() or ":" in target else None,
                "preference": match["preference"] and int(match["preference"]),
                "tag": match["tag"] and int(match["tag"]),
                "name": match["name"],
                "vrf": match["vrf"],
            }
        )
        if (match["vrf"] is None or match["vrf"] in data["vrfs"]) and fits(StaticRoute, route):
            found.append(route)
            lines.take("static_routes", (line,))
    data["static_routes"] = found
