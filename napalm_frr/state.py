"""The questions about a router's state that NAPALM defines: what is asked, and who understands the answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from napalm.base.constants import (
    PING_COUNT,
    PING_SIZE,
    PING_SOURCE,
    PING_SOURCE_INTERFACE,
    PING_TIMEOUT,
    PING_TTL,
    PING_VRF,
    TRACEROUTE_SOURCE,
    TRACEROUTE_TIMEOUT,
    TRACEROUTE_TTL,
    TRACEROUTE_VRF,
)
from napalm.base.exceptions import CommandErrorException
from napalm.base.models import (
    ARPTableDict,
    EnvironmentDict,
    FactsDict,
    InterfaceCounterDict,
    InterfaceDict,
    InterfacesIPDict,
    IPV6NeighborDict,
    LLDPNeighborDetailDict,
    LLDPNeighborDict,
    NetworkInstanceDict,
    PingResultDict,
    RouteDict,
    TracerouteResultDict,
)

from napalm_frr.answers import Answer, Running
from napalm_frr.getters import bgp, interfaces, lldp, neighbors, probes, routes, system


class StateGetters:
    """The getters. What they ask for is read only; a daemon that should run and does not is an error."""

    hostname: str

    if TYPE_CHECKING:  # the driver's own: this class is a part of it

        def _ask(self, operation: str, patience: float = 0.0, **parameters: object) -> Answer: ...

        def _read_running(self) -> Running: ...

    def get_facts(self) -> FactsDict:
        """See NAPALM; the model is the operating system and the machine's architecture."""
        return system.facts(self._ask("facts"))

    def get_environment(self) -> EnvironmentDict:
        """See NAPALM; memory in bytes. Takes a quarter of a second, over which the load is measured."""
        return system.environment(self._ask("environment"))

    def get_interfaces(self) -> dict[str, InterfaceDict]:
        """See NAPALM; ``last_flapped`` is seconds ago."""
        answer = self._ask("show", commands=[interfaces.INTERFACES])
        return interfaces.interfaces(json.loads(answer["outputs"][0]), answer["clock"])

    def get_interfaces_ip(self) -> dict[str, InterfacesIPDict]:
        """See NAPALM; the kernel's addresses, link-local ones too."""
        return interfaces.interfaces_ip(self._tables("addresses"))

    def get_interfaces_counters(self) -> dict[str, InterfaceCounterDict]:
        """See NAPALM; -1 is what the kernel does not count."""
        return interfaces.counters(self._tables("links"))

    def get_network_instances(self, name: str = "") -> dict[str, NetworkInstanceDict]:
        """See NAPALM; the VRFs of the kernel, with the route distinguisher that BGP is configured with."""
        known = bgp.distinguishers(self._read_running().text)
        return interfaces.network_instances(self._tables("links"), known, name)

    def get_arp_table(self, vrf: str = "") -> list[ARPTableDict]:
        """See NAPALM; ``age`` is seconds since the entry was last confirmed."""
        tables = self._tables("links", "arp")
        known = ["global", *interfaces.network_instances(tables, {}, "")]
        if vrf and vrf not in known:
            raise CommandErrorException(f"{self.hostname}: no VRF {vrf!r}; there is {', '.join(known)}")
        return neighbors.arp_table(tables, vrf)

    def get_ipv6_neighbors_table(self) -> list[IPV6NeighborDict]:
        """See NAPALM; ``age`` is seconds since the entry was last confirmed."""
        return neighbors.ipv6_neighbors(self._tables("ndp"))

    def get_lldp_neighbors(self) -> dict[str, list[LLDPNeighborDict]]:
        """See NAPALM; what lldpd on the router has heard."""
        return lldp.neighbors(self._ask("lldp")["neighbors"])

    def get_lldp_neighbors_detail(self, interface: str = "") -> dict[str, list[LLDPNeighborDetailDict]]:
        """See NAPALM; what lldpd on the router has heard, on all interfaces or on one."""
        return lldp.neighbors_detail(self._ask("lldp")["neighbors"], interface)

    def get_route_to(
        self, destination: str = "", protocol: str = "", longer: bool = False
    ) -> dict[str, list[RouteDict]]:
        """See NAPALM; the routes of zebra's table, of both families and all VRFs, with BGP's attributes."""
        question = routes.Question(destination, protocol, longer)
        answer = self._ask("show", commands=question.commands(), complete=True)
        entries = question.entries(answer["outputs"][0])
        commands = question.bgp_commands(entries)
        outputs = self._ask("show", commands=commands)["outputs"] if commands else []
        return routes.route_to(entries, commands, outputs)

    def get_bgp_neighbors(self) -> dict[str, Any]:
        """See NAPALM; ``received_prefixes`` is -1, FRR keeps no such count."""
        return bgp.neighbors(self._shown(bgp.NEIGHBORS, of="bgpd"))

    def get_bgp_neighbors_detail(self, neighbor_address: str = "") -> dict[str, Any]:
        """See NAPALM; counts of prefixes are those of all address families, -1 what FRR does not count."""
        return bgp.neighbors_detail(self._shown(bgp.NEIGHBORS, of="bgpd"), neighbor_address)

    def ping(
        self,
        destination: str,
        source: str = PING_SOURCE,
        ttl: int = PING_TTL,
        timeout: int = PING_TIMEOUT,
        size: int = PING_SIZE,
        count: int = PING_COUNT,
        vrf: str = PING_VRF,
        source_interface: str = PING_SOURCE_INTERFACE,
    ) -> PingResultDict:
        """See NAPALM; ``size`` is the bytes of payload. Raises ``CommandErrorException`` for a senseless argument."""
        request = probes.ping_request(destination, source, ttl, timeout, size, count, vrf, source_interface)
        return probes.ping_result(self._ask("reach", patience=request["seconds"], **request))

    def sweep(self, pings: Sequence[tuple[str, str]], seconds: int = 1) -> list[bool]:
        """Whether each of many destinations answers one echo request within so many seconds: all asked at once.

        ``pings`` are pairs of a destination and a source, which may be empty. Beyond NAPALM, whose ping asks for one
        at a time. Raises ``CommandErrorException`` for a senseless argument.
        """
        request = probes.sweep_request(pings, seconds)
        answer = self._ask("sweep", patience=probes.sweep_patience(request), **request)
        replied = set(answer["replied"])
        return [number in replied for number in range(len(pings))]

    def traceroute(
        self,
        destination: str,
        source: str = TRACEROUTE_SOURCE,
        ttl: int = TRACEROUTE_TTL,
        timeout: int = TRACEROUTE_TIMEOUT,
        vrf: str = TRACEROUTE_VRF,
    ) -> TracerouteResultDict:
        """See NAPALM; addresses are not looked up. Raises ``CommandErrorException`` for a senseless argument."""
        request = probes.traceroute_request(destination, source, ttl, timeout, vrf)
        answer = self._ask("traceroute", patience=request["seconds"], **request)
        return probes.traceroute_result(answer, timeout)

    def _shown(self, command: str, of: str) -> dict[str, Any]:
        """What a daemon's show command says; empty where that daemon is not to run."""
        outputs = self._ask("show", commands=[command], of=of)["outputs"]
        return dict(json.loads(outputs[0])) if outputs else {}

    def _tables(self, *names: str) -> dict[str, str]:
        return dict(self._ask("kernel", tables=names)["tables"])
