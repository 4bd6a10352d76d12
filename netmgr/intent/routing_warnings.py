"""What is allowed but will not work, or not as its author expects: said at validation, shown with the plan."""

from collections.abc import Iterator

from netmgr.intent.sessions import bare_sessions
from netmgr.intent.wiring import OspfOn, Wired, is_passive
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem


def routing_warnings(inventory: Inventory, wired: tuple[Wired, ...]) -> Iterator[Problem]:
    """eBGP without policy, and OSPF settings of a link's two ends that keep them from becoming adjacent."""
    by_name = {one.device.name: one for one in wired}
    for one in wired:
        if one.device.lifecycle != "external":
            yield from _without_policy(inventory, one)
        for interface, attachment in one.attachments.items():
            other = by_name.get(attachment.peer.device)
            # Each link is judged once, from its first end.
            if other and attachment.link.endpoints[0].device == one.device.name:
                yield from _unequal_ospf(inventory, one, interface, other, attachment.peer.interface)


def _without_policy(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    bgp = one.device.data.bgp
    bare = (
        [str(a) for speaker in one.speakers for a in bare_sessions(speaker)]
        if bgp.ebgp_requires_policy
        else []
    )
    if bare:
        yield Problem(
            inventory.origins.at("devices", one.device.name, "data", "bgp", "asn"),
            f"{one.device.name}: eBGP carries no routes without a policy (RFC 8212): {', '.join(bare)}; write "
            "import_policy and export_policy, or bgp.ebgp_requires_policy: false to lift this",
        )


def _unequal_ospf(inventory: Inventory, one: Wired, here: str, other: Wired, there: str) -> Iterator[Problem]:
    """A passive end wants no neighbor, so that nothing is amiss with its link."""
    a, b = one.ospf.get(here), other.ospf.get(there)
    if (a is None and b is None) or (a and is_passive(one, here, a)) or (b and is_passive(other, there, b)):
        return
    if a is None or b is None:
        missing, name = (one, here) if a is None else (other, there)
        message = (
            f"OSPF runs on one end of the link only; put {missing.device.name} {name} into the area, or "
        )
        message += "make the other end passive"
    else:
        pairs = {
            "area": (a.area, b.area),
            "network_type": (a.settings.network_type, b.settings.network_type),
            "hello_interval": (_interval(one, a, "hello_interval"), _interval(other, b, "hello_interval")),
            "dead_interval": (_interval(one, a, "dead_interval"), _interval(other, b, "dead_interval")),
            "authentication": (_signature(one, a), _signature(other, b)),
            "mtu": (one.mtu(here), other.mtu(there)),
        }
        unequal = [f"{key} {_said(x)} and {_said(y)}" for key, (x, y) in pairs.items() if x != y]
        if not unequal:
            return
        message = f"OSPF comes up with {other.device.name} {there} only if they agree; make equal: {', '.join(unequal)}"
    origin = inventory.origins.at("links", one.attachments[here].index)
    yield Problem(origin, f"{one.device.name}: {here}: {message}")


def _signature(one: Wired, on: OspfOn) -> str | None:
    signed = on.settings.authentication or one.device.data.ospf.authentication
    return f"{signed.algorithm} key {signed.key_id} ({signed.key})" if signed else None


def _said(value: object) -> str:
    return "(default)" if value is None else str(value)


def _interval(one: Wired, on: OspfOn, key: str) -> int | None:
    own = getattr(on.settings, key)
    default: int | None = getattr(one.device.data.ospf, key)
    return default if own is None else int(own)
