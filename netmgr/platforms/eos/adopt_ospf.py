"""OSPF of the default VRF: interfaces of which both versions say the same, and the processes that they are in."""

import re
from ipaddress import IPv4Address

from netmgr.model.routing import Ospf, OspfInterface
from netmgr.platforms.adopting import fits
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact

_FORMS = (
    (r"{0} ospf cost (\d+)", "cost", int),
    (r"{0} ospf hello-interval (\d+)", "hello_interval", int),
    (r"{0} ospf dead-interval (\d+)", "dead_interval", int),
    (r"{0} ospf network (point-to-point)", "network_type", str),
    (r"{0} ospf priority (\d+)", "priority", int),
)
_PROCESS = {"ip": r"router ospf (\d+)", "ipv6": r"ipv6 router ospf (\d+)"}


def read_ospf(lines: Lines, data: Data) -> None:
    """``ospf``, where one process of each version at most runs in the default VRF."""
    processes = {word: list(lines.matching(form)) for word, form in _PROCESS.items()}
    found = [(word, line, match[1]) for word, all_ in processes.items() for line, match in all_]
    if not found or any(len(all_) > 1 for all_ in processes.values()) or len({n for _, _, n in found}) > 1:
        return
    number = int(found[0][2])
    areas: Data = {}
    read: list[tuple[str, tuple[str, ...]]] = []
    for name, interface in data["interfaces"].items():
        said = _interface(lines, name, interface, number, {word for word, _, _ in found})
        if said:
            area, settings, taken = said
            areas.setdefault(area, {"interfaces": {}})["interfaces"][name] = settings
            read += [(name, (f"interface {name}", line)) for line in taken]
    versions = {word for word, _, _ in found if any(f" {word} ospf " in f" {path[1]}" for _, path in read)}
    if versions != {word for word, _, _ in found}:
        return
    ospf: Data = compact({"process": number if number != 1 else None})
    paths = [path for _, path in read]
    if not areas or not _settings(lines, data, ospf, areas, [line for _, line, _ in found], paths):
        return
    ospf["areas"] = areas
    if fits(Ospf, ospf):
        data["ospf"] = ospf
        for path in paths:
            lines.take(
                "ospf3" if path[-1].startswith("ipv6 ") or path[0].startswith("ipv6 ") else "ospf", path
            )


def _interface(
    lines: Lines, name: str, interface: Data, number: int, words: set[str]
) -> tuple[int, Data, list[str]] | None:
    """(area, settings, lines) of an interface that both versions say the same of."""
    wanted = {word for word, key in (("ip", "ipv4"), ("ipv6", "ipv6")) if interface.get(key)} & words
    own = [line for line in lines.at(f"interface {name}") if re.match(r"ip(v6)? ospf ", line)]
    if not own or not wanted or interface.get("vrf") is not None:
        return None
    said = {word: _said(own, word, number) for word in wanted}
    first = next(iter(said.values()))
    if first is None or any(one is None or one[:2] != first[:2] for one in said.values()):
        return None
    taken = [line for one in said.values() if one for line in one[2]]
    return (*first[:2], taken) if len(taken) == len(own) else None


def _said(own: list[str], word: str, number: int) -> tuple[int, Data, list[str]] | None:
    area, settings, taken = None, Data(), []
    for line in own:
        opener = r"ip ospf area (\S+)" if word == "ip" else rf"ipv6 ospf {number} area (\S+)"
        if match := re.fullmatch(opener, line):
            area = int(IPv4Address(match[1]))
            taken.append(line)
        elif line == ("ip ospf neighbor bfd" if word == "ip" else "ipv6 ospf bfd"):
            settings["bfd"] = True
            taken.append(line)
        for form, key, kind in _FORMS:
            if match := re.fullmatch(form.format(word), line):
                settings[key] = kind(match[1])
                taken.append(line)
    hello = settings.get("hello_interval")
    if area is None or not fits(OspfInterface, settings):
        return None
    if hello is not None and settings.get("dead_interval") is None and hello != 10:
        return (
            None  # EOS would keep its own dead interval, netmgr would make it four times the hello interval
        )
    return area, settings, taken


def _settings(
    lines: Lines, data: Data, ospf: Data, areas: Data, openers: list[str], paths: list[tuple[str, ...]]
) -> bool:
    """What the processes say, as far as all of them say the same; their passive interfaces by themselves."""
    ids = {line for opener in openers for line in lines.at(opener) if line.startswith("router-id ")}
    if len(ids) > 1 or any(not any(i in lines.at(opener) for i in ids) for opener in openers if ids):
        return False
    if not ids:
        ospf["automatic_router_id"] = True
    elif ids != {f"router-id {data.get('loopback')}"}:
        ospf["router_id"] = next(iter(ids)).removeprefix("router-id ")
    shared = set.intersection(*({*lines.at(opener)} for opener in openers))
    default = "passive-interface default" in shared
    if not default and any("passive-interface default" in lines.at(opener) for opener in openers):
        return False
    if default:
        ospf["passive_default"] = True
    if not _passive(lines, data, areas, openers, paths, default=default):
        return False
    taken = {*ids, *({"passive-interface default"} if default else ())}
    for line in sorted(shared):
        if (said := _of_process(lines, line)) and fits(Ospf, {**ospf, **said}):
            if "redistribute" in said:
                said = {"redistribute": {**ospf.get("redistribute", {}), **said["redistribute"]}}
            ospf |= said
            taken.add(line)
    for opener in openers:
        paths += [(opener,), *((opener, line) for line in lines.at(opener) if line in taken)]
    return True


def _of_process(lines: Lines, line: str) -> Data | None:
    if match := re.fullmatch(r"auto-cost reference-bandwidth (\d+)", line):
        return {"reference_bandwidth": int(match[1])}
    if match := re.fullmatch(r"maximum-paths (\d+)", line):
        return {"maximum_paths": int(match[1])}
    if match := re.fullmatch(r"default-information originate( always)?", line):
        return {"originate_default": True, **({"originate_always": True} if match[1] else {})}
    match = re.fullmatch(r"redistribute (connected|static|bgp)(?: route-map (\S+))?", line)
    if match and (match[2] is None or match[2] in lines.route_maps):
        return {"redistribute": {match[1]: {"policy": match[2]} if match[2] else {}}}
    return None


def _passive(
    lines: Lines, data: Data, areas: Data, openers: list[str], paths: list[tuple[str, ...]], *, default: bool
) -> bool:
    """Passive interfaces, if both versions agree on every interface that runs both."""
    word = "no passive-interface " if default else "passive-interface "
    for area in areas.values():
        for name, settings in area["interfaces"].items():
            own = data["interfaces"][name]
            runs = [o for o in openers if own.get("ipv6" if o.startswith("ipv6 ") else "ipv4")]
            said = {f"{word}{name}" in lines.at(opener) for opener in runs}
            if len(said) != 1:
                return False
            if said == {True}:
                settings["passive"] = not default
                paths += [(opener, f"{word}{name}") for opener in runs]
    return True
