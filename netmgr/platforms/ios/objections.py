"""What IOS cannot do, or cannot show back, of what the features that it has could ask for: refused where it stands."""

from collections.abc import Iterator

from netmgr.model.device import DeviceData
from netmgr.model.policy import Acl
from netmgr.model.routing import BgpInstance
from netmgr.platforms.form import Objection

Path = tuple[object, ...]


def objections(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    """See ``PlatformForm.objections``."""
    yield from _system(data)
    yield from _lists(data)
    yield from _vlans(data)
    yield from _members(data)
    yield from _ospf(data, ipv6)
    yield from _bgp(data.bgp, ("bgp",))
    for name, vrf in data.vrfs.items():
        yield from _bgp(vrf.bgp, ("vrfs", name, "bgp"))


def _system(data: DeviceData) -> Iterator[Objection]:
    system = data.system
    for number, key in system.ntp_keys.items():
        if key.algorithm != "md5":
            said = "keys of time servers are md5 on ios in every release; write algorithm: md5"
            yield Objection(("system", "ntp_keys", number, "algorithm"), said)
    for key_, text in (("banner", system.banner), ("motd", system.motd)):
        if text and "^C" in text:
            yield Objection(("system", key_), "ios ends a banner at ^C; write other words")
    for index, server in enumerate(system.aaa.servers if system.aaa else ()):
        if server.vrf is not None:
            said = "servers that decide on logins are reached in the default vrf on ios here; remove vrf"
            yield Objection(("system", "aaa", "servers", index, "vrf"), said)
    for name, community in (system.snmp.communities if system.snmp else {}).items():
        acl = data.acls.get(community.acl or "")
        if acl is not None and (acl.type == "ipv6" or acl.filters != "routes"):
            said = f"clients of a community are an IPv4 acl with filters: routes on ios; write {community.acl} so"
            yield Objection(("system", "snmp", "communities", name, "acl"), said)


def _vlans(data: DeviceData) -> Iterator[Objection]:
    """A VLAN's name is its own; those without one are named after their numbers."""
    names: dict[str, int] = {}
    for number, vlan in sorted(data.vlans.items()):
        name = vlan.name or f"VLAN{number:04}"
        if name in names:
            said = f"vlan {number}: ios has vlan {names[name]} with the name {name}; write another one"
            yield Objection(("vlans", number, "name"), said)
        names.setdefault(name, number)


def _members(data: DeviceData) -> Iterator[Objection]:
    """Where each port of a switch has an MTU, one with another than its aggregate cannot join (Catalyst 4500 guide)."""
    for name, interface in data.interfaces.items():
        aggregate = data.interfaces.get(interface.lag or "")
        if aggregate is None or aggregate.mode is None or aggregate.mtu in (None, interface.mtu):
            continue
        said = f"{name}: a member has the mtu of {interface.lag} on ios; write mtu: {aggregate.mtu}"
        yield Objection(("interfaces", name, "lag" if interface.mtu is None else "mtu"), said)


def _lists(data: DeviceData) -> Iterator[Objection]:
    """IOS has lists with numbers and lists with names, which it shows in different ways."""
    for name in data.as_path_lists:
        if not (name.isdecimal() and name[0] != "0" and int(name) <= 500):
            said = f"AS path list {name} needs a number on ios; write 1 to 500 for its name"
            yield Objection(("as_path_lists", name), said)
    for key, names in (("community_lists", data.community_lists), ("acls", data.acls)):
        for name in names:
            if name[0].isdecimal():
                what = key.removesuffix("s").replace("_", " ")
                said = f"{what} {name}: a name begins with a letter on ios; write another one"
                yield Objection((key, name), said)

    for name, acl in data.acls.items():
        if acl.filters == "routes" and acl.type == "ipv4":
            yield from _covered(name, acl)


def _covered(name: str, acl: Acl) -> Iterator[Objection]:
    """In a standard list IOS takes no host behind an entry that covers it: it would look at the host first."""
    for index, entry in enumerate(acl.entries):
        host = entry.source_address
        if host is None or host.prefixlen < 32:
            continue
        before = (one.source_address for one in acl.entries[:index])
        cover = next((one for one in before if one is None or host.network_address in one), False)
        if cover is not False:
            said = f"acl {name}: ios takes no host behind what covers it, as {cover or 'any'} does {host}; move it"
            yield Objection(("acls", name, "entries", index), said)


def _ospf(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    ospf, signed = (
        data.ospf,
        "OSPFv3 is not signed on ios here; write authentication for interfaces without IPv6",
    )
    six = [
        (area, name, own)
        for area, content in ospf.areas.items()
        for name, own in content.interfaces.items()
        if name in ipv6
    ]
    if ospf.authentication is not None and six:
        yield Objection(("ospf", "authentication"), signed)
    for area, name, own in six:
        path: Path = ("ospf", "areas", area, "interfaces", name)
        interface = data.interfaces.get(name)
        if own.authentication is not None:
            yield Objection((*path, "authentication"), signed)
        if interface is not None and interface.vrf is not None:
            said = (
                f"{name}: OSPFv3 runs in the default vrf on ios here; remove ipv6, or the interface from OSPF"
            )
            yield Objection(path, said)


def _bgp(data: BgpInstance, path: Path) -> Iterator[Objection]:
    said = "the time between calls cannot be set on ios; remove connect_retry"
    if data.connect_retry is not None:
        yield Objection((*path, "connect_retry"), said)
    for kind, peers in (("peer_groups", data.peer_groups), ("neighbors", data.neighbors)):
        for name, peer in peers.items():
            if peer.connect_retry is not None:
                yield Objection((*path, kind, str(name), "connect_retry"), said)
            if peer.ttl_security is not None and peer.ebgp_multihop is not None:
                both = "ios has ttl_security or ebgp_multihop of a neighbor, not both; remove one"
                yield Objection((*path, kind, str(name), "ebgp_multihop"), both)
