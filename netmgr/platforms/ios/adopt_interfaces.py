"""Interfaces, VLANs and VRFs, out of an IOS configuration."""

import re
from collections.abc import Callable
from itertools import pairwise

from netmgr.model.device import Vrf
from netmgr.model.fields import Description
from netmgr.model.interface import Dhcp, Interface, VlanData
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import (
    ADDRESS,
    NAME,
    Data,
    Known,
    Section,
    compact,
    prefix_length,
    within,
)
from netmgr.platforms.ios.limits import NAMES

#: Names that the inventory takes.
_NAMED = re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", names.pattern) for names in NAMES), re.ASCII)


#: What may switch: ports and aggregates.
_PORT = re.compile(r"interface (?:[A-Za-z]*(?:Ethernet|GigE)[\d/]+|Port-channel\d+)")


def read_vlans(top: Section, known: Known) -> None:
    """VLANs with what `vlan` sections say."""
    for section in top.inner("vlan "):
        number = section.path[-1].removeprefix("vlan ")
        if not number.isdecimal() or not within("vlan", int(number)):
            continue
        section.opened("vlans")
        name = section.only(rf"name ({NAME})")
        usable = name is not None and within("vlan_name_length", name[1][1])
        if name and usable and fits(VlanData, {"name": name[1][1]}):
            section.take("vlans", name[0])
        known.vlans[int(number)] = {"name": name[1][1]} if name and usable else {}


def read_vrfs(top: Section, known: Known) -> None:
    """VRFs of `vrf definition`, but for their policies: ``read_vrf_policies``."""
    for section in top.inner("vrf definition "):
        name = section.words[-1]
        families = [inner for inner in section.inner("address-family ") if len(inner.words) == 2]
        if not re.fullmatch(NAME, name) or not within("vrf_name_length", name) or not families:
            continue
        section.opened("vrfs")
        described, distinguisher = section.only(r"description (.+)"), section.only(r"rd (\S+)")
        data: Data = {"families": [family.words[1] for family in families]}
        if described and within("description_length", described[1][1]) and fits(Description, described[1][1]):
            section.take("vrf_descriptions", described[0])
            data["description"] = described[1][1]
        if distinguisher and fits(Vrf, {"route_distinguisher": distinguisher[1][1]}):
            section.take("route_distinguishers", distinguisher[0])
            data["route_distinguisher"] = distinguisher[1][1]
        for family in families:
            family.opened("vrf_families")
        for direction in ("import", "export"):
            targets = _alike(families, rf"route-target {direction} (\S+)")
            if targets and fits(Vrf, {f"{direction}_targets": targets}):
                data[f"{direction}_targets"] = targets
                for family in families:
                    family.take(
                        "route_targets", *(f"route-target {direction} {target}" for target in targets)
                    )
        known.vrfs[name] = data


def read_vrf_policies(top: Section, known: Known) -> None:
    """Import and export maps, of which the route maps must be known."""
    for section in top.inner("vrf definition "):
        data = known.vrfs.get(section.words[-1])
        if data is None:
            continue
        families = [inner for inner in section.inner("address-family ") if len(inner.words) == 2]
        for direction in ("import", "export"):
            maps = _alike(families, rf"{direction} map (\S+)")
            if len(maps) == 1 and maps[0] in known.route_maps:
                data[f"{direction}_policy"] = maps[0]
                for family in families:
                    family.take("vrf_policies", f"{direction} map {maps[0]}")


def _alike(families: list[Section], pattern: str) -> list[str]:
    """What all families say alike; nothing where they differ: the model says it once."""
    said = [[match[1] for _, match in family.matching(pattern)] for family in families]
    return said[0] if all(each == said[0] for each in said) else []


def read_interfaces(top: Section, known: Known) -> None:
    """Interfaces but for OSPF, which ``OspfReader`` reads."""
    tags: set[tuple[str, int]] = set()
    for section in top.inner("interface "):
        name = section.path[-1].removeprefix("interface ")
        if not _NAMED.fullmatch(name) or not _placed(section, name, tags, known):
            continue
        section.opened("interfaces")
        data = known.interfaces[name] = Data()
        _read(section, data, known)
    for section in top.inner("interface "):
        name = section.path[-1].removeprefix("interface ")
        if name in known.interfaces:
            _aggregate(section, known.interfaces[name], known)


def _placed(section: Section, name: str, tags: set[tuple[str, int]], known: Known) -> bool:
    """Whether the inventory takes the interface: an SVI of a VLAN that is declared, a subinterface with its own tag."""
    if name.startswith("Vlan"):
        return int(name.removeprefix("Vlan")) in (*known.vlans, 1)
    parent, dot, _ = name.partition(".")
    if not dot or name.startswith("Serial"):
        return True
    tag = section.only(r"encapsulation dot1Q (\d+)")
    if tag is None or not within("vlan", int(tag[1][1])) or (parent, int(tag[1][1])) in tags:
        return False
    tags.add((parent, int(tag[1][1])))
    return True


