"""OSPF, out of an IOS configuration."""

import re
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, ip_network

from netmgr.model.routing import Ospf
from netmgr.platforms.adopting import fits
from netmgr.platforms.ios.adopt_lines import ADDRESS, Data, Known, Section, compact, prefix_of

#: Lines that the templates write for OSPFv3 as for OSPFv2.
_BOTH = re.compile(
    r"router-id .*|auto-cost reference-bandwidth .*|maximum-paths .*|area \d+ (?:stub|nssa)(?: no-summary)?"
    r"|redistribute .* subnets(?: route-map \S+)?|passive-interface default|default-information originate(?: always)?"
)
_BOTH_OF_INTERFACES = re.compile(
    r"ip ospf (?:network point-to-point|(?:dead-interval|hello-interval|priority|cost) \d+|bfd)"
)


class OspfReader:
    """OSPFv2 of the default VRF, and OSPFv3 where it is the same in everything: the model says both at once. Where the
    device runs something else (several processes, interfaces with IPv6 addresses that run OSPFv2 alone), all of it
    stays as it is.
    """

    def __init__(self, top: Section, known: Known) -> None:
        self.top, self.known = top, known
        self.interfaces = {
            section.path[-1].removeprefix("interface "): section for section in top.inner("interface ")
        }

    def read(self) -> Data:
        """What ``ospf`` would say."""
        processes = list(self.top.inner("router ospf "))
        match = re.fullmatch(r"router ospf (\d+)", processes[0].path[-1]) if len(processes) == 1 else None
        if match is None:
            return {}
        networks = self._networks(processes[0])
        areas = self._areas(match[1], networks)
        if not areas:
            return {}
        twins = self._twins(processes[0], match[1], areas)
        if twins is None:
            return {}
        for section, lines in twins:
            section.take("ospf3", *lines)
            if section.path[-1].startswith("ipv6 router "):
                section.opened("ospf3")
        return self._process(processes[0], int(match[1]), networks, areas)

    def _twins(
        self, process: Section, number: str, areas: dict[int, dict[str, bool]]
    ) -> list[tuple[Section, list[str]]] | None:
        """OSPFv3's lines, by section; None where it is not what OSPFv2 is."""
        running = {name: area for area, inside in areas.items() for name in inside}
        six = {name for name in running if self.known.interfaces[name].get("ipv6")}
        found = []
        for name, section in self.interfaces.items():
            shown = [line.text for line in section.lines if line.text.startswith(("ipv6 ospf ", "ospfv3 "))]
            said = [line.text for line in section.lines if _BOTH_OF_INTERFACES.fullmatch(line.text)]
            wanted = [line.replace("ip ", "ipv6 ", 1) for line in said] if name in six else []
            wanted += [f"ipv6 ospf {number} area {running[name]}"] if name in six else []
            if sorted(shown) != sorted(wanted):
                return None
            found += [(section, shown)] if shown else []
        sections = list(self.top.inner("ipv6 router ospf "))
        if not six and not sections:
            return []
        if not six or [section.path[-1] for section in sections] != [f"ipv6 router ospf {number}"]:
            return None
        said = [line.text.replace(" subnets", "") for line in process.lines if _BOTH.fullmatch(line.text)]
        said += [
            line.text
            for line in process.lines
            if re.fullmatch(r"(?:no )?passive-interface \S+", line.text) and line.text.split(" ")[-1] in six
        ]
        shown = [line.text for line in sections[0].lines]
        return [*found, (sections[0], shown)] if sorted(said) == sorted(shown) else None

    def _networks(self, process: Section) -> dict[str, tuple[int, str]]:
        """Prefix → (area, line) of those that hold an interface's address."""
        addresses = [
            IPv4Interface(text).ip
            for data in self.known.interfaces.values()
            if "vrf" not in data
            for text in _texts(data.get("ipv4"))
        ]
        found: dict[str, tuple[int, str]] = {}
        for line, match in process.matching(rf"network ({ADDRESS}) ({ADDRESS}) area (\d+)"):
            prefix = prefix_of(match[1], match[2])
            if prefix is not None and any(address in IPv4Network(prefix) for address in addresses):
                found[prefix] = (int(match[3]), line)
        return found

    def _areas(self, number: str, networks: dict[str, tuple[int, str]]) -> dict[int, dict[str, bool]]:
        """Area → its interfaces, and whether a network puts them there."""
        found: dict[int, dict[str, bool]] = {}
        for name, section in self.interfaces.items():
            data = self.known.interfaces.get(name)
            if data is None or "vrf" in data or ("ipv6" in data and "ipv4" not in data):
                continue
            listed = _area_of([IPv4Interface(text).ip for text in _texts(data.get("ipv4"))], networks)
            explicit = section.only(rf"ip ospf {number} area (\d+)")
            if explicit and listed is None:
                found.setdefault(int(explicit[1][1]), {})[name] = False
            elif listed is not None:
                found.setdefault(listed, {})[name] = True
        return found

    def _process(
        self,
        process: Section,
        number: int,
        networks: dict[str, tuple[int, str]],
        areas: dict[int, dict[str, bool]],
    ) -> Data:
        process.opened("ospf")
        data: Data = {"process": number} if number != 1 else {}
        self.known.ospf_process = number
        router_id = process.only(rf"router-id ({ADDRESS})")
        data |= {"router_id": router_id[1][1]} if router_id else {"automatic_router_id": True}
        bandwidth = process.only(r"auto-cost reference-bandwidth (\d+)")
        paths = process.only(r"maximum-paths (\d|[12]\d|3[0-2])")
        origin = process.only(r"default-information originate( always)?")
        taken = [found[0] for found in (router_id, bandwidth, paths, origin) if found]
        data |= compact(
            {
                "reference_bandwidth": int(bandwidth[1][1]) if bandwidth else None,
                "maximum_paths": int(paths[1][1]) if paths else None,
                "originate_default": True if origin and not origin[1][1] else None,
                "originate_always": True if origin and origin[1][1] else None,
            }
        )
        if not fits(Ospf, data):
            return {}
        process.take("ospf", *taken)
        data["redistribute"] = self._redistributed(process)
        passive = self._passive(process, {name for area in areas.values() for name in area})
        data |= passive
        quiet = {*passive.get("passive", ())}
        by_default = "passive_default" in passive
        data["areas"] = {
            area: self._area(process, area, inside, networks, quiet if not by_default else {*inside})
            for area, inside in sorted({**{area: {} for area, _ in networks.values()}, **areas}.items())
        }
        return compact(data)

    def _redistributed(self, process: Section) -> Data:
        found: Data = {}
        pattern = (
            r"redistribute (connected|static|bgp)(?: \d+)?(?: metric (\d+))?( metric-type 1)? subnets"
            r"(?: route-map (\S+))?"
        )
        asn = next((section.words[-1] for section in self.top.inner("router bgp ")), "")
        for line, match in process.matching(pattern):
            source, policy = match[1], match[4]
            expected = f"redistribute bgp {asn} " if source == "bgp" else f"redistribute {source} "
            if (
                source in found
                or not line.startswith(expected)
                or (policy and policy not in self.known.route_maps)
            ):
                continue
            process.take("ospf", line)
            metric, kind = int(match[2]) if match[2] else None, 1 if match[3] else None
            found[source] = compact({"metric": metric, "metric_type": kind, "policy": policy})
        return found

    def _passive(self, process: Section, running: set[str]) -> Data:
        default = process.only("passive-interface default")
        if default:
            process.take("ospf", default[0])
            return {"passive_default": True}
        names = [match[1] for _, match in process.matching(r"passive-interface (\S+)") if match[1] in running]
        process.take("ospf", *(f"passive-interface {name}" for name in names))
        return {"passive": names} if names else {}

    def _area(
        self,
        process: Section,
        area: int,
        inside: dict[str, bool],
        networks: dict[str, tuple[int, str]],
        quiet: set[str],
    ) -> Data:
        here = {prefix: line for prefix, (number, line) in networks.items() if number == area}
        process.take("ospf_networks", *here.values())
        kind = process.only(rf"area {area} (stub|nssa)( no-summary)?")
        data: Data = {"networks": [*here]}
        if kind and inside:
            process.take("ospf_area_types", kind[0])
            data |= compact({"type": kind[1][1], "no_summary": kind[1][2] and True})
        settings = {}
        for name, by_network in inside.items():
            own = self._interface(process, name, area, by_network=by_network, passive=name in quiet)
            if own or not by_network:
                settings[name] = own
        return compact({**data, "interfaces": settings})

    def _interface(self, process: Section, name: str, area: int, *, by_network: bool, passive: bool) -> Data:
        section, own = self.interfaces[name], Data()
        if not by_network:
            section.take("ospf", f"ip ospf {process.words[-1]} area {area}")
        if passive and process.only(rf"no passive-interface {re.escape(name)}"):
            process.take("ospf", f"no passive-interface {name}")
            own["passive"], passive = False, False
        numbers = {"cost": "cost", "priority": "priority", "hello_interval": "hello-interval"}
        for key, word in {**numbers, "dead_interval": "dead-interval"}.items():
            found = section.only(rf"ip ospf {word} (\d+)")
            if found and (key != "dead_interval" or int(found[1][1]) > own.get("hello_interval", 10)):
                section.take("ospf", found[0])
                own[key] = int(found[1][1])
        if section.only("ip ospf network point-to-point"):
            section.take("ospf", "ip ospf network point-to-point")
            own["network_type"] = "point-to-point"
        if section.only("ip ospf bfd"):
            section.take("bfd", "ip ospf bfd")
            own["bfd"] = True
        signed = section.only("ip ospf authentication message-digest")
        secret = section.only(r"ip ospf message-digest-key (\d+) md5 (\S+)")
        if signed and secret and not passive:
            section.take("ospf", signed[0], secret[0])
            reference = section.reading.secret(secret[1][2], "ospf key", name)
            own["authentication"] = {"key_id": int(secret[1][1]), "key": reference}
        return own


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []


def _area_of(addresses: list[IPv4Address], networks: dict[str, tuple[int, str]]) -> int | None:
    """The area of the longest prefix that holds an address."""
    holding = [
        (ip_network(prefix).prefixlen, -area)
        for prefix, (area, _) in networks.items()
        if any(address in IPv4Network(prefix) for address in addresses)
    ]
    return -max(holding)[1] if holding else None
