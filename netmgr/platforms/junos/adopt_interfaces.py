"""Junos' interfaces, VLANs and packet filters → device data."""

import re
from typing import Any

from netmgr.model.fields import Mtu, Name, Vlan
from netmgr.model.interface import DEFAULT_VLAN, Dhcp, Interface, VlanRange, vlan_bounds
from netmgr.model.policy import Acl
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.limits import HEADER, MEDIA_MTU, NAMES, RANGES, TAG, has_mtu
from netmgr.platforms.junos.reader import Data, Reader, flagged, leaves, plain
from netmgr.platforms.junos.tree import Node

_TAGGED = re.compile(r"(?:[a-z]{2}-\d+/\d+/\d+(?::\d+)?|ae\d{1,4})")
_FAMILIES = (("inet", "ipv4"), ("inet6", "ipv6"))


def read_interfaces(reader: Reader, data: Data) -> None:
    """``interfaces`` and ``loopback``; VLANs and packet filters have been read."""
    found: Data = {}
    ports = dict(reader.root.items("interfaces"))
    numbers = [int(name[2:]) for name in ports if re.fullmatch(r"ae\d{1,4}", name)]
    count = plain(reader.root.at("chassis", "aggregated-devices", "ethernet", "device-count"))
    # Templates count the aggregates: where the device counts otherwise, none of them can be said.
    aggregates = bool(numbers) and count == str(max(numbers) + 1)
    if aggregates and count:
        reader.take("lag", "chassis", "aggregated-devices", "ethernet", "device-count", count)
    for port, node in ports.items():
        if _named(port) and (aggregates or not re.fullmatch(r"ae\d{1,4}", port)):
            _port(reader, port, node, found, data, aggregates=aggregates)
    for number in numbers if aggregates else ():
        found.setdefault(f"ae{number}", {})
    if found:
        data["interfaces"] = found


def _port(reader: Reader, port: str, node: Node, found: Data, data: Data, *, aggregates: bool) -> None:
    here = ("interfaces", port)
    own: Data = {}
    _described(reader, here, node, own)
    _aggregate(reader, here, node, own, aggregates=aggregates)
    native = plain(node.at("native-vlan-id"))
    tagging = leaves(node.at("vlan-tagging")) == () and node.has("vlan-tagging")
    units = _first(reader, port, node.at("unit", "0"), own, data) if not tagging else {}
    units |= _others(reader, port, node, data, tagging=tagging)
    known = {str(number) for number in (*data.get("vlans", ()), DEFAULT_VLAN)}
    if native in known and native is not None and own.get("mode") == "trunk":
        own["native_vlan"] = int(native)
        reader.take("switchport", *here, "native-vlan-id", native)
    if tagging and any("vlan_id" in one for one in units.values()):
        reader.take("subinterfaces", *here, "vlan-tagging")
    mtu = plain(node.at("mtu"))
    if mtu is not None and mtu.isdecimal():
        inner = int(mtu) - HEADER - (TAG if any("vlan_id" in one for one in units.values()) else 0)
        within = RANGES["mtu"].minimum <= inner and int(mtu) <= MEDIA_MTU.maximum
        if fits(Mtu, inner) and within and has_mtu(port) and (own or units):
            own["mtu"] = inner
            reader.take("mtu", *here, "mtu", mtu)
    if own:
        found[port] = own
    found.update(units)


def _first(reader: Reader, port: str, unit: Node, own: Data, data: Data) -> dict[str, Data]:
    """Unit 0 is the interface; what it says of itself, besides what the port says, makes it one by its own name."""
    here = ("interfaces", port, "unit", "0")
    if unit.inactive:
        return {}
    _unit(reader, here, unit, own, data)
    itself: Data = {}
    if _named(f"{port}.0"):
        _described(reader, here, unit, itself)
    return {f"{port}.0": itself} if itself else {}


