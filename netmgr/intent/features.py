"""What a device's data asks of its platform, and what the platform's form answers: rendered, host or absent."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Literal, Protocol

from netmgr.errors import FormError
from netmgr.intent.feature_uses import all_uses, features_used
from netmgr.intent.name_checks import name_problems
from netmgr.intent.ranges import range_problems
from netmgr.intent.vrf_checks import process_problems
from netmgr.intent.wiring import Wired, wire
from netmgr.model.device import DeviceData
from netmgr.model.fields import shown
from netmgr.model.inventory import Inventory
from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.origins import Origin, Problem
from netmgr.model.suggest import did_you_mean
from netmgr.platforms.form import InterfaceNames, Limits, NamedInterface, Objection, VerbatimProblem

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

    @property
    def objections(self) -> Callable[[DeviceData, frozenset[str]], Iterable[Objection]]:
        """What of the device's data the platform cannot do although it has the feature."""

    @property
    def redact(self) -> Callable[[str], str]:
        """A configuration with every secret hidden, line by line."""

    @property
    def interface_names(self) -> tuple[InterfaceNames, ...]:
        """The platform's interface names; none: any name will do."""

    @property
    def ranges(self) -> Limits:
        """Kind of value → what the platform takes of it."""

    def named(self, interface: str) -> NamedInterface | None:
        """What an interface's name says, None where the platform has no such names or no opinion."""


FEATURES = (
    # Interfaces and switching.
    "interfaces", "ipv6", "mtu", "switchport", "vlans", "lag", "subinterfaces", "dhcp", "anycast", "forwarding",
    # VRFs.
    "vrfs", "vrf_interfaces", "vrf_descriptions", "vrf_families", "vrf_policies", "vrf_bgp", "vrf_forwarding",
    "route_distinguishers", "route_targets",
    # OSPF.
    "ospf", "ospf3", "ospf_process", "ospf_networks", "ospf_area_types", "ospf_priority", "ospf_maximum_paths",
    "ospf_originate_always",
    # BGP.
    "bgp", "bgp_without_policy", "bgp_confederation", "bgp_maximum_paths", "bgp_maximum_paths_ibgp",
    "bgp_keepalive", "bgp_connect_retry", "bgp_distance", "bgp_log_neighbor_changes",
    "bgp_default_ipv4_unicast", "bgp_weight", "bgp_allowas_in", "bgp_remove_private_as", "bgp_as_override",
    "bgp_ttl_security", "bgp_local_as", "bgp_passive",
    "automatic_router_ids", "bfd", "redistribution_metrics",
    "static_routes", "static_route_names", "static_route_tags",
    # Policies.
    "prefix_lists", "community_lists", "as_path_lists", "route_maps", "acls", "packet_filters",
    "route_map_default", "statement_names", "statement_descriptions", "entry_descriptions", "inline_prefixes",
    "match_protocol", "match_tag", "set_route_targets", "set_community_lists", "extended_communities",
    "set_weight", "set_tag",
    # The device as a host.
    "hostname", "domain", "dns", "ntp", "ntp_keys", "syslog_level", "syslog_servers", "syslog_transport",
    "syslog_files", "syslog_users",
    "snmp", "snmp_communities", "snmp_hosts", "snmp_users",
    "aaa", "aaa_authorization", "aaa_server_vrfs", "banner", "motd", "timezone",
    "users", "user_ssh_keys", "user_privileges", "user_roles", "source_interfaces", "service_vrfs",
    "extra_config",
)  # fmt: skip
"""Every feature that a form can answer for."""

_REMEDIES = {
    "bgp_without_policy": "write import_policy and export_policy for every eBGP neighbor, or "
    "bgp.ebgp_requires_policy: false",
}
"""What to do where removing a value is not it."""


