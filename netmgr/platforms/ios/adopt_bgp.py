"""BGP, out of an IOS configuration: the default VRF's speaker and those of other VRFs."""

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network

from netmgr.model.routing import Bgp, BgpInstance, BgpPeer
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import (
    ADDRESS,
    NAME,
    Data,
    Known,
    Section,
    compact,
    is_address,
    prefix_length,
    within,
)
from netmgr.platforms.ios.adopt_peers import exchange, session

FAMILIES = {"ipv4": "ipv4_unicast", "ipv6": "ipv6_unicast"}


def read_bgp(top: Section, known: Known) -> Data:
    """What ``bgp`` would say; ``known.vrfs`` gets what their speakers say."""
    speakers = list(top.inner("router bgp "))
    if len(speakers) != 1 or not fits(Bgp, {"asn": _number(speakers[0].words[-1])}):
        return {}
    speaker = speakers[0]
    speaker.opened("bgp")
    data: Data = {"asn": int(speaker.words[-1]), **_globals(speaker)}
    # IOS asks for no policies.
    data["ebgp_requires_policy"] = False
    families = {inner.words[1]: inner for inner in speaker.inner("address-family ") if len(inner.words) == 2}
    families = {name: inner for name, inner in families.items() if name in FAMILIES}
    data |= _Scope(speaker, families, known).read()
    for inner in families.values():
        rendered = inner.words[1] == "ipv4" or data.get("neighbors") or data.get("networks")
        if rendered and any(line for line in inner.lines if inner.reading.taken((*inner.path, line.text))):
            inner.opened("bgp")
    for name, vrf in known.vrfs.items():
        own = {
            inner.words[1]: inner
            for inner in speaker.inner("address-family ")
            if inner.words[2:] == ["vrf", name] and inner.words[1] in vrf["families"]
        }
        vrf_data = _vrf(own, known)
        if vrf_data:
            vrf["bgp"] = vrf_data
    return compact(data)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else 0


def _globals(speaker: Section) -> Data:
    data: Data = {}
    router_id = speaker.only(rf"bgp router-id ({ADDRESS})")
    data |= {"router_id": router_id[1][1]} if router_id else {"automatic_router_id": True}
    logged = speaker.only("bgp log-neighbor-changes")
    if logged is None:
        data["log_neighbor_changes"] = False
    cluster = speaker.only(rf"bgp cluster-id ({ADDRESS})")
    data |= {"cluster_id": cluster[1][1]} if cluster else {}
    speaker.take("bgp", *(found[0] for found in (router_id, cluster) if found))
    speaker.take("bgp_log_neighbor_changes", *([logged[0]] if logged else []))
    united = speaker.only(r"bgp confederation identifier (\d+)")
    members = speaker.only(r"bgp confederation peers (\d+(?: \d+)*)")
    if united:
        others = [int(word) for word in members[1][1].split(" ")] if members else []
        if others == sorted({*others}):
            speaker.take("bgp_confederation", united[0], *([members[0]] if members else []))
            data["confederation"] = compact({"identifier": int(united[1][1]), "members": others})
    return data


def _vrf(families: dict[str, Section], known: Known) -> Data:
    """One VRF's speaker: what the default one says in two places stands in the family here."""
    if len(families) != 1:
        return {}
    [(name, section)] = families.items()
    router_id = section.only(rf"bgp router-id ({ADDRESS})") if name == "ipv4" else None
    data = _Scope(section, families, known).read()
    if router_id:
        section.take("vrf_bgp", router_id[0])
        data["router_id"] = router_id[1][1]
    if data:
        section.opened("vrf_bgp")
    return data


