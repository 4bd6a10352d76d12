"""BGP neighbors and peer groups, in the speaker or in one of its VRFs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

from netmgr.model.fields import AddressKey, Name
from netmgr.model.routing import BgpExchange, BgpNeighbor, BgpPeer
from netmgr.platforms.adopting import fits
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact

FAMILIES = ("ipv4", "ipv6")

#: What is said of a neighbor as a whole → key, the feature that it is of, and whether the value is a number.
_VALUES = (
    (r"remote-as (\d+)", "peer_as", "bgp", int),
    (r"description (.+)", "description", "bgp", str),
    (r"update-source (\S+)", "local_address", "bgp", str),
    (r"weight (\d+)", "weight", "bgp_weight", int),
    (r"allowas-in (\d+)", "allowas_in", "bgp_allowas_in", int),
    (r"ebgp-multihop (\d+)", "ebgp_multihop", "bgp", int),
    (r"ttl maximum-hops (\d+)", "ttl_security", "bgp_ttl_security", int),
    (r"maximum-routes (\d+)", "max_prefixes", "bgp", int),
)
_FLAGS = {
    "next-hop-self": ("next_hop_self", "bgp"),
    "bfd": ("bfd", "bfd"),
    "rib-in pre-policy retain all": ("soft_reconfiguration", "bgp"),
    "route-reflector-client": ("route_reflector_client", "bgp"),
    "passive": ("passive", "bgp_passive"),
    "remove-private-as": ("remove_private_as", "bgp_remove_private_as"),
    "as-path remote-as replace out": ("as_override", "bgp_as_override"),
}
_COMMUNITIES = {
    "send-community": None,
    "send-community standard": "standard",
    "send-community extended": "extended",
    "send-community standard extended": "both",
}


def active_networks(lines: Lines, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(family, line) of every network that is announced by itself."""
    for family in FAMILIES:
        for line, _ in lines.matching(r"network \S+", *path, f"address-family {family}"):
            yield family, line


@dataclass
class _Peer:
    name: str
    is_group: bool
    group: "_Peer | None" = None
    said: Data = field(default_factory=dict)
    families: dict[str, Data] = field(default_factory=dict)
    """Family → what is exchanged in it, of each family that the peer is active in."""
    idle: bool = False
    """A group without neighbors that is active in no family: the data cannot say what it would exchange."""