def _read(section: Section, data: Data, known: Known) -> None:
    def said(feature: str, key: str, pattern: str, value: Callable[[re.Match[str]], object]) -> None:
        found = section.only(pattern)
        if found and fits(Interface, {key: value(found[1])}):
            section.take(feature, found[0])
            data[key] = value(found[1])

    said("interfaces", "description", r"description (.{1,200})", lambda m: m[1])
    mtu = section.only(r"mtu (\d+)")
    if mtu and within("mtu", int(mtu[1][1])):
        said("interfaces", "mtu", r"mtu (\d+)", lambda m: int(m[1]))
    said("interfaces", "enabled", r"shutdown", lambda _: False)
    vrf = section.only(r"vrf forwarding (\S+)")
    if vrf and vrf[1][1] in known.vrfs:
        section.take("vrf_interfaces", vrf[0])
        data["vrf"] = vrf[1][1]
    if vrf is None or "vrf" in data:
        _addresses(section, data, known)
    if "." in section.path[-1] and " Serial" not in section.path[-1]:
        said("subinterfaces", "vlan_id", r"encapsulation dot1Q (\d+)", lambda m: int(m[1]))
    if section.only("no switchport"):
        section.take("switchport", "no switchport")
        data["mode"] = "routed"
    elif _PORT.fullmatch(section.path[-1]) and not any(
        key in data for key in ("ipv4", "ipv6", "dhcp", "vrf")
    ):
        _switchport(section, data, known)
    for direction in ("in", "out"):
        _filters(section, data, known, direction)


def _addresses(section: Section, data: Data, known: Known) -> None:
    first = section.only(rf"ip address ({ADDRESS}) ({ADDRESS})")
    others = list(section.matching(rf"ip address ({ADDRESS}) ({ADDRESS}) secondary"))
    if first:
        texts = [
            f"{match[1]}/{prefix_length(match[2])}" for match in (first[1], *(match for _, match in others))
        ]
        if _usable("ipv4", texts, data, known):
            section.take("interfaces", first[0], *(line for line, _ in others))
    elif section.only("ip address dhcp"):
        section.take("dhcp", "ip address dhcp")
        told = section.only(r"ip dhcp client class-id (\S+(?: \S+)*)")
        usable = told is not None and fits(Dhcp, {"vendor_class": told[1][1]})
        data["dhcp"] = {"vendor_class": told[1][1]} if told and usable else {}
        section.take("dhcp", *([told[0]] if told and usable else []))
    six = list(section.matching(r"ipv6 address (\S+/\d+)"))
    if six and _usable("ipv6", [match[1].lower() for _, match in six], data, known):
        section.take("ipv6", *(line for line, _ in six))


def _usable(key: str, texts: list[str], data: Data, known: Known) -> bool:
    """Whether the inventory takes these addresses, which then stand in ``data``."""
    keys = {(data.get("vrf"), text.partition("/")[0]) for text in texts}
    if not fits(Interface, {key: texts}) or len(keys) < len(texts) or keys & known.addresses:
        return False
    known.addresses |= keys
    data[key] = texts if len(texts) > 1 else texts[0]
    return True


def _switchport(section: Section, data: Data, known: Known) -> None:
    mode = section.only(r"switchport mode (access|trunk)")
    if mode is None:
        return
    section.take("switchport", mode[0])
    data["mode"] = mode[1][1]
    what = {"access": ("access_vlan", "access vlan"), "trunk": ("native_vlan", "trunk native vlan")}[
        data["mode"]
    ]
    one = section.only(rf"switchport {what[1]} (\d+)")
    if one and int(one[1][1]) in known.vlans:
        section.take("switchport", one[0])
        data[what[0]] = int(one[1][1])
    allowed = section.only(r"switchport trunk allowed vlan ([\d,-]+)") if data["mode"] == "trunk" else None
    if allowed:
        items = [int(item) if item.isdecimal() else item for item in allowed[1][1].split(",")]
        if _in_order(items) and all(_declared(item, known) for item in items):
            section.take("switchport", allowed[0])
            data["trunk_vlans"] = items


def _switching(data: Data) -> Data:
    return {key: data[key] for key in ("mode", "access_vlan", "native_vlan", "trunk_vlans") if key in data}


def _bounds(item: object) -> tuple[int, int]:
    first, _, last = str(item).partition("-")
    return int(first), int(last or first)


def _in_order(items: list[int | str]) -> bool:
    """Whether ranges stand as the intent writes them: ascending, and joined where they touch."""
    bounds = [_bounds(item) for item in items]
    apart = all(one[1] + 1 < other[0] for one, other in pairwise(bounds))
    return apart and all(isinstance(item, int) or _bounds(item)[0] < _bounds(item)[1] for item in items)


def _declared(item: object, known: Known) -> bool:
    first, last = _bounds(item)
    return last <= 4094 and any(first <= vlan <= last for vlan in (*known.vlans, 1))


def _filters(section: Section, data: Data, known: Known, direction: str) -> None:
    names = []
    for family, word in (("ipv4", "ip access-group"), ("ipv6", "ipv6 traffic-filter")):
        found = section.only(rf"{word} (\S+) {direction}")
        if found and known.filters.get(found[1][1]) == family:
            section.take("packet_filters", found[0])
            names.append(found[1][1])
    if names:
        data[f"acl_{direction}"] = names


def _aggregate(section: Section, data: Data, known: Known) -> None:
    """A member that switches as its aggregate does says nothing of it; one that does not, or that has more, is none."""
    found = section.only(r"channel-group (\d+) mode (active|passive|on)")
    lag = f"Port-channel{found[1][1]}" if found else ""
    own = ("ipv4", "ipv6", "dhcp", "vrf", "acl_in", "acl_out")
    port = _PORT.fullmatch(section.path[-1]) and "Port-channel" not in section.path[-1]
    if not found or not port or lag not in known.interfaces or any(key in data for key in own):
        return
    aggregate = known.interfaces[lag]
    alike = "mode" not in aggregate or aggregate.get("mtu") in (None, data.get("mtu"))
    if alike and _switching(data) == _switching(aggregate):
        section.take("lag", found[0])
        for key in _switching(data):
            del data[key]
        data.update(compact({"lag": lag, "lag_mode": None if found[1][2] == "active" else found[1][2]}))
