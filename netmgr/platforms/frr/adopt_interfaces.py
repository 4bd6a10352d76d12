"""Interfaces and the loopback: descriptions, addresses, and whether they are shut."""

from ipaddress import ip_interface

from netmgr.model.fields import Description, InterfaceName, Ipv4InterfaceValue, Ipv6InterfaceValue
from netmgr.platforms.adopting import fits
from netmgr.platforms.frr.adopt_lines import Data, Lines

_KINDS = {"ip": ("ipv4", Ipv4InterfaceValue), "ipv6": ("ipv6", Ipv6InterfaceValue)}


def read_interfaces(lines: Lines, data: Data) -> None:
    """Every interface whose name the inventory can hold. An address stands on one interface only: another one of it,
    in another VRF perhaps, stays verbatim, because FRR does not tell which interfaces a VRF holds.
    """
    found = data.setdefault("interfaces", {})
    for opener, match in lines.matching(r"interface (\S+)"):
        name = match[1]
        if not fits(InterfaceName, name):
            continue
        own: Data = {}
        _settings(lines, opener, own)
        _addresses(lines, opener, own)
        found[name] = own
        lines.interfaces.add(name)
        lines.take("interfaces", (opener,))


def _settings(lines: Lines, opener: str, own: Data) -> None:
    for line in lines.at(opener):
        word, _, rest = line.partition(" ")
        if word == "description" and "description" not in own and fits(Description, rest):
            own["description"] = rest
        elif line == "shutdown":
            own["enabled"] = False
        else:
            continue
        lines.take("interfaces", (opener, line))


def _addresses(lines: Lines, opener: str, own: Data) -> None:
    for line, match in lines.matching(r"(ip|ipv6) address (\S+)", opener):
        key, kind = _KINDS[match[1]]
        if not fits(kind, match[2]) or str(ip_interface(match[2])) != match[2]:
            continue
        address = match[2].partition("/")[0]
        if address in lines.addresses:
            continue
        lines.addresses.add(address)
        own.setdefault(key, []).append(match[2])
        lines.take("interfaces", (opener, line))


def settle_loopback(data: Data, router_ids: list[str]) -> None:
    """The host addresses of ``lo`` become the device's ``loopback``: a router id before others."""
    own = data["interfaces"].get("lo", {})
    loopback = []
    for key, length, first in (("ipv4", "/32", router_ids), ("ipv6", "/128", [])):
        hosts = [a.removesuffix(length) for a in own.get(key, ()) if a.endswith(length)]
        chosen = next((host for host in hosts if host in first), hosts[0] if hosts else None)
        if chosen is not None:
            loopback.append(chosen)
            own[key].remove(f"{chosen}{length}")
    if loopback:
        data["loopback"] = loopback


def written(data: Data) -> None:
    """One address stands for a list of one; what says nothing is left out."""
    for own in data["interfaces"].values():
        for key in ("ipv4", "ipv6"):
            if len(own.get(key, ())) == 1:
                own[key] = own[key][0]
            elif not own.get(key, True):
                del own[key]
    if data["interfaces"].get("lo") == {} and data.get("loopback"):
        del data["interfaces"]["lo"]
    if len(data.get("loopback", ())) == 1:
        data["loopback"] = data["loopback"][0]
