"""What one device's merged data must fulfil: known references, agreement with its links, complete routing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netmgr.intent.bgp_checks import bgp_problems
from netmgr.intent.policy_checks import policy_problems
from netmgr.intent.switching_checks import switching_problems
from netmgr.intent.system_checks import system_problems
from netmgr.intent.vrf_checks import vrf_problems
from netmgr.intent.wiring import Attachment, Wired
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Origin, Problem
from netmgr.model.suggest import did_you_mean


def device_problems(inventory: Inventory, one: Wired, *, sites_known: bool) -> Iterator[Problem]:
    """Problems of one device. ``sites_known`` is False where client.yaml could not be read."""
    checks = _Checks(inventory, one)
    if sites_known:
        yield from checks.site()
    yield from switching_problems(inventory, one)
    yield from vrf_problems(inventory, one)
    yield from system_problems(inventory, one)
    yield from checks.interfaces()
    for interface, attachment in one.attachments.items():
        yield from checks.link(interface, attachment)
    yield from checks.ospf()
    yield from bgp_problems(inventory, one)
    yield from policy_problems(inventory, one.device.name, one.device.data)


@dataclass(frozen=True, slots=True)
class _Checks:
    inventory: Inventory
    one: Wired

    @property
    def name(self) -> str:
        return self.one.device.name

    def at(self, *path: object) -> Origin:
        return self.inventory.origins.at("devices", self.name, "data", *path)

    def unknown(self, what: str, word: object, known: Iterable[object], *path: object) -> Problem:
        hint = did_you_mean(str(word), (str(k) for k in known))
        return Problem(self.at(*path), f"{self.name}: {what} {word} is not declared; {hint}")

    def site(self) -> Iterator[Problem]:
        site = self.one.device.site
        sites = self.inventory.client.sites
        if site is not None and site not in sites:
            hint = did_you_mean(site, sites)
            yield Problem(self.at("site"), f"{self.name}: site {site} is not in client.yaml; {hint}")

    def interfaces(self) -> Iterator[Problem]:
        for name in self.one.interfaces:
            mtu = self.one.mtu(name)
            if mtu is not None and mtu < 1280 and self.one.ipv6(name):
                yield Problem(
                    self.at("interfaces", name, "mtu"),
                    f"{self.name} {name}: mtu {mtu} is too small for IPv6; write 1280 or more (RFC 8200, 5)",
                )

    def link(self, interface: str, attachment: Attachment) -> Iterator[Problem]:
        """Where the device's own data says something else than its link."""
        own, link = self.one.settings(interface), attachment.link
        for address, _ in attachment.addresses:
            family, addresses = ("ipv4", own.ipv4) if address.version == 4 else ("ipv6", own.ipv6)
            if addresses and address not in addresses:
                yield self.conflict(
                    attachment,
                    interface,
                    family,
                    ", ".join(map(str, addresses)),
                    address,
                    "interfaces",
                    interface,
                    family,
                )
        for key, here, there in (
            ("mtu", own.mtu, link.mtu),
            ("description", own.description or None, link.description),
        ):
            if here is not None and there is not None and here != there:
                yield self.conflict(attachment, interface, key, here, there, "interfaces", interface, key)
        ospf = self.one.ospf.get(interface)
        if link.ospf and ospf:
            path = ("ospf", "areas", ospf.area, "interfaces", interface)
            if ospf.area != link.ospf.area:
                yield self.conflict(attachment, interface, "ospf area", ospf.area, link.ospf.area, *path)
            cost = ospf.settings.cost
            if cost is not None and link.ospf.cost is not None and cost != link.ospf.cost:
                yield self.conflict(attachment, interface, "ospf cost", cost, link.ospf.cost, *path, "cost")
        if link.bgp:
            yield from self.link_bgp(interface, attachment)

    def link_bgp(self, interface: str, attachment: Attachment) -> Iterator[Problem]:
        origin = self.inventory.origins.at("links", attachment.index, "bgp")
        if self.one.device.data.bgp.asn is None:
            yield Problem(origin, f"bgp: true needs an AS number on {self.name}; write data.bgp.asn there")
        if attachment.peer_asn is None:
            return
        for _, peer in attachment.addresses:
            neighbor = self.one.device.data.bgp.neighbors.get(peer)
            if neighbor and neighbor.peer_as not in (None, attachment.peer_asn):
                path = ("bgp", "neighbors", str(peer), "peer_as")
                yield self.conflict(
                    attachment, interface, f"AS of {peer}", neighbor.peer_as, attachment.peer_asn, *path
                )

    def conflict(
        self, attachment: Attachment, interface: str, what: str, here: object, there: object, *path: object
    ) -> Problem:
        link = self.inventory.origins.at("links", attachment.index)
        return Problem(
            self.at(*path),
            f"{self.name} {interface}: {what} {here} differs from {there} of the link at {link}; remove one of them",
        )

    def ospf(self) -> Iterator[Problem]:
        data = self.one.device.data.ospf
        areas: dict[str, int] = {}
        for area, content in data.areas.items():
            for name in content.interfaces:
                if name in areas:
                    path = ("ospf", "areas", area, "interfaces", name)
                    yield Problem(
                        self.at(*path),
                        f"{self.name} {name}: is in OSPF area {areas[name]} and {area}; keep one",
                    )
                areas.setdefault(name, area)
        for name, on in self.one.ospf.items():
            hello = on.settings.hello_interval or data.hello_interval or 10
            dead = on.settings.dead_interval or data.dead_interval
            if dead is not None and dead <= hello:
                own = on.settings.dead_interval is not None
                above: tuple[object, ...] = ("areas", on.area, "interfaces", name) if own else ()
                message = (
                    f"dead_interval {dead} must be longer than hello_interval {hello}; write {4 * hello}"
                )
                yield Problem(self.at("ospf", *above, "dead_interval"), f"{self.name} {name}: {message}")
        for source, how in data.redistribute.items():
            if how.policy is not None and how.policy not in self.one.device.data.route_maps:
                known = self.one.device.data.route_maps
                yield self.unknown("route map", how.policy, known, "ospf", "redistribute", source, "policy")
        if data.automatic_router_id and data.router_id is not None:
            message = f"{self.name}: router_id is given, and automatic_router_id; keep one"
            yield Problem(self.at("ospf", "automatic_router_id"), message)
        if self.one.ospf and self.one.router_id(data.router_id) is None and not data.automatic_router_id:
            yield Problem(
                self.origin_of_ospf(),
                f"{self.name}: OSPF needs a router id; write data.loopback or data.ospf.router_id",
            )

    def origin_of_ospf(self) -> Origin:
        if self.one.device.data.ospf.areas:
            return self.at("ospf")
        first = min(a.index for a in self.one.attachments.values() if a.link.ospf)
        return self.inventory.origins.at("links", first, "ospf")