class Peers:
    """The neighbors of one scope. VRFs have no peer groups of their own: neighbors in a group stay verbatim there."""

    def __init__(self, lines: Lines, data: Data, bgp: Data, path: tuple[str, ...], *, groups: bool) -> None:
        self.lines, self.data, self.bgp, self.path = lines, data, bgp, path
        self.feature = "bgp" if groups else "vrf_bgp"
        names = [match[1] for _, match in lines.matching(r"neighbor (\S+) peer group", *path)]
        self.groups = {name: _Peer(name, is_group=True) for name in names if groups and fits(Name, name)}

    def read(self) -> None:
        """Put ``peer_groups`` and ``neighbors`` into the speaker's data."""
        for group in self.groups.values():
            group.idle = not any(self._active(group.name)) and not any(
                self.lines.matching(rf"neighbor \S+ peer group {re.escape(group.name)}", *self.path)
            )
            self._read(group)
        neighbors: dict[str, _Peer] = {}
        for name in self._names():
            form = rf"neighbor {re.escape(name)} peer group (\S+)"
            of = [match[1] for _, match in self.lines.matching(form, *self.path)]
            if any(group not in self.groups for group in of):
                continue
            peer = _Peer(name, is_group=False, group=self.groups[of[0]] if of else None)
            if self._has_as(peer):
                neighbors[name] = peer
        members = {name: [p for p in neighbors.values() if p.group is g] for name, g in self.groups.items()}
        for name, group in self.groups.items():
            self._families(group, {f"ipv{ip_address(p.name).version}" for p in members[name]})
        for peer in neighbors.values():
            self._read(peer)
            self._families(peer, {f"ipv{ip_address(peer.name).version}"})
        self.bgp["peer_groups"] = {name: group.said for name, group in self.groups.items()}
        self.bgp["neighbors"] = {name: peer.said for name, peer in neighbors.items()}

    def _names(self) -> list[str]:
        found = (
            m[1]
            for _, m in self.lines.matching(r"neighbor (\S+) (?:remote-as \d+|peer group \S+)", *self.path)
        )
        return [name for name in dict.fromkeys(found) if name not in self.groups and fits(AddressKey, name)]

    def _has_as(self, peer: _Peer) -> bool:
        own = self._own(peer.name)
        return any(re.fullmatch(r"remote-as \d+", text) for text in own) or bool(
            peer.group and "peer_as" in peer.group.said
        )

    def _own(self, name: str) -> list[str]:
        form = rf"neighbor {re.escape(name)} (.+)"
        return [match[1] for _, match in self.lines.matching(form, *self.path)]

    def _take(self, feature: str, name: str, text: str, *inside: str) -> None:
        self.lines.take(feature, (*self.path, *inside, f"neighbor {name} {text}"))

    def _read(self, peer: _Peer) -> None:
        """What is said of a peer as a whole; of a neighbor in a group only what the group does not say already."""
        if peer.is_group:
            self._take(self.feature, peer.name, "peer group")
        elif peer.group:
            peer.said["peer_group"] = peer.group.name
            self._take(self.feature, peer.name, f"peer group {peer.group.name}")
        community = False
        for text in self._own(peer.name):
            if peer.idle and ((value := self._value(text)) or text in _COMMUNITIES):
                if value and value[0] not in BgpExchange.model_fields:
                    self._say(peer, text, *value)
            elif text in _COMMUNITIES:
                community = self._community(peer, text) or community
            elif text == "shutdown" and not peer.is_group:
                peer.said["enabled"] = False
                self._take(self.feature, peer.name, text)
            elif value := self._value(text):
                self._say(peer, text, *value)
            elif match := re.fullmatch(r"password 0 (\S+)", text):
                reference = self.lines.reading.secret(match[1], "bgp", peer.name)
                self._say(peer, text, "auth_password", "bgp", reference)
            elif match := re.fullmatch(r"timers (\d+) (\d+)", text):
                self._timers(peer, text, int(match[1]), int(match[2]))
        if not community and peer.group is None:
            peer.said["send_community"] = "none"

    def _value(self, text: str) -> tuple[str, str, object] | None:
        if text in _FLAGS:
            key, feature = _FLAGS[text]
            return key, feature, True
        for pattern, key, feature, kind in _VALUES:
            if match := re.fullmatch(pattern, text):
                value = kind(match[1])
                own = value in self.lines.vrf_of or value in self.lines.addresses
                return (key, feature, value) if key != "local_address" or own else None
        return None

    def _say(self, peer: _Peer, text: str, key: str, feature: str, value: object) -> None:
        above = peer.group.said if peer.group else {}
        if key in peer.said or above.get(key) == value or (key == "peer_as" and key in above):
            return
        if fits(BgpPeer if peer.is_group else BgpNeighbor, {**peer.said, key: value}):
            peer.said[key] = value
            self._take(feature if self.feature == "bgp" else "vrf_bgp", peer.name, text)

    def _community(self, peer: _Peer, text: str) -> bool:
        """All communities are what the model means where it says nothing; in a group only others can be said."""
        said = _COMMUNITIES[text]
        if peer.group is not None and (said is None or peer.group.said.get("send_community") == said):
            return False
        if said is not None:
            peer.said["send_community"] = said
        self._take(self.feature, peer.name, text)
        return True

    def _timers(self, peer: _Peer, text: str, keepalive: int, hold: int) -> None:
        said = compact({"keepalive_interval": keepalive or None}) | {"hold_time": hold}
        above = peer.group.said if peer.group else {}
        same = bool(above) and all(above.get(key) == value for key, value in said.items())
        # A keepalive of 0 is what follows from the hold time, unless the group has one.
        follows = keepalive > 0 or (hold // 3 == 0 and "keepalive_interval" not in above)
        if fits(BgpPeer, said) and follows and not same:
            peer.said |= said
            self._take(self.feature, peer.name, text)

    def _families(self, peer: _Peer, by_address: set[str]) -> None:
        """In which families a peer is active, and with which policies."""
        active = {*self._active(peer.name)}
        if peer.group is not None:
            named = peer.group.said.get("afi_safis")
            active = {f.removesuffix("_unicast") for f in named} if named else by_address
        else:
            for family in active:
                self._take(self.feature, peer.name, "activate", f"address-family {family}")
                self.lines.take(self.feature, (*self.path, f"address-family {family}"))
            if active and active != by_address:
                peer.said["afi_safis"] = {f"{f}_unicast": {} for f in FAMILIES if f in active}
            elif not active:
                self._keep_quiet(peer, by_address)
                return
        found = {f: self._exchange(peer, f) for f in FAMILIES if f in active}
        for key in ("import_policy", "export_policy", "send_default_route"):
            self._fold(peer, key, found)

    def _active(self, name: str) -> Iterator[str]:
        """The families that a peer is activated in."""
        return (f for f in FAMILIES if f"neighbor {name} activate" in self._section(f))

    def _section(self, family: str) -> tuple[str, ...]:
        return self.lines.at(*self.path, f"address-family {family}")

    def _keep_quiet(self, peer: _Peer, by_address: set[str]) -> None:
        """Active nowhere: the data would make it active by its address, or by those of the group."""
        for family in FAMILIES:
            if family in by_address:
                section = [*self.path, f"address-family {family}"]
                self.lines.added.append({"section": section, "lines": [f"no neighbor {peer.name} activate"]})

    def _exchange(self, peer: _Peer, family: str) -> Data:
        found: Data = {}
        for text in self._section(family):
            if match := re.fullmatch(rf"neighbor {re.escape(peer.name)} route-map (\S+) (in|out)", text):
                if match[1] in self.lines.route_maps:
                    found["import_policy" if match[2] == "in" else "export_policy"] = match[1]
            elif text == f"neighbor {peer.name} default-originate":
                found["send_default_route"] = True
        return found

    def _fold(self, peer: _Peer, key: str, found: dict[str, Data]) -> None:
        """What all families say is said once; of a neighbor in a group only what differs from it."""
        values = {family: said.get(key) for family, said in found.items()}
        above = {family: self._above(peer, family, key) for family in found}
        kept = {f: v for f, v in values.items() if v is not None and v != above[f]}
        if not kept:
            return
        if len({*values.values()}) == 1 and len(kept) == len(values):
            peer.said[key] = next(iter(kept.values()))
        else:
            families = peer.said.setdefault("afi_safis", {f"{f}_unicast": {} for f in found})
            for family, value in kept.items():
                families[f"{family}_unicast"][key] = value
        for family, value in kept.items():
            text = {
                "import_policy": f"route-map {value} in",
                "export_policy": f"route-map {value} out",
                "send_default_route": "default-originate",
            }[key]
            self._take(self.feature, peer.name, text, f"address-family {family}")
            self.lines.take(self.feature, (*self.path, f"address-family {family}"))

    def _above(self, peer: _Peer, family: str, key: str) -> object:
        if peer.group is None:
            return None
        own = peer.group.said.get("afi_safis", {}).get(f"{family}_unicast", {})
        return own.get(key, peer.group.said.get(key))
