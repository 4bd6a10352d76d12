"""What a device's data asks of its platform, and what the platform's form answers: rendered, host or absent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, Protocol

from netmgr.intent.policy_checks import PACKET_FIELDS
from netmgr.intent.wiring import Wired, wire
from netmgr.model.fields import shown
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Problem
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.form import VerbatimProblem

Support = Literal["rendered", "host", "absent"]
Path = tuple[object, ...]


class Form(Protocol):
    """What resolution needs of a platform's form. A feature that ``features`` does not name is absent."""

    @property
    def features(self) -> Mapping[str, Support]:
        """Feature → who takes care of it: this device's configuration, its host, or nobody."""

    @property
    def verbatim(self) -> Callable[[tuple[str, ...], tuple[str, ...]], Iterable[VerbatimProblem]]:
        """What is wrong with verbatim lines in the section that the first lines open."""

    @property
    def ownable(self) -> frozenset[str]:
        """The features that a device can have managed by themselves."""

    @property
    def loopback(self) -> str | None:
        """Name of the loopback interface, None where the platform has none to configure."""


FEATURES = (
    "interfaces", "ipv6", "mtu", "switchport", "vlans", "lag", "vrfs", "vrf_interfaces", "route_distinguishers",
    "ospf", "ospf3", "bgp", "static_routes", "prefix_lists", "community_lists", "as_path_lists", "route_maps", "acls",
    "packet_filters",
    "domain", "dns", "ntp", "syslog_level", "syslog_servers", "snmp", "banner", "timezone", "users", "extra_config",
)  # fmt: skip
"""Every feature that a form can answer for."""


_LISTS = ("prefix_lists", "community_lists", "as_path_lists", "route_maps", "acls")


def features_used(one: Wired) -> dict[str, Path]:
    """Each feature that the device uses → path (for ``Origins.at``) of the first value that needs it."""
    used: dict[str, Path] = {}
    for feature, path in (*_of_interfaces(one), *_of_routing(one), *_of_system(one)):
        used.setdefault(feature, path)
    return used


def _of_interfaces(one: Wired) -> Iterator[tuple[str, Path]]:
    data, base = one.device.data, ("devices", one.device.name, "data")
    for index, address in enumerate(data.loopback):
        yield "interfaces", (*base, "loopback")
        if address.version == 6:
            yield "ipv6", (*base, "loopback", index)
    for name in one.interfaces:
        own, path, attachment = one.settings(name), (*base, "interfaces", name), one.attachments.get(name)
        link: Path = ("links", attachment.index) if attachment else ()
        yield "interfaces", path if name in data.interfaces else link
        if one.ipv6(name):
            yield "ipv6", (*path, "ipv6") if own.ipv6 else (*link, "subnet")
        if one.mtu(name) is not None:
            yield "mtu", (*path, "mtu") if own.mtu is not None else (*link, "mtu")
        for key, feature in (
            ("mode", "switchport"),
            ("access_vlan", "switchport"),
            ("trunk_vlans", "switchport"),
            ("lag", "lag"),
            ("vrf", "vrf_interfaces"),
        ):
            if getattr(own, key) not in (None, ()):
                yield feature, (*path, key)


def _of_routing(one: Wired) -> Iterator[tuple[str, Path]]:
    data, base = one.device.data, ("devices", one.device.name, "data")
    for name, on in one.ospf.items():
        path = (*base, "ospf", "areas", on.area, "interfaces", name)
        origin = path if data.ospf.areas else ("links", one.attachments[name].index, "ospf")
        if one.ipv4(name) or not one.ipv6(name):
            yield "ospf", origin
        if one.ipv6(name):
            yield "ospf3", origin
    if data.bgp.asn is not None:
        yield "bgp", (*base, "bgp", "asn")
        yield from (
            ("ipv6", (*base, "bgp", "neighbors", str(a))) for a in data.bgp.neighbors if a.version == 6
        )
        yield from (
            ("ipv6", (*base, "bgp", "networks", i)) for i, n in enumerate(data.bgp.networks) if n.version == 6
        )
    yield from (
        ("ipv6", (*base, "static_routes", i))
        for i, r in enumerate(data.static_routes)
        if r.prefix.version == 6
    )
    for key in ("static_routes", "vlans", *_LISTS, "vrfs", "extra_config"):
        if getattr(data, key):
            yield key, (*base, key)
    for name, vrf in data.vrfs.items():
        if vrf.route_distinguisher is not None:
            yield "route_distinguishers", (*base, "vrfs", name, "route_distinguisher")
    for name, acl in data.acls.items():
        for index, entry in enumerate(acl.entries):
            for field in PACKET_FIELDS:
                if getattr(entry, field) is not None:
                    yield "packet_filters", (*base, "acls", name, "entries", index, field)