def form_problems(inventory: Inventory, wired: Iterable[Wired], forms: Mapping[str, Form]) -> list[Problem]:
    """What only the platforms' forms can tell to be wrong. ``wired`` are the inventory's devices.

    An external device is never rendered for the network, so only its platform's name is judged.
    """
    errors: list[Problem] = []
    at = inventory.origins.at
    for one in wired:
        name, platform = one.device.name, one.device.platform
        try:
            form = forms.get(platform)
        except FormError as error:
            errors.append(Problem(at("devices", name, "platform"), f"{name}: {error}"))
            continue
        if form is None:
            message = f"{name}: no form for platform {platform!r}; {did_you_mean(platform, sorted(forms))}"
            errors.append(Problem(at("devices", name, "platform"), message))
            continue
        errors += _literal_secrets(inventory, one, form)
        if one.device.lifecycle != "external":
            used = features_used(one)
            missing = [feature for feature in used if form.features.get(feature, "absent") == "absent"]
            for feature, path in (_asked_for(inventory, one, missing) if missing else {}).items():
                remedy = _REMEDIES.get(feature, "remove it")
                message = f"{name}: {feature} is not supported on platform {platform}; {remedy}"
                errors.append(Problem(at(*path), message))
            errors += _unknown_interfaces(inventory, one, form.loopback)
            named = {interface: form.named(interface) for interface in one.interfaces}
            errors += name_problems(inventory, one, form.interface_names, named)
            errors += range_problems(inventory, one, form.ranges)
            if form.features.get("ospf_process") == "rendered":
                errors += process_problems(inventory, one)
            errors += _objections(inventory, one, form)
            errors += _misplaced_lines(inventory, one, form)
            errors += _not_ownable(inventory, one, form)
    return errors


def form_warnings(
    inventory: Inventory, wired: Iterable[Wired], forms: Mapping[str, Form]
) -> Iterator[Problem]:
    """Features that a device's host holds, and not its configuration."""
    for one in wired:
        name, platform = one.device.name, one.device.platform
        if one.device.lifecycle != "external":
            for feature, path in features_used(one).items():
                if forms[platform].features.get(feature) == "host":
                    message = f"{feature} is not part of the configuration on platform {platform}; set it on the host"
                    yield Problem(inventory.origins.at(*path), f"{name}: {message}")


def _objections(inventory: Inventory, one: Wired, form: Form) -> Iterator[Problem]:
    ipv6 = frozenset(name for name in one.interfaces if one.ipv6(name))
    for objection in form.objections(one.device.data, ipv6):
        origin = inventory.origins.at("devices", one.device.name, "data", *objection.path)
        if _is_inventory(origin):
            yield Problem(origin, f"{one.device.name}: {objection.message}")


def _asked_for(inventory: Inventory, one: Wired, features: Container[str]) -> dict[str, Path]:
    """Which of ``features`` the client's own data uses, and where: the lab's overlay is for all platforms, and what one
    does not have of it is left out.
    """
    used: dict[str, Path] = {}
    for feature, path in all_uses(one):
        if feature in features and feature not in used and _is_inventory(inventory.origins.at(*path)):
            used[feature] = path
    return used


def _is_inventory(origin: Origin) -> bool:
    """Whether a value is the client's own, and not the lab's overlay's."""
    return origin.path.startswith("inventory/")


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


def _literal_secrets(inventory: Inventory, one: Wired, form: Form) -> Iterator[Problem]:
    """Verbatim lines in which the platform hides more than references. The line itself is not repeated."""
    name = one.device.name
    for number, extra in enumerate(one.device.data.extra_config):
        lines = [(f"{' ' * depth}{line}", ("section", depth)) for depth, line in enumerate(extra.section)]
        lines += [(f"{' ' * len(extra.section)}{line}", ("lines", i)) for i, line in enumerate(extra.lines)]
        for line, path in lines:
            if not _hides_references_alone(line, form.redact(line)):
                origin = inventory.origins.at("devices", name, "data", "extra_config", number, *path)
                advice = "write secret://… where the secret stands"
                yield Problem(origin, f"{name}: extra_config: a literal secret is not allowed; {advice}")


def _hides_references_alone(line: str, redacted: str) -> bool:
    if line == redacted:
        return True
    parts, end = [], 0
    for reference in SECRET_REFERENCE.finditer(line):
        parts.append(re.escape(line[end : reference.start()]))
        end = reference.end()
    return re.fullmatch(r"\S+".join([*parts, re.escape(line[end:])]), redacted) is not None


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
            ("has no interface", peer.local_address, known, (*speaker.path, kind, str(key), "local_address"))
            for speaker in one.speakers
            for kind, peers in (
                ("peer_groups", speaker.data.peer_groups),
                ("neighbors", speaker.data.neighbors),
            )
            for key, peer in peers.items()
            if isinstance(peer.local_address, str)
        ),
        *(
            ("has no interface", interface, known, ("system", "source_interfaces", service))
            for service, interface in data.system.source_interfaces.items()
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