def _others(reader: Reader, port: str, node: Node, data: Data, *, tagging: bool) -> dict[str, Data]:
    """The other units, by their names."""
    found: dict[str, Data] = {}
    for unit, below in node.items("unit"):
        name, here = f"{port}.{unit}", ("interfaces", port, "unit", unit)
        if unit == "0" or not _named(name) or (_TAGGED.fullmatch(port) and not tagging):
            continue
        gateway = _gateway(reader, unit, data) if port == "irb" else None
        if port == "irb" and gateway is None:
            continue
        if tagging and not fits(Vlan, _decimal(below.at("vlan-id"))):
            continue  # its frames are tagged otherwise
        one: Data = {}
        _described(reader, here, below, one)
        _unit(reader, here, below, one, data)
        if gateway is not None:
            reader.take("vlans", *gateway)
        if one or gateway is not None:
            found[name] = one
    return found


def _named(name: str) -> bool:
    """Whether it is a name of an interface."""
    return any(re.fullmatch(names.pattern, name, re.ASCII) for names in NAMES)


def _gateway(reader: Reader, unit: str, data: Data) -> tuple[str, ...] | None:
    """The path at which a unit's VLAN says that this is its interface; None where it does not."""
    vlan = data.get("vlans", {}).get(int(unit))
    if vlan is None:
        return None
    here = ("vlans", vlan.get("name", f"vlan-{unit}"), "l3-interface")
    return (*here, f"irb.{unit}") if plain(reader.root.at(*here)) == f"irb.{unit}" else None


def _decimal(node: Node) -> int | None:
    word = plain(node)
    return int(word) if word is not None and word.isdecimal() else None


def _described(reader: Reader, here: tuple[str, ...], node: Node, own: Data) -> None:
    text = plain(node.at("description"))
    if text is not None and fits(Interface, {"description": text}):
        own["description"] = text
        reader.take("interfaces", *here, "description", text)
    if node.has("disable") and not node.at("disable").children:
        own["enabled"] = False
        reader.take("interfaces", *here, "disable")


def _aggregate(reader: Reader, here: tuple[str, ...], node: Node, own: Data, *, aggregates: bool) -> None:
    lag = plain(node.at("ether-options", "802.3ad"))
    if lag is None or not aggregates or lag not in reader.root.at("interfaces").children:
        return
    modes = leaves(reader.root.at("interfaces", lag, "aggregated-ether-options", "lacp")) or ()
    mode = next((word for word in ("active", "passive") if word in modes), None)
    own |= {"lag": lag, "lag_mode": mode or "on"}
    reader.take("lag", *here, "ether-options", "802.3ad", lag)
    if mode:
        reader.take("lag", "interfaces", lag, "aggregated-ether-options", "lacp", mode)


def _unit(reader: Reader, here: tuple[str, ...], node: Node, own: Data, data: Data) -> None:
    for family, key in _FAMILIES:
        below = node.at("family", family)
        if below.inactive:
            continue
        addresses = [
            word
            for word, after in below.items("address")
            if not after.children
            and fits(Interface, {key: word})
            and reader.first_use(f"{here[1]}.{here[3]}", word)
        ]
        if addresses:
            own[key] = addresses if len(addresses) > 1 else addresses[0]
        for word in addresses:
            feature = "interfaces" if family == "inet" else "ipv6"
            reader.take(feature, *here, "family", family, "address", word)
        if family == "inet":
            _dhcp(reader, here, below, own)
        for way, field in (("input", "acl_in"), ("output", "acl_out")):
            name = plain(below.at("filter", way))
            if name is not None and data.get("acls", {}).get(name, {}).get("type", "") == key:
                own.setdefault(field, []).append(name)
                reader.take("packet_filters", *here, "family", family, "filter", way, name)
    vlan = plain(node.at("vlan-id"))
    if vlan is not None and vlan.isdecimal() and fits(Vlan, int(vlan)) and here[-1] != "0":
        own["vlan_id"] = int(vlan)
        reader.take("subinterfaces", *here, "vlan-id", vlan)
    _switched(reader, here, node, own, data)


def _dhcp(reader: Reader, here: tuple[str, ...], family: Node, own: Data) -> None:
    client, vendor = family.at("dhcp"), plain(family.at("dhcp", "vendor-id"))
    said = {"vendor_class": vendor} if vendor is not None else {}
    if family.has("dhcp") and len(client.children) == len(said) and fits(Dhcp, said):
        own["dhcp"] = said
        reader.take(
            "dhcp", *here, "family", "inet", "dhcp", *(("vendor-id", vendor) if vendor is not None else ())
        )


