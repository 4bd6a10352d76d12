"""Junos' BGP of the default instance → device data: each group is a peer group."""

from netmgr.model.fields import AddressKey, Asn, Name, RouterId
from netmgr.model.routing import BgpNeighbor, BgpPeer
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.adopt_routing import router_id
from netmgr.platforms.junos.reader import Data, Reader, flagged, plain
from netmgr.platforms.junos.tree import Node

_SOURCES = ("connected", "static", "ospf")


def read_bgp(reader: Reader, data: Data) -> None:
    """``bgp``, where the AS is known."""
    number = plain(reader.root.at("routing-options", "autonomous-system"))
    identity = router_id(reader)
    if number is None or not number.isdecimal() or not fits(Asn, int(number)):
        return
    bgp: Data = {"asn": int(number)}
    reader.take("bgp", "routing-options", "autonomous-system", number)
    if identity is not None:
        bgp["router_id"] = identity
        reader.take("bgp", "routing-options", "router-id", identity)
    else:
        bgp["automatic_router_id"] = True
    node = reader.root.at("protocols", "bgp")
    if node.inactive:
        data["bgp"] = bgp
        return
    if node.has("log-updown") and not node.at("log-updown").children:
        bgp["log_neighbor_changes"] = True
        reader.take("bgp_log_neighbor_changes", "protocols", "bgp", "log-updown")
    own = _addresses(data)
    groups = {
        name: group
        for name, group in node.items("group")
        if _readable(name, group, int(number)) and own.isdisjoint(group.at("neighbor").children)
    }
    # A list of policies is one route map where it has one name, and where every session has one, so that all of
    # Junos' routes may be announced through it.
    exporting = bool(groups) and all(
        _one(data, group, neighbor, "export")
        for group in groups.values()
        for _, neighbor in group.items("neighbor")
    )
    if exporting:
        bgp["redistribute"] = {source: {} for source in _SOURCES}
    for name, group in groups.items():
        _group(reader, name, group, bgp, data, exporting=exporting)
    complete = all(
        _one(data, group, neighbor, way)
        for group in groups.values()
        for _, neighbor in group.items("neighbor")
        for way in ("import", "export")
        if plain(group.at("type")) == "external"
    )
    if not complete or not exporting:
        bgp["ebgp_requires_policy"] = False
    data["bgp"] = bgp


def _readable(name: str, group: Node, asn: int) -> bool:
    """Whether templates would write the group's first lines the same."""
    kind, peer = plain(group.at("type")), plain(group.at("peer-as"))
    neighbors = dict(group.items("neighbor"))
    if not fits(Name, name) or kind not in ("internal", "external"):
        return False
    if len({":" in address for address in neighbors}) != 1:
        return False
    if any(
        after.inactive or not fits(AddressKey, address)
        for address, after in group.at("neighbor").children.items()
    ):
        return False
    numbers = [peer or plain(neighbor.at("peer-as")) for neighbor in neighbors.values()]
    if kind == "internal":
        return set(numbers) == {None}
    return all(n is not None and n.isdecimal() and fits(Asn, int(n)) and int(n) != asn for n in numbers)


def _one(data: Data, group: Node, neighbor: Node, way: str) -> str | None:
    """The one route map of a session in one direction: the neighbor's, else its group's."""
    node = neighbor.at(way) if neighbor.has(way) else group.at(way)
    name = plain(node)
    return name if name in data.get("route_maps", {}) else None


def _group(reader: Reader, name: str, group: Node, bgp: Data, data: Data, *, exporting: bool) -> None:
    here = ("protocols", "bgp", "group", name)
    kind = plain(group.at("type"))
    own: Data = {"peer_as": bgp["asn"]} if kind == "internal" else {}
    reader.take("bgp", *here, "type", str(kind))
    _peer(reader, here, group, own, data, exporting=exporting)
    cluster = plain(group.at("cluster"))
    if cluster is not None and fits(RouterId, cluster) and bgp.get("cluster_id", cluster) == cluster:
        bgp["cluster_id"], own["route_reflector_client"] = cluster, True
        reader.take("bgp", *here, "cluster", cluster)
    bgp.setdefault("peer_groups", {})[name] = own
    for address, node in group.items("neighbor"):
        one: Data = {"peer_group": name}
        _peer(reader, (*here, "neighbor", address), node, one, data, exporting=exporting)
        reader.take("bgp", *here, "neighbor", address)
        bgp.setdefault("neighbors", {})[address] = one


def _peer(
    reader: Reader, here: tuple[str, ...], node: Node, own: Data, data: Data, *, exporting: bool
) -> None:
    def say(key: str, value: object, *path: str, feature: str = "bgp") -> None:
        kind = BgpNeighbor if "peer_group" in own else BgpPeer
        if not flagged(node.at(path[0])) and fits(kind, {**own, key: value}):
            own[key] = value
            reader.take(feature, *here, *path)

    text, secret = plain(node.at("description")), plain(node.at("authentication-key"))
    if text is not None:
        say("description", text, "description", text)
    if secret is not None:
        reference = reader.secret(secret, "bgp", *here[3:])
        say("auth_password", reference, "authentication-key", secret)
    for word, key, feature in (
        ("peer-as", "peer_as", "bgp"),
        ("hold-time", "hold_time", "bgp"),
        ("local-as", "local_as", "bgp_local_as"),
    ):
        number = plain(node.at(word))
        if number is not None and number.isdecimal():
            say(key, int(number), word, number, feature=feature)
    hops = plain(node.at("multihop", "ttl"))
    if hops is not None and hops.isdecimal() and len(node.at("multihop").children) == 1:
        say("ebgp_multihop", int(hops), "multihop", "ttl", hops)
    address = plain(node.at("local-address"))
    if address is not None and address in _addresses(data):
        say("local_address", address, "local-address", address)
    for word, key, feature in (
        ("passive", "passive", "bgp_passive"),
        ("remove-private", "remove_private_as", "bgp_remove_private_as"),
        ("as-override", "as_override", "bgp_as_override"),
    ):
        if node.has(word) and not node.at(word).children:
            say(key, True, word, feature=feature)
    for way in ("import", "export"):
        policy = plain(node.at(way))
        if policy in data.get("route_maps", {}) and policy is not None and (way == "import" or exporting):
            say(f"{way}_policy", policy, way, policy)


def _addresses(data: Data) -> set[str]:
    """The device's own, without their lengths."""
    loopback = data.get("loopback", [])
    found = {loopback} if isinstance(loopback, str) else set(loopback)
    for interface in data.get("interfaces", {}).values():
        for said in (interface.get("ipv4", []), interface.get("ipv6", [])):
            found |= {text.partition("/")[0] for text in ([said] if isinstance(said, str) else said)}
    return found
