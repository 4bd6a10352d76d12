"""Interfaces, VLANs and VRFs: what each one says, as long as the data says exactly that."""

import re
from collections.abc import Iterable

from netmgr.model.device import DeviceData
from netmgr.model.fields import Description, InterfaceName, Mtu, Name
from netmgr.model.interface import Interface, VlanData
from netmgr.platforms.adopting import fits
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact
from netmgr.platforms.eos.limits import NAMES
from netmgr.platforms.eos.number_lists import numbers

#: Kinds of interfaces that switch unless told otherwise.
_PORT = re.compile(r"Ethernet\d[\d/]*|Port-Channel\d+")
_LOOPBACK = "Loopback0"


def read_interfaces(lines: Lines, data: Data) -> None:
    """``vlans``, ``vrfs``, ``interfaces``, ``loopback`` and ``forwarding``."""
    _vlans(lines, data)
    _vrfs(lines, data)
    tags: set[tuple[str, int]] = set()
    names = [
        (line, match[1])
        for line, match in lines.matching(r"interface (\S+)")
        if fits(InterfaceName, match[1]) and _named(lines, line, match[1], data, tags)
    ]
    interfaces: Data = {}
    for line, name in names:
        interfaces[name] = _Interface(lines, line, name, data).read([name for _, name in names])
        lines.take("interfaces", (line,))
        lines.vrf_of[name] = interfaces[name].get("vrf")
    _loopback(lines, data, interfaces)
    data["interfaces"] = interfaces
    _forwarding(lines, data)


def _named(lines: Lines, line: str, name: str, data: Data, tags: set[tuple[str, int]]) -> bool:
    """Whether the model takes an interface by its name: SVIs have a VLAN, subinterfaces a tag of their own."""
    match = next((m for names in NAMES if (m := re.fullmatch(names.pattern, name, re.ASCII))), None)
    if match is None or name.startswith("Vxlan"):
        return False
    said = match.groupdict()
    if vlan := said.get("vlan"):
        return int(vlan) in {*data["vlans"], 1}
    if parent := said.get("parent"):
        found = [int(m[1]) for _, m in lines.matching(r"encapsulation dot1q vlan (\d+)", line)]
        if len(found) != 1 or (parent, found[0]) in tags:
            return False
        tags.add((parent, found[0]))
    return True


def _vlans(lines: Lines, data: Data) -> None:
    found: Data = {}
    for line, match in lines.matching(r"vlan (\d+)"):
        vlan: Data = {}
        for inner, named in lines.matching(r"name (\S+)", line):
            if fits(VlanData, {"name": named[1]}) and not vlan:
                vlan["name"] = named[1]
                lines.take("vlans", (line, inner))
        if int(match[1]) != 1 or vlan:
            found[int(match[1])] = vlan
            lines.take("vlans", (line,))
    data["vlans"] = found


def _vrfs(lines: Lines, data: Data) -> None:
    found: Data = {}
    for line, match in lines.matching(r"vrf instance (\S+)"):
        if not fits(Name, match[1]):
            continue
        vrf: Data = {}
        for inner, said in lines.matching(r"description (.+)", line):
            if fits(Description, said[1]):
                vrf["description"] = said[1]
                lines.take("vrf_descriptions", (line, inner))
        found[match[1]] = vrf
        lines.take("vrfs", (line,))
    data["vrfs"] = found


def _forwarding(lines: Lines, data: Data) -> None:
    """IPv4 is routed unless the data says that it is not, IPv6 where something has it."""
    data["forwarding"] = _routed(lines, "ip routing", "ipv6 unicast-routing")
    for name, vrf in data["vrfs"].items():
        routed = _routed(lines, f"ip routing vrf {name}", f"ipv6 unicast-routing vrf {name}")
        vrf.update(compact({"forwarding": routed}))


def _routed(lines: Lines, ipv4: str, ipv6: str) -> Data:
    found: Data = {}
    if ipv4 in lines.top:
        lines.take("forwarding", (ipv4,))
    else:
        found["ipv4"] = False
    if ipv6 in lines.top:
        lines.take("forwarding", (ipv6,))
    if ipv6 in lines.top or any(
        re.search(r"\bipv6 |neighbor \S*:|network \S*:", "\n".join(s)) for s in _all(lines)
    ):
        found["ipv6"] = ipv6 in lines.top
    return found


def _all(lines: Lines) -> Iterable[tuple[str, ...]]:
    return (lines.top, *lines.sections.values())


