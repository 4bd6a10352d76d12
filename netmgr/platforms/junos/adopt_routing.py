"""Junos' static routes, routing instances and OSPF → device data."""

from ipaddress import IPv4Address, ip_interface

from netmgr.model.device import Vrf
from netmgr.model.fields import LoopbackValue, Name, RouterId
from netmgr.model.routing import OspfInterface, StaticRoute
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.names import number_pair, short
from netmgr.platforms.junos.reader import Data, Reader, flagged, leaves, plain
from netmgr.platforms.junos.text import Path
from netmgr.platforms.junos.tree import Node


def read_static_routes(reader: Reader, data: Data) -> None:
    """``static_routes`` of the default instance and of the VRFs that have been read."""
    found: list[Data] = []
    for vrf in (None, *data.get("vrfs", ())):
        here = ("routing-instances", vrf) if vrf else ()
        table = f"{vrf}.inet6.0" if vrf else "inet6.0"
        for path in (("static", "route"), ("rib", table, "static", "route")):
            above = (*here, "routing-options", *path)
            for prefix, node in reader.root.items(*above):
                routes = [] if flagged(node) else _routes(prefix, node, vrf)
                known = data.get("interfaces", {})
                if routes and all(
                    route.get("interface", next(iter(known), None)) in (*known, None) for route in routes
                ):
                    found += routes
                    for said in node.paths():
                        reader.take("static_routes", *above, prefix, *said)
    if found:
        data["static_routes"] = found


def _routes(prefix: str, node: Node, vrf: str | None) -> list[Data]:
    """The routes to one prefix; none where Junos says more of them."""
    common: Data = {"prefix": prefix} | ({"vrf": vrf} if vrf else {})
    tag, preference = plain(node.at("tag")), plain(node.at("preference"))
    for key, word in (("tag", tag), ("preference", preference)):
        if word is not None and word.isdecimal():
            common[key] = int(word)
    if len(common) - 1 - bool(vrf) != len({"tag", "preference"} & node.children.keys()):
        return []
    rest = node.children.keys() - {"tag", "preference"}
    routes: list[Data] = []
    if rest == {"discard"}:
        routes = [{**common, "discard": True}]
    elif rest == {"next-hop"}:
        routes = [{**common, **_hop(hop)} for hop in leaves(node.at("next-hop")) or ()]
    elif rest == {"qualified-next-hop"} and preference is None:
        for hop, after in node.items("qualified-next-hop"):
            number = plain(after.at("preference"))
            if number is None or not number.isdecimal() or len(after.children) != 1:
                return []
            routes.append({**common, **_hop(hop), "preference": int(number)})
        if len({route["preference"] for route in routes}) < 2:
            return []
    return routes if all(fits(StaticRoute, route) for route in routes) else []


def _hop(hop: str) -> Data:
    return {"next_hop": hop} if hop[0].isdigit() or ":" in hop else {"interface": short(hop)}


def read_vrfs(reader: Reader, data: Data) -> None:
    """``vrfs``, and to which of them interfaces belong."""
    interfaces = data.get("interfaces", {})
    instances = dict(reader.root.items("routing-instances"))
    if reader.root.has("system", "management-instance"):
        instances.setdefault("mgmt_junos", Node())
    for name, node in instances.items():
        read = _vrf(reader, name, node)
        if read is None or not fits(Name, name) or not fits(Vrf, read[0]):
            continue
        here = ("routing-instances", name)
        vrf, taken = read
        text = plain(node.at("description"))
        if text is not None and fits(Vrf, {"description": text}):
            vrf["description"] = text
            taken.append((*here, "description", text))
        data.setdefault("vrfs", {})[name] = vrf
        for path in taken:
            reader.take("vrfs", *path)
        for interface in leaves(node.at("interface")) or () if name != "mgmt_junos" else ():
            if "." in interface and short(interface) in interfaces:
                interfaces[short(interface)]["vrf"] = name
                reader.take("vrf_interfaces", *here, "interface", interface)


def _vrf(reader: Reader, name: str, node: Node) -> tuple[Data, list[Path]] | None:
    """An instance that templates would write the same, with the paths that say so."""
    here = ("routing-instances", name)
    kind, route = plain(node.at("instance-type")), plain(node.at("route-distinguisher"))
    said = node.at("vrf-target")
    both = plain(said)
    targets = {way: both or plain(said.at(way)) or "" for way in ("import", "export")}
    if name == "mgmt_junos":
        managed = reader.root.has("system", "management-instance") and kind is None
        return ({}, [("system", "management-instance")]) if managed else None
    if kind == "virtual-router" and route is None:
        return {}, [(*here, "instance-type", kind)]
    if kind != "vrf" or route is None or not all(word.startswith("target:") for word in targets.values()):
        return None
    if both is None and targets["import"] == targets["export"]:
        return None  # templates say that once
    vrf: Data = {"route_distinguisher": number_pair(route)}
    taken: list[Path] = [(*here, "instance-type", kind), (*here, "route-distinguisher", route)]
    for way, target in targets.items():
        vrf[f"{way}_targets"] = number_pair(target.removeprefix("target:"))
        taken.append((*here, "vrf-target", *([way] if both is None else []), target))
    return vrf, taken


