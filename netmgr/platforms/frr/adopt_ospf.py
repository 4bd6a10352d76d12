"""OSPF for both families. The model says one thing for an interface, which holds in each family that it has addresses
of; what FRR has for one of them alone stays verbatim.
"""

import re
from dataclasses import dataclass
from itertools import product

from netmgr.model.fields import RouterId
from netmgr.model.routing import Ospf, OspfInterface
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_interfaces import settle_loopback
from netmgr.platforms.frr.adopt_interfaces import written as interfaces_written
from netmgr.platforms.frr.adopt_lines import Data, Lines


@dataclass(frozen=True, slots=True)
class _Version:
    """OSPFv2 or OSPFv3: its process, the word of its router id, and the beginning of its lines on interfaces."""

    feature: str
    process: str
    id: str
    word: str


_V2 = _Version("ospf", "router ospf", "ospf", "ip ospf")
_V3 = _Version("ospf3", "router ospf6", "ospf6", "ipv6 ospf6")
Running = dict[str, tuple[Data, tuple[_Version, ...]]]
"""Interface → its settings, the area among them, and the versions that run on it."""


def read_ospf(lines: Lines, data: Data) -> None:
    """OSPF, and with it which address is the device's loopback: OSPF advertises that one by itself."""
    router_ids = {
        v: rid for v in (_V2, _V3) if v.process in lines.tree and (rid := _router_id(lines, v)) is not None
    }
    if len(set(router_ids.values())) > 1:
        del router_ids[_V3]
    running = _interfaces(lines, data, router_ids)
    processes = [v for v in (_V2, _V3) if any(v in versions for _, versions in running.values())]
    # The loopback is advertised wherever others are: where FRR does not do so, its addresses are an interface's.
    if "lo" in running or not running:
        bgp = [m[1] for opener, _ in lines.matching(r"router bgp \d+") for m in _bgp_ids(lines, opener)]
        settle_loopback(data, [*router_ids.values(), *bgp])
    if running:
        ospf = data.setdefault("ospf", {})
        router_id = router_ids[processes[0]]
        if not router_id:
            ospf["automatic_router_id"] = True
        elif router_id not in data.get("loopback", ()):
            ospf["router_id"] = router_id
        for name, (found, _) in running.items():
            area, settings = found["area"], {key: value for key, value in found.items() if key != "area"}
            if name == "lo" and data.get("loopback") and settings == {} and _is_derived(area, running):
                continue
            areas = ospf.setdefault("areas", {})
            areas.setdefault(area, {"interfaces": {}})["interfaces"][name] = settings
        for version in processes:
            lines.take(version.feature, (version.process,))
            if router_id:
                lines.take(version.feature, (version.process, f"{version.id} router-id {router_id}"))
        _process(lines, ospf, processes)
    interfaces_written(data)


def _router_id(lines: Lines, version: _Version) -> str | None:
    """The process's router id, empty where FRR chooses it; None where it is none that the model has."""
    found = [m[1] for _, m in lines.matching(rf"{version.id} router-id (.+)", version.process)]
    if not found:
        return ""
    return found[0] if len(found) == 1 and fits(RouterId, found[0]) else None


def _bgp_ids(lines: Lines, opener: str) -> list[re.Match[str]]:
    return [match for _, match in lines.matching(r"bgp router-id (\S+)", opener)]


def _interfaces(lines: Lines, data: Data, router_ids: dict[_Version, str]) -> Running:
    """The interfaces on which OSPF runs just as the model would have it: in each family that they have addresses of."""
    found: Running = {}
    for name, own in data["interfaces"].items():
        opener = f"interface {name}"
        areas = {
            version: match[1]
            for version in (_V2, _V3)
            for _, match in lines.matching(rf"{version.word} area (\d+)", opener)
        }
        wanted = [_V3] if own.get("ipv6") else []
        if own.get("ipv4") or not own.get("ipv6"):
            wanted.insert(0, _V2)
        area = areas.get(wanted[0])
        if not areas or list(areas) != wanted or len({*areas.values()}) > 1 or area is None:
            continue
        if any(version not in router_ids for version in wanted) or not fits(Ospf, {"areas": {int(area): {}}}):
            continue
        for version in wanted:
            lines.take(version.feature, (opener, f"{version.word} area {area}"))
        found[name] = {"area": int(area), **_Interface(lines, opener, tuple(wanted)).read()}, tuple(wanted)
    return found


def _is_derived(area: int, running: Running) -> bool:
    others = [settings["area"] for name, (settings, _) in running.items() if name != "lo"]
    return bool(others) and area == min(others)