class _Scope:
    """Neighbors and groups that are defined in one section, and what they exchange in the families."""

    def __init__(self, section: Section, families: Mapping[str, Section], known: Known) -> None:
        self.section, self.families, self.known = section, families, known
        self.feature = "bgp" if section.words[0] == "router" else "vrf_bgp"

    def read(self) -> Data:
        """Peer groups, neighbors, networks, redistribution, paths."""
        groups = [match[1] for _, match in self.section.matching(rf"neighbor ({NAME}) peer-group")]
        groups = [name for name in groups if not re.fullmatch(r"[0-9.]+", name)]
        defined = self.section.matching(r"neighbor (\S+) (?:remote-as|peer-group) \S+")
        names = [name for name in dict.fromkeys(match[1] for _, match in defined) if is_address(name)]
        joined = {name: self._group_of(name) for name in names}
        usable = [
            name
            for name in names
            if self._active(name) and joined[name] in (None, *groups) and self._has_as(name, joined[name])
        ]
        if self.feature == "vrf_bgp":  # where a group that nobody is in would not be rendered
            groups = [group for group in groups if group in map(joined.get, usable)]
        neighbors: Data = {}
        for name in usable:
            data = neighbors[name.lower()] = session(self.section, name, self.known, self.feature)
            self.section.take(
                self.feature, *([f"neighbor {name} peer-group {joined[name]}"] if joined[name] else [])
            )
            data |= compact({"peer_group": joined[name]})
            data |= self._exchanged(name, self._active(name), own=_family(name), group=joined[name])
        found: Data = {"neighbors": neighbors}
        found["peer_groups"] = {
            name: self._group(name, [n for n in usable if joined[n] == name and n.lower() in neighbors])
            for name in groups
        }
        found["networks"] = self._networks()
        rendered = [f for n, f in self.families.items() if self._rendered(n, found)]
        found["redistribute"] = self._redistributed(rendered)
        found |= self._paths(rendered)
        return compact(found)

    def _rendered(self, family: str, found: Data) -> bool:
        """Whether the intent has the family: somebody is active in it, or networks are announced."""
        active = any(family in self._active(name) for name in self.section_names(found))
        return (
            active
            or self.feature == "vrf_bgp"
            or any(ip_network(n).version == int(family[3]) for n in found["networks"])
        )

    def section_names(self, found: Data) -> list[str]:
        """The neighbors as IOS writes them."""
        return [name.upper() if ":" in name else name for name in found["neighbors"]]

    def _group_of(self, name: str) -> str | None:
        found = self.section.only(rf"neighbor {re.escape(name)} peer-group (\S+)")
        return found[1][1] if found else None

    def _active(self, name: str) -> list[str]:
        return [
            family
            for family, section in self.families.items()
            if any(line.text == f"neighbor {name} activate" for line in section.lines)
        ]

    def _has_as(self, *names: str | None) -> bool:
        given = (self.section.only(rf"neighbor {re.escape(name)} remote-as (\d+)") for name in names if name)
        return any(found and fits(BgpPeer, {"peer_as": int(found[1][1])}) for found in given)

    def _exchanged(self, name: str, active: Iterable[str], *, own: str | None, group: str | None) -> Data:
        """What is exchanged in each family: beside the neighbor where it is active in its address's alone."""
        said: dict[str, Data] = {}
        for family in active:
            section = self.families[family]
            if own is not None or group is not None:
                section.take(self.feature, *([f"neighbor {name} activate"] if is_address(name) else []))
            said[family] = exchange(section, name, self.known, self.feature, group=group)
        for family, section in self.families.items():
            if family not in said and is_address(name) and family == "ipv4" and said:
                section.take(self.feature, f"no neighbor {name} activate")
        if own is not None and [*said] == [own]:
            return said[own]
        if group is not None:
            return (
                {"afi_safis": {FAMILIES[family]: data for family, data in said.items()}}
                if any(said.values())
                else {}
            )
        return {"afi_safis": {FAMILIES[family]: data for family, data in said.items()}}

    def _group(self, name: str, members: list[str]) -> Data:
        self.section.take(self.feature, f"neighbor {name} peer-group")
        data = session(self.section, name, self.known, self.feature)
        families = [f for f in self.families if any(f in self._active(member) for member in members)]
        by_address = {_family(member) for member in members}
        own = families[0] if len(families) == 1 and by_address == {families[0]} else None
        if not families:
            return data | {"send_community": "none"}
        return data | self._exchanged(name, families, own=own, group=None)

    def _networks(self) -> list[str]:
        found = []
        for family, section in self.families.items():
            pattern = (
                r"network (\S+/\d+)" if family == "ipv6" else rf"network ({ADDRESS})(?: mask ({ADDRESS}))?"
            )
            for line, match in section.matching(pattern):
                text = match[1].lower() if family == "ipv6" else _classful(match[1], match[2])
                if text is not None and fits(BgpInstance, {"networks": [text]}):
                    section.take(self.feature, line)
                    found.append(text)
        return found

    def _redistributed(self, families: list[Section]) -> Data:
        """The model says it once for all families."""
        process = rf"ospf {self.known.ospf_process}(?=.* match internal external 1 external 2)"
        pattern = (
            rf"redistribute (connected|static|{process})(?: metric (\d+))?(?: match internal external 1 external 2)?"
            r"(?: route-map (\S+))?"
        )
        said = [dict(family.matching(pattern)) for family in families] if self._one_ospf() else []
        if not said or any(each.keys() != said[0].keys() for each in said):
            return {}
        found: Data = {}
        for line, match in said[0].items():
            source = match[1].split(" ")[0]
            plain = source == "ospf" or " match " not in line
            if source not in found and plain and (match[3] is None or match[3] in self.known.route_maps):
                found[source] = compact({"metric": int(match[2]) if match[2] else None, "policy": match[3]})
                for family in families:
                    family.take(self.feature, line)
        return found

    def _one_ospf(self) -> bool:
        """Whether the process that a VRF's BGP would ask is the one that is known."""
        return self.feature == "bgp" or self.known.ospf_process == 1

    def _paths(self, families: list[Section]) -> Data:
        found: Data = {}
        for key, words in (("maximum_paths", "maximum-paths"), ("maximum_paths_ibgp", "maximum-paths ibgp")):
            said = [family.only(rf"{words} (\d+)") for family in families]
            lines = {one[0] for one in said if one}
            if said and None not in said and len(lines) == 1:
                line = lines.pop()
                if not within("maximum_paths", int(line.rsplit(" ", 1)[1])):
                    continue
                for family in families:
                    family.take("bgp_maximum_paths", line)
                found[key] = int(line.rsplit(" ", 1)[1])
        ranks = [family.only(r"distance bgp (\d+) (\d+) (\d+)") for family in families]
        if (
            self.feature == "bgp"
            and ranks
            and None not in ranks
            and len({one[0] for one in ranks if one}) == 1
        ):
            for family, one in zip(families, ranks, strict=True):
                if one:
                    family.take("bgp_distance", one[0])
                    given = zip(("external", "internal", "local"), map(int, one[1].groups()), strict=True)
                    found["distance"] = dict(given)
        return found


def _family(name: str) -> str | None:
    return f"ipv{ip_address(name).version}" if is_address(name) else None


def _classful(network: str, mask: str | None) -> str | None:
    """``10.0.0.0`` without a mask is 10.0.0.0/8, by its first octet (RFC 791's classes)."""
    first = int(network.split(".", maxsplit=1)[0])
    length = prefix_length(mask) if mask else 8 if first < 128 else 16 if first < 192 else 24
    return None if length is None else f"{network}/{length}"
