"""BGP in the default VRF: the speaker, its groups and neighbors, and what each family announces."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from netmgr.model.fields import AddressKey, Name, NetworkValue, RouterId
from netmgr.model.routing import Bgp, BgpNeighbor, BgpPeer
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_exchange import exchange_of, folded
from netmgr.platforms.frr.adopt_lines import Data, Lines

FAMILIES = {"ipv4": "address-family ipv4 unicast", "ipv6": "address-family ipv6 unicast"}
#: Without this line neighbors are active in IPv4 unless a line says that they are not.
_CLOSED = "no bgp default ipv4-unicast"
_LOGGED = "bgp log-neighbor-changes"


def read_bgp(lines: Lines, data: Data) -> None:
    """The one speaker that the model has."""
    openers = [(line, int(match[1])) for line, match in lines.matching(r"router bgp (\d+)")]
    if len(openers) != 1 or not fits(Bgp, {"asn": openers[0][1]}):
        return
    opener, asn = openers[0]
    ids = [match[1] for _, match in lines.matching(r"bgp router-id (.+)", opener)]
    if len(ids) > 1 or not all(fits(RouterId, number) for number in ids):
        return
    bgp: Data = {"asn": asn}
    if not ids:
        bgp["automatic_router_id"] = True
    elif ids[0] not in _listed(data.get("loopback", ())):
        bgp["router_id"] = ids[0]
    lines.take("bgp", (opener,), *((opener, f"bgp router-id {number}") for number in ids))
    if _CLOSED in lines.at(opener):
        lines.take("bgp", (opener, _CLOSED))
    else:
        bgp["default_ipv4_unicast"] = True
    if _LOGGED in lines.at(opener):
        bgp["log_neighbor_changes"] = True
        lines.take("bgp", (opener, _LOGGED))
    for line, match in lines.matching(r"bgp cluster-id (\S+)", opener):
        if "cluster_id" not in bgp and fits(RouterId, match[1]):
            bgp["cluster_id"] = match[1]
            lines.take("bgp", (opener, line))
    if "no bgp ebgp-requires-policy" in lines.at(opener):
        bgp["ebgp_requires_policy"] = False
        lines.take("bgp", (opener, "no bgp ebgp-requires-policy"))
    active = _Speaker(lines, opener, asn, bgp).read()
    _families(lines, opener, bgp, active)
    data["bgp"] = bgp


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, (list, tuple)) else (value,)


@dataclass
class _Peer:
    """A neighbor or a group while it is read; ``own`` are its lines without ``neighbor NAME``."""

    name: str
    own: tuple[str, ...]
    group: "_Peer | None" = None
    members: list["_Peer"] = field(default_factory=list)
    families: tuple[str, ...] = ()
    said: Data = field(default_factory=dict)
    exchange: dict[str, Data] = field(default_factory=dict)
    """Family → what is exchanged in it."""

    @property
    def version(self) -> str:
        return "ipv6" if ":" in self.name else "ipv4"

    @property
    def remote_as(self) -> int | None:
        found = [int(m[1]) for line in self.own if (m := re.fullmatch(r"remote-as (\d+)", line))]
        return found[0] if len(found) == 1 and fits(BgpPeer, {"peer_as": found[0]}) else None


class _Speaker:
    """The speaker's groups and neighbors."""

    def __init__(self, lines: Lines, opener: str, asn: int, bgp: Data) -> None:
        self.lines, self.opener, self.asn, self.bgp = lines, opener, asn, bgp
        self.own: dict[str, list[str]] = {}
        for _, match in lines.matching(r"neighbor (\S+) (.+)", opener):
            self.own.setdefault(match[1], []).append(match[2])

    def read(self) -> set[str]:
        """Both; the families that a neighbor or group is active in."""
        groups = {
            name: _Peer(name, tuple(own))
            for name, own in self.own.items()
            if "peer-group" in own and fits(Name, name) and not re.fullmatch(r"[0-9.]+", name)
        }
        neighbors = [
            _Peer(name, tuple(own))
            for name, own in self.own.items()
            if fits(AddressKey, name) and name not in self.lines.addresses
        ]
        peers = [peer for peer in neighbors if self._joined(peer, groups)]
        for group in groups.values():
            self._settle(group)
        kept = [g for g in groups.values() if g.families or not g.members]
        for group in kept:
            self._read_group(group)
        for peer in peers:
            if peer.group is None:
                peer.families = self._active(peer)
            elif peer.group in kept:
                peer.families = peer.group.families
            else:
                continue
            if peer.families:
                self._read_neighbor(peer)
        return {family for peer in (*kept, *peers) if peer.said or peer in kept for family in peer.families}

    def _joined(self, peer: _Peer, groups: dict[str, _Peer]) -> bool:
        """Whether the neighbor has an AS and, where it names a group, one that is read."""
        named = [m[1] for line in peer.own if (m := re.fullmatch(r"peer-group (\S+)", line))]
        if not named:
            return peer.remote_as is not None
        group = groups.get(named[0])
        if group is None or len(named) > 1 or (peer.remote_as is None and group.remote_as is None):
            return False
        peer.group = group
        group.members.append(peer)
        return True

    def _active(self, peer: _Peer) -> tuple[str, ...]:
        line = f"neighbor {peer.name} activate"
        return tuple(
            family
            for family, section in FAMILIES.items()
            if (
                f"no {line}" not in self.lines.at(self.opener, section)
                if self._is_open(family)
                else line in self.lines.at(self.opener, section)
            )
        )

    def _is_open(self, family: str) -> bool:
        """Whether who is active is not shown, but who is not."""
        return family == "ipv4" and self.bgp.get("default_ipv4_unicast") is True

    def _settle(self, group: _Peer) -> None:
        """A group's families; none where its members are inside and outside the AS, which the model does not have."""
        kinds = {(group.remote_as or member.remote_as) == self.asn for member in group.members}
        group.families = self._active(group) if len(kinds) < 2 else ()

    def _take(self, peer: _Peer, *own: str) -> None:
        self.lines.take("bgp", *((self.opener, f"neighbor {peer.name} {line}") for line in own))

    def _read_group(self, group: _Peer) -> None:
        self._take(group, "peer-group")
        if group.remote_as is not None:
            group.said["peer_as"] = group.remote_as
            self._take(group, f"remote-as {group.remote_as}")
        self._session(group)
        self._exchange(group)
        default = {member.version for member in group.members}
        named = {*group.families} != default or len(default) > 1
        self.bgp.setdefault("peer_groups", {})[group.name] = {
            **group.said,
            **folded(group.exchange, group.families, named=named and bool(group.families)),
        }

    def _read_neighbor(self, peer: _Peer) -> None:
        said = peer.said
        if peer.group is not None:
            said["peer_group"] = peer.group.name
            self._take(peer, f"peer-group {peer.group.name}")
        if peer.remote_as is not None and (peer.group is None or peer.group.remote_as is None):
            said["peer_as"] = peer.remote_as
            self._take(peer, f"remote-as {peer.remote_as}")
        if "shutdown" in peer.own:
            said["enabled"] = False
            self._take(peer, "shutdown")
        self._session(peer)
        self._exchange(peer)
        named = peer.group is None and peer.families != (peer.version,)
        self.bgp.setdefault("neighbors", {})[peer.name] = {
            **said,
            **folded(peer.exchange, peer.families, named=named),
        }

    def _session(self, peer: _Peer) -> None:
        """What holds for the session as a whole. Of a neighbor in a group only what the group does not say."""
        above = peer.group.said if peer.group else {}
        asn = peer.remote_as if peer.remote_as is not None or peer.group is None else peer.group.remote_as
        model = BgpNeighbor if peer.group else BgpPeer
        for line in peer.own:
            said = self._of_session(line, peer, asn)
            if not said or any(key in peer.said for key in said):
                continue
            if all(above.get(key) == value for key, value in said.items()) and above:
                continue
            if (
                said.get("hold_time") == 0
                and "keepalive_interval" not in said
                and "keepalive_interval" in above
            ):
                continue
            if fits(model, said):
                peer.said.update(said)
                self._take(peer, line)

    def _of_session(self, line: str, peer: _Peer, asn: int | None) -> Data:
        word, _, rest = line.partition(" ")
        if word == "description":
            return {"description": rest}
        if word == "password" and rest:
            return {"auth_password": self.lines.reading.secret(rest, "bgp", peer.name)}
        if word == "update-source" and rest in (*self.lines.addresses, *self.lines.interfaces):
            return {"local_address": rest}
        if (match := re.fullmatch(r"ebgp-multihop (\d+)", line)) and asn != self.asn:
            return {"ebgp_multihop": int(match[1])}
        if match := re.fullmatch(r"timers connect (\d+)", line):
            return {"connect_retry": int(match[1])}
        if match := re.fullmatch(r"timers (\d+) (\d+)", line):
            keepalive, hold = int(match[1]), int(match[2])
            if (keepalive, hold) == (0, 0):
                return {"hold_time": 0}
            if keepalive < hold or hold == 0:
                return {"keepalive_interval": keepalive, "hold_time": hold}
        return {}

    def _exchange(self, peer: _Peer) -> None:
        for family in peer.families:
            section = FAMILIES[family]
            own = self.lines.at(self.opener, section)
            above = peer.group.exchange.get(family, {}) if peer.group else None
            found, taken = exchange_of(own, peer.name, above, self.lines.route_maps)
            peer.exchange[family] = found
            if peer.group is None and not self._is_open(family):
                taken = (*taken, f"neighbor {peer.name} activate")
            self.lines.take("bgp", *((self.opener, section, line) for line in taken))
            self.lines.take("bgp", (self.opener, section))
        if peer.group is None and self._is_open("ipv4") and "ipv4" not in peer.families:
            silent = f"no neighbor {peer.name} activate"
            self.lines.take("bgp", (self.opener, FAMILIES["ipv4"]), (self.opener, FAMILIES["ipv4"], silent))


