"""What can be changed of adopted data, and the lines of the configuration that say it, on every platform.

The lines are found in the captured text, by the platform's own words and without its templates: what comes out of the
changed data has to be that text with these lines changed, and no other.
"""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface, ip_network

from netmgr.platforms import FORMS
from netmgr.platforms.form import indented_paths
from tests.unit.adopt.law import canonical


def _interface(path, name):
    return path[0] == f"interface {name}"


def _vlan_name(path, number, name):
    return path == (f"vlan {number}", f"name {name}")


def _speaker(vrf_section):
    """Whether a line is of the BGP speaker in ``vrf``, where a section has the lines of one VRF."""

    def is_of(path, vrf):
        inside = [line for line in path[1:-1] if re.fullmatch(vrf_section, line)]
        if not path[0].startswith("router bgp "):
            return False
        return inside == [] if vrf is None else any(line.endswith(f"vrf {vrf}") for line in inside)

    return is_of


def _junos_interface(path, name):
    port, _, unit = name.partition(".")
    return path[0].startswith(f"set interfaces {port} unit {unit or 0} ")


def _junos_speaker(path, vrf):
    place = f"routing-instances {vrf} " if vrf else ""
    return path[0].startswith(f"set {place}protocols bgp ")


def _junos_vlan(path, _number, name):
    named = rf"set vlans {re.escape(name)} .*|set interfaces .* vlan members {re.escape(name)}"
    return bool(re.fullmatch(named, path[0]))


def _with_mask(address):
    """As IOS writes an interface's IPv4 address."""
    return ip_interface(address).with_netmask.replace("/", " ") if ":" not in address else address


@dataclass(frozen=True)
class Words:
    """How a platform says what is changed. A path is a line with those that open the sections around it."""

    interface: Callable[[tuple[str, ...], str], bool]
    """Whether a line is of an interface."""
    speaker: Callable[[tuple[str, ...], str | None], bool]
    """Whether a line is of the BGP speaker in a VRF."""
    vlan: Callable[[tuple[str, ...], int, str], bool]
    """Whether a line says a VLAN's name."""
    address: Callable[[str], str] = str
    """An interface's address as its line has it."""


WORDS = {
    "eos": Words(interface=_interface, speaker=_speaker(r"vrf \S+"), vlan=_vlan_name),
    "ios": Words(
        interface=_interface,
        speaker=_speaker(r"address-family ipv[46] vrf \S+"),
        vlan=_vlan_name,
        address=_with_mask,
    ),
    "junos": Words(interface=_junos_interface, speaker=_junos_speaker, vlan=_junos_vlan),
}


@dataclass(frozen=True)
class Change:
    """One change: ``data`` makes it in adopted data, ``row`` gives what a line of the text becomes."""

    what: str
    data: Callable[[dict], None]
    row: Callable[[tuple[str, ...], str], list[str]]


def made(platform, found, text, change):
    """(the data changed, the canonical text changed, how many of its lines were)."""
    data = copy.deepcopy(dict(found.data))
    change.data(data)
    rows, count = [], 0
    for path, row in zip(indented_paths(text), text.splitlines(), strict=True):
        now = change.row(path, row)
        count += now != [row]
        rows += now
    return data, canonical(platform, "\n".join(rows)), count


def swapped(row, old, new):
    """The line with one word, or several, in the place of others."""
    return re.sub(rf"(?<!\S){re.escape(old)}(?!\S)", new, row)


# -- Addresses ---------------------------------------------------------------------------------------------------------


def addresses(platform, data, fresh) -> Iterator[Change]:
    """Every address of every interface, as another one of the same length. ``fresh`` numbers networks."""
    for name, own in data.get("interfaces", {}).items():
        for key in ("ipv4", "ipv6", "anycast"):
            for index, address in _listed(own.get(key)):
                if "/" in address:
                    yield _address(platform, data, ("interfaces", name, key, index), name, address, fresh)
    for index, address in _listed(data.get("loopback")):
        length = 128 if ":" in address else 32
        place, port = ("loopback", index), FORMS[platform].loopback
        yield _address(platform, data, place, port, f"{address}/{length}", fresh)


def _listed(value):
    """(index, item) of a list; one value is itself, without an index."""
    return enumerate(value) if isinstance(value, list) else [] if value is None else [(None, value)]


def _address(platform, data, place, interface, old, fresh):
    words, new = WORDS[platform], another(old, fresh)
    gone, came = (text.partition("/")[0] for text in (old, new))

    def change(whole):
        put(whole, place, new if place[0] == "interfaces" else came)
        for peer in _peers(whole):  # sessions that name the address
            if peer.get("local_address") == gone:
                peer["local_address"] = came

    def row(path, text):
        if words.interface(path, interface):
            return [swapped(text, words.address(old), words.address(new))]
        if place[0] == "loopback" and not data.get("bgp", {}).get("router_id"):
            # The loopback's address is the device's name in its protocols, where it has no other.
            text = re.sub(rf"(?<=router-id ){re.escape(gone)}$", came, text)
        text = re.sub(rf"(?<=local-address ){re.escape(gone)}$", came, text)
        return [] if _lonely(path, gone, data) else [text]

    return Change(f"{interface} {old} as {new}", change, row)


