"""What EOS cannot do of what the features that it has could ask for: refused where it stands, never left out."""

from collections.abc import Iterable, Iterator
from typing import Any

from netmgr.model.device import DeviceData
from netmgr.model.routing import BgpInstance, BgpPeer
from netmgr.platforms.form import Objection

#: What EOS says of a neighbor for all of its families.
_OF_SESSIONS = (
    *("next_hop_self", "route_reflector_client", "send_community", "max_prefixes", "soft_reconfiguration"),
    *("weight", "allowas_in", "remove_private_as", "as_override"),
)


def objections(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    """See ``PlatformForm.objections``."""
    for number, key in data.system.ntp_keys.items():
        if key.algorithm == "sha256":
            yield Objection(
                ("system", "ntp_keys", number, "algorithm"), "eos signs with md5 or sha1; write one"
            )
    yield from _ospf(data, ipv6)
    yield from _bgp(data.bgp, ("bgp",))
    for name, vrf in data.vrfs.items():
        path = ("vrfs", name, "bgp")
        yield from _bgp(vrf.bgp, path)
        if vrf.bgp.peer_groups:
            said = "peer groups are the device's on eos, for all VRFs; write it at each neighbor"
            yield Objection((*path, "peer_groups"), said)


def _ospf(data: DeviceData, ipv6: frozenset[str]) -> Iterator[Objection]:
    """OSPFv3 is signed by IPsec alone (RFC 4552), not as in RFC 7166."""
    said = "eos signs OSPFv3 with IPsec alone; remove it, or give this interface no IPv6"
    for number, area in data.ospf.areas.items():
        for name, own in area.interfaces.items():
            passive = own.passive if own.passive is not None else name in data.ospf.passive
            if name in ipv6 and not passive and (own.authentication or data.ospf.authentication):
                path: tuple[object, ...] = ("areas", number, "interfaces", name, "authentication")
                yield Objection(("ospf", *(path if own.authentication else ("authentication",))), said)


def _bgp(data: BgpInstance, path: tuple[object, ...]) -> Iterator[Objection]:
    retry = "eos decides itself when to try a session again; remove it"
    if data.connect_retry is not None:
        yield Objection((*path, "connect_retry"), retry)
    if data.maximum_paths_ibgp is not None:
        said = "maximum_paths is for routes from inside and outside on eos; remove it"
        yield Objection((*path, "maximum_paths_ibgp"), said)
    kinds: tuple[tuple[str, Iterable[tuple[Any, BgpPeer]]], ...] = (
        ("peer_groups", data.peer_groups.items()),
        ("neighbors", data.neighbors.items()),
    )
    for kind, peers in kinds:
        for key, peer in peers:
            if peer.connect_retry is not None:
                yield Objection((*path, kind, str(key), "connect_retry"), retry)
            for word in _OF_SESSIONS:
                values = {_said(getattr(e, word), getattr(peer, word)) for e in peer.afi_safis.values()}
                if len(values) > 1:
                    said = f"{word} is one for all families on eos; write it beside afi_safis"
                    yield Objection((*path, kind, str(key), "afi_safis"), said)


def _said(own: object, above: object) -> object:
    return own if own is not None else above
