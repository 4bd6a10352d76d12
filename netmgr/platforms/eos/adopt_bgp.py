"""BGP: the speaker, its VRFs, and in each of them neighbors, networks and redistribution."""

from netmgr.model.fields import NetworkValue, RouterId
from netmgr.model.routing import Bgp, BgpInstance
from netmgr.model.vpn import RouteDistinguisher, RouteTarget
from netmgr.platforms.adopting import fits
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact
from netmgr.platforms.eos.adopt_peers import Peers, active_networks
from netmgr.platforms.eos.number_lists import spans

_POLICY_NEEDED = (
    "bgp missing-policy direction in action deny",
    "bgp missing-policy direction out action deny",
)
_QUIET = "no bgp default ipv4-unicast"
#: A range of a whole kind of AS numbers is no list of members.
_MOST_MEMBERS = 64


def read_bgp(lines: Lines, data: Data) -> None:
    """``bgp``, and ``bgp`` and targets in ``vrfs``."""
    openers = list(lines.matching(r"router bgp (\d+)"))
    if len(openers) != 1 or not fits(Bgp, {"asn": int(openers[0][1][1])}):
        return
    opener = openers[0][0]
    bgp: Data = {"asn": int(openers[0][1][1])}
    lines.take("bgp", (opener,), (opener, _QUIET))
    _router_id(lines, data, bgp, opener)
    _speaker(lines, bgp, opener)
    _instance(lines, data, bgp, (opener,), groups=True)
    for line in lines.at(opener):
        if line.startswith("vrf ") and line[4:] in data["vrfs"]:
            _vrf(lines, data, (opener, line), data["vrfs"][line[4:]])
    data["bgp"] = compact(bgp) | {"asn": bgp["asn"]}


def _router_id(lines: Lines, data: Data, bgp: Data, opener: str) -> None:
    found = [(line, match[1]) for line, match in lines.matching(r"router-id (\S+)", opener)]
    loopback = data.get("loopback", ())
    if len(found) == 1 and fits(RouterId, found[0][1]):
        if found[0][1] not in (loopback if isinstance(loopback, list) else (loopback,)):
            bgp["router_id"] = found[0][1]
        lines.take("bgp", (opener, found[0][0]))
    else:
        bgp["automatic_router_id"] = True


def _speaker(lines: Lines, bgp: Data, opener: str) -> None:
    """What stands in the default VRF alone."""

    def say(feature: str, line: str, **values: object) -> None:
        if fits(Bgp, {**bgp, **values}):
            bgp.update(values)
            lines.take(feature, (opener, line))

    own = lines.at(opener)
    bgp["ebgp_requires_policy"] = {*_POLICY_NEEDED} <= {*own}
    if bgp["ebgp_requires_policy"]:
        del bgp["ebgp_requires_policy"]
        lines.take("bgp", *((opener, line) for line in _POLICY_NEEDED))
    for line, match in lines.matching(r"bgp cluster-id (\S+)", opener):
        say("bgp", line, cluster_id=match[1])
    for line, match in lines.matching(r"distance bgp (\d+) (\d+) (\d+)", opener):
        values = dict(zip(("external", "internal", "local"), map(int, match.groups()), strict=True))
        say("bgp_distance", line, distance=values)
    if "no bgp log-neighbor-changes" in own:
        say("bgp_log_neighbor_changes", "no bgp log-neighbor-changes", log_neighbor_changes=False)
    for line, match in lines.matching(r"bgp confederation identifier (\d+)", opener):
        members = list(lines.matching(r"bgp confederation peers (\S+)", opener))
        within = spans(members[0][1][1]) if len(members) == 1 else []
        if members and not 0 < sum(last - first + 1 for first, last in within) <= _MOST_MEMBERS:
            continue
        numbers = [number for first, last in within for number in range(first, last + 1)]
        united = compact({"identifier": int(match[1]), "members": numbers})
        if fits(Bgp, {**bgp, "confederation": united}):
            say("bgp_confederation", line, confederation=united)
            lines.take("bgp_confederation", *((opener, line) for line, _ in members))


def _instance(lines: Lines, data: Data, bgp: Data, path: tuple[str, ...], *, groups: bool) -> None:
    """What a speaker and a VRF have in common."""
    for line, match in lines.matching(r"maximum-paths (\d+) ecmp (\d+)", *path):
        if match[1] == match[2] and fits(BgpInstance, {"maximum_paths": int(match[1])}):
            bgp["maximum_paths"] = int(match[1])
            lines.take("bgp_maximum_paths", (*path, line))
    Peers(lines, data, bgp, path, groups=groups).read()
    networks = []
    for family, line in active_networks(lines, path):
        prefix = line.removeprefix("network ")
        if fits(NetworkValue, prefix) and (":" in prefix) == (family == "ipv6"):
            networks.append(prefix)
            lines.take("bgp", (*path, f"address-family {family}", line))
            lines.take("bgp", (*path, f"address-family {family}"))
    bgp["networks"] = networks
    alive = bool(networks or bgp.get("neighbors") or bgp.get("peer_groups")) or not groups
    redistribute: Data = {}
    for line, match in lines.matching(r"redistribute (connected|static|ospf)(?: route-map (\S+))?", *path):
        both = (line, *_of_ospf3(lines, path, line))
        as_rendered = {*both} <= {*lines.at(*path)}
        known = match[2] is None or match[2] in lines.route_maps
        if alive and as_rendered and known and match[1] not in redistribute:
            redistribute[match[1]] = {"policy": match[2]} if match[2] else {}
            lines.take("bgp", *((*path, one) for one in both))
    bgp["redistribute"] = redistribute


def _of_ospf3(lines: Lines, path: tuple[str, ...], line: str) -> tuple[str, ...]:
    """The line that the data would add to one of OSPF, where it says OSPFv3 of the default VRF."""
    runs = len(path) == 1 and any(
        lines.reading.taken((opener,)) for opener, _ in lines.matching(r"ipv6 router ospf \d+")
    )
    return (line.replace(" ospf", " ospfv3", 1),) if line.startswith("redistribute ospf") and runs else ()


def _vrf(lines: Lines, data: Data, path: tuple[str, ...], vrf: Data) -> None:
    for line, match in lines.matching(r"rd (\S+)", *path):
        if fits(RouteDistinguisher, match[1]):
            vrf["route_distinguisher"] = match[1]
            lines.take("route_distinguishers", (*path, line))
    for direction in ("import", "export"):
        found = [
            (line, match[1])
            for line, match in lines.matching(rf"route-target {direction} (\S+)", *path)
            if fits(RouteTarget, match[1])
        ]
        if found:
            values = [target for _, target in found]
            vrf[f"{direction}_targets"] = values if len(values) > 1 else values[0]
            lines.take("route_targets", *((*path, line) for line, _ in found))
    bgp: Data = {}
    for line, match in lines.matching(r"router-id (\S+)", *path):
        if fits(RouterId, match[1]):
            bgp["router_id"] = match[1]
            lines.take("vrf_bgp", (*path, line))
    _instance(lines, data, bgp, path, groups=False)
    bgp = compact(bgp)
    if bgp:
        vrf["bgp"] = bgp
    if bgp or {"route_distinguisher", "import_targets", "export_targets"} & vrf.keys():
        lines.take("vrf_bgp", path)