def _of_system(one: Wired) -> Iterator[tuple[str, Path]]:
    system, base = one.device.data.system, ("devices", one.device.name, "data", "system")
    for key in ("domain", "dns", "ntp", "snmp", "banner", "timezone", "users"):
        if getattr(system, key):
            yield key, (*base, key)
    if system.syslog.level is not None:
        yield "syslog_level", (*base, "syslog", "level")
    if system.syslog.servers:
        yield "syslog_servers", (*base, "syslog", "servers")


def form_problems(inventory: Inventory, forms: Mapping[str, Form]) -> tuple[list[Problem], list[Problem]]:
    """(errors, warnings) that only the platforms' forms can tell.

    An external device is never rendered for the network, so only its platform's name is judged.
    """
    errors: list[Problem] = []
    warnings: list[Problem] = []
    at = inventory.origins.at
    for one in wire(inventory):
        name, platform = one.device.name, one.device.platform
        form = forms.get(platform)
        if form is None:
            message = f"{name}: no form for platform {platform!r}; {did_you_mean(platform, sorted(forms))}"
            errors.append(Problem(at("devices", name, "platform"), message))
        elif one.device.lifecycle != "external":
            for feature, path in features_used(one).items():
                support = form.features.get(feature, "absent")
                if support == "absent":
                    message = f"{name}: {feature} is not supported on platform {platform}; remove it"
                    errors.append(Problem(at(*path), message))
                elif support == "host":
                    message = f"{feature} is not part of the configuration on platform {platform}; set it on the host"
                    warnings.append(Problem(at(*path), f"{name}: {message}"))
            errors += _unknown_interfaces(inventory, one, form.loopback)
            errors += _misplaced_lines(inventory, one, form)
            errors += _not_ownable(inventory, one, form)
    return errors, warnings


def _not_ownable(inventory: Inventory, one: Wired, form: Form) -> Iterator[Problem]:
    name, platform = one.device.name, one.device.platform
    for index, feature in enumerate(one.device.data.owned_sections or ()):
        if feature not in form.ownable:
            advice = (
                did_you_mean(feature, sorted(form.ownable)) if form.ownable else "manage the whole device"
            )
            message = f"{name}: owned_sections: {feature} cannot be managed by itself on {platform}; {advice}"
            path = ("devices", name, "data", "owned_sections", index)
            yield Problem(inventory.origins.at(*path), message)


def _misplaced_lines(inventory: Inventory, one: Wired, form: Form) -> Iterator[Problem]:
    for number, extra in enumerate(one.device.data.extra_config):
        for wrong in form.verbatim(extra.section, extra.lines):
            line = getattr(extra, wrong.key)[wrong.index]
            path = ("devices", one.device.name, "data", "extra_config", number, wrong.key, wrong.index)
            message = f"{one.device.name}: extra_config: {shown(line)} {wrong.message}"
            yield Problem(inventory.origins.at(*path), message)


def _unknown_interfaces(inventory: Inventory, one: Wired, loopback: str | None) -> Iterator[Problem]:
    """Interfaces that routing names and the device does not have: almost always a typing error. And a link that ends on
    the loopback, which has no other end.
    """
    data, name = one.device.data, one.device.name

    own = [loopback] if loopback is not None and data.loopback else []
    known = (*one.interfaces, *own)
    places: list[tuple[str, str, Iterable[str], Path]] = [
        *(
            ("has no interface", i, known, ("ospf", "areas", on.area, "interfaces", i))
            for i, on in one.ospf.items()
        ),
        *(
            ("runs no OSPF on", i, (*one.ospf, *own), ("ospf", "passive", index))
            for index, i in enumerate(data.ospf.passive)
        ),
        *(
            ("has no interface", route.interface, known, ("static_routes", index, "interface"))
            for index, route in enumerate(data.static_routes)
            if route.interface is not None
        ),
        *(
            ("has no interface", s.match.interface, known, ("route_maps", m, i, "match", "interface"))
            for m, statements in data.route_maps.items()
            for i, s in enumerate(statements)
            if s.match.interface is not None
        ),
        *(
            ("has no interface", peer.local_address, known, ("bgp", kind, str(key), "local_address"))
            for kind, peers in (("peer_groups", data.bgp.peer_groups), ("neighbors", data.bgp.neighbors))
            for key, peer in peers.items()
            if isinstance(peer.local_address, str)
        ),
    ]
    for what, interface, allowed, path in places:
        if interface not in allowed:
            origin = inventory.origins.at("devices", name, "data", *path)
            yield Problem(origin, f"{name} {what} {interface}; {did_you_mean(interface, allowed)}")
    if loopback is not None and loopback in one.attachments:
        origin = inventory.origins.at("links", one.attachments[loopback].index)
        yield Problem(origin, f"{name}: {loopback} is the loopback; join another interface")


def host_features(inventory: Inventory, forms: Mapping[str, Form]) -> dict[str, tuple[str, ...]]:
    """Device → the features that its data asks for and its host, not its configuration, holds."""
    return {
        one.device.name: tuple(
            feature
            for feature in features_used(one)
            if forms[one.device.platform].features.get(feature) == "host"
        )
        for one in wire(inventory)
    }
