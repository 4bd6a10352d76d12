"""What netmgr has to know of Larch: its form. See ``netmgr.platforms.form.PlatformForm`` for each field."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_interface

from netmgr.model.device import DeviceData
from netmgr.model.state import InterfaceState
from netmgr.platforms.form import (
    InterfaceNames,
    InterfaceRequest,
    ManagementPath,
    Objection,
    PlatformForm,
    Range,
    ReadCommand,
    VerbatimProblem,
    at_most,
)
from netmgr_larch.canonical import canonical, is_empty, redacted


def objections(data: DeviceData, _ipv6: frozenset[str]) -> Iterator[Objection]:
    """What Larch cannot do of the features that it has: refused at its line, never left out."""
    for index, route in enumerate(data.static_routes):
        for key in ("interface", "discard", "preference"):
            if getattr(route, key):
                yield Objection(("static_routes", index, key), "larch routes via a next hop alone; remove it")
    for index, server in enumerate(data.system.ntp):
        for key in ("prefer", "key"):
            if getattr(server, key):
                yield Objection(("system", "ntp", index, key), "larch asks all time servers alike; remove it")
    if snmp := data.system.snmp:
        for key in ("location", "contact"):
            if getattr(snmp, key):
                yield Objection(("system", "snmp", key), "larch's agent has no such text; remove it")


def verbatim_problems(section: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[VerbatimProblem]:
    """Larch takes lines of an interface in an interface, and all others at the top."""
    if len(section) > 1 or (section and not section[0].startswith("interface ")):
        yield VerbatimProblem("section", 0, "opens no section; write a line such as interface port1")
    for index, line in enumerate(lines):
        if line.startswith("#"):
            yield VerbatimProblem("lines", index, "is a comment, which Larch does not keep; remove it")


def interfaces(shown: str) -> tuple[InterfaceState, ...]:
    """The answer to `show interfaces`: name, administrative and real state, addresses."""
    rows = (line.split() for line in shown.splitlines())
    return tuple(
        _state(name, state == "enabled", carrier == "up", rest) for name, state, carrier, *rest in rows
    )


def configured_interfaces(config: str) -> tuple[InterfaceState, ...]:
    """The same of what a canonical configuration says."""
    found = []
    for section in re.split(r"^(?=\S)", config, flags=re.MULTILINE):
        if match := re.match(r"interface (\S+)", section):
            addresses = re.findall(r"^  address (\S+)", section, re.MULTILINE)
            found.append(_state(match[1], "\n  shutdown\n" not in section, True, addresses))
    return tuple(found)


def _state(name: str, enabled: bool, carrier: bool, addresses: Iterable[str]) -> InterfaceState:
    return InterfaceState(
        name=name,
        enabled=enabled,
        carrier=carrier,
        addresses=frozenset(str(ip_interface(address)) for address in addresses),
    )


LARCH = PlatformForm(
    name="larch",
    driver="larch",
    loopback=None,
    features={
        "interfaces": "rendered",
        "ipv6": "rendered",
        "mtu": "rendered",
        "static_routes": "rendered",
        "hostname": "rendered",
        "dns": "rendered",
        "ntp": "rendered",
        "snmp": "rendered",
        "snmp_communities": "absent",
        "extra_config": "rendered",
        # Somebody sets the clock of the cabinet that it hangs in.
        "timezone": "host",
    },
    replace=True,
    merge=False,
    # No timer on the device: netmgr takes a change back itself, as long as it lives and reaches the device.
    commit_confirm=None,
    commit_message=False,
    fenced=False,
    canonical=canonical,
    redact=redacted,
    is_empty=is_empty,
    configured=lambda _config: frozenset(),  # no routing protocol
    interfaces=InterfaceRequest("show interfaces", interfaces, configured_interfaces),
    interface_names=(InterfaceNames("ethernet", r"port[1-9]\d?", "port1"),),
    ranges={"mtu": Range(576, 9000), "hostname_length": at_most(32), "description_length": at_most(60)},
    objections=objections,
    verbatim=verbatim_problems,
    reads=(
        ReadCommand("show running|saved|version|interfaces", r"show (?:running|saved|version|interfaces)"),
    ),
    management=ManagementPath(address=r"  address ADDRESS/\d+", lines=r"route .*"),
)
