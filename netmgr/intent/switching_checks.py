"""What a device's interfaces name, and what cannot stand together on one: VLANs, aggregates, packet filters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netmgr.intent.policies import packet_filters
from netmgr.intent.wiring import Wired
from netmgr.model.interface import DEFAULT_VLAN, Interface, vlan_bounds
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.suggest import did_you_mean

#: What an aggregate has, and none of its members.
_OF_THE_AGGREGATE = (
    *(
        "ipv4",
        "ipv6",
        "dhcp",
        "anycast",
        "vrf",
        "mode",
        "access_vlan",
        "trunk_vlans",
        "native_vlan",
        "acl_in",
        "acl_out",
    ),
)


def switching_problems(inventory: Inventory, one: Wired) -> Iterator[Problem]:
    """Problems of one device's interfaces as far as they switch, are aggregated or filter."""
    checks = _Checks(inventory, one)
    for name, interface in one.device.data.interfaces.items():
        yield from checks.vlans(name, interface)
        yield from checks.mode(name, interface)
        yield from checks.aggregate(name, interface)
        yield from checks.filters(name, interface)


@dataclass(frozen=True, slots=True)
class _Checks:
    inventory: Inventory
    one: Wired

    def problem(self, message: str, *path: object) -> Problem:
        name = self.one.device.name
        return Problem(self.inventory.origins.at("devices", name, "data", *path), f"{name}: {message}")

    def unknown(self, what: str, word: object, known: Iterable[object], *path: object) -> Problem:
        hint = did_you_mean(str(word), (str(k) for k in known))
        return self.problem(f"{what} {word} is not declared; {hint}", *path)

    def vlans(self, name: str, interface: Interface) -> Iterator[Problem]:
        """Each VLAN by itself is declared; of several in a row one is, at least."""
        known, path = self.one.device.data.vlans, ("interfaces", name)
        for key in ("access_vlan", "native_vlan"):
            vlan = getattr(interface, key)
            if vlan is not None and vlan not in known and vlan != DEFAULT_VLAN:
                yield self.unknown("vlan", vlan, known, *path, key)
        for index, item in enumerate(interface.trunk_vlans):
            first, last = vlan_bounds(item)
            if not any(first <= vlan <= last for vlan in (*known, DEFAULT_VLAN)):
                yield self.unknown("vlan", item, known, *path, "trunk_vlans", index)

    def mode(self, name: str, interface: Interface) -> Iterator[Problem]:
        """An interface switches or routes, and says what its mode asks for."""
        path, mode = ("interfaces", name), interface.mode
        for key, wanted in (("access_vlan", "access"), ("trunk_vlans", "trunk"), ("native_vlan", "trunk")):
            if getattr(interface, key) not in (None, ()) and mode != wanted:
                yield self.problem(f"{name}: {key} needs mode: {wanted}", *path, key)
        if mode in ("access", "trunk"):
            routed = [
                key
                for key in ("ipv4", "ipv6", "dhcp", "anycast", "vrf")
                if getattr(interface, key) not in (None, ())
            ]
            if routed or self.one.addresses(name):
                what = routed[0] if routed else "its link's subnet"
                yield self.problem(f"{name}: mode: {mode} switches, {what} routes; keep one", *path, "mode")

    def aggregate(self, name: str, interface: Interface) -> Iterator[Problem]:
        """A member names its aggregate and leaves everything else to it."""
        path, known = ("interfaces", name), self.one.device.data.interfaces
        if interface.lag is None:
            if interface.lag_mode is not None:
                yield self.problem(f"{name}: lag_mode needs lag", *path, "lag_mode")
            return
        if interface.lag == name:
            yield self.problem(f"{name}: is not a member of itself; name the aggregate", *path, "lag")
        elif interface.lag not in self.one.interfaces:
            yield self.unknown("aggregate interface", interface.lag, known, *path, "lag")
        elif self.one.settings(interface.lag).lag is not None:
            yield self.problem(f"{name}: {interface.lag} is a member of an aggregate itself", *path, "lag")
        else:
            yield from self.member(name, interface, interface.lag)

    def member(self, name: str, interface: Interface, lag: str) -> Iterator[Problem]:
        path = ("interfaces", name)
        own = (
            "ipv4",
            "ipv6",
            "anycast",
            "vrf",
            "mode",
            "acl_in",
            "acl_out",
            "access_vlan",
            "trunk_vlans",
            "native_vlan",
        )
        for key in own:
            if getattr(interface, key) not in (None, ()):
                yield self.problem(
                    f"{name}: a member of {lag} has no {key} of its own; write it there", *path, key
                )
        if self.one.addresses(name) and not (interface.ipv4 or interface.ipv6):
            yield self.problem(
                f"{name}: a member of {lag} has no addresses; join {lag} in topology.yaml", *path, "lag"
            )
        modes = {
            other.lag_mode or "active"
            for other in self.one.device.data.interfaces.values()
            if other.lag == lag
        }
        if "on" in modes and len(modes) > 1:
            yield self.problem(
                f"{name}: members of {lag} are on, and active or passive; make them alike", *path, "lag"
            )

    def filters(self, name: str, interface: Interface) -> Iterator[Problem]:
        """Every access list is declared, filters packets, and is the one of its family in its direction."""
        known = self.one.device.data.acls
        for key in ("acl_in", "acl_out"):
            families: dict[str, str] = {}
            for index, used in enumerate(getattr(interface, key)):
                path = ("interfaces", name, key, index)
                if used not in known:
                    yield self.unknown("acl", used, known, *path)
                    continue
                if used not in packet_filters(self.one.device.data):
                    yield self.problem(
                        f"{name}: acl {used} filters routes; remove its filters: routes", *path
                    )
                first = families.setdefault(known[used].type, used)
                if first != used:
                    yield self.problem(
                        f"{name}: {key} has two {known[used].type} lists, {first} and {used}; keep one", *path
                    )