class _Interface:
    """One interface's OSPF lines, by version without the words that they begin with."""

    def __init__(self, lines: Lines, opener: str, versions: tuple[_Version, ...]) -> None:
        self._lines, self._opener, self._versions = lines, opener, versions
        self._own = {
            version: [
                line.removeprefix(f"{version.word} ")
                for line in lines.at(opener)
                if line.startswith(f"{version.word} ")
            ]
            for version in versions
        }

    def read(self) -> Data:
        settings: Data = {}
        self._same(settings, "cost", r"cost (\d+)")
        self._network_type(settings)
        self._timers(settings)
        if self._everywhere("passive"):
            settings["passive"] = True
            self._take("passive")
        else:
            self._authentication(settings)
        return settings

    def _everywhere(self, line: str) -> bool:
        return all(line in own for own in self._own.values())

    def _take(self, *lines: str) -> None:
        for version, own in self._own.items():
            for line in lines:
                if line in own:
                    self._lines.take(version.feature, (self._opener, f"{version.word} {line}"))

    def _same(self, settings: Data, key: str, pattern: str) -> None:
        values = [[m[1] for line in own if (m := re.fullmatch(pattern, line))] for own in self._own.values()]
        if all(len(found) == 1 for found in values) and len({found[0] for found in values}) == 1:
            value = int(values[0][0])
            if fits(OspfInterface, {key: value}):
                settings[key] = value
                self._take(f"{key} {value}")

    def _network_type(self, settings: Data) -> None:
        """Broadcast is what OSPFv2 does not show on Ethernet."""
        if self._everywhere("network point-to-point"):
            settings["network_type"] = "point-to-point"
            self._take("network point-to-point")
        elif _V3 in self._own and all(
            ("network broadcast" in own) == (version is _V3) for version, own in self._own.items()
        ):
            settings["network_type"] = "broadcast"
            self._take("network broadcast")

    def _timers(self, settings: Data) -> None:
        """The intervals that show what is shown: defaults are not, in OSPFv3 the dead interval's neither."""
        shown = {
            version: tuple(sorted(line for line in own if re.fullmatch(r"(hello|dead)-interval \d+", line)))
            for version, own in self._own.items()
        }
        hellos, deads = (
            sorted(
                {
                    int(line.split(" ")[1])
                    for lines in shown.values()
                    for line in lines
                    if line.startswith(kind)
                }
                | {default}
            )
            for kind, default in (("hello", 10), ("dead", 40))
        )
        for hello, dead in product((None, *hellos), (None, *deads)):
            intervals = {"hello_interval": hello, "dead_interval": dead}
            said = {key: value for key, value in intervals.items() if value is not None}
            if dead is not None and dead <= (hello or 10):
                continue
            if fits(OspfInterface, said) and all(
                _timer_lines(version, hello, dead) == lines for version, lines in shown.items()
            ):
                settings.update(said)
                self._take(*(line for lines in shown.values() for line in lines))
                return

    def _authentication(self, settings: Data) -> None:
        keys: list[tuple[str, str, str | None]] = []
        taken: list[str] = []
        for version, own in self._own.items():
            form = (
                r"message-digest-key (?P<id>\d+) md5 (?P<key>\S+)"
                if version is _V2
                else r"authentication key-id (?P<id>\d+) hash-algo (?P<algorithm>\S+) key (?P<key>\S+)"
            )
            matches = [m for line in own if (m := re.fullmatch(form, line))]
            if len(matches) != 1 or (version is _V2 and "authentication message-digest" not in own):
                return
            found = matches[0].groupdict()
            keys.append((found["id"], found["key"], found.get("algorithm")))
            taken += [matches[0][0], "authentication message-digest"]
        algorithm = keys[-1][2]
        if len({(number, key) for number, key, _ in keys}) > 1:
            return
        said: Data = {"key_id": int(keys[0][0]), **({"algorithm": algorithm} if algorithm else {})}
        if fits(OspfInterface, {"authentication": {**said, "key": "secret://age/x"}}):
            settings["authentication"] = {
                **said,
                "key": self._lines.reading.secret(keys[0][1], "ospf", keys[0][0]),
            }
            self._take(*taken)


def _timer_lines(version: _Version, hello: int | None, dead: int | None) -> tuple[str, ...]:
    if hello is not None and dead is None:
        dead = min(4 * hello, 65535)
    lines = []
    if dead is not None and not (version is _V3 and dead == 40):
        lines.append(f"dead-interval {dead}")
    if hello not in (None, 10):
        lines.append(f"hello-interval {hello}")
    return tuple(lines)


def _process(lines: Lines, ospf: Data, versions: list[_Version]) -> None:
    """What the processes of both versions say alike."""

    def everywhere(line: str) -> bool:
        return all(line in lines.at(version.process) for version in versions)

    for line in lines.at(versions[0].process):
        said: Data = {}
        if match := re.fullmatch(r"auto-cost reference-bandwidth (\d+)", line):
            said = {"reference_bandwidth": int(match[1])}
        elif match := re.fullmatch(r"redistribute (connected|static|bgp)(?: route-map (\S+))?", line):
            if match[1] in ospf.get("redistribute", {}) or match[2] not in (None, *lines.route_maps):
                continue
            how = {"policy": match[2]} if match[2] else {}
            said = {"redistribute": {**ospf.get("redistribute", {}), match[1]: how}}
        elif line == "default-information originate":
            said = {"originate_default": True}
        twice = said.keys() & ospf.keys() - {"redistribute"}
        if said and not twice and everywhere(line) and fits(Ospf, said):
            ospf.update(said)
            lines.take(versions[0].feature, *((version.process, line) for version in versions))