def read_loopback(reader: Reader, data: Data) -> None:
    """The loopback's own addresses become ``loopback``, unless OSPF would then be told of them unasked."""
    own = data.get("interfaces", {}).get("lo0", {})
    if reader.root.has("protocols", "ospf") or reader.root.has("protocols", "ospf3") or "vrf" in own:
        return
    found = []
    for key in ("ipv4", "ipv6"):
        addresses = own.get(key, [])
        addresses = [addresses] if isinstance(addresses, str) else list(addresses)
        whole = [a for a in addresses if ip_interface(a).network.num_addresses == 1]
        if whole and fits(LoopbackValue, whole[0].partition("/")[0]):
            found.append(whole[0].partition("/")[0])
            addresses.remove(whole[0])
            own[key] = addresses
            if not addresses:
                del own[key]
    if found:
        data["loopback"] = found if len(found) > 1 else found[0]
        if not own:
            del data["interfaces"]["lo0"]


def router_id(reader: Reader) -> str | None:
    """The one that is configured."""
    said = plain(reader.root.at("routing-options", "router-id"))
    return said if said is not None and fits(RouterId, said) else None


_NUMBERS = {
    "metric": "cost",
    "hello-interval": "hello_interval",
    "dead-interval": "dead_interval",
    "priority": "priority",
}


#: RFC 2328, C.3: what Ethernet interfaces have.
_HELLO = 10


def read_ospf(reader: Reader, data: Data) -> None:
    """``ospf`` of the default instance: interfaces that run OSPFv2, OSPFv3 or both, as their addresses ask for."""
    known = data.get("interfaces", {})
    areas: dict[int, Data] = {}
    identity = router_id(reader)
    versions = {version: dict(_interfaces(reader, version)) for version in ("ospf", "ospf3")}
    for name in dict.fromkeys((*versions["ospf"], *versions["ospf3"])):
        own = known.get(name, {})
        wanted = {v for v, key in (("ospf", "ipv4"), ("ospf3", "ipv6")) if own.get(key)}
        there = {version for version, found in versions.items() if name in found}
        if own.get("vrf") or not own or wanted != there:
            continue
        read = {version: _ospf(reader, *versions[version][name], version) for version in there}
        places = {(area, repr(sorted(settings.items()))) for area, settings, _ in read.values()}
        if len(places) != 1:
            continue
        area, settings, _ = next(iter(read.values()))
        if not fits(OspfInterface, settings):
            continue
        areas.setdefault(area, {"interfaces": {}})["interfaces"][name] = settings
        for version, (_, _, taken) in read.items():
            for path in taken:
                reader.take(version, *path)
    if areas:
        data["ospf"] = {"areas": areas}
        if identity is not None:
            data["ospf"]["router_id"] = identity
            reader.take("ospf", "routing-options", "router-id", identity)
        else:
            data["ospf"]["automatic_router_id"] = True


def _interfaces(reader: Reader, version: str) -> list[tuple[str, tuple[str, str, Node]]]:
    found = []
    if reader.root.has("protocols", version):
        for area, content in reader.root.items("protocols", version, "area"):
            for name, node in content.items("interface"):
                if area.count(".") == 3 and "." in name:
                    found.append((short(name), (area, name, node)))
    return found


def _ospf(reader: Reader, area: str, name: str, node: Node, version: str) -> tuple[int, Data, list[Path]]:
    here = ("protocols", version, "area", area, "interface", name)
    settings: Data = {}
    taken: list[Path] = [here]
    for word, key in _NUMBERS.items():
        number = plain(node.at(word))
        if number is not None and number.isdecimal():
            settings[key] = int(number)
            taken.append((*here, word, number))
    hello, dead = settings.get("hello_interval"), settings.get("dead_interval")
    # A dead interval that is not said is four times the hello interval, which Junos would have to be told.
    if (hello is not None and dead is None) or (dead is not None and dead <= (hello or _HELLO)):
        for word, key in (("hello-interval", "hello_interval"), ("dead-interval", "dead_interval")):
            if key in settings:
                taken.remove((*here, word, str(settings.pop(key))))
    if plain(node.at("interface-type")) == "p2p":
        settings["network_type"] = "point-to-point"
        taken.append((*here, "interface-type", "p2p"))
    if node.has("passive") and not node.at("passive").children:
        settings["passive"] = True
        taken.append((*here, "passive"))
    keys = dict(node.items("authentication", "md5")) if version == "ospf" else {}
    for number, after in keys.items():
        secret = plain(after.at("key"))
        if len(keys) == 1 and secret is not None and number.isdecimal() and not settings.get("passive"):
            settings["authentication"] = {"key_id": int(number), "key": reader.secret(secret, "ospf", name)}
            taken.append((*here, "authentication", "md5", number, "key", secret))
    return int(IPv4Address(area)), settings, taken
