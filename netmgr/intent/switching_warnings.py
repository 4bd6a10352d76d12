"""Links whose two ends do not switch alike: allowed, but frames are lost, or end in another VLAN."""

from collections.abc import Iterator

from netmgr.intent.interfaces import switchport
from netmgr.intent.wiring import Wired
from netmgr.model.intent import SwitchportIntent
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem


def switching_warnings(inventory: Inventory, wired: tuple[Wired, ...]) -> Iterator[Problem]:
    """Aggregates that never form, and ports that differ in mode or VLANs; each link is judged once."""
    by_name = {one.device.name: one for one in wired}
    for one in wired:
        for interface, end in one.attachments.items():
            other = by_name.get(end.peer.device)
            if other is None or end.link.endpoints[0].device != one.device.name:
                continue
            origin = inventory.origins.at("links", end.index)
            for message in _differences(one, interface, other, end.peer.interface):
                yield Problem(origin, f"{one.device.name}: {interface} and {end.peer}: {message}")


def _differences(one: Wired, here: str, other: Wired, there: str) -> Iterator[str]:
    a, b = one.settings(here), other.settings(there)
    if (a.lag is None) != (b.lag is None):
        yield "one end is a member of an aggregate, the other is not; write lag on both, or on neither"
        return
    if a.lag is not None and b.lag is not None:
        modes = {a.lag_mode or "active", b.lag_mode or "active"}
        if modes == {"passive"}:
            yield "both ends wait for the other's LACP; make one lag_mode active"
        elif "on" in modes and len(modes) > 1:
            yield "one end speaks LACP, the other does not; make lag_mode alike"
        a, b = one.settings(a.lag), other.settings(b.lag)
    near, far = switchport(a), switchport(b)
    if near is not None and far is not None:
        yield from _ports(near, far)
    elif (near is None) != (far is None) and (_routes(one, here) or _routes(other, there)):
        yield "one end switches, the other routes; make them alike"


def _routes(one: Wired, interface: str) -> bool:
    own = one.settings(interface)
    return own.mode == "routed" or own.vrf is not None or bool(one.addresses(interface))


def _ports(near: SwitchportIntent, far: SwitchportIntent) -> Iterator[str]:
    if near.mode != far.mode:
        yield f"mode {near.mode} and {far.mode} differ; make them alike"
    elif near.mode == "access" and (near.access_vlan or 1) != (far.access_vlan or 1):
        yield f"access_vlan {near.access_vlan or 1} and {far.access_vlan or 1} differ; make them equal"
    elif near.mode == "trunk":
        if (near.native_vlan or 1) != (far.native_vlan or 1):
            yield f"native_vlan {near.native_vlan or 1} and {far.native_vlan or 1} differ; make them equal"
        if near.vlans != far.vlans:
            said = [", ".join(port.vlans) or "all" for port in (near, far)]
            yield f"trunk_vlans {said[0]} and {said[1]} differ; make them equal"