class _Interface:
    def __init__(self, lines: Lines, opener: str, name: str, data: Data) -> None:
        self.lines, self.opener, self.name, self.data = lines, opener, name, data
        self.own = lines.at(opener)
        self.found: Data = {}
        self.routes = not _PORT.fullmatch(name) or "no switchport" in self.own

    def say(self, feature: str, line: str, **values: object) -> bool:
        """Take a line as ``values``, if the model takes them beside what it has."""
        if fits(Interface, {**self.found, **values}):
            self.found |= values
            self.lines.take(feature, (self.opener, line))
            return True
        return False

    def one(self, pattern: str) -> tuple[str, str] | None:
        """The one line of this form, and its first group."""
        found = list(self.lines.matching(pattern, self.opener))
        return (found[0][0], found[0][1][1]) if len(found) == 1 else None

    def read(self, names: list[str]) -> Data:
        if (said := self.one(r"description (.+)")) and fits(Description, said[1]):
            self.say("interfaces", said[0], description=said[1])
        if "shutdown" in self.own:
            self.say("interfaces", "shutdown", enabled=False)
        if (said := self.one(r"mtu (\d+)")) and fits(Mtu, int(said[1])):
            self.say("mtu", said[0], mtu=int(said[1]))
        if said := self.one(r"encapsulation dot1q vlan (\d+)"):
            self.say("subinterfaces", said[0], vlan_id=int(said[1]))
        if self.routes:
            self._routed()
        else:
            self._switched()
        self._member(names)
        return self.found

    def _routed(self) -> None:
        if (said := self.one(r"vrf (\S+)")) and said[1] in self.data["vrfs"]:
            self.say("vrf_interfaces", said[0], vrf=said[1])
        self._addresses("interfaces", "ipv4", r"ip address (\d\S+)( secondary)?")
        self._addresses("ipv6", "ipv6", r"ipv6 address (\S+/\d+)()")
        self._anycast()
        if "no switchport" in self.own and _PORT.fullmatch(self.name):
            self.lines.take("switchport", (self.opener, "no switchport"))
            if not {"ipv4", "ipv6", "anycast", "vrf"} & self.found.keys():
                self.found["mode"] = "routed"

    def _addresses(self, feature: str, key: str, pattern: str) -> None:
        """All of a family, the first of them without ``secondary``, or none."""
        found = list(self.lines.matching(pattern, self.opener))
        if not found or any(
            bool(match[2]) != (i > 0 and key == "ipv4") for i, (_, match) in enumerate(found)
        ):
            return
        values = [match[1] for _, match in found]
        if fits(Interface, {**self.found, key: values}):
            self.found[key] = values if len(values) > 1 else values[0]
            self.lines.take(feature, *((self.opener, line) for line, _ in found))
            self.lines.addresses |= {value.partition("/")[0] for value in values}

    def _anycast(self) -> None:
        ipv4 = list(self.lines.matching(r"ip address virtual (\S+/\d+)( secondary)?", self.opener))
        ipv6 = list(self.lines.matching(r"ipv6 address virtual (\S+/\d+)()", self.opener))
        values = [match[1] for _, match in (*ipv4, *ipv6)]
        in_order = all(bool(match[2]) == (i > 0) for i, (_, match) in enumerate(ipv4))
        if values and in_order and fits(Interface, {**self.found, "anycast": values}):
            self.found["anycast"] = values if len(values) > 1 else values[0]
            self.lines.take("anycast", *((self.opener, line) for line, _ in (*ipv4, *ipv6)))

    def _switched(self) -> None:
        vlans = {*self.data["vlans"], 1}
        if "switchport mode trunk" in self.own:
            self.say("switchport", "switchport mode trunk", mode="trunk")
            said = self.one(r"switchport trunk allowed vlan (\d[\d,-]*)")
            if said and all(vlans & {*numbers(part)} for part in said[1].split(",")):
                items = [int(part) if part.isdigit() else part for part in said[1].split(",")]
                self.say("switchport", said[0], trunk_vlans=items)
            said = self.one(r"switchport trunk native vlan (\d+)")
            if said and int(said[1]) in vlans:
                self.say("switchport", said[0], native_vlan=int(said[1]))
        elif (said := self.one(r"switchport access vlan (\d+)")) and int(said[1]) in vlans:
            self.say("switchport", said[0], mode="access", access_vlan=int(said[1]))

    def _member(self, names: list[str]) -> None:
        found = list(self.lines.matching(r"channel-group (\d+) mode (active|passive|on)", self.opener))
        own = {*self.found} - {"description", "enabled", "mtu"}
        if (
            not self.name.startswith("Ethernet")
            or "." in self.name
            or len(found) != 1
            or f"Port-Channel{found[0][1][1]}" not in names
            or own
        ):
            return
        line, match = found[0]
        mode: Data = {} if match[2] == "active" else {"lag_mode": match[2]}
        self.say("lag", line, lag=f"Port-Channel{match[1]}", **mode)


def _loopback(lines: Lines, data: Data, interfaces: Data) -> None:
    """The loopback's first addresses are the device's own, unless OSPF would then run where it does not."""
    if _LOOPBACK not in interfaces or any(" ospf " in line for line in lines.top):
        return
    own, found = interfaces[_LOOPBACK], []
    for key, length in (("ipv4", "/32"), ("ipv6", "/128")):
        addresses = [own[key]] if isinstance(own.get(key), str) else list(own.get(key, ()))
        if addresses and addresses[0].endswith(length) and own.get("vrf") is None:
            found.append(addresses[0].removesuffix(length))
            own[key] = addresses[1:] if len(addresses) > 2 else (addresses[1] if addresses[1:] else [])
    loopback: object = found[0] if len(found) == 1 else found
    if found and fits(DeviceData, {"loopback": loopback}):
        data["loopback"] = loopback
        interfaces[_LOOPBACK] = compact(own)
        if not interfaces[_LOOPBACK]:
            del interfaces[_LOOPBACK]