def _switched(reader: Reader, here: tuple[str, ...], node: Node, own: Data, data: Data) -> None:
    switch = node.at("family", "ethernet-switching")
    mode, members = plain(switch.at("interface-mode")), leaves(switch.at("vlan", "members"))
    if mode not in ("access", "trunk") or members is None or here[-1] != "0":
        return
    numbers = [_number(word, data) for word in members]
    alone = mode == "access" or "all" in members
    if None in numbers or (alone and len(members) > 1):
        return
    if mode == "access" and not isinstance(next(iter(numbers), 1), int):
        return
    own["mode"] = mode
    if mode == "access" and numbers:
        own["access_vlan"] = numbers[0]
    elif members != ("all",):
        if not members:
            del own["mode"]
            return
        own["trunk_vlans"] = numbers
    path = (*here, "family", "ethernet-switching")
    reader.take("switchport", *path, "interface-mode", mode)
    for word in members:
        reader.take("switchport", *path, "vlan", "members", word)


def _number(word: str, data: Data) -> int | str | None:
    """The VLAN that a member is: by name where it has one, else by number, or several in a row."""
    vlans: dict[int, Data] = data.get("vlans", {})
    for number, vlan in vlans.items():
        if vlan.get("name") == word:
            return number
    if word == "all":
        return word
    if word.isdecimal():
        named = vlans.get(int(word), {"name": "?"})
        return None if named.get("name") else int(word)
    if not fits(VlanRange, word):
        return None
    first, last = vlan_bounds(word)
    return word if any(first <= known <= last for known in (*vlans, DEFAULT_VLAN)) else None


def read_vlans(reader: Reader, data: Data) -> None:
    """``vlans`` that have one number."""
    found: dict[int, Data] = {}
    for name, node in reader.root.items("vlans"):
        number = plain(node.at("vlan-id"))
        if number is None or not number.isdecimal() or not fits(Vlan, int(number)) or int(number) in found:
            continue
        if not fits(Name, name) or flagged(node):
            continue
        found[int(number)] = {} if name == f"vlan-{number}" else {"name": name}
        reader.take("vlans", "vlans", name, "vlan-id", number)
    if found:
        data["vlans"] = found


_CONDITIONS = {
    "protocol": "protocol",
    "next-header": "protocol",
    "source-address": "source_address",
    "destination-address": "destination_address",
    "source-port": "source_port",
    "destination-port": "destination_port",
    "icmp-type": "icmp_type",
}
_ACTIONS = {"accept": "accept", "discard": "drop", "reject": "reject"}


def read_filters(reader: Reader, data: Data) -> None:
    """``acls`` of filters of which every term can be said: their order counts."""
    for family, key in _FAMILIES:
        for name, node in reader.root.items("firewall", "family", family, "filter"):
            entries = [_entry(term, below) for term, below in node.items("term")]
            acl: Data = {"type": key, "filters": "packets", "entries": entries}
            fine = bool(entries) and None not in entries and not flagged(node) and fits(Acl, acl)
            if not fine or not fits(Name, name) or name in data.get("acls", {}):
                continue
            data.setdefault("acls", {})[name] = acl
            here = ("firewall", "family", family, "filter", name, "term")
            for term, below in node.items("term"):
                for path in below.paths():
                    reader.take("acls", *here, term, *path)


def _entry(name: str, term: Node) -> Data | None:
    """One entry; None where the term says more, or less."""
    entry: Data = {"name": name}
    if not set(term.children) <= {"from", "then"}:
        return None
    for word, after in term.at("from").children.items():
        value = plain(after)
        if word == "tcp-established" and not after.children:
            entry["established"] = True
        elif word in _CONDITIONS and value is not None:
            entry[_CONDITIONS[word]] = _value(word, value)
        else:
            return None
    actions = leaves(term.at("then"))
    said = [word for word in actions or () if word in _ACTIONS]
    if actions is None or len(said) != 1 or not set(actions) <= {said[0], "syslog"}:
        return None
    if "syslog" in actions:
        entry["log"] = True
    return {**entry, "action": _ACTIONS[said[0]]} if fits(Name, name) else None


def _value(word: str, value: str) -> Any:
    if word in ("protocol", "next-header") and value == "icmp6":
        return "icmpv6"
    return int(value) if value.isdecimal() else value