def _families(lines: Lines, opener: str, bgp: Data, active: set[str]) -> None:
    """What each family announces. Redistribution is one for all families: read where all have it."""
    networks: list[str] = []
    for family, section in FAMILIES.items():
        for line, match in lines.matching(r"network (\S+)", opener, section):
            if fits(NetworkValue, match[1]) and (":" in match[1]) == (family == "ipv6"):
                networks.append(match[1])
                active.add(family)
                lines.take("bgp", (opener, section), (opener, section, line))
    if networks:
        bgp["networks"] = networks
    shared: dict[str, dict[str, str | None]] = {family: {} for family in sorted(active)}
    for family, sources in shared.items():
        form = r"redistribute (connected|static|ospf|ospf6)(?: route-map (\S+))?"
        for _, match in lines.matching(form, opener, FAMILIES[family]):
            if (match[1] == "ospf6") == (family == "ipv6") or match[1] not in ("ospf", "ospf6"):
                source = "ospf" if match[1] == "ospf6" else match[1]
                if match[2] is None or match[2] in lines.route_maps:
                    sources.setdefault(source, match[2])
    for source in ("connected", "static", "ospf"):
        policies = {sources.get(source, "") for sources in shared.values()}
        if len(policies) != 1 or policies == {""}:
            continue
        policy = policies.pop()
        bgp.setdefault("redistribute", {})[source] = {"policy": policy} if policy else {}
        for family in shared:
            shown = "ospf6" if source == "ospf" and family == "ipv6" else source
            line = f"redistribute {shown}" + (f" route-map {policy}" if policy else "")
            lines.take("bgp", (opener, FAMILIES[family], line))