def _lonely(path, gone, data):
    """Whether a line says that OSPF runs in a network in which this address is the only one."""
    match = re.fullmatch(r"network ([\d.]+)(?:/(\d+)| ([\d.]+)) area \S+", path[-1])
    if not match or not path[0].startswith("router ospf "):
        return False
    length = match[2] or 32 - int(ip_address(match[3])).bit_length()  # IOS writes the bits that may differ
    network = ip_network(f"{match[1]}/{length}")
    named = (a for own in data["interfaces"].values() for _, a in _listed(own.get("ipv4")))
    held = {address for a in named if (address := ip_address(a.partition("/")[0])) in network}
    return held == {ip_address(gone)}


def another(address, fresh):
    """An address of the same length in a network of its own."""
    interface = ip_interface(address)
    length, longest = interface.network.prefixlen, interface.max_prefixlen
    first = int(ip_address("100.64.0.0" if interface.version == 4 else "2001:db8:77::"))
    return f"{ip_address(first + (fresh << (longest - length)) + (longest - length > 1))}/{length}"


def put(node, place, value):
    """Set what stands at a path; a last step of None is the path without it."""
    steps = [step for step in place if step is not None]
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = value


# -- VLANs -------------------------------------------------------------------------------------------------------------


def vlans(platform, data, fresh) -> Iterator[Change]:
    """Every VLAN that has a name, with another one."""
    for number, vlan in data.get("vlans", {}).items():
        if "name" in vlan:
            yield _vlan(platform, number, vlan["name"], f"another-{fresh}")


def _vlan(platform, number, old, new):
    said = WORDS[platform].vlan
    return Change(
        f"VLAN {number}",
        lambda whole: put(whole, ("vlans", number, "name"), new),
        lambda path, text: [swapped(text, old, new) if said(path, number, old) else text],
    )


# -- Neighbors ---------------------------------------------------------------------------------------------------------


def neighbors(platform, data, fresh) -> Iterator[Change]:
    """Every neighbor: at another address, in another AS, described in other words, and gone. The last neighbor of a
    peer group stays: without it there is no family that the group is of.
    """
    for place, vrf, old, peer in _neighbors(data):
        new = another(f"{old}/{128 if ':' in old else 32}", fresh).partition("/")[0]
        yield _moved(platform, place, vrf, old, new)
        if "peer_as" in peer:
            yield _of_another_as(platform, place, vrf, old, peer["peer_as"], 64800 + fresh)
        yield _described(platform, place, vrf, old, f"described-{fresh}")
        if [p.get("peer_group") for p in _at(data, place).values()].count(peer.get("peer_group", "")) != 1:
            yield _gone(platform, place, vrf, old)


def _neighbors(data):
    for vrf, bgp in ((None, data.get("bgp")), *((n, v.get("bgp")) for n, v in data.get("vrfs", {}).items())):
        for address, peer in (bgp or {}).get("neighbors", {}).items():
            above = ("vrfs", vrf) if vrf else ()
            yield (*above, "bgp", "neighbors"), vrf, address, peer


def _peers(data):
    for bgp in (data.get("bgp"), *(vrf.get("bgp") for vrf in data.get("vrfs", {}).values())):
        for key in ("neighbors", "peer_groups"):
            yield from (bgp or {}).get(key, {}).values()


def _at(node, place):
    for step in place:
        node = node[step]
    return node


def _moved(platform, place, vrf, old, new):
    is_of = WORDS[platform].speaker

    def data(whole):
        peers = _at(whole, place)
        peers[new] = peers.pop(old)

    return Change(
        f"{old} at {new}",
        data,
        lambda path, text: [
            swapped(text, f"neighbor {old}", f"neighbor {new}") if is_of(path, vrf) else text
        ],
    )


def _of_another_as(platform, place, vrf, old, asn, new):
    is_of = WORDS[platform].speaker
    said = re.compile(rf"(.*(?<!\S)neighbor {re.escape(old)} (?:remote-as|peer-as) ){asn}")
    return Change(
        f"{old} of AS {new}",
        lambda whole: put(whole, (*place, old, "peer_as"), new),
        lambda path, text: [said.sub(rf"\g<1>{new}", text) if is_of(path, vrf) else text],
    )


def _described(platform, place, vrf, old, new):
    is_of, seen = WORDS[platform].speaker, []
    form = re.compile(rf"(.*(?<!\S)neighbor {re.escape(old)})(?!\S)(?: description .+)?")

    def row(path, text):
        match = form.match(text) if is_of(path, vrf) else None
        rest = [] if match and " description " in text else [text]
        if match and not seen:
            seen.append(text)
            return [*rest, f"{match[1]} description {new}"]
        return rest

    return Change(f"{old} described", lambda whole: put(whole, (*place, old, "description"), new), row)


def _gone(platform, place, vrf, old):
    is_of = WORDS[platform].speaker
    named = re.compile(rf"(?<!\S)neighbor {re.escape(old)}(?!\S)")
    return Change(
        f"{old} gone",
        lambda whole: _at(whole, place).pop(old),
        lambda path, text: [] if is_of(path, vrf) and named.search(text) else [text],
    )


KINDS = {"addresses": addresses, "vlans": vlans, "neighbors": neighbors}
